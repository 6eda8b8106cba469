import TraceCore

extension ChromeTraceWriter {
    /// The name of an event, with the user of a task behind it.
    func name(of event: Int) -> String {
        let name = texts.name(trace.events[event].name)
        guard let user = texts.user(trace.events[event].user), !user.isEmpty else { return name }
        return "\(name): \(user)"
    }

    func category(of event: Int) -> String {
        switch trace.events[event].kind {
        case .transaction: analysis.place(event) == nil ? "transaction" : "task"
        case .span: waits(event) ? "wait" : "work"
        }
    }

    /// What is known of a transaction or a span, as members of the object that is open.
    mutating func writeArguments(of index: Int, drawn: Interval) {
        let event = trace.events[index]
        json.key("id")
        json.identifier(event.id)
        add("parent_id", event.parent)
        if event.kind == .transaction {
            add("user", texts.user(event.user))
            add("start", wholeInterval(index))
            if let breakdown = analysis.breakdown(index) {
                let releaser = analysis.releaser(index).map { trace.events[$0].id }
                json.quantities(breakdown, releasedBy: releaser)
            }
        } else if drawn != wholeInterval(index) {
            add("start", wholeInterval(index))
        }
        add("type", texts.text(event.type))
        add("subtype", texts.text(event.subtype))
        add("action", texts.text(event.action))
        json.key("outcome")
        json.string(event.outcome.text)
        let flags = tree.flags(of: index, in: trace)
        if !flags.isEmpty { add("flags", flags.map(\.rawValue).joined(separator: ",")) }
    }

    /// Whose state it is, and how it is known that it waited.
    mutating func writeArguments(of state: TaskState, _ event: Int, _ interval: Interval) {
        json.key("id")
        json.identifier(trace.events[event].id)
        add("user", texts.user(trace.events[event].user))
        if case .wait(let source) = state {
            add("source", source.text)
            guard source == .inferred else { return }
            if let wait = lineWaits[event].first(where: { $0.interval.meets(interval) }) {
                add("line", wait.names.map { texts.text($0) }.joined(separator: " and "))
                json.key("slots")
                json.integer(wait.slots)
            } else {
                add("released_by", analysis.releaser(event).map { trace.events[$0].id })
            }
        }
    }

    private mutating func add(_ key: String, _ text: String?) {
        guard let text else { return }
        json.key(key)
        json.string(text)
    }

    private mutating func add(_ key: String, _ id: Identifier?) {
        guard let id else { return }
        json.key(key)
        json.identifier(id)
    }

    /// The true times of what is drawn, from the start of the run.
    private mutating func add(_ key: String, _ interval: Interval) {
        json.key("\(key)_us")
        json.integer(interval.start - trace.start)
        json.key("duration_us")
        json.integer(interval.length)
    }
}
