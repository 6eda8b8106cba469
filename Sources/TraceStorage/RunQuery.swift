import GRDB
import TraceCore

/// Finds the runs of a selection.
struct RunQuery {
    private let db: Database
    private static let columns = "runs.id, runs.trace_id, runs.start_us, runs.request_us"

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
            return try runs(
                "JOIN run_labels ON run_labels.run = runs.id WHERE key = ? AND value = ? AND start_us IS NOT NULL"
            ) {
                $0.bind(text: key, at: 1)
                $0.bind(text: value, at: 2)
            }
        case .version(let version):
            return try runs(
                """
                WHERE start_us IS NOT NULL AND EXISTS (
                    SELECT 1 FROM transactions WHERE run = runs.id
                    AND version = (SELECT id FROM strings WHERE text = ?))
                """
            ) { $0.bind(text: version, at: 1) }
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
        try statement.forEachRow {
            guard let trace = statement.identifier(1) else { return }
            runs.append(
                StoredRun(
                    number: statement.integer(0), trace: trace, start: statement.integer(2),
                    lastRequest: statement.integer(3)))
        }
        return runs
    }

    /// Runs whose trace id's text begins so; where it is a whole id, that run alone.
    private func withPrefix(_ prefix: String) throws -> [StoredRun] {
        let bytes = Array(prefix.utf8)
        var begun: [StoredRun] = []
        for range in IdentifierRange.beginning(with: bytes) {
            begun += try runs("WHERE trace_id >= ?1 AND trace_id < ?2 AND start_us IS NOT NULL") { range.bind(to: $0) }
        }
        begun = begun.filter { $0.trace.utf8.starts(with: bytes) }
        let whole = begun.filter { $0.trace.utf8 == bytes }
        return whole.isEmpty ? begun : whole
    }

    private func latest(_ back: Int) throws -> [StoredRun] {
        let newestFirst = try runs("WHERE start_us IS NOT NULL") { _ in }
            .sorted { $0.start != $1.start ? $0.start > $1.start : $0.trace < $1.trace }
        let hasGroup = try Statement(
            """
            SELECT 1 FROM transactions JOIN processes ON processes.id = transactions.process
            WHERE run = ? AND sampled AND parent_id IS NOT NULL
            GROUP BY parent_id, transactions.service, identity, name HAVING count(*) >= 2 LIMIT 1
            """, on: db)
        var seen = 0
        for run in newestFirst {
            hasGroup.bind(run.number, at: 1)
            guard try hasGroup.firstInteger() != nil else { continue }
            if seen == back { return [run] }
            seen += 1
        }
        return seen == 0 ? Array(newestFirst.dropFirst(back).prefix(1)) : []
    }
}
