package import TraceCore

/// `waitline.span.v1`: everything stored about one event.
///
/// `kind` is `transaction`, `span`, `error`, `log` or `metricset`. `event` is what was sent, as JSON, and `line` the
/// line as it came, as text.
///
/// Of a transaction or span: `start_us` since the epoch, `offset_us` and the times of `states` from the run's start;
/// quantities, `states`, `flags` and `released_by` as in the rows of `waterfall`, the quantities null where it was not
/// sampled; `released` the tasks that got its slot, `group` its group and its `position` there from 1 (by start; null
/// where it is in none), both on transactions only; `line_waits` what it waited for in lines within the task, each with
/// the span that began then and `start_us` from the run's start; `children` the ids of the events whose parent it is, by start;
/// `labels` its own; `process` the fields of the metadata by their paths, as text; `errors` those of the event, with
/// `handled` null where it was not said; on the run's root alone `surroundings`: the logs and metricsets of the run
/// and of its processes at its time.
///
/// Of the others: `time_us` since the epoch, `offset_us` from the run's start (null where the run has neither
/// transaction nor span), `trace_id`, `parent_id` and `transaction_id` where they were sent, `process`, and of an error
/// `type`, `message`, `culprit` and `handled`, of a log its `message`.
package enum SpanJSON {
    package static func text(_ page: SpanPage) -> String {
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.span.v1")
            switch page.subject {
            case .event(let facts): write(facts, page, to: &json)
            case .side(let facts): write(facts, page, to: &json)
            }
            json.key("event")
            json.foreign(page.details.json)
            json.key("line")
            json.string(String(decoding: page.rawLine, as: UTF8.self))
        }
        return json.text + "\n"
    }

    private static func write(_ facts: EventFacts, _ page: SpanPage, to json: inout JSONWriter) {
        let (trace, event) = (facts.trace, facts.row)
        json.key("trace_id")
        json.string(trace.id.text)
        json.key("inference")
        json.string(facts.analysis.settings.inference.rawValue)
        json.key("kind")
        json.string(event.kind == .transaction ? "transaction" : "span")
        json.key("id")
        json.string(event.id.text)
        json.key("parent_id")
        json.string(event.parent?.text)
        json.key("transaction_id")
        json.string(facts.transactionID?.text)
        json.key("name")
        json.string(trace.symbols.text(event.name))
        json.key("type")
        json.string(trace.symbols[event.type])
        json.key("subtype")
        json.string(trace.symbols.text(event.subtype))
        json.key("action")
        json.string(trace.symbols.text(event.action))
        json.key("service")
        json.string(trace.symbols[event.service])
        json.key("version")
        json.string(trace.symbols.text(event.version))
        json.key("user")
        json.string(facts.user)
        json.key("outcome")
        json.string(event.outcome.text)
        json.key("start_us")
        json.integer(event.start)
        json.key("offset_us")
        json.integer(facts.offset)
        json.key("duration_us")
        json.integer(event.duration)
        if event.kind == .transaction {
            json.quantities(facts.breakdown, releasedBy: facts.releaser.map { trace.events[$0].id })
        }
        json.key("flags")
        json.strings(facts.flags.map(\.rawValue))
        if event.kind == .transaction {
            json.states(facts.states, since: trace.start)
            json.key("released")
            json.strings(facts.released.map { trace.events[$0].id.text })
            write(facts.group, in: trace, to: &json)
        }
        json.key("line_waits")
        json.array { json in
            for wait in facts.lineWaits { write(wait, in: trace, to: &json) }
        }
        json.key("children")
        json.strings(facts.children.map { trace.events[$0].id.text })
        write(facts.labels, to: &json)
        write(process: page, to: &json)
        json.key("errors")
        json.array { json in
            for error in page.errors { write(error, to: &json) }
        }
        guard facts.isRoot else { return }
        json.key("surroundings")
        json.array { json in
            for side in page.surroundings { write(surrounding: side, to: &json) }
        }
    }

    private static func write(_ facts: SideEventFacts, _ page: SpanPage, to json: inout JSONWriter) {
        json.key("trace_id")
        json.string(facts.traceID?.text)
        json.key("kind")
        json.string(facts.row.kind.word)
        json.key("id")
        json.string(facts.row.id?.text)
        json.key("parent_id")
        json.string(facts.row.parent?.text)
        json.key("transaction_id")
        json.string(facts.row.transaction?.text)
        json.key("time_us")
        json.integer(facts.row.timestamp)
        json.key("offset_us")
        json.integer(facts.offset)
        switch facts.row.kind {
        case .error: write(page.details.error, to: &json)
        case .log:
            json.key("message")
            json.string(page.details.message)
        case .metricset: break
        }
        write(process: page, to: &json)
    }

    private static func write(_ group: (group: TaskGroup, position: Int)?, in trace: Trace, to json: inout JSONWriter) {
        json.key("group")
        guard let (group, position) = group else {
            json.raw("null")
            return
        }
        json.object { json in
            json.key("parent_id")
            json.string(group.parent.text)
            json.key("name")
            json.string(trace.symbols.text(group.name))
            json.key("tasks")
            json.integer(group.members.count)
            json.key("position")
            json.integer(position)
            json.line(of: group)
            json.key("waited")
            json.integer(group.waited)
            json.key("makespan_us")
            json.integer(group.makespan)
        }
    }

    private static func write(_ wait: LineWaits.Wait, in trace: Trace, to json: inout JSONWriter) {
        json.object { json in
            json.key("span_id")
            json.string(trace.events[wait.span].id.text)
            json.key("names")
            json.strings(wait.names)
            json.key("slots")
            json.integer(wait.slots)
            json.key("start_us")
            json.integer(wait.interval.start - trace.start)
            json.key("duration_us")
            json.integer(wait.interval.length)
        }
    }

    private static func write(_ labels: [LabelText], to json: inout JSONWriter) {
        json.key("labels")
        json.object { json in
            for label in labels {
                json.key(label.key)
                if label.isNumber { json.foreign(label.value) } else { json.string(label.value) }
            }
        }
    }

    private static func write(process page: SpanPage, to json: inout JSONWriter) {
        json.key("process")
        json.object { json in
            for field in page.processFields {
                json.key(field.path)
                json.string(field.value)
            }
        }
    }

    private static func write(_ side: SpanPage.Side, to json: inout JSONWriter) {
        json.object { json in
            json.key("id")
            json.string(side.event.id?.text)
            json.key("parent_id")
            json.string(side.event.parent?.text)
            json.key("time_us")
            json.integer(side.event.timestamp)
            write(side.details.error, to: &json)
        }
    }

    private static func write(_ error: ErrorDetails?, to json: inout JSONWriter) {
        json.key("type")
        json.string(error?.type)
        json.key("message")
        json.string(error?.message)
        json.key("culprit")
        json.string(error?.culprit)
        json.key("handled")
        if let handled = error?.handled { json.bool(handled) } else { json.raw("null") }
    }

    private static func write(surrounding side: SpanPage.Side, to json: inout JSONWriter) {
        json.object { json in
            json.key("kind")
            json.string(side.event.kind.word)
            json.key("time_us")
            json.integer(side.event.timestamp)
            json.key("event")
            json.foreign(side.details.json)
        }
    }
}

extension SideEvent.Kind {
    fileprivate var word: String {
        switch self {
        case .error: "error"
        case .metricset: "metricset"
        case .log: "log"
        }
    }
}

extension JSONWriter {
    /// An array of texts.
    fileprivate mutating func strings(_ values: [String]) {
        array { json in
            for value in values { json.string(value) }
        }
    }
}
