import GRDB
import TraceCore

/// Finds the runs of a selection.
struct RunQuery {
    private let db: Database
    private static let columns = "runs.id, runs.trace_id, runs.start_us, runs.request_us, runs.sent_us"

    init(_ db: Database) { self.db = db }

    func runs(_ selection: RunSelection) throws -> [StoredRun] {
        switch selection {
        case .all:
            return try runs("WHERE start_us IS NOT NULL") { _ in }
        case .tracePrefix(let prefix):
            return try withPrefix(prefix)
        case .latest(let back):
            return try latest(back)
        case .label(let key, let value):
            return try runs(with: SelectorDigest(label: key, value))
        case .version(let version):
            return try runs(with: SelectorDigest(version: version))
        case .started(let from, let to):
            return try runs("WHERE start_us >= ? AND start_us <= ?") {
                $0.bind(from ?? .min, at: 1)
                $0.bind(to ?? .max, at: 2)
            }
        }
    }

    private func runs(_ condition: String, _ bind: (Statement) -> Void) throws -> [StoredRun] {
        let statement = try Statement("SELECT \(Self.columns) FROM runs \(condition)", on: db)
        bind(statement)
        var runs: [StoredRun] = []
        try statement.forEachRow { if let run = statement.storedRun { runs.append(run) } }
        return runs
    }

    /// Runs of which a part can be selected so. No index has them: the parts are read through, which are few beside
    /// the events.
    private func runs(with selector: SelectorDigest) throws -> [StoredRun] {
        let parts = try Statement("SELECT run, selectors FROM parts ORDER BY run", on: db)
        var numbers: [Int64] = []
        try parts.forEachRow {
            let run = parts.integer(0)
            if numbers.last != run, parts.withBytes(1, { selector.isIn($0) }) { numbers.append(run) }
        }
        let one = try Statement("SELECT \(Self.columns) FROM runs WHERE id = ? AND start_us IS NOT NULL", on: db)
        var runs: [StoredRun] = []
        for number in numbers {
            one.bind(number, at: 1)
            try one.forEachRow { if let run = one.storedRun { runs.append(run) } }
        }
        return runs
    }

    /// The runs whose trace ids are in the index, and the newest, which are not.
    static let indexed = """
        JOIN run_ids ON run_ids.run = runs.id
        WHERE run_ids.trace_id >= ?1 AND run_ids.trace_id < ?2 AND start_us IS NOT NULL
        AND runs.id <= (SELECT run FROM run_ids_end)
        """
    static let unindexed = """
        WHERE runs.id > (SELECT run FROM run_ids_end) AND runs.trace_id >= ?1 AND runs.trace_id < ?2
        AND start_us IS NOT NULL
        """

    /// Runs whose trace id's text begins so; where it is a whole id, that run alone.
    private func withPrefix(_ prefix: String) throws -> [StoredRun] {
        let bytes = Array(prefix.utf8)
        var begun: [StoredRun] = []
        for range in IdentifierRange.beginning(with: bytes) {
            for condition in [Self.indexed, Self.unindexed] { begun += try runs(condition) { range.bind(to: $0) } }
        }
        begun = begun.filter { $0.trace.utf8.starts(with: bytes) }
        let whole = begun.filter { $0.trace.utf8 == bytes }
        return whole.isEmpty ? begun : whole
    }

    /// Runs of which at least two transactions have a parent, the only ones that can have a group, newest first.
    static let candidatesSQL = """
        SELECT \(columns) FROM runs INDEXED BY runs_with_groups
        WHERE parented > 1 AND start_us IS NOT NULL ORDER BY start_us DESC
        """
    static let newestSQL = "SELECT \(columns) FROM runs WHERE start_us IS NOT NULL ORDER BY start_us DESC"

    private func latest(_ back: Int) throws -> [StoredRun] {
        let tasks = try Statement(Self.tasksSQL, on: db)
        var hasAny = false
        let grouped = try run(Self.candidatesSQL, back) { run in
            let hasGroup = try hasGroup(run, tasks)
            hasAny = hasAny || hasGroup
            return hasGroup
        }
        if hasAny { return grouped.map { [$0] } ?? [] }
        return try run(Self.newestSQL, back) { _ in true }.map { [$0] } ?? []
    }

    /// The run that so many others go before which meet a condition, of runs that a query gives by start, the latest
    /// first; of those with the same start by trace id.
    private func run(_ sql: String, _ back: Int, where isMeant: (StoredRun) throws -> Bool) throws -> StoredRun? {
        let statement = try Statement(sql, on: db)
        defer { statement.reset() }
        var seen = 0
        var equals: [StoredRun] = []
        while true {
            let next = try nextRun(statement)
            if let start = equals.first?.start, start != next?.start {
                for run in equals.sorted(by: { $0.trace < $1.trace }) where try isMeant(run) {
                    if seen == back { return run }
                    seen += 1
                }
                equals = []
            }
            guard let next else { return nil }
            equals.append(next)
        }
    }

    private static let tasksSQL = """
        SELECT parent_id, transactions.service, identity, name FROM transactions
        JOIN processes ON processes.id = transactions.process
        WHERE run = ? AND sampled AND parent_id IS NOT NULL
        """

    private struct GroupKey: Hashable {
        let parent: Identifier
        let service: Int64
        let process: Int64
        let name: Int64?
    }

    /// Whether two of its sampled transactions have the same parent, service, process and name.
    private func hasGroup(_ run: StoredRun, _ tasks: Statement) throws -> Bool {
        defer { tasks.reset() }
        tasks.bind(run.number, at: 1)
        var seen: Set<GroupKey> = []
        while try tasks.step() {
            guard let parent = tasks.identifier(0) else { continue }
            let key = GroupKey(
                parent: parent, service: tasks.integer(1), process: tasks.integer(2), name: tasks.optionalInteger(3))
            if !seen.insert(key).inserted { return true }
        }
        return false
    }

    private func nextRun(_ rows: Statement) throws -> StoredRun? {
        while try rows.step() { if let run = rows.storedRun { return run } }
        return nil
    }
}
