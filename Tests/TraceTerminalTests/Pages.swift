import TraceCore

/// The pages that the tests draw.
enum Pages {
    /// A run of three users behind two slots; the third fails.
    static let analysis = Samples.before

    static func page(_ user: String, _ fill: (inout SpanPage) -> Void = { _ in }) -> SpanPage {
        let trace = analysis.trace
        let event = trace.events.indices.first { trace.symbols.text(trace.events[$0].user) == user } ?? 0
        var page = SpanPage(.event(EventFacts(event, in: analysis)), EventDetails())
        fill(&page)
        return page
    }

    /// Nothing is known but its row.
    static var bare: SpanPage { page("user-1") }

    /// The third user's task, which waited and failed.
    static var failed: SpanPage {
        page("user-3") { page in
            page.details.http = http("POST", "https://billing.example.com/charge?customer=42", 402)
            page.details.droppedSpans = [
                .init(destination: "postgresql/billing", outcome: "success", count: 12, duration: 34_000),
                .init(destination: nil, outcome: nil, count: 1, duration: 7),
            ]
            page.details.links = [.init(trace: "0af7651916cd43dd8448eb211c80319c", span: "b7ad6b7169203331")]
            page.details.fields = [
                .init(path: "context.custom.batch", value: "2026-11"), .init(path: "context.custom.note", value: ""),
                .init(
                    path: "context.request.headers.user-agent",
                    value: "billing-runner/1.4.2 (linux; amd64) python/3.13 requests/2.32 urllib3/2.2"),
            ]
            page.errors = [
                side(.error, at: 2_480_000, id: "9c1f0de2aa54e871", parent: .short(7)) { $0.error = cardDeclined }
            ]
            page.processFields = process
            page.rawLine = Array(#"{"transaction":{"id":"0000000000000004","name":"user task","duration":2500}}"#.utf8)
        }
    }

    /// A span that asks a database, and stands for many.
    static var query: SpanPage {
        let trace = analysis.trace
        let event = trace.events.indices.last { trace.events[$0].kind == .span } ?? 0
        var page = SpanPage(.event(EventFacts(event, in: analysis)), EventDetails())
        var database = EventDetails.DatabaseCall()
        database.statement = """
            SELECT c.id, c.name, sum(u.amount) AS total
              FROM clusters c JOIN usage u ON u.cluster = c.id
             WHERE c.owner = $1 AND u.month = $2
             GROUP BY c.id, c.name
            """
        database.type = "sql"
        database.instance = "billing"
        database.user = "runner"
        database.rowsAffected = 12_345
        page.details.database = database
        page.details.composite = .init(count: 12, duration: 34_000, strategy: "exact_match")
        page.details.stack = stack
        page.rawLine = Array(#"{"span":{}}"#.utf8)
        return page
    }

    /// The run's root, with what was told beside it.
    static var root: SpanPage {
        var page = SpanPage(.event(EventFacts(analysis.trace.root ?? 0, in: analysis)), EventDetails())
        page.surroundings = [
            side(.log, at: 1_200) { $0.message = "3 users to bill" },
            side(.log, at: 2_500_100) { $0.message = "user-3 failed:\ncard 4242 was declined" },
            side(.metricset, at: 2_000_000) { details in
                details.samples = [
                    sample("system.cpu.total.norm.pct", "0.3527"), sample("system.memory.total", "1.6777216e+10"),
                    sample("system.process.memory.rss.bytes", "73400320"), sample("custom.queue.depth", "17"),
                    .init(
                        name: "latency", value: nil,
                        histogram: (1...8).map { ("\($0).5", "\($0 * 10)") }, unit: "ms"),
                ]
            },
            breakdown("db", "postgresql", count: 3, sum: 4_400_000),
            breakdown("db", "postgresql", count: 2, sum: 100_000),
            breakdown("app", nil, count: 4, sum: 12_345),
        ]
        return page
    }

    static var error: SpanPage {
        let side = side(.error, at: 2_480_000, id: "9c1f0de2aa54e871", parent: .short(7)) { $0.error = cardDeclined }
        var page = SpanPage(.side(SideEventFacts(side.event, in: analysis)), side.details)
        page.processFields = process
        page.rawLine = Array(#"{"error":{"id":"9c1f0de2aa54e871"}}"#.utf8)
        return page
    }

    /// An error of a run that never came.
    static var lostError: SpanPage {
        var side = side(.error, at: 0, id: "e1", parent: .short(99)) { $0.error = ErrorDetails() }
        side.event.transaction = .short(98)
        let facts = SideEventFacts(side.event, trace: Identifier("1f482a2344444444aaaaaaaaaaaaaaaa"))
        return SpanPage(.side(facts), side.details)
    }

    static var metricset: SpanPage {
        let side = root.surroundings[2]
        return SpanPage(.side(SideEventFacts(side.event, in: analysis)), side.details)
    }

    /// Every text of it hostile, and much of everything.
    static func hostile(_ text: String) -> SpanPage {
        var error = ErrorDetails()
        error.type = text
        error.message = text
        error.culprit = text
        error.code = text
        error.module = text
        error.stack = [
            StackFrame(file: text, line: .max, function: text, module: text, source: text, isLibrary: false),
            StackFrame(file: text, line: .min, function: text, module: text, source: text, isLibrary: true),
        ]
        for _ in 0..<7 { error.causes = [error] }
        return page("user-3") { page in
            page.details.database = .init()
            page.details.database?.statement = text
            page.details.http = http(text, text, .max)
            page.details.message = text
            page.details.composite = .init(count: .max, duration: .max, strategy: text)
            page.details.stack = error.stack
            page.details.links = [.init(trace: text, span: text)]
            page.details.droppedSpans = [.init(destination: text, outcome: text, count: .max, duration: .max)]
            page.details.fields = [.init(path: text, value: text), .init(path: "context.custom.a", value: text)]
            page.errors = [side(.error, at: 0, id: text, parent: Identifier(text)) { $0.error = error }]
            page.surroundings = [
                side(.log, at: 5) { $0.message = text },
                side(.metricset, at: 5) { details in
                    details.samples = [
                        sample(text, text), sample("a.pct", "1e308"), sample("b.bytes", "-1e300"),
                        sample("span.self_time.sum.us", "1e300"), sample("span.self_time.count", "1e300"),
                    ]
                    details.fields = [.init(path: "span.type", value: text), .init(path: text, value: text)]
                },
            ]
            page.processFields = [.init(path: text, value: text)]
            page.rawLine = Array(text.utf8) + [0xFF, 0x1B]
        }
    }

    static var cardDeclined: ErrorDetails {
        var refused = ErrorDetails()
        refused.type = "ConnectionError"
        refused.message = "refused by 10.0.0.7:443"
        refused.stack = [
            StackFrame(
                file: "urllib3/connection.py", line: 203, function: "connect", module: nil, source: nil, isLibrary: true
            )
        ]
        var error = ErrorDetails()
        error.type = "CardDeclined"
        error.message = "card 4242 was declined"
        error.culprit = "billing.charge"
        error.handled = false
        error.code = "402"
        error.stack = stack
        error.causes = [refused]
        return error
    }

    static var stack: [StackFrame] {
        let own = StackFrame(
            file: "billing/charge.py", line: 42, function: "charge", module: "billing.charge",
            source: "        raise CardDeclined(card)\n", isLibrary: false)
        let library = (1...6).map { number in
            StackFrame(
                file: "site-packages/requests/sessions.py", line: Int64(number * 100), function: "send", module: nil,
                source: "return self.send()", isLibrary: true)
        }
        let main = StackFrame(
            file: "billing/__main__.py", line: 7, function: nil, module: nil, source: nil, isLibrary: false)
        return [own] + library + [main]
    }

    private static var process: [EventDetails.Field] {
        [
            .init(path: "service.name", value: "billing-runner"), .init(path: "service.agent.name", value: "python"),
            .init(path: "process.pid", value: "4711"), .init(path: "system.configured_hostname", value: "worker-3"),
        ]
    }

    private static func http(_ method: String, _ url: String, _ status: Int64) -> EventDetails.HTTPCall {
        var http = EventDetails.HTTPCall()
        http.method = method
        http.url = url
        http.statusCode = status
        return http
    }

    private static func sample(_ name: String, _ value: String) -> EventDetails.Sample {
        .init(name: name, value: value, unit: nil)
    }

    private static func breakdown(_ type: String, _ subtype: String?, count: Int, sum: Int) -> SpanPage.Side {
        side(.metricset, at: 2_000_000) { details in
            details.samples = [
                sample("span.self_time.count", "\(count)"), sample("span.self_time.sum.us", "\(sum)"),
            ]
            details.fields = [
                .init(path: "transaction.name", value: "user task"), .init(path: "span.type", value: type),
            ]
            if let subtype { details.fields.append(.init(path: "span.subtype", value: subtype)) }
        }
    }

    private static func side(
        _ kind: SideEvent.Kind, at offset: Int64, id: String? = nil, parent: Identifier? = nil,
        _ fill: (inout EventDetails) -> Void
    ) -> SpanPage.Side {
        let event = SideEvent(
            kind: kind, trace: 0, id: id.map { Identifier($0) }, transaction: nil, parent: parent, process: 0,
            timestamp: analysis.trace.start + offset, digest: Digest(high: 0, low: 0),
            line: BodyRange(offset: 0, length: 0))
        var details = EventDetails()
        fill(&details)
        return SpanPage.Side(event, details)
    }
}
