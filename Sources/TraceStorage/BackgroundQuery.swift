import GRDB
import TraceCore

/// Finds what some processes did at a time, for the run that they did something else for.
///
/// No index has transactions by time or process. Runs have their starts: those that begin inside the reach, or up to an
/// hour before it, are read through, the latest first, until so many transactions have been seen.
struct BackgroundQuery {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// How many transactions are looked at.
    static let mostTransactions = 100_000

    static let sql = """
        SELECT process, service, name, transactions.start_us, duration_us
        FROM runs INDEXED BY runs_by_start CROSS JOIN transactions ON transactions.run = runs.id
        WHERE runs.start_us >= ?1 AND runs.start_us < ?2 AND runs.trace_id <> ?3
        ORDER BY runs.start_us DESC
        """
    static let processesSQL = """
        SELECT id FROM processes WHERE host IS ?1 AND pid IS ?2 AND node IS ?3 AND container IS ?4
        """

    /// The transactions of the processes in reach that are of other traces; whether there may be more.
    func transactions(
        _ reach: BackgroundReach, besides trace: Identifier
    ) throws -> (found: [OtherTransaction], isCut: Bool) {
        let processes = try processes(reach.processes)
        guard !processes.isEmpty else { return ([], false) }
        let string = try Statement("SELECT text FROM strings WHERE id = ?", on: db)
        var texts: [Int64: String] = [:]
        func text(_ id: Int64?) throws -> String? {
            guard let id else { return nil }
            if let known = texts[id] { return known }
            string.bind(id, at: 1)
            var text = ""
            try string.forEachRow { text = string.text(0) ?? "" }
            texts[id] = text
            return text
        }
        let rows = try Statement(Self.sql, on: db)
        rows.bind(reach.earliestTrace, at: 1)
        rows.bind(reach.time.end, at: 2)
        rows.bind(trace, at: 3)
        defer { rows.reset() }
        var found: [OtherTransaction] = []
        var seen = 0
        while try rows.step() {
            seen += 1
            if seen > Self.mostTransactions { return (found, true) }
            guard let process = processes[rows.integer(0)] else { continue }
            let start = min(max(rows.integer(3), Microseconds.instants.lowerBound), Microseconds.instants.upperBound)
            let duration = min(max(rows.integer(4), 0), Microseconds.tenYears)
            guard reach.contains(start: start, duration: duration) else { continue }
            found.append(
                OtherTransaction(
                    process: process, service: try text(rows.integer(1)) ?? "",
                    name: try text(rows.optionalInteger(2)), start: start, duration: duration))
        }
        return (found, false)
    }

    /// The rows of the table `processes` that are of these.
    private func processes(_ names: Set<ProcessName>) throws -> [Int64: ProcessName] {
        let string = try Statement("SELECT id FROM strings WHERE text = ?", on: db)
        let statement = try Statement(Self.processesSQL, on: db)
        /// Nil in a value is no text, nil itself a text that is not there.
        func id(_ text: String?) throws -> Int64?? {
            guard let text else { return .some(nil) }
            string.bind(text: text, at: 1)
            return try string.firstInteger().map { .some($0) }
        }
        var processes: [Int64: ProcessName] = [:]
        for name in names {
            guard let host = try id(name.host), let node = try id(name.node), let container = try id(name.container)
            else { continue }
            statement.bind(host, at: 1)
            statement.bind(name.pid, at: 2)
            statement.bind(node, at: 3)
            statement.bind(container, at: 4)
            try statement.forEachRow { processes[statement.integer(0)] = name }
        }
        return processes
    }
}
