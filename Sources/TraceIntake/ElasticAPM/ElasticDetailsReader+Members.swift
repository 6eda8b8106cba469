import TraceCore

/// What is laid out in a way of its own.
extension ElasticDetailsReader {
    mutating func database() -> EventDetails.DatabaseCall? {
        let sent = member(at: "context", "db")
        var call = EventDetails.DatabaseCall()
        call.statement = text("statement", of: sent)
        call.instance = text("instance", of: sent)
        call.type = text("type", of: sent)
        call.user = text("user", of: sent)
        call.rowsAffected = integer("rows_affected", of: sent)
        return call == EventDetails.DatabaseCall() ? nil : call
    }

    /// The call that a span made.
    mutating func call() -> EventDetails.HTTPCall? {
        let sent = member(at: "context", "http")
        var call = EventDetails.HTTPCall()
        call.method = text("method", of: sent)
        call.url = text("url", of: sent)
        call.statusCode = integer("status_code", of: sent)
        if call.statusCode == nil { call.statusCode = integer("status_code", of: member("response", of: sent)) }
        return call == EventDetails.HTTPCall() ? nil : call
    }

    /// The request that a transaction answered.
    mutating func request() -> EventDetails.HTTPCall? {
        let sent = member(at: "context", "request")
        var call = EventDetails.HTTPCall()
        call.method = text("method", of: sent)
        call.url = url(member("url", of: sent))
        call.statusCode = integer("status_code", of: member(at: "context", "response"))
        return call == EventDetails.HTTPCall() ? nil : call
    }

    /// The whole URL, else what it is composed of, as far as that was sent.
    private mutating func url(_ sent: Int?) -> String? {
        if let full = text("full", of: sent) { return full }
        let raw = text("raw", of: sent)
        if let raw, raw.contains("://") { return raw }
        let path =
            raw
            ?? [text("pathname", of: sent), text("search", of: sent), text("hash", of: sent)].compactMap(\.self)
            .joined()
        guard let host = text("hostname", of: sent) else { return path.isEmpty ? nil : path }
        var scheme = text("protocol", of: sent) ?? "http"
        if scheme.hasSuffix(":") { scheme.removeLast() }
        let port = textOrNumber("port", of: sent).map { ":" + $0 } ?? ""
        return scheme + "://" + host + port + (path.isEmpty || path.hasPrefix("/") ? path : "/" + path)
    }

    mutating func links() -> [EventDetails.Link] {
        elements("links", of: event).map { link in
            EventDetails.Link(trace: text("trace_id", of: link) ?? "", span: text("span_id", of: link) ?? "")
        }
    }

    mutating func droppedSpans() -> [EventDetails.DroppedSpans] {
        elements("dropped_spans_stats", of: event).map { sent in
            let resource = text("destination_service_resource", of: sent)
            let destination = resource ?? target(sent)
            let duration = member("duration", of: sent)
            return EventDetails.DroppedSpans(
                destination: destination, outcome: text("outcome", of: sent),
                count: integer("count", of: duration) ?? 0,
                duration: integer("us", of: member("sum", of: duration)) ?? 0)
        }
    }

    /// `postgresql/billing`, or the one of both that was sent.
    private mutating func target(_ sent: Int) -> String? {
        let parts = [text("service_target_type", of: sent), text("service_target_name", of: sent)].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }

    mutating func composite() -> EventDetails.Composite? {
        let sent = member(at: "composite")
        guard let count = integer("count", of: sent), let sum = number("sum", of: sent).flatMap({ Double($0) }),
            let strategy = text("compression_strategy", of: sent)
        else { return nil }
        return EventDetails.Composite(
            count: count, duration: Microseconds.rounded(milliseconds: sum), strategy: strategy)
    }

    mutating func samples() -> [EventDetails.Sample] {
        members("samples").compactMap { name, sent in
            let value = number("value", of: sent)
            let histogram = histogram(sent)
            guard value != nil || !histogram.isEmpty else { return nil }
            return EventDetails.Sample(
                name: name, value: value, histogram: histogram, unit: text("unit", of: sent))
        }
    }

    private mutating func histogram(_ sent: Int) -> [(value: String, count: String)] {
        guard let values = numbers("values", of: sent), let counts = numbers("counts", of: sent) else { return [] }
        return zip(values, counts).map { value, count in
            take(value.node)
            take(count.node)
            return (value.text, count.text)
        }
    }

    mutating func frames(of object: Int?) -> [StackFrame] {
        elements("stacktrace", of: object).map { sent in
            let file = text("filename", of: sent)
            return StackFrame(
                file: file ?? text("classname", of: sent) ?? "", line: integer("lineno", of: sent),
                function: text("function", of: sent), module: text("module", of: sent),
                source: text("context_line", of: sent), isLibrary: boolean("library_frame", of: sent) ?? false)
        }
    }

    /// What went wrong, by the exception, else by the log message it was taken from. Nil where there is neither.
    mutating func error(_ event: Int) -> ErrorDetails? {
        var error = ErrorDetails()
        if let exception = member("exception", of: event) { error = self.exception(exception, depth: 0) }
        if error == ErrorDetails() {
            let log = member("log", of: event)
            error.type = text("level", of: log)
            error.message = text("message", of: log)
            error.stack = frames(of: log)
        }
        error.culprit = text("culprit", of: event)
        return error == ErrorDetails() ? nil : error
    }

    /// An exception and its causes, as deep as the intake checks them; those below stay among the fields.
    private mutating func exception(_ sent: Int, depth: Int) -> ErrorDetails {
        var error = ErrorDetails()
        error.type = text("type", of: sent)
        error.message = text("message", of: sent)
        error.handled = boolean("handled", of: sent)
        error.module = text("module", of: sent)
        error.code = textOrNumber("code", of: sent)
        error.stack = frames(of: sent)
        if depth < EventDecoder.maximumCauses {
            error.causes = elements("cause", of: sent).map { exception($0, depth: depth + 1) }
        }
        return error
    }
}
