import GRDB
import TraceCore

/// Tells which spans of a run are stored, so that a second delivery of one adds nothing.
///
/// No index has a row for each span: the ids of a run are read from its blocks when it is written to again, and
/// remembered as long as there is room. Of a run with very many spans, which would take too much room, each id gets a
/// row of `span_ids`.
final class KnownSpans {
    /// Runs with more spans than this have rows in `span_ids`.
    static let wideCount = 1 << 16
    /// So many ids are remembered, those of all runs together; then the memory is emptied and begins anew.
    private static let memoryLimit = 1 << 18

    /// The ids of one run.
    final class Run {
        fileprivate let number: Int64
        fileprivate var ids = IdentifierTable()
        fileprivate var isWide = false

        fileprivate init(_ number: Int64) { self.number = number }
    }

    private let blocks: Statement
    private let findWide: Statement
    private let insertWide: Statement
    private var known: [Int64: Run] = [:]
    private var knownCount = 0
    /// The ids of a run that had none before: most runs are over with the request that they begin in.
    private var fresh = Run(0)

    init(_ db: Database) throws {
        blocks = try Statement("SELECT data, start_us FROM parts WHERE run = ? AND spans > 0", on: db)
        findWide = try Statement("SELECT 1 FROM span_ids WHERE run = ? LIMIT 1", on: db)
        insertWide = try Statement("INSERT INTO span_ids (run, id) VALUES (?, ?) ON CONFLICT DO NOTHING", on: db)
    }

    /// What is known of a run. Valid until the next one is asked for.
    func run(_ number: Int64, isNew: Bool) throws -> Run {
        if isNew {
            fresh.ids.removeAll()
            return fresh
        }
        if let run = known[number] { return run }
        let run = Run(number)
        findWide.bind(number, at: 1)
        if try findWide.firstInteger() != nil {
            run.isWide = true
        } else {
            try read(run)
        }
        if knownCount > Self.memoryLimit { forget() }
        known[number] = run
        knownCount += run.ids.count
        return run
    }

    /// Notes a span that is to be stored; whether it is not stored yet.
    func note(_ id: Identifier, of run: Run) throws -> Bool {
        if run.isWide { return try insert(id, of: run) }
        let isNew = run.ids.number(of: id).isNew
        if isNew, run !== fresh { knownCount += 1 }
        return isNew
    }

    /// To be called when all spans that a delivery has of a run were noted.
    func settle(_ run: Run, number: Int64) throws {
        guard run.ids.count > Self.wideCount else { return }
        let wide = Run(number)
        wide.isWide = true
        for word in run.ids.words { _ = try insert(.short(word), of: wide) }
        for (_, id) in run.ids.others { _ = try insert(id, of: wide) }
        if run === fresh { fresh = Run(0) } else { knownCount -= run.ids.count }
        known[number] = wide
    }

    /// Forgets a run that is being removed.
    func remove(_ run: Int64) {
        guard let run = known.removeValue(forKey: run) else { return }
        knownCount -= run.ids.count
    }

    /// Forgets all ids: after a rollback some are no longer true.
    func forget() {
        known.removeAll()
        knownCount = 0
    }

    private func insert(_ id: Identifier, of run: Run) throws -> Bool {
        insertWide.bind(run.number, at: 1)
        insertWide.bind(id, at: 2)
        return try insertWide.run() > 0
    }

    private func read(_ run: Run) throws {
        blocks.bind(run.number, at: 1)
        try blocks.forEachRow {
            try blocks.withBytes(0) { bytes in
                var block = try SpanBlockReader(bytes, start: blocks.integer(1))
                while let row = try block.next() { _ = run.ids.number(of: row.id) }
            }
        }
    }
}
