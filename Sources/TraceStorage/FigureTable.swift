import GRDB
import TraceCore

/// The table `figures` as the writer sees it: what reports ask of a run, worked out once it is quiet, and thrown away
/// where something more comes of it.
final class FigureTable {
    /// Beyond so many runs to be told of, that there were too many is what is told.
    private static let reopenedLimit = 4_096

    private let insert: Statement
    private let delete: Statement
    /// Runs whose figures are being worked out, and to which nothing was added since that began.
    private var underWay: Set<Int64> = []
    private var reopened: Set<Int64> = []

    init(_ db: Database) throws {
        insert = try Statement(
            "INSERT INTO figures (run, data) VALUES (?, ?) ON CONFLICT (run) DO UPDATE SET data = excluded.data", on: db
        )
        delete = try Statement("DELETE FROM figures WHERE run = ?", on: db)
    }

    /// Something was added to a run that was there before.
    func runChanged(_ run: Int64) throws {
        underWay.remove(run)
        delete.bind(run, at: 1)
        if try delete.run() > 0, reopened.count <= Self.reopenedLimit { reopened.insert(run) }
    }

    /// A run is being removed.
    func remove(_ run: Int64) throws {
        underWay.remove(run)
        reopened.remove(run)
        delete.bind(run, at: 1)
        try delete.run()
    }

    /// Figures of these runs will be worked out from what is stored now, or later.
    func begin(_ runs: [Int64]) { underWay = Set(runs) }

    /// Stores figures that were worked out since `begin`, but for runs to which something was added meanwhile.
    func store(_ figures: [(run: Int64, data: [UInt8])]) throws {
        for (run, data) in figures where underWay.contains(run) {
            insert.bind(run, at: 1)
            try data.withUnsafeBufferPointer { bytes in
                insert.bind(untilRun: bytes, at: 2)
                try insert.run()
            }
        }
        underWay.removeAll()
    }

    /// The runs whose figures were thrown away since this was last asked; nil where they were too many to be told.
    func takeReopened() -> Set<Int64>? {
        defer { reopened.removeAll() }
        return reopened.count > Self.reopenedLimit ? nil : reopened
    }
}

/// Runs without figures, as those who work them out read them.
struct RunsWithoutFigures {
    private static let columns = "runs.id, trace_id, start_us, request_us, sent_us"
    /// Figures of another version than this program's are none.
    static let behindSQL = """
        SELECT \(columns) FROM runs LEFT JOIN figures ON figures.run = runs.id
        WHERE runs.id > ?1 AND (figures.run IS NULL OR substr(figures.data, 1, 1) <> ?3) AND start_us IS NOT NULL
        ORDER BY runs.id LIMIT ?2
        """
    static let oneSQL = "SELECT \(columns) FROM runs WHERE id = ? AND start_us IS NOT NULL"

    private let behind: Statement
    private let one: Statement
    private let transactions: Statement
    private let spans: Statement

    init(_ db: Database) throws {
        behind = try Statement(Self.behindSQL, on: db)
        one = try Statement(Self.oneSQL, on: db)
        transactions = try Statement("SELECT count(*) FROM transactions WHERE run = ?", on: db)
        spans = try Statement("SELECT CAST(min(total(spans), 1e15) AS INTEGER) FROM parts WHERE run = ?", on: db)
    }

    /// Those with a higher number, in order of their numbers.
    func runs(behind number: Int64, limit: Int) throws -> [StoredRun] {
        behind.bind(number, at: 1)
        behind.bind(limit, at: 2)
        behind.bind(blob: [RunFigures.version], at: 3)
        var runs: [StoredRun] = []
        try behind.forEachRow { if let run = behind.storedRun { runs.append(run) } }
        return runs
    }

    func run(_ number: Int64) throws -> StoredRun? {
        one.bind(number, at: 1)
        var run: StoredRun?
        try one.forEachRow { run = one.storedRun }
        return run
    }

    /// How many transactions and spans a run has.
    func eventCount(_ run: Int64) throws -> Int {
        transactions.bind(run, at: 1)
        spans.bind(run, at: 1)
        return Int(try transactions.firstInteger() ?? 0) + Int(try spans.firstInteger() ?? 0)
    }
}
