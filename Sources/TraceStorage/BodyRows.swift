import GRDB
import TraceCore

/// Goes through all bodies, each with the rows of its events.
///
/// Events are not kept by body. SQLite sorts where they are, beyond some megabytes in a file of its own, so that the
/// memory does not depend on how many there are.
final class BodyRows {
    private let reader: EventReader
    private let bodies: Statement
    private let events: Statement
    private let sideEvents: Statement
    private let transaction: Statement
    private let spans: Statement
    private let trace: Statement

    init(_ db: Database) throws {
        reader = try EventReader(db)
        bodies = try Statement(
            "SELECT id, request_us, encoding, decoded_size, data FROM bodies ORDER BY id", on: db)
        events = try Statement(
            "SELECT body, 1, run, id FROM transactions UNION ALL SELECT body, 2, run, NULL FROM parts ORDER BY 1",
            on: db)
        sideEvents = try Statement(
            """
            SELECT \(EventReader.sideEventColumns), run FROM side_events
            UNION ALL SELECT \(EventReader.untracedColumns), NULL FROM untraced_events ORDER BY 8
            """, on: db)
        transaction = try Statement(
            "SELECT \(EventReader.transactionColumns) FROM transactions WHERE run = ? AND id = ?", on: db)
        spans = try Statement(
            "SELECT \(EventReader.spanColumns) FROM parts WHERE run = ? AND body = ? AND spans > 0", on: db)
        trace = try Statement("SELECT trace_id FROM runs WHERE id = ?", on: db)
    }

    /// What is known of the body at hand.
    private struct Current {
        var filling = EventReader.Filling()
        var traces: [Int64: Int] = [:]
        var problems: [String] = []
    }

    /// Calls `visit` for each body, in order of arrival.
    func forEach(_ visit: (StoredBody) throws -> Void) throws {
        defer { for statement in [bodies, events, sideEvents] { statement.reset() } }
        var hasEvent = try events.step()
        var hasSideEvent = try sideEvents.step()
        while try bodies.step() {
            let number = bodies.integer(0)
            var current = Current()
            while hasEvent, events.integer(0) <= number {
                if events.integer(0) == number { try readEvents(into: &current) }
                hasEvent = try events.step()
            }
            while hasSideEvent, sideEvents.integer(7) <= number {
                if sideEvents.integer(7) == number { try readSideEvent(into: &current) }
                hasSideEvent = try sideEvents.step()
            }
            // A body of an encoding that there is not is none that can be read as gzip either.
            let encoding = UInt8(exactly: bodies.integer(2)).flatMap(ReceivedBody.Encoding.init(rawValue:)) ?? .gzip
            try visit(
                StoredBody(
                    number: number, requestTime: bodies.integer(1),
                    body: ReceivedBody(
                        encoding: encoding, bytes: bodies.bytes(4), decodedSize: Int(bodies.integer(3))),
                    events: current.filling.batch, problems: current.problems))
        }
    }

    /// Reads a transaction, or all spans of one run.
    private func readEvents(into current: inout Current) throws {
        let run = events.integer(2)
        let isTransaction = events.integer(1) == 1
        let row = isTransaction ? transaction : spans
        row.bind(run, at: 1)
        if isTransaction { row.bind(events.identifier(3), at: 2) } else { row.bind(events.integer(0), at: 2) }
        try attempt(&current) { current in
            let index = try self.index(ofRun: run, &current)
            try row.forEachRow {
                if isTransaction {
                    try reader.readTransaction(row, of: index, into: &current.filling)
                } else {
                    try reader.readSpans(row, of: index, into: &current.filling)
                }
            }
        }
    }

    private func readSideEvent(into current: inout Current) throws {
        try attempt(&current) { current in
            var index: Int?
            if let run = sideEvents.optionalInteger(10) { index = try self.index(ofRun: run, &current) }
            try reader.readSideEvent(sideEvents, of: index, into: &current.filling)
        }
    }

    /// A row that names what is not there is a problem of its body; a file that cannot be read is an error.
    private func attempt(_ current: inout Current, _ read: (inout Current) throws -> Void) throws {
        do {
            try read(&current)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            current.problems.append(error.message ?? "a row is damaged")
        }
    }

    private func index(ofRun run: Int64, _ current: inout Current) throws -> Int {
        if let known = current.traces[run] { return known }
        trace.bind(run, at: 1)
        var id: Identifier?
        try trace.forEachRow { id = trace.identifier(0) }
        guard let id else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an event names a run that is not there")
        }
        let index = current.filling.batch.trace(id)
        current.traces[run] = index
        return index
    }
}
