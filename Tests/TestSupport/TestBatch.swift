package import TraceCore

extension EventBatch {
    /// Adds a metadata line; its index.
    package mutating func addProcess(
        service: String = "runner", host: String? = "host", pid: Int64? = 1, node: String? = nil, user: String? = nil,
        labels: [(String, String)] = []
    ) -> Int {
        // As in a stream, lines that say something different are different.
        let texts = [service, host ?? "", "\(pid ?? -1)", node ?? "", user ?? "", "\(labels)", "\(processes.count)"]
        var process = ProcessMetadata(
            service: symbols.intern(service), line: Array(texts.joined(separator: " ").utf8))
        process.host = host.map { symbols.intern($0) }
        process.pid = pid
        process.node = node.map { symbols.intern($0) }
        process.user = user.map { symbols.intern($0) }
        for (key, value) in labels { process.labels.append(label(key, value)) }
        processes.append(process)
        return processes.count - 1
    }

    package mutating func label(_ key: String, _ value: String) -> Label {
        Label(key: symbols.intern(key), value: symbols.intern(value), isNumber: false)
    }

    /// Appends labels of an event; what its `labels` are to be.
    package mutating func addLabels(_ texts: [(String, String)]) -> Range<Int> {
        let first = labels.count
        for (key, value) in texts { labels.append(label(key, value)) }
        return first..<labels.count
    }

    /// An event of the trace `trace`, not yet added.
    package mutating func event(
        _ kind: Event.Kind, _ id: String, start: Int64, duration: Int64, process: Int = 0, of trace: String = "trace"
    ) -> Event {
        var event = Event(
            kind: kind, trace: self.trace(Identifier(trace)), id: Identifier(id), process: process, start: start,
            duration: duration, line: BodyRange(offset: events.count, length: 1))
        event.service = processes[process].service
        event.type = symbols.intern(kind == .span ? "db" : "task")
        return event
    }

    /// Adds a transaction.
    package mutating func transaction(
        _ id: String, parent: String? = nil, start: Int64 = 0, duration: Int64 = 100, process: Int = 0,
        _ edit: (inout Event) -> Void = { _ in }
    ) {
        var event = event(.transaction, id, start: start, duration: duration, process: process)
        event.parent = parent.map { Identifier($0) }
        edit(&event)
        events.append(event)
    }

    /// Adds a span.
    package mutating func span(
        _ id: String, parent: String? = nil, of transaction: String? = nil, start: Int64 = 0, duration: Int64 = 100,
        type: String = "db", name: String = "query", _ edit: (inout Event) -> Void = { _ in }
    ) {
        var event = event(.span, id, start: start, duration: duration)
        event.parent = parent.map { Identifier($0) }
        event.transaction = transaction.map { Identifier($0) }
        event.type = symbols.intern(type)
        event.name = symbols.intern(name)
        edit(&event)
        events.append(event)
    }

    /// Adds a task of the group `run` with work spans in these stretches.
    package mutating func task(_ id: String, start: Int64, end: Int64, work: [Range<Int64>]) {
        transaction(id, parent: "run", start: start, duration: end - start)
        for (number, stretch) in work.enumerated() {
            span(
                "\(id).\(number)", parent: id, of: id, start: stretch.lowerBound,
                duration: stretch.upperBound - stretch.lowerBound)
        }
    }

    /// A batch with one process, filled by `fill`.
    package static func filled(_ fill: (inout EventBatch) -> Void) -> EventBatch {
        var batch = EventBatch()
        _ = batch.addProcess()
        fill(&batch)
        return batch
    }

    package var firstTrace: Trace { Trace.all(of: self)[0] }
}

extension Trace {
    /// The index of the event with this id; a transaction before a span.
    package func index(_ id: String) -> Int {
        guard
            let index = events.firstIndex(where: { $0.id == Identifier(id) && $0.kind == .transaction })
                ?? events.firstIndex(where: { $0.id == Identifier(id) })
        else { preconditionFailure("no event \(id)") }
        return index
    }

    package func text(_ index: Int?) -> String? { index.map { events[$0].id.text } }

    package func parent(_ id: String) -> String? { text(parents[index(id)]) }

    package func owner(_ id: String) -> String? { text(owners[index(id)]) }
}
