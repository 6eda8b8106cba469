import GRDB
import TraceCore

/// What there is to be removed, as those who remove it read it: a little at a time.
struct RetentionQuery {
    private let db: Database

    init(_ db: Database) { self.db = db }

    struct Body: Sendable {
        var number: Int64
        /// µs since the epoch.
        var requestTime: Int64
    }

    struct Run: Sendable {
        var number: Int64
        /// The first and the last body that brought something to it.
        var bodies: ClosedRange<Int64>
    }

    /// The body that came last.
    func lastBody() throws -> Body? {
        let statement = try Statement("SELECT id, request_us FROM bodies ORDER BY id DESC LIMIT 1", on: db)
        return try bodies(statement).first
    }

    /// Bodies with higher numbers, in the order in which they came.
    func bodies(behind number: Int64, upTo last: Int64 = .max, limit: Int) throws -> [Body] {
        let statement = try Statement(
            "SELECT id, request_us FROM bodies WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", on: db)
        statement.bind(number, at: 1)
        statement.bind(last, at: 2)
        statement.bind(limit, at: 3)
        return try bodies(statement)
    }

    private func bodies(_ statement: Statement) throws -> [Body] {
        var bodies: [Body] = []
        try statement.forEachRow {
            bodies.append(Body(number: statement.integer(0), requestTime: statement.integer(1)))
        }
        return bodies
    }

    /// Runs with higher numbers, in order of their numbers, which is that of their first bodies; and the number to go
    /// on behind, nil behind the last.
    func runs(behind number: Int64, limit: Int) throws -> (runs: [Run], next: Int64?) {
        let statement = try Statement(
            """
            SELECT id, (SELECT min(body) FROM parts WHERE run = runs.id), (SELECT max(body) FROM parts WHERE run = runs.id)
            FROM runs WHERE id > ? ORDER BY id LIMIT ?
            """, on: db)
        statement.bind(number, at: 1)
        statement.bind(limit, at: 2)
        var runs: [Run] = []
        var next: Int64?
        try statement.forEachRow {
            next = statement.integer(0)
            guard let first = statement.optionalInteger(1), let last = statement.optionalInteger(2) else { return }
            runs.append(Run(number: statement.integer(0), bodies: first...last))
        }
        return (runs, next)
    }

    /// The bodies of a range of numbers that brought something to some of these runs.
    func bodies(_ range: ClosedRange<Int64>, of runs: [Int64]) throws -> Set<Int64> {
        let statement = try Statement("SELECT body FROM parts WHERE run = ? AND body BETWEEN ? AND ?", on: db)
        statement.bind(range.lowerBound, at: 2)
        statement.bind(range.upperBound, at: 3)
        var bodies: Set<Int64> = []
        for run in runs {
            statement.bind(run, at: 1)
            try statement.forEachRow { bodies.insert(statement.integer(0)) }
        }
        return bodies
    }

    /// Where an event of no trace stands among others.
    struct Place: Sendable {
        var process: Int64 = .min
        var time: Int64 = .min
        var digest: [UInt8] = []
    }

    /// Looks through so many events of no trace that stand behind a place: the digests of those that a body up to this
    /// one brought, and the place to go on behind, nil behind the last.
    func untraced(
        behind place: Place, upTo body: Int64, limit: Int
    ) throws -> (digests: [[UInt8]], next: Place?) {
        let statement = try Statement(
            """
            SELECT process, time_us, digest, body FROM untraced_events
            WHERE (process, time_us, digest) > (?, ?, ?) ORDER BY process, time_us, digest LIMIT ?
            """, on: db)
        statement.bind(place, from: 1)
        statement.bind(limit, at: 4)
        var digests: [[UInt8]] = []
        var next: Place?
        try statement.forEachRow {
            let digest = statement.bytes(2)
            if statement.integer(3) <= body { digests.append(digest) }
            next = Place(process: statement.integer(0), time: statement.integer(1), digest: digest)
        }
        return (digests, next)
    }
}
