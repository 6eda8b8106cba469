package import TraceCore

extension TraceAnalysis {
    /// Everything that is said of a trace, as text, so that two can be compared.
    package var description: String {
        let tree = WaterfallTree(trace)
        let partitions = partitions()
        let rows = tree.rows.map { row in
            let event = trace.events[row.event]
            let states = partitions[row.event].map { "\($0.stretches)" } ?? ""
            return "\(row) \(event.id) \(event.start) \(tree.flags(of: row.event, in: trace)) \(states) "
                + "\(breakdown(row.event).map { "\($0)" } ?? "") \(trace.text(releaser(row.event)) ?? "")"
        }
        let groups = groups.map { group in
            "\(group.parent) \(trace.symbols.text(group.name) as Any) \(group.slots) \(group.reading) \(group.isDense) "
                + "\(group.kind as Any) \(group.rate as Any) \(group.lag as Any) \(group.scope) "
                + "\(group.occupancy ?? -1) \(group.members) \(group.criticalChain(in: trace))"
        }
        return (rows + groups + ["\(lines)", "\(tasks)", "\(waiting())"]).joined(separator: "\n")
    }
}

extension Trace {
    /// Every column of every event with its texts, so that two traces can be compared. Not the body that its line
    /// stands in, which is numbered by whoever stored it.
    package var contents: String {
        let rows = events.map { event in
            let labels = labels[event.labels].map { "\(symbols[$0.key])=\(symbols[$0.value])\($0.isNumber)" }
            let texts = [event.type, event.service].map { symbols[$0] }
            let perhaps = [
                event.name, event.subtype, event.action, event.version, event.user,
            ].map {
                symbols.text($0) ?? "nil"
            }
            return "\(event.kind) \(event.id) \(event.parent as Any) \(event.transaction as Any) \(texts) \(perhaps) "
                + "\(event.start) \(event.offset as Any) \(event.duration) \(event.outcome) \(event.sampled) "
                + "\(event.dropped) \(event.messageAge) \(event.compressed) \(event.hasDottedType) \(labels) \(event.line.offset) \(event.line.length) "
                + contents(of: processes[event.process])
        }
        return (["\(id) \(errorCount)"] + rows).joined(separator: "\n")
    }

    private func contents(of process: ProcessMetadata) -> String {
        let texts = [
            process.version, process.environment, process.host, process.node, process.container, process.agent,
            process.user,
        ].map { symbols.text($0) ?? "nil" }
        let labels = process.labels.map { "\(symbols[$0.key])=\(symbols[$0.value])\($0.isNumber)" }
        return "\(symbols[process.service]) \(texts) \(process.pid as Any) \(labels) \(process.line)"
    }
}
