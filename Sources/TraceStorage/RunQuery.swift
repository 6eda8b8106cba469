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

    /// Runs whose trace id's text begins so. Ids sent as hex are stored as bytes: a range of those, and a range of
    /// texts for all others. Both are cut to what the text
    /// really begins with; a run whose whole id it is goes before those that only begin so.
    private func withPrefix(_ prefix: String) throws -> [StoredRun] {
        let bytes = Array(prefix.utf8)
        var found = try runs("WHERE trace_id >= CAST(? AS TEXT) AND trace_id < x'' AND start_us IS NOT NULL") {
            $0.bind(text: prefix, at: 1)
        }
        if let low = Self.packed(bytes) {
            found += try runs("WHERE trace_id >= ? AND start_us IS NOT NULL AND (trace_id < ? OR ? = x'')") {
                $0.bind(blob: low.from, at: 1)
                $0.bind(blob: low.to, at: 2)
                $0.bind(blob: low.to, at: 3)
            }
        }
        let begun = found.filter { $0.trace.utf8.starts(with: bytes) }
        let whole = begun.filter { $0.trace.utf8 == bytes }
        return whole.isEmpty ? begun : whole
    }

    /// The bytes that a prefix in lower-case hex stands for, and the first bytes beyond those that begin so; nil
    /// where it is no hex. The end is empty where nothing lies beyond.
    private static func packed(_ prefix: [UInt8]) -> (from: [UInt8], to: [UInt8])? {
        var nibbles: [UInt8] = []
        for byte in prefix.prefix(32) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): nibbles.append(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): nibbles.append(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        func bytes(_ nibbles: [UInt8]) -> [UInt8] {
            stride(from: 0, to: nibbles.count, by: 2).map { index in
                nibbles[index] << 4 | (index + 1 < nibbles.count ? nibbles[index + 1] : 0)
            }
        }
        var next = nibbles
        while let last = next.last {
            if last < 15 {
                next[next.count - 1] = last + 1
                return (bytes(nibbles), bytes(next))
            }
            next.removeLast()
        }
        return (bytes(nibbles), [])
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
