import GRDB
import TraceCore

/// Reads runs back into the batches they came from, one at a time.
final class TraceLoader {
    static let transactionsSQL = "SELECT \(EventReader.transactionColumns) FROM transactions WHERE run = ?"
    static let spansSQL = "SELECT \(EventReader.spanColumns) FROM parts WHERE run = ? AND spans > 0"
    static let sideEventsSQL = "SELECT \(EventReader.sideEventColumns) FROM side_events WHERE run = ?"
    static let surroundingsSQL = """
        SELECT \(EventReader.untracedColumns) FROM processes
        CROSS JOIN untraced_events ON untraced_events.process = processes.id
        WHERE processes.identity = ? AND time_us BETWEEN ? AND ?
        """

    static let untracedSQL = """
        SELECT \(EventReader.untracedColumns) FROM untraced_events
        WHERE id IS NOT NULL AND id = ? AND kind = 3 AND body = ? AND line_offset = ?
        """

    private let reader: EventReader
    private let transactions: Statement
    private let spans: Statement
    private let sideEvents: Statement
    private let surroundings: Statement
    private let untraced: Statement
    private let isLeaving: Statement

    init(_ db: Database) throws {
        reader = try EventReader(db)
        transactions = try Statement(Self.transactionsSQL, on: db)
        spans = try Statement(Self.spansSQL, on: db)
        sideEvents = try Statement(Self.sideEventsSQL, on: db)
        surroundings = try Statement(Self.surroundingsSQL, on: db)
        untraced = try Statement(Self.untracedSQL, on: db)
        isLeaving = try Statement("SELECT 1 FROM leaving WHERE run = ?", on: db)
    }

    /// A run with all its events, none where it was removed; with its surroundings, also what its processes sent at its time and for no trace.
    func trace(_ run: StoredRun, withSurroundings: Bool) throws -> Trace {
        var filling = EventReader.Filling()
        let index = filling.batch.trace(run.trace)
        // Of one that is being removed a part may be gone: it is as if all of it were.
        isLeaving.bind(run.number, at: 1)
        if try isLeaving.firstInteger() != nil { return assembled(index, taking: &filling.batch) }
        transactions.bind(run.number, at: 1)
        try transactions.forEachRow { try reader.readTransaction(transactions, of: index, into: &filling) }
        spans.bind(run.number, at: 1)
        try spans.forEachRow { try reader.readSpans(spans, of: index, into: &filling) }
        // Those that send a run are those of its transactions and spans, as `Trace.all` has it.
        let senders = filling.identities.sorted()
        sideEvents.bind(run.number, at: 1)
        try sideEvents.forEachRow { try reader.readSideEvent(sideEvents, of: index, into: &filling) }
        guard withSurroundings else { return assembled(index, taking: &filling.batch) }
        let trace = assembled(index, filling.batch)
        let own = filling.batch.sideEvents.count
        for sender in senders {
            surroundings.bind(sender, at: 1)
            surroundings.bind(trace.surroundings.lowerBound, at: 2)
            surroundings.bind(trace.surroundings.upperBound, at: 3)
            try surroundings.forEachRow { try reader.readSideEvent(surroundings, of: nil, into: &filling) }
        }
        return filling.batch.sideEvents.count == own ? trace : assembled(index, taking: &filling.batch)
    }

    /// The one event of no trace that was found.
    func untraced(_ found: FoundEvent) throws -> EventBatch {
        var filling = EventReader.Filling()
        guard found.run == nil else { return filling.batch }
        untraced.bind(found.id, at: 1)
        untraced.bind(found.line.body, at: 2)
        untraced.bind(found.line.offset, at: 3)
        try untraced.forEachRow { try reader.readSideEvent(untraced, of: nil, into: &filling) }
        return filling.batch
    }

    /// Takes the events out of the batch: nobody else has them then, and they are put in order without a copy.
    private func assembled(_ index: Int, taking batch: inout EventBatch) -> Trace {
        let (events, sideEvents) = (batch.events, batch.sideEvents)
        batch.events = []
        return Trace(index, of: batch, events: events, sideEvents: sideEvents)
    }

    private func assembled(_ index: Int, _ batch: EventBatch) -> Trace {
        Trace(index, of: batch, events: batch.events, sideEvents: batch.sideEvents)
    }
}
