import Testing
import TraceCore
import TraceIntake

@Suite("What a line says beyond its row")
struct ElasticDetailsTests {
    private func transaction(_ line: SentObject) -> EventDetails {
        ElasticDetails.read(Array(line.json.utf8), kind: .transaction)
    }

    private func span(_ line: SentObject) -> EventDetails { ElasticDetails.read(Array(line.json.utf8), kind: .span) }

    private func side(_ line: SentObject, _ kind: SideEvent.Kind) -> EventDetails {
        #expect(Intake(line).result.accepted == 1)
        return ElasticDetails.read(Array(line.json.utf8), kind: kind)
    }

    /// `path=value` of each field.
    private func fields(_ details: EventDetails) -> [String] { details.fields.map { "\($0.path)=\($0.value)" } }

    @Test("what is shown from the row is no field, and all else is one, in the order sent")
    func fields() {
        let line = Smallest.transaction.with("transaction.name", "\"bill\"").with("transaction.timestamp", "5")
            .with("transaction.sampled", "true").with("transaction.outcome", "\"success\"")
            .with("transaction.parent_id", "\"p\"").with("transaction.result", "\"ok\"")
            .with("transaction.context.custom", #"{"batch":7,"list":[1,{"a":"x"},[true,null]],"no":null,"none":{}}"#)
            .with("transaction.context.tags", #"{"region":"eu","":false}"#)
            .with("transaction.context.request", #"{"method":"GET","headers":{"host":"h","via":["a","b"]}}"#)
            .with("transaction.context.user", #"{"id":17}"#)
            .with("transaction.marks", #"{"agent":{"firstByte":1.50}}"#)
            .with("transaction.otel", #"{"attributes":{"db.system":"pg"}}"#)
            .with("transaction.start", "3").with("transaction.span_count", #"{"started":1,"dropped":null}"#)
        #expect(Intake(line).messages == [])
        #expect(
            fields(transaction(line)) == [
                "result=ok", "context.custom.batch=7", "context.custom.list[0]=1", "context.custom.list[1].a=x",
                "context.custom.list[2][0]=true", "context.tags.region=eu", "context.tags.=false",
                "context.request.headers.host=h", "context.request.headers.via[0]=a",
                "context.request.headers.via[1]=b", "context.user.id=17", "marks.agent.firstByte=1.50",
                "otel.attributes.db.system=pg", "start=3", "span_count.started=1",
            ])
    }

    @Test("a span's database call, HTTP call, stack, links and run of equal spans")
    func spanMembers() throws {
        let line = Smallest.span.with(
            "span.context.db",
            #"{"statement":"SELECT 1","instance":"billing","type":"sql","user":"app","rows_affected":3,"link":"l"}"#
        )
        .with("span.context.http", #"{"url":"http://a/b","method":"POST","status_code":503,"request":{"id":"q"}}"#)
        .with(
            "span.stacktrace",
            #"""
            [{"filename":"a.py","classname":"A","lineno":12,"function":"f","module":"m","context_line":"x = 1",
            "library_frame":true,"vars":{"k":1}},{"classname":"B"}]
            """#.replacing("\n", with: "")
        )
        .with("span.links", #"[{"trace_id":"t1","span_id":"s1"},{"trace_id":"t2","span_id":"s2"}]"#)
        .with("span.composite", #"{"count":3,"sum":1.2345,"compression_strategy":"exact_match"}"#)
        .with("span.sync", "false")
        #expect(Intake(line).messages == [])
        let details = span(line)
        let database = try #require(details.database)
        #expect(database.statement == "SELECT 1")
        #expect(database.instance == "billing")
        #expect(database.type == "sql")
        #expect(database.user == "app")
        #expect(database.rowsAffected == 3)
        let http = try #require(details.http)
        #expect(http.url == "http://a/b")
        #expect(http.method == "POST")
        #expect(http.statusCode == 503)
        #expect(
            details.stack == [
                StackFrame(file: "a.py", line: 12, function: "f", module: "m", source: "x = 1", isLibrary: true),
                StackFrame(file: "B", line: nil, function: nil, module: nil, source: nil, isLibrary: false),
            ])
        #expect(
            details.links == [
                EventDetails.Link(trace: "t1", span: "s1"), EventDetails.Link(trace: "t2", span: "s2"),
            ])
        #expect(details.composite == EventDetails.Composite(count: 3, duration: 1235, strategy: "exact_match"))
        #expect(
            fields(details) == [
                "context.db.link=l", "context.http.request.id=q", "stacktrace[0].classname=A",
                "stacktrace[0].vars.k=1", "sync=false",
            ])
    }

    @Test("a span without any of these has none")
    func plainSpan() {
        let details = span(Smallest.span)
        #expect(details.database == nil)
        #expect(details.http == nil)
        #expect(details.composite == nil)
        #expect(details.stack == [])
        #expect(details.fields == [])
        let status = span(Smallest.span.with("span.context.http", #"{"response":{"status_code":404}}"#))
        #expect(status.http?.statusCode == 404)
        #expect(status.fields == [])
    }

    @Test(
        "a request's URL is the whole one, else composed of what was sent",
        arguments: [
            (#"{"full":"https://h/x","raw":"/y"}"#, "https://h/x"), (#"{"raw":"https://h/x"}"#, "https://h/x"),
            (#"{"raw":"/x?a=1"}"#, "/x?a=1"), (#"{"raw":"/x","hostname":"h"}"#, "http://h/x"),
            (#"{"raw":"x","hostname":"h","protocol":"https:","port":8443}"#, "https://h:8443/x"),
            (##"{"pathname":"/p","search":"?q","hash":"#f","hostname":"h","port":"81"}"##, "http://h:81/p?q#f"),
            (#"{"hostname":"h"}"#, "http://h"), (#"{}"#, nil),
        ])
    func url(_ sent: String, _ expected: String?) {
        let line = Smallest.transaction.with(
            "transaction.context.request", "{\"method\":\"PUT\",\"url\":\(sent)}"
        ).with("transaction.context.response.status_code", "201")
        #expect(Intake(line).messages == [])
        let http = transaction(line).http
        #expect(http?.url == expected)
        #expect(http?.method == "PUT")
        #expect(http?.statusCode == 201)
    }

    @Test("spans that were dropped, by where they went")
    func droppedSpans() {
        let line = Smallest.transaction.with(
            "transaction.dropped_spans_stats",
            #"""
            [{"destination_service_resource":"pg:5432","service_target_type":"pg","outcome":"failure",
            "duration":{"count":4,"sum":{"us":250}}},{"service_target_type":"pg","service_target_name":"billing"},
            {"service_target_name":"x","duration":{"count":1}}]
            """#.replacing("\n", with: ""))
        #expect(Intake(line).messages == [])
        let details = transaction(line)
        #expect(
            details.droppedSpans == [
                EventDetails.DroppedSpans(destination: "pg:5432", outcome: "failure", count: 4, duration: 250),
                EventDetails.DroppedSpans(destination: "pg/billing", outcome: nil, count: 0, duration: 0),
                EventDetails.DroppedSpans(destination: "x", outcome: nil, count: 1, duration: 0),
            ])
        #expect(fields(details) == ["span_count.started=0", "dropped_spans_stats[0].service_target_type=pg"])
    }

    @Test("an error's exception and its causes")
    func exception() throws {
        let line = Smallest.error.with("error.culprit", "\"bill in a.py\"").with(
            "error.exception",
            #"""
            {"type":"E","message":"boom","module":"m","code":42,"handled":false,"attributes":{"k":"v"},
            "stacktrace":[{"filename":"a.py","lineno":1}],
            "cause":[{"type":"F","code":"c7","cause":[{"message":"root"}]},{"message":"other","handled":true}]}
            """#.replacing("\n", with: "")
        ).with("error.log", #"{"message":"said","level":"warn"}"#)
        let details = side(line, .error)
        let error = try #require(details.error)
        #expect(error.type == "E")
        #expect(error.message == "boom")
        #expect(error.module == "m")
        #expect(error.code == "42")
        #expect(error.handled == false)
        #expect(error.culprit == "bill in a.py")
        #expect(error.stack.map(\.file) == ["a.py"])
        #expect(error.causes.map(\.type) == ["F", nil])
        #expect(error.causes.map(\.code) == ["c7", nil])
        #expect(error.causes.first?.causes.map(\.message) == ["root"])
        #expect(error.causes.last?.handled == true)
        #expect(fields(details) == ["exception.attributes.k=v", "log.message=said", "log.level=warn"])
    }

    @Test("an error that was a log message")
    func loggedError() throws {
        let line = Smallest.error.with("error.exception", nil).with(
            "error.log",
            #"{"message":"said","level":"warn","logger_name":"billing","stacktrace":[{"classname":"C","lineno":9}]}"#)
        let details = side(line, .error)
        let error = try #require(details.error)
        #expect(error.type == "warn")
        #expect(error.message == "said")
        #expect(error.handled == nil)
        #expect(error.stack.map(\.file) == ["C"])
        #expect(error.stack.map(\.line) == [9])
        #expect(fields(details) == ["log.logger_name=billing"])
    }

    @Test("a metricset's values and histograms, in the digits sent")
    func samples() {
        let line = Smallest.metricset.with(
            "metricset.samples",
            #"""
            {"mem":{"value":6.520832e+06,"unit":"byte","type":"gauge"},
            "lat":{"values":[1.10,2.2,3],"counts":[1,2],"unit":"s"},"odd":{"values":[1,null],"counts":[1,2]}}
            """#.replacing("\n", with: "")
        ).with("metricset.tags", #"{"a":1}"#)
        let details = side(line, .metricset)
        #expect(
            details.samples == [
                EventDetails.Sample(name: "mem", value: "6.520832e+06", unit: "byte"),
                EventDetails.Sample(name: "lat", value: nil, histogram: [("1.10", "1"), ("2.2", "2")], unit: "s"),
            ])
        #expect(
            fields(details) == [
                "samples.mem.type=gauge", "samples.lat.values[2]=3", "samples.odd.values[0]=1",
                "samples.odd.counts[0]=1", "samples.odd.counts[1]=2", "tags.a=1",
            ])
    }

    @Test("a log's message, and its other fields, flat or nested")
    func log() {
        let line = Smallest.log.with("log.trace/id", "\"t\"").with("log.@timestamp", "7")
            .with("log.log/level", "\"warn\"").with("log.log", #"{"logger":"l","origin":{"file":{"line":3}}}"#)
            .with("log.error/message", "\"boom\"")
        let details = side(line, .log)
        #expect(details.message == "hello")
        #expect(details.error == nil)
        #expect(
            fields(details) == [
                "log.level=warn", "log.logger=l", "log.origin.file.line=3", "error.message=boom",
            ])
    }

    @Test("all of a metadata line")
    func metadata() {
        let line = Smallest.metadata.with("metadata.process", #"{"pid":1,"argv":["a","b"],"title":null}"#)
            .with("metadata.labels", #"{"region":"eu","n":2}"#)
        let fields = ElasticDetails.metadataFields(Array(line.json.utf8)).map { "\($0.path)=\($0.value)" }
        #expect(
            fields == [
                "service.name=billing", "service.agent.name=python", "service.agent.version=6.26.2", "process.pid=1",
                "process.argv[0]=a", "process.argv[1]=b", "labels.region=eu", "labels.n=2",
            ])
        #expect(ElasticDetails.metadataFields(Array(Smallest.log.json.utf8)) == [])
    }
}
