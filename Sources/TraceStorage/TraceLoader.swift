import GRDB
import TraceCore

/// Reads runs back into the batches they came from, one at a time.
final class TraceLoader {
    private let transactions: Statement
    private let spans: Statement
    private let process: Statement
    private let string: Statement
    private let sideEvents: Statement
    private var strings: [Int64: [UInt8]] = [:]

    init(_ db: Database) throws {
        transactions = try Statement(
            """
            SELECT id, parent_id, process, name, type, service, version, user, start_us, duration_us, outcome, sampled,
            dropped, message_age_us, labels, body, line_offset, line_length FROM transactions WHERE run = ?
            """, on: db)
        spans = try Statement(
            """
            SELECT id, parent_id, transaction_id, process, name, type, subtype, action, service, version, start_us,
            offset_us, duration_us, outcome, compressed, body, line_offset, line_length FROM spans WHERE run = ?
            """, on: db)
        process = try Statement(
            """
            SELECT service, version, environment, host, pid, node, agent, user, labels, line FROM processes
            WHERE id = ?
            """, on: db)
        string = try Statement("SELECT text FROM strings WHERE id = ?", on: db)
        sideEvents = try Statement(
            """
            SELECT kind, id, parent_id, transaction_id, process, time_us, digest, body, line_offset, line_length
            FROM side_events WHERE run = ? ORDER BY number
            """, on: db)
    }

    func trace(_ run: StoredRun) throws -> Trace {
        var batch = EventBatch()
        var reading = Reading(trace: batch.trace(run.trace))
        transactions.bind(run.number, at: 1)
        try transactions.forEachRow { try readTransaction(into: &batch, &reading) }
        spans.bind(run.number, at: 1)
        try spans.forEachRow { try readSpan(into: &batch, &reading) }
        sideEvents.bind(run.number, at: 1)
        try sideEvents.forEachRow { try readSideEvent(into: &batch, &reading) }
        return Trace(reading.trace, of: batch, events: batch.events, sideEvents: batch.sideEvents)
    }

    /// What one run has met so far of the shared tables.
    private struct Reading {
        let trace: Int
        var symbols: [Int64: Symbol] = [:]
        var processes: [Int64: Int] = [:]

        init(trace: Int) { self.trace = trace }
    }

    private func symbol(_ id: Int64, _ batch: inout EventBatch, _ reading: inout Reading) throws -> Symbol {
        if let known = reading.symbols[id] { return known }
        let text: [UInt8]
        if let known = strings[id] {
            text = known
        } else {
            string.bind(id, at: 1)
            var read: [UInt8] = []
            try string.forEachRow { read = string.bytes(0) }
            strings[id] = read
            text = read
        }
        let symbol = text.withUnsafeBufferPointer { batch.symbols.intern(utf8: $0) }
        reading.symbols[id] = symbol
        return symbol
    }

    private func symbol(ifAny id: Int64?, _ batch: inout EventBatch, _ reading: inout Reading) throws -> Symbol? {
        guard let id else { return nil }
        return try symbol(id, &batch, &reading)
    }

    private func process(_ id: Int64, _ batch: inout EventBatch, _ reading: inout Reading) throws -> Int {
        if let known = reading.processes[id] { return known }
        let row = process
        row.bind(id, at: 1)
        var columns: [Int64?] = []
        var labels: [UInt8] = []
        var line: [UInt8] = []
        try row.forEachRow {
            columns = (0..<8).map { row.optionalInteger($0) }
            labels = row.bytes(8)
            line = row.bytes(9)
        }
        guard columns.count == 8, let service = columns[0] else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an event names a process that is not there")
        }
        var metadata = ProcessMetadata(service: try symbol(service, &batch, &reading), line: line)
        metadata.version = try symbol(ifAny: columns[1], &batch, &reading)
        metadata.environment = try symbol(ifAny: columns[2], &batch, &reading)
        metadata.host = try symbol(ifAny: columns[3], &batch, &reading)
        metadata.pid = columns[4]
        metadata.node = try symbol(ifAny: columns[5], &batch, &reading)
        metadata.agent = try symbol(ifAny: columns[6], &batch, &reading)
        metadata.user = try symbol(ifAny: columns[7], &batch, &reading)
        try LabelColumn.decode(labels) { key, value, isNumber in
            let key = try symbol(key, &batch, &reading)
            metadata.labels.append(Label(key: key, value: batch.symbols.intern(utf8: value), isNumber: isNumber))
        }
        batch.processes.append(metadata)
        reading.processes[id] = batch.processes.count - 1
        return batch.processes.count - 1
    }

    private func readTransaction(into batch: inout EventBatch, _ reading: inout Reading) throws {
        let row = transactions
        guard let id = row.identifier(0) else { return }
        var event = Event(
            kind: .transaction, trace: reading.trace, id: id,
            process: try process(row.integer(2), &batch, &reading),
            start: instant(row.integer(8)), duration: duration(row.integer(9)),
            line: line(from: 15, of: row))
        event.parent = row.identifier(1)
        event.name = try symbol(ifAny: row.optionalInteger(3), &batch, &reading)
        event.type = try symbol(row.integer(4), &batch, &reading)
        event.service = try symbol(row.integer(5), &batch, &reading)
        event.version = try symbol(ifAny: row.optionalInteger(6), &batch, &reading)
        event.user = try symbol(ifAny: row.optionalInteger(7), &batch, &reading)
        event.outcome = outcome(row.integer(10))
        event.sampled = row.integer(11) != 0
        event.dropped = row.integer(12)
        event.messageAge = duration(row.integer(13))
        let first = batch.labels.count
        try LabelColumn.decode(row.bytes(14)) { key, value, isNumber in
            let key = try symbol(key, &batch, &reading)
            batch.labels.append(Label(key: key, value: batch.symbols.intern(utf8: value), isNumber: isNumber))
        }
        event.labels = first..<batch.labels.count
        batch.events.append(event)
    }

    private func readSpan(into batch: inout EventBatch, _ reading: inout Reading) throws {
        let row = spans
        guard let id = row.identifier(0) else { return }
        var event = Event(
            kind: .span, trace: reading.trace, id: id,
            process: try process(row.integer(3), &batch, &reading),
            start: instant(row.integer(10)), duration: duration(row.integer(12)),
            line: line(from: 15, of: row))
        event.parent = row.identifier(1)
        event.transaction = row.identifier(2)
        event.name = try symbol(ifAny: row.optionalInteger(4), &batch, &reading)
        event.type = try symbol(row.integer(5), &batch, &reading)
        event.subtype = try symbol(ifAny: row.optionalInteger(6), &batch, &reading)
        event.action = try symbol(ifAny: row.optionalInteger(7), &batch, &reading)
        event.service = try symbol(row.integer(8), &batch, &reading)
        event.version = try symbol(ifAny: row.optionalInteger(9), &batch, &reading)
        event.offset = row.optionalInteger(11).map { min(instant($0), Microseconds.tenYears) }
        event.outcome = outcome(row.integer(13))
        event.compressed = row.integer(14) != 0
        batch.events.append(event)
    }

    private func readSideEvent(into batch: inout EventBatch, _ reading: inout Reading) throws {
        let row = sideEvents
        guard let kind = UInt8(exactly: row.integer(0)).flatMap(SideEvent.Kind.init(rawValue:)) else { return }
        var digest = Digest(high: 0, low: 0)
        if case .long(let high, let low)? = row.identifier(6) { digest = Digest(high: high, low: low) }
        batch.sideEvents.append(
            SideEvent(
                kind: kind, trace: reading.trace, id: row.identifier(1), transaction: row.identifier(3),
                parent: row.identifier(2), process: try process(row.integer(4), &batch, &reading),
                timestamp: instant(row.integer(5)), digest: digest, line: line(from: 7, of: row)))
    }

    /// Where a line stands, from three columns: body, offset and length.
    private func line(from column: Int32, of row: Statement) -> BodyRange {
        BodyRange(
            body: row.integer(column), offset: Int(row.integer(column + 1)), length: Int(row.integer(column + 2)))
    }

    // A damaged row may hold any number; the analysis counts on those that the intake lets in.

    private func instant(_ column: Int64) -> Int64 {
        min(max(column, Microseconds.instants.lowerBound), Microseconds.instants.upperBound)
    }

    private func duration(_ column: Int64) -> Int64 { min(max(column, 0), Microseconds.tenYears) }

    private func outcome(_ column: Int64) -> Event.Outcome {
        UInt8(exactly: column).flatMap(Event.Outcome.init(rawValue:)) ?? .unknown
    }
}
