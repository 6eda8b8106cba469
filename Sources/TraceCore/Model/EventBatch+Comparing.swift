/// Tells an event that was delivered again from another one with its id.
extension EventBatch {
    /// In what an event differs from the one of `other` that came first with its id, by the names of fields; empty where
    /// it is that one, delivered again. What counts is what is stored of it in columns.
    ///
    /// A time that an event was not sent with is not compared: it is that of the request, `requestTime` where that is
    /// known, and another each time.
    package func differences(
        of event: Event, from first: Event, in other: EventBatch, requestTime: Int64?
    ) -> [String] {
        var differences: [String] = []
        func compare(_ name: String, _ isSame: Bool) { if !isSame { differences.append(name) } }
        func compare(_ name: String, _ symbol: Symbol?, _ first: Symbol?) {
            compare(name, isSame(symbol, first, in: other))
        }
        compare("service", event.service, first.service)
        compare("process", isSameProcess(event.process, first.process, in: other))
        compare("parent", event.parent == first.parent)
        compare("transaction", event.transaction == first.transaction)
        compare("name", event.name, first.name)
        compare("type", event.type, first.type)
        compare("subtype", event.subtype, first.subtype)
        compare("action", event.action, first.action)
        compare("version", event.version, first.version)
        compare("user", event.user, first.user)
        compare("start", isSameStart(event, first, requestTime))
        compare("duration", event.duration == first.duration)
        compare("outcome", event.outcome == first.outcome)
        compare("sampled", event.sampled == first.sampled)
        compare("dropped spans", event.dropped == first.dropped)
        compare("message age", event.messageAge == first.messageAge)
        compare("compressed", event.compressed == first.compressed)
        // A span's labels stay in its line.
        if event.kind == .transaction { compare("labels", hasSameLabels(event, first, in: other)) }
        return differences
    }

    /// The same of an error. Where both were sent with a time, its whole line counts, by its digest; `firstRequestTime`
    /// is when the first one's request came.
    package func differences(
        of event: SideEvent, from first: SideEvent, in other: EventBatch, requestTime: Int64?, firstRequestTime: Int64?
    ) -> [String] {
        if event.digest == first.digest { return [] }
        var differences: [String] = []
        func compare(_ name: String, _ isSame: Bool) { if !isSame { differences.append(name) } }
        let (process, firstProcess) = (processes[event.process], other.processes[first.process])
        compare("service", isSame(process.service, firstProcess.service, in: other))
        compare("process", isSameProcess(event.process, first.process, in: other))
        compare("parent", event.parent == first.parent)
        compare("transaction", event.transaction == first.transaction)
        guard event.timestamp != requestTime, first.timestamp != firstRequestTime else { return differences }
        compare("time", event.timestamp == first.timestamp)
        // Of what was stored by an earlier version the digest is not known.
        if differences.isEmpty, first.digest != .unknown { differences.append("content") }
        return differences
    }

    private func isSame(_ symbol: Symbol?, _ first: Symbol?, in other: EventBatch) -> Bool {
        guard let symbol, let first else { return symbol == nil && first == nil }
        return symbols.withUTF8(symbol) { bytes in other.symbols.withUTF8(first) { bytes.elementsEqual($0) } }
    }

    private func isSameProcess(_ index: Int, _ firstIndex: Int, in other: EventBatch) -> Bool {
        let (process, first) = (processes[index], other.processes[firstIndex])
        return process.pid == first.pid && isSame(process.host, first.host, in: other)
            && isSame(process.node, first.node, in: other)
            && isSame(process.container, first.container, in: other)
    }

    private func isSameStart(_ event: Event, _ first: Event, _ requestTime: Int64?) -> Bool {
        switch (event.offset, first.offset) {
        case (let offset?, let firstOffset?): offset == firstOffset
        case (nil, nil): event.start == first.start || event.start == requestTime
        // An export fills in a time where there was an offset.
        default: true
        }
    }

    private func hasSameLabels(_ event: Event, _ first: Event, in other: EventBatch) -> Bool {
        labels[event.labels].elementsEqual(other.labels[first.labels]) { label, first in
            label.isNumber == first.isNumber && isSame(label.key, first.key, in: other)
                && isSame(label.value, first.value, in: other)
        }
    }
}
