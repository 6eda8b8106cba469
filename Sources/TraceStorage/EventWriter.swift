import GRDB
import TraceCore

/// Turns deliveries into rows. Confined to the queue of the one writing connection.
final class EventWriter: @unchecked Sendable {
    private let strings: StringTable
    private let runs: RunTable
    private let processes: ProcessTable
    private let insertTransaction: Statement
    private let parts: PartTable
    private let sideEvents: SideEventTable
    private let losses: LossTable
    private let conflicts: ConflictFinder
    let figures: FigureTable
    let removal: Removal
    let referenceRemoval: ReferenceRemoval
    private let nextBody: Statement
    private let insertBody: Statement

    init(_ db: Database) throws {
        let strings = try StringTable(db)
        self.strings = strings
        let figures = try FigureTable(db)
        self.figures = figures
        let runs = try RunTable(db, figures: figures)
        self.runs = runs
        let processes = try ProcessTable(db)
        self.processes = processes
        insertTransaction = try Statement(Self.transactionSQL, on: db)
        let parts = try PartTable(db)
        self.parts = parts
        removal = try Removal(db, runs: runs, parts: parts)
        referenceRemoval = try ReferenceRemoval(db, processes: processes, strings: strings)
        sideEvents = try SideEventTable(db)
        losses = try LossTable(db)
        conflicts = try ConflictFinder(db)
        nextBody = try Statement(
            "SELECT max(coalesce((SELECT max(id) FROM bodies), 0), coalesce((SELECT max(body) FROM removed), 0)) + 1",
            on: db)
        insertBody = try Statement(
            "INSERT INTO bodies (id, request_us, encoding, decoded_size, data) VALUES (?, ?, ?, ?, ?)", on: db)
    }

    /// Stores what is new in a delivery, inside the caller's transaction, and adds to its losses the events that are lost
    /// since others with their ids were stored. A body that adds nothing is not kept.
    private func store(_ delivery: inout Delivery) throws -> DeliveryOutcome {
        if delivery.isEmpty { return .stored(duplicates: 0) }
        let (duplicates, conflicts) = try store(delivery)
        guard !conflicts.isEmpty else { return .stored(duplicates: duplicates) }
        delivery.losses.absorb(conflicts)
        let count = conflicts.count(.lines)
        return .stored(duplicates: duplicates - count, conflicts: count)
    }

    /// How many events of the delivery are not new, and those of them that are lost.
    private func store(_ delivery: Delivery) throws -> (known: Int, conflicts: LossTally) {
        let batch = delivery.batch
        var strings = BatchStrings(batch.symbols, table: strings)
        let body = try nextBody.firstInteger() ?? 1
        let processIDs = try batch.processes.map { try processes.id(of: $0, symbols: batch.symbols, strings: &strings) }
        var touched = RunTable.Touched(delivery)
        var known = KnownEvents()
        var stored = try store(transactionsOf: batch, processIDs, body, &strings, &touched, &known)
        stored += try store(sideEventsOf: batch, processIDs, body, &touched, &known)
        stored += try store(partsOf: batch, processIDs, body, &strings, &touched, &known)
        let lost = known.isEmpty ? LossTally() : try conflicts.conflicts(of: known, in: delivery)
        if stored > 0 {
            try store(delivery.body, as: body, requestTime: delivery.requestTime)
            try runs.update(touched)
        }
        return (batch.events.count + batch.sideEvents.count - stored, lost)
    }

    private func store(
        transactionsOf batch: EventBatch, _ processIDs: [Int64], _ body: Int64, _ strings: inout BatchStrings,
        _ touched: inout RunTable.Touched, _ known: inout KnownEvents
    ) throws -> Int {
        var stored = 0
        // Where they are: an event is large, and copying it would cost as much as packing it.
        try batch.events.withUnsafeBufferPointer { events in
            for index in events.indices where events[index].kind == .transaction {
                let run = try runs.id(of: events[index].trace, in: batch, touched: &touched)
                let process = processIDs[events[index].process]
                guard try store(transaction: events[index], run, process, body, batch, &strings) else {
                    known.transactions.append((run, index))
                    continue
                }
                stored += 1
                touched.note(events[index], batch)
            }
        }
        return stored
    }

    /// Stores for each run the spans that are new, together with what it can be selected by for all that is new.
    private func store(
        partsOf batch: EventBatch, _ processIDs: [Int64], _ body: Int64, _ strings: inout BatchStrings,
        _ touched: inout RunTable.Touched, _ known: inout KnownEvents
    ) throws -> Int {
        var stored = 0
        let (indices, bounds) = batch.spansByTrace()
        for trace in batch.traces.indices {
            let spans = indices[bounds[trace]..<bounds[trace + 1]]
            guard !spans.isEmpty || touched.hasNews(trace) else { continue }
            let run = try runs.id(of: trace, in: batch, touched: &touched)
            stored += try parts.pack(
                spans, of: batch, run: run, isNewRun: touched.isNew(trace),
                shape: { try shape(of: $0, process: processIDs[$0.process], &strings) },
                note: { touched.note($0, batch) })
            if !parts.again.isEmpty { known.spans.append((run, parts.again)) }
            guard touched.hasNews(trace) else { continue }
            try parts.store(run: run, body: body, selectors: touched.selectors(of: trace, in: batch))
        }
        return stored
    }

    private func shape(of event: Event, process: Int64, _ strings: inout BatchStrings) throws -> SpanShape {
        var shape = SpanShape()
        shape.values[0] = SpanBlock.Form(event).rawValue
        shape.values[1] = process
        shape.values[2] = try strings.id(orZero: event.name)
        shape.values[3] = try strings.id(event.type)
        shape.values[4] = try strings.id(orZero: event.subtype)
        shape.values[5] = try strings.id(orZero: event.action)
        shape.values[6] = try strings.id(event.service)
        shape.values[7] = try strings.id(orZero: event.version)
        return shape
    }

    private func store(
        sideEventsOf batch: EventBatch, _ processIDs: [Int64], _ body: Int64, _ touched: inout RunTable.Touched,
        _ known: inout KnownEvents
    ) throws -> Int {
        var stored = 0
        for (index, event) in batch.sideEvents.enumerated() {
            let run = try event.trace.map { try runs.id(of: $0, in: batch, touched: &touched) }
            guard try sideEvents.store(event, run: run, process: processIDs[event.process], body: body) else {
                // Without a trace or an id it is known by its digest.
                if let run, event.id != nil { known.sideEvents.append((run, index)) }
                continue
            }
            stored += 1
            touched.note(event)
        }
        return stored
    }

    /// Adds what was lost, inside the caller's transaction: what was noted at `time`, µs since the epoch, and then
    /// that of the deliveries. Where that fails, the deliveries are not to suffer: what could not be written is
    /// returned. It throws where the whole transaction was lost.
    func storeLosses(
        of deliveries: [Delivery], and noted: LossTally, at time: Int64, _ db: Database
    ) throws -> LossTally {
        let lossy = deliveries.filter { !$0.losses.isEmpty }
        guard !noted.isEmpty || !lossy.isEmpty else { return LossTally() }
        do {
            try db.inSavepoint {
                try losses.add(noted, at: time)
                for delivery in lossy { try losses.add(delivery.losses, at: delivery.requestTime) }
                return .commit
            }
            return LossTally()
        } catch  where db.isInsideTransaction {
            return lossy.reduce(into: noted) { $0.absorb($1.losses) }
        }
    }

    /// Stores deliveries and losses inside the caller's transaction.
    func store(
        _ deliveries: [Delivery], _ noted: LossTally, at time: Int64, _ db: Database
    ) throws -> WrittenDeliveries {
        let before = db.totalChangesCount
        var deliveries = deliveries
        let outcomes = try deliveries.indices.map { try store(&deliveries[$0]) }
        let unwritten = try storeLosses(of: deliveries, and: noted, at: time, db)
        return WrittenDeliveries(
            outcomes: outcomes, unwritten: unwritten, isAnything: db.totalChangesCount != before, failure: nil)
    }

    /// As `store`, but a delivery that cannot be stored leaves the others alone. Throws where the whole transaction
    /// was lost.
    func storeApart(
        _ deliveries: [Delivery], _ noted: LossTally, at time: Int64, _ db: Database, path: String
    ) throws -> WrittenDeliveries {
        var written = WrittenDeliveries(outcomes: [], unwritten: LossTally(), isAnything: false, failure: nil)
        var deliveries = deliveries
        for index in deliveries.indices {
            let before = db.totalChangesCount
            do {
                var outcome = DeliveryOutcome.stored(duplicates: 0)
                try db.inSavepoint {
                    outcome = try store(&deliveries[index])
                    return .commit
                }
                written.outcomes.append(outcome)
                written.isAnything = written.isAnything || db.totalChangesCount != before
            } catch  where db.isInsideTransaction && !StorageError.concernsAll(error) {
                forget()
                let error = StorageError(error, path: path)
                written.outcomes.append(.failed(error.message))
                if case .corrupt = error { written.failure = error }
            }
        }
        if written.isAnything { written.failure = nil }
        let before = db.totalChangesCount
        written.unwritten = try storeLosses(of: deliveries, and: noted, at: time, db)
        written.isAnything = written.isAnything || db.totalChangesCount != before
        return written
    }

    /// Forgets what it remembers of the tables: after a rollback some of it is no longer true.
    func forget() {
        strings.forget()
        runs.forget()
        parts.forget()
        processes.forget()
    }

    private func store(_ body: ReceivedBody, as id: Int64, requestTime: Int64) throws {
        insertBody.bind(id, at: 1)
        insertBody.bind(requestTime, at: 2)
        insertBody.bind(Int64(body.encoding.rawValue), at: 3)
        insertBody.bind(body.decodedSize, at: 4)
        try body.bytes.withUnsafeBufferPointer { bytes in
            insertBody.bind(untilRun: bytes, at: 5)
            try insertBody.run()
        }
    }

    private static let transactionSQL = """
        INSERT INTO transactions (
            run, id, parent_id, process, name, type, service, version, user, start_us, duration_us, outcome, sampled,
            dropped, message_age_us, labels, body, line_offset, line_length
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """

    private func store(
        transaction event: Event, _ run: Int64, _ process: Int64, _ body: Int64, _ batch: EventBatch,
        _ strings: inout BatchStrings
    ) throws -> Bool {
        let row = insertTransaction
        row.bind(run, at: 1)
        row.bind(event.id, at: 2)
        row.bind(event.parent, at: 3)
        row.bind(process, at: 4)
        row.bind(try strings.id(ifAny: event.name), at: 5)
        row.bind(try strings.id(event.type), at: 6)
        row.bind(try strings.id(event.service), at: 7)
        row.bind(try strings.id(ifAny: event.version), at: 8)
        row.bind(try strings.id(ifAny: event.user), at: 9)
        row.bind(event.start, at: 10)
        row.bind(event.duration, at: 11)
        row.bind(Int64(event.outcome.rawValue), at: 12)
        row.bind(event.sampled ? 1 : 0, at: 13)
        row.bind(event.dropped, at: 14)
        row.bind(event.messageAge, at: 15)
        if event.labels.isEmpty {
            row.bindNull(at: 16)
        } else {
            let labels = batch.labels[event.labels]
            row.bind(blob: try LabelColumn.encode(labels, symbols: batch.symbols) { try strings.id($0) }, at: 16)
        }
        row.bind(body, at: 17)
        row.bind(event.line.offset, at: 18)
        row.bind(event.line.length, at: 19)
        return try row.run() > 0
    }
}

/// What a transaction made of deliveries.
struct WrittenDeliveries {
    /// What became of each.
    var outcomes: [DeliveryOutcome]
    /// Losses that could not be written.
    var unwritten: LossTally
    /// Whether anything was changed: a delivery that brings nothing new proves nothing.
    var isAnything: Bool
    /// Damage that kept everything from being written.
    var failure: StorageError?
}
