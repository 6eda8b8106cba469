import GRDB
import TraceCore

/// The tables `side_events` and `untraced_events` as the writer sees them.
final class SideEventTable {
    private let insertTraced: Statement
    private let insertUntraced: Statement

    init(_ db: Database) throws {
        insertTraced = try Statement(
            """
            INSERT INTO side_events (
                run, kind, has_id, id, parent_id, transaction_id, process, time_us, body, line_offset, line_length,
                digest
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """, on: db)
        insertUntraced = try Statement(
            """
            INSERT INTO untraced_events (
                process, time_us, digest, kind, id, parent_id, transaction_id, body, line_offset, line_length
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """, on: db)
    }

    /// Stores an event; false where it had been stored before.
    func store(_ event: SideEvent, run: Int64?, process: Int64, body: Int64) throws -> Bool {
        let digest = Identifier.long(event.digest.high, event.digest.low)
        guard let run else { return try storeUntraced(event, digest, process: process, body: body) }
        let row = insertTraced
        row.bind(run, at: 1)
        row.bind(Int64(event.kind.rawValue), at: 2)
        row.bind(event.id == nil ? 0 : 1, at: 3)
        row.bind(event.id ?? digest, at: 4)
        row.bind(event.parent, at: 5)
        row.bind(event.transaction, at: 6)
        row.bind(process, at: 7)
        row.bind(event.timestamp, at: 8)
        row.bind(body, at: 9)
        row.bind(event.line.offset, at: 10)
        row.bind(event.line.length, at: 11)
        row.bind(event.id == nil ? nil : digest, at: 12)
        return try row.run() > 0
    }

    private func storeUntraced(
        _ event: SideEvent, _ digest: Identifier, process: Int64, body: Int64
    ) throws -> Bool {
        let row = insertUntraced
        row.bind(process, at: 1)
        row.bind(event.timestamp, at: 2)
        row.bind(digest, at: 3)
        row.bind(Int64(event.kind.rawValue), at: 4)
        row.bind(event.id, at: 5)
        row.bind(event.parent, at: 6)
        row.bind(event.transaction, at: 7)
        row.bind(body, at: 8)
        row.bind(event.line.offset, at: 9)
        row.bind(event.line.length, at: 10)
        return try row.run() > 0
    }
}
