import GRDB
import TraceCore

/// Finds the number of the run of a trace id, as the writer does it.
///
/// Trace ids are random: in an index each new one dirties a page of its own, which is written twice. So the newest runs
/// are remembered and in no index; once they are many they are put into `run_ids` in the order of their ids, a few with
/// each delivery, and then a page takes many at a time. `run_ids_end` says up to which run all are there.
final class RunIDs {
    /// So many runs are remembered before a round of putting them into the index begins.
    static let roundSize = 1 << 16
    /// So many are put there at a time.
    private static let stepSize = 512
    /// So many runs that are in the index are remembered as well; then the memory is emptied and begins anew.
    private static let memoryLimit = 1 << 16

    private let find: Statement
    private let insert: Statement
    private let end: Statement
    private let setEnd: Statement
    private let behind: Statement
    private let delete: Statement
    private let roundSize: Int

    /// Runs behind the end; nil where the table has to be read.
    private var recent: [Identifier: Int64]?
    /// Runs up to the end, as far as they were asked for.
    private var known: [Identifier: Int64] = [:]
    /// What is left of a round, the ids that come first last; and the last run of it.
    private var round: [(id: Identifier, run: Int64)] = []
    private var roundEnd: Int64 = 0
    /// Runs that were removed since the round began.
    private var removed: Set<Int64> = []

    init(_ db: Database, roundSize: Int = RunIDs.roundSize) throws {
        self.roundSize = roundSize
        find = try Statement("SELECT run FROM run_ids WHERE trace_id = ?", on: db)
        insert = try Statement("INSERT INTO run_ids (trace_id, run) VALUES (?, ?) ON CONFLICT DO NOTHING", on: db)
        end = try Statement("SELECT run FROM run_ids_end", on: db)
        setEnd = try Statement("UPDATE run_ids_end SET run = ?", on: db)
        behind = try Statement(
            "SELECT id, trace_id FROM runs WHERE id > ? AND id NOT IN (SELECT run FROM leaving)", on: db)
        delete = try Statement("DELETE FROM run_ids WHERE trace_id = ? AND run = ?", on: db)
    }

    /// The run of a trace id; nil where there is none.
    func run(of trace: Identifier) throws -> Int64? {
        if recent == nil { try read() }
        if let run = recent?[trace] ?? known[trace] { return run }
        find.bind(trace, at: 1)
        guard let run = try find.firstInteger() else { return nil }
        if known.count >= Self.memoryLimit { known.removeAll() }
        known[trace] = run
        return run
    }

    /// Notes a run that was stored, the last there is.
    func add(_ run: Int64, of trace: Identifier) { recent?[trace] = run }

    /// To be called once a delivery: puts some runs into the index where there is a need to.
    func step() throws {
        if round.isEmpty {
            guard let recent, recent.count >= roundSize else { return }
            roundEnd = recent.values.max() ?? 0
            round = recent.map { (id: $0.key, run: $0.value) }.sorted { $0.id.isStoredBehind($1.id) }
        }
        for (id, run) in round.suffix(Self.stepSize) where !removed.contains(run) {
            insert.bind(id, at: 1)
            insert.bind(run, at: 2)
            try insert.run()
        }
        round.removeLast(min(Self.stepSize, round.count))
        guard round.isEmpty else { return }
        setEnd.bind(roundEnd, at: 1)
        try setEnd.run()
        recent = recent?.filter { $0.value > roundEnd }
        removed.removeAll()
    }

    /// Takes a run out of the index, and forgets it.
    func remove(_ run: Int64, of trace: Identifier) throws {
        delete.bind(trace, at: 1)
        delete.bind(run, at: 2)
        try delete.run()
        if recent?[trace] == run { recent?[trace] = nil }
        if known[trace] == run { known[trace] = nil }
        if !round.isEmpty { removed.insert(run) }
    }

    /// Forgets all: after a rollback some of it is no longer true.
    func forget() {
        recent = nil
        known.removeAll()
        round = []
        removed.removeAll()
    }

    private func read() throws {
        var found: [Identifier: Int64] = [:]
        behind.bind(try end.firstInteger() ?? 0, at: 1)
        try behind.forEachRow { if let trace = behind.identifier(1) { found[trace] = behind.integer(0) } }
        recent = found
    }
}

extension Identifier {
    /// Whether it stands behind another in an index: texts come before bytes.
    fileprivate func isStoredBehind(_ other: Identifier) -> Bool {
        switch (self, other) {
        case (.long(let a, let b), .long(let c, let d)): a != c ? a > c : b > d
        case (.text(let a), .text(let b)): b.lexicographicallyPrecedes(a)
        case (.text, _): false
        case (_, .text): true
        default: self > other
        }
    }
}
