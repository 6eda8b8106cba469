import GRDB
import TraceCore

/// Reads rows of events into a batch, together with what they name in the shared tables.
final class EventReader {
    static let transactionColumns = """
        id, parent_id, process, name, type, service, version, user, start_us, duration_us, outcome, sampled, dropped,
        message_age_us, labels, body, line_offset, line_length
        """
    /// What `readSpans` wants of a row of `parts`.
    static let spanColumns = "body, start_us, spans, data"
    static let sideEventColumns = """
        kind, CASE has_id WHEN 0 THEN NULL ELSE id END, parent_id, transaction_id, process, time_us,
        CASE has_id WHEN 0 THEN id ELSE digest END, body, line_offset, line_length
        """
    static let untracedColumns = """
        kind, untraced_events.id, parent_id, transaction_id, process, time_us, digest, body, line_offset, line_length
        """

    private let process: Statement
    private let string: Statement
    private var strings: [Int64: [UInt8]] = [:]

    init(_ db: Database) throws {
        process = try Statement(
            """
            SELECT service, version, environment, host, pid, node, container, agent, user, identity, labels, line
            FROM processes WHERE id = ?
            """, on: db)
        string = try Statement("SELECT text FROM strings WHERE id = ?", on: db)
    }

    /// A batch that is being filled, and what it has met so far of the shared tables.
    struct Filling {
        var batch = EventBatch()
        /// The numbers of the processes met, equal for the same process.
        private(set) var identities: Set<Int64> = []
        fileprivate var symbols: [Int64: Symbol] = [:]
        fileprivate var processes: [Int64: Int] = [:]

        fileprivate mutating func note(identity: Int64) { identities.insert(identity) }
    }

    func readTransaction(_ row: Statement, of trace: Int, into filling: inout Filling) throws {
        guard let id = row.identifier(0) else { return }
        var event = Event(
            kind: .transaction, trace: trace, id: id, process: try process(row.integer(2), &filling),
            start: instant(row.integer(8)), duration: duration(row.integer(9)), line: row.line(from: 15))
        event.parent = row.identifier(1)
        event.name = try symbol(ifAny: row.optionalInteger(3), &filling)
        event.type = try symbol(row.integer(4), &filling)
        event.service = try symbol(row.integer(5), &filling)
        event.version = try symbol(ifAny: row.optionalInteger(6), &filling)
        event.user = try symbol(ifAny: row.optionalInteger(7), &filling)
        event.outcome = outcome(row.integer(10))
        event.sampled = row.integer(11) != 0
        event.dropped = row.integer(12)
        event.messageAge = duration(row.integer(13))
        let first = filling.batch.labels.count
        try LabelColumn.decode(row.bytes(14)) { key, value, isNumber in
            let key = try symbol(key, &filling)
            let value = filling.batch.symbols.intern(utf8: value)
            filling.batch.labels.append(Label(key: key, value: value, isNumber: isNumber))
        }
        event.labels = first..<filling.batch.labels.count
        filling.batch.events.append(event)
    }

    /// Reads all spans of a block. Throws where it is damaged, with those before the damage read.
    func readSpans(_ row: Statement, of trace: Int, into filling: inout Filling) throws {
        let body = row.integer(0)
        try row.withBytes(3) { bytes in
            var block = try SpanBlockReader(bytes, start: row.integer(1))
            filling.batch.events.reserve(more: Int(clamping: min(row.integer(2), Int64(bytes.count))))
            // An event that has what all spans of one shape have, by the shape's number.
            var models: [Event] = []
            while let span = try block.next() {
                if span.shapeNumber == models.count { models.append(try model(span.shape, of: trace, &filling)) }
                var event = models[span.shapeNumber]
                event.id = span.id
                event.transaction = span.transaction
                event.parent = span.parent
                event.start = instant(span.start)
                event.duration = duration(span.duration)
                event.offset = span.offset.map { min(instant($0), Microseconds.tenYears) }
                event.line = BodyRange(body: body, offset: span.lineOffset, length: span.lineLength)
                filling.batch.events.append(event)
            }
        }
    }

    private func model(_ shape: SpanShape, of trace: Int, _ filling: inout Filling) throws -> Event {
        var event = Event(
            kind: .span, trace: trace, id: .short(0), process: try process(shape.process, &filling), start: 0,
            duration: 0, line: BodyRange(offset: 0, length: 0))
        event.name = try symbol(ifAny: shape.name == 0 ? nil : shape.name, &filling)
        event.type = try symbol(shape.type, &filling)
        event.subtype = try symbol(ifAny: shape.subtype == 0 ? nil : shape.subtype, &filling)
        event.action = try symbol(ifAny: shape.action == 0 ? nil : shape.action, &filling)
        event.service = try symbol(shape.service, &filling)
        event.version = try symbol(ifAny: shape.version == 0 ? nil : shape.version, &filling)
        event.outcome = outcome(shape.form.outcome)
        event.compressed = shape.form.has(SpanBlock.Form.isCompressed)
        event.hasDottedType = shape.form.has(SpanBlock.Form.hasDottedType)
        return event
    }

    /// Reads an error, a metricset or a log; `trace` is nil for one that names none.
    func readSideEvent(_ row: Statement, of trace: Int?, into filling: inout Filling) throws {
        guard let kind = UInt8(exactly: row.integer(0)).flatMap(SideEvent.Kind.init(rawValue:)) else { return }
        var digest = Digest.unknown
        if case .long(let high, let low)? = row.identifier(6) { digest = Digest(high: high, low: low) }
        filling.batch.sideEvents.append(
            SideEvent(
                kind: kind, trace: trace, id: row.identifier(1), transaction: row.identifier(3),
                parent: row.identifier(2), process: try process(row.integer(4), &filling),
                timestamp: instant(row.integer(5)), digest: digest, line: row.line(from: 7)))
    }

    private func symbol(_ id: Int64, _ filling: inout Filling) throws -> Symbol {
        if let known = filling.symbols[id] { return known }
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
        let symbol = text.withUnsafeBufferPointer { filling.batch.symbols.intern(utf8: $0) }
        filling.symbols[id] = symbol
        return symbol
    }

    private func symbol(ifAny id: Int64?, _ filling: inout Filling) throws -> Symbol? {
        guard let id else { return nil }
        return try symbol(id, &filling)
    }

    private func process(_ id: Int64, _ filling: inout Filling) throws -> Int {
        if let known = filling.processes[id] { return known }
        let row = process
        row.bind(id, at: 1)
        var columns: [Int64?] = []
        var (labels, line): ([UInt8], [UInt8]) = ([], [])
        try row.forEachRow {
            columns = (0..<10).map { row.optionalInteger($0) }
            labels = row.bytes(10)
            line = row.bytes(11)
        }
        guard columns.count == 10, let service = columns[0] else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an event names a process that is not there")
        }
        var metadata = ProcessMetadata(service: try symbol(service, &filling), line: line)
        metadata.version = try symbol(ifAny: columns[1], &filling)
        metadata.environment = try symbol(ifAny: columns[2], &filling)
        metadata.host = try symbol(ifAny: columns[3], &filling)
        metadata.pid = columns[4]
        metadata.node = try symbol(ifAny: columns[5], &filling)
        metadata.container = try symbol(ifAny: columns[6], &filling)
        metadata.agent = try symbol(ifAny: columns[7], &filling)
        metadata.user = try symbol(ifAny: columns[8], &filling)
        filling.note(identity: columns[9] ?? id)
        try LabelColumn.decode(labels) { key, value, isNumber in
            let key = try symbol(key, &filling)
            let value = filling.batch.symbols.intern(utf8: value)
            metadata.labels.append(Label(key: key, value: value, isNumber: isNumber))
        }
        filling.batch.processes.append(metadata)
        filling.processes[id] = filling.batch.processes.count - 1
        return filling.batch.processes.count - 1
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

extension Array {
    /// Makes room for more elements at once, and grows by no less than half of what there is.
    fileprivate mutating func reserve(more: Int) {
        if count + more > capacity { reserveCapacity(Swift.max(count + more, count + count / 2)) }
    }
}
