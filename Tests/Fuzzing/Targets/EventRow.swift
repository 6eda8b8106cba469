import TraceCore

/// All that a batch says of an event, its texts in it, without where in the batch they stand.
struct EventRow: Equatable {
    /// Where its line stands in the decoded body.
    var offset: Int
    var length: Int
    var isSide: Bool
    /// The metadata line that it came under.
    var metadata: [UInt8]
    var numbers: [Int64]
    var texts: [[UInt8]?]
    var ids: [Identifier?]

    /// The events of a batch, transactions and spans first.
    static func all(of batch: EventBatch) -> [EventRow] {
        batch.events.map { EventRow($0, batch) } + batch.sideEvents.map { EventRow($0, batch) }
    }

    private init(_ event: Event, _ batch: EventBatch) {
        let process = batch.processes[event.process]
        (offset, length, isSide, metadata) = (event.line.offset, event.line.length, false, process.line)
        let outcome = Int64(event.outcome.rawValue)
        numbers = [
            Int64(event.kind.rawValue), event.start, event.offset ?? .min, event.duration, outcome, event.dropped,
            event.messageAge, event.sampled ? 1 : 0, event.compressed ? 1 : 0,
        ]
        require(event.duration >= 0 && event.messageAge >= 0, "a negative time in \(event)")
        require(event.duration <= Microseconds.tenYears, "a long time in \(event)")
        require(Microseconds.instants.contains(event.start), "a start beyond all times in \(event)")
        ids = [batch.traces[event.trace], event.id, event.parent, event.transaction]
        texts = [event.name, event.type, event.subtype, event.action, event.service, event.version, event.user]
            .map { Self.text($0, batch) }
        for label in batch.labels[event.labels] + process.labels {
            texts += [Self.text(label.key, batch), Self.text(label.value, batch), label.isNumber ? [] : nil]
        }
        add(process, batch)
    }

    private init(_ event: SideEvent, _ batch: EventBatch) {
        let process = batch.processes[event.process]
        (offset, length, isSide, metadata) = (event.line.offset, event.line.length, true, process.line)
        numbers = [
            Int64(event.kind.rawValue), event.timestamp, Int64(bitPattern: event.digest.high),
            Int64(bitPattern: event.digest.low),
        ]
        require(Microseconds.instants.contains(event.timestamp), "a time beyond all times in \(event)")
        ids = [event.trace.map { batch.traces[$0] }, event.id, event.parent, event.transaction]
        texts = []
        add(process, batch)
    }

    private mutating func add(_ process: ProcessMetadata, _ batch: EventBatch) {
        numbers.append(process.pid ?? .min)
        texts += [
            process.service, process.version, process.environment, process.host, process.node, process.agent,
            process.user,
        ].map { Self.text($0, batch) }
    }

    private static func text(_ symbol: Symbol?, _ batch: EventBatch) -> [UInt8]? {
        symbol.map { batch.symbols.withUTF8($0) { Array($0) } }
    }

    /// The same, wherever the line stands.
    var anywhere: EventRow {
        var row = self
        row.offset = 0
        return row
    }
}
