/// The texts that the tasks of a trace are selected and grouped by.
package struct LabelLookup {
    private let trace: Trace
    private let root: Int?

    package init(_ trace: Trace) {
        self.trace = trace
        root = trace.root
    }

    /// A task's label: its own, else that of its run's root, else the metadata's; nil where none has it.
    package func label(_ key: String, of task: Int) -> String? {
        guard let key = trace.symbols.symbol(of: key) else { return nil }
        let own = trace.ownLabels(task).last { $0.key == key }
        let roots = root.flatMap { root in trace.ownLabels(root).last { $0.key == key } }
        let sent = trace.processes[trace.events[task].process].labels.last { $0.key == key }
        return (own ?? roots ?? sent).map { trace.symbols[$0.value] }
    }

    /// The key of a task in a dimension; nil where it has none.
    package func key(_ dimension: ReportDimension, of task: Int) -> String? {
        let event = trace.events[task]
        switch dimension {
        case .user: return trace.symbols.text(event.user)
        case .name: return trace.symbols.text(event.name)
        case .service: return trace.symbols[event.service]
        case .version: return trace.symbols.text(event.version)
        case .outcome: return event.outcome.text
        case .run: return trace.id.text
        case .label(let key): return label(key, of: task)
        }
    }
}

extension Event.Outcome {
    /// As it is sent and shown.
    package var text: String {
        switch self {
        case .unknown: "unknown"
        case .success: "success"
        case .failure: "failure"
        }
    }
}

extension TaskFilter {
    /// The transactions that a report looks at: those of the name asked for, else the tasks of the run.
    func tasks(of analysis: TraceAnalysis) -> [Int] {
        guard let name else { return analysis.tasks }
        let trace = analysis.trace
        guard let symbol = trace.symbols.symbol(of: name) else { return [] }
        return trace.events.indices.filter { trace.isSampledTransaction($0) && trace.events[$0].name == symbol }
    }

    /// Whether a task is of the service, user, outcome and labels asked for.
    func admits(_ task: Int, of trace: Trace, labels lookup: LabelLookup) -> Bool {
        func matches(_ wanted: String?, _ dimension: ReportDimension) -> Bool {
            guard let wanted else { return true }
            return lookup.key(dimension, of: task).map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
        }
        return matches(service, .service) && matches(user, .user) && matches(outcome, .outcome)
            && labels.allSatisfy { matches($0.value, .label($0.key)) }
    }
}
