extension EventBatch {
    /// The events of a trace.
    package init(_ trace: Trace) {
        self.init()
        symbols = trace.symbols
        processes = trace.processes
        labels = trace.labels
        let index = self.trace(trace.id)
        events = trace.events.map { event in
            var event = event
            event.trace = index
            return event
        }
        sideEvents = trace.sideEvents.map { event in
            var event = event
            if event.trace != nil { event.trace = index }
            return event
        }
    }

    /// Takes over the events of another batch, behind its own.
    package mutating func absorb(_ other: EventBatch) {
        if events.isEmpty, sideEvents.isEmpty {
            self = other
            return
        }
        let symbols = other.symbols.symbols.map { symbol in
            other.symbols.withUTF8(symbol) { self.symbols.intern(utf8: $0) }
        }
        func here(_ symbol: Symbol) -> Symbol { symbols[Int(symbol.rawValue)] }
        func label(_ label: Label) -> Label {
            Label(key: here(label.key), value: here(label.value), isNumber: label.isNumber)
        }
        let traces = other.traces.map { trace($0) }
        let (firstLabel, firstProcess) = (labels.count, processes.count)
        labels += other.labels.map(label)
        for process in other.processes {
            var process = process
            process.service = here(process.service)
            process.version = process.version.map(here)
            process.environment = process.environment.map(here)
            process.host = process.host.map(here)
            process.node = process.node.map(here)
            process.container = process.container.map(here)
            process.agent = process.agent.map(here)
            process.user = process.user.map(here)
            process.labels = process.labels.map(label)
            processes.append(process)
        }
        for event in other.events {
            var event = event
            event.trace = traces[event.trace]
            event.process += firstProcess
            event.name = event.name.map(here)
            event.type = here(event.type)
            event.subtype = event.subtype.map(here)
            event.action = event.action.map(here)
            event.service = here(event.service)
            event.version = event.version.map(here)
            event.user = event.user.map(here)
            event.labels = event.labels.lowerBound + firstLabel..<event.labels.upperBound + firstLabel
            events.append(event)
        }
        for event in other.sideEvents {
            var event = event
            event.trace = event.trace.map { traces[$0] }
            event.process += firstProcess
            sideEvents.append(event)
        }
    }
}
