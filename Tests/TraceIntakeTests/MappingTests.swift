import Testing
import TraceCore
import TraceIntake

@Suite("What events become")
struct MappingTests {
    private func transaction(_ members: KeyValuePairs<String, String>) -> Intake {
        Intake(members.reduce(Smallest.transaction) { $0.with("transaction." + $1.key, $1.value) })
    }

    private func span(_ members: KeyValuePairs<String, String?>) -> Intake {
        Intake(members.reduce(Smallest.span) { $0.with("span." + $1.key, $1.value) })
    }

    @Test("a transaction")
    func wholeTransaction() throws {
        let intake = transaction([
            "parent_id": "\"00000000000000d1\"", "name": "\"bill \\u00e9\"", "timestamp": "1700000000000001",
            "duration": "12.3456", "span_count.dropped": "3", "context.message.age.ms": "250",
            "context.service.name": "\"other\"", "context.service.version": "\"2\"", "context.user.id": "42",
            "context.tags": #"{"a":"x","b":1.50,"c":true,"d":false,"e":null,"a":"y"}"#,
        ])
        let event = try #require(intake.batch.events.first)
        #expect(event.kind == .transaction)
        #expect(event.id == .short(0xA1))
        #expect(intake.batch.traces == [.long(0, 0xB1)])
        #expect(event.trace == 0)
        #expect(event.parent == .short(0xD1))
        #expect(event.transaction == nil)
        #expect(intake.text(\.name) == "bill é")
        #expect(intake.text(\.type) == "task")
        #expect(event.subtype == nil)
        #expect(event.start == 1_700_000_000_000_001)
        #expect(event.offset == nil)
        #expect(event.duration == 12346)
        #expect(event.dropped == 3)
        #expect(event.messageAge == 250_000)
        #expect(intake.text(\.service) == "other")
        #expect(intake.text(\.version) == "2")
        #expect(intake.text(\.user) == "42")
        #expect(event.sampled)
        #expect(event.outcome == .unknown)
        #expect(intake.labels == ["b=#1.50", "c=true", "d=false", "a=y"])
    }

    @Test("what a transaction doesn't say")
    func smallestTransaction() throws {
        let intake = Intake(Smallest.transaction)
        let event = try #require(intake.batch.events.first)
        #expect(event.parent == nil)
        #expect(event.start == Intake.requestTime)
        #expect(event.name == nil)
        #expect(intake.text(\.service) == "billing")
        #expect(event.version == nil)
        #expect(event.user == nil)
        #expect(event.messageAge == 0)
        #expect(event.labels.isEmpty)
        #expect(
            event.line
                == BodyRange(
                    offset: Smallest.metadata.json.utf8.count + 1, length: Smallest.transaction.json.utf8.count))
    }

    @Test("an empty parent is none, an empty type is unknown, sampled null is true, an age below 0 is 0")
    func oddTransactions() {
        #expect(transaction(["parent_id": "\"\""]).batch.events[0].parent == nil)
        #expect(transaction(["type": "\"\""]).text(\.type) == "unknown")
        #expect(transaction(["sampled": "null"]).batch.events[0].sampled)
        #expect(!transaction(["sampled": "false"]).batch.events[0].sampled)
        #expect(transaction(["context.message.age.ms": "-5"]).batch.events[0].messageAge == 0)
        #expect(transaction(["duration": "1e30"]).batch.events[0].duration == Microseconds.tenYears)
        #expect(transaction(["duration": "0.0005"]).batch.events[0].duration == 1)
        #expect(transaction(["id": "\"A1\""]).batch.events[0].id == Identifier("A1"))
    }

    @Test(
        "outcome of a transaction",
        arguments: [
            ("\"failure\"" as String?, "200" as String?, Event.Outcome.failure), (nil, "500", .failure),
            (nil, "499", .success),
            (nil, "100", .success), (nil, nil, .unknown), ("null", "503", .failure), ("\"unknown\"", "200", .unknown),
        ])
    func transactionOutcome(_ sent: String?, _ status: String?, _ expected: Event.Outcome) {
        let line = Smallest.transaction.with("transaction.outcome", sent)
        let intake = Intake(status.map { line.with("transaction.context.response.status_code", $0) } ?? line)
        #expect(intake.batch.events[0].outcome == expected)
    }

    @Test(
        "outcome of a span",
        arguments: [
            ("\"success\"" as String?, "500" as String?, Event.Outcome.success), (nil, "400", .failure),
            (nil, "399", .success), (nil, nil, .unknown),
        ])
    func spanOutcome(_ sent: String?, _ status: String?, _ expected: Event.Outcome) {
        let line = Smallest.span.with("span.outcome", sent)
        let intake = Intake(status.map { line.with("span.context.http.status_code", $0) } ?? line)
        #expect(intake.batch.events[0].outcome == expected)
        let response = line.with("span.context.http.response.status_code", "500")
        if sent == nil { #expect(Intake(response).batch.events[0].outcome == .unknown) }
    }

    @Test("a user that is set replaces the metadata's, even without an id")
    func user() {
        let metadata = Smallest.metadata.with("metadata.user.id", "\"m\"").json + "\n"
        func user(_ json: String?) -> String? {
            let line = Smallest.transaction.with("transaction.context.user", json)
            return Intake(metadata + line.json + "\n").text(\.user)
        }
        #expect(user(nil) == "m")
        #expect(user("{}") == "m")
        #expect(user(#"{"id":null}"#) == "m")
        #expect(user(#"{"id":"u"}"#) == "u")
        #expect(user(#"{"id":""}"#) == "")
        #expect(user(#"{"id":-7}"#) == "-7")
        #expect(user(#"{"username":"x"}"#) == nil)
        #expect(user(#"{"email":"x"}"#) == nil)
        #expect(user(#"{"domain":"x"}"#) == nil)
        #expect(Intake(metadata + Smallest.span.json + "\n").batch.events[0].user == nil)
    }

    @Test("a span")
    func wholeSpan() throws {
        let intake = span([
            "transaction_id": "\"00000000000000a1\"", "subtype": "\"pg\"", "action": "\"query\"", "start": "5",
            "composite": #"{"count":2,"sum":1,"compression_strategy":"exact_match"}"#, "context.tags": #"{"k":"v"}"#,
        ])
        let event = try #require(intake.batch.events.first)
        #expect(event.kind == .span)
        #expect(event.transaction == .short(0xA1))
        #expect(event.parent == .short(0xA1))
        #expect(intake.text(\.type) == "db")
        #expect(intake.text(\.subtype) == "pg")
        #expect(intake.text(\.action) == "query")
        #expect(event.start == 1_700_000_000_000_000)
        #expect(event.offset == nil)
        #expect(event.duration == 250)
        #expect(event.compressed)
        #expect(intake.labels == ["k=v"])
        #expect(!span([:]).batch.events[0].compressed)
        #expect(span(["transaction_id": "\"\""]).batch.events[0].transaction == nil)
        #expect(span([:]).batch.events[0].transaction == nil)
        #expect(span(["parent_id": "\"\""]).batch.events[0].parent == nil)
    }

    @Test(
        "a span that has only an offset", arguments: [("1.5", 1500), ("-0.0005", -1), ("1e300", 315_360_000_000_000)])
    func offset(_ start: String, _ expected: Int64) {
        let event = span(["timestamp": nil, "start": start]).batch.events[0]
        #expect(event.offset == expected)
        #expect(event.start == Intake.requestTime + expected)
    }

    @Test(
        "a dotted type is split where there is neither subtype nor action",
        arguments: [
            ("db.pg.query.x", ["db", "pg", "query.x"] as [String?]), ("db.pg", ["db", "pg", nil]),
            ("db", ["db", nil, nil]),
            ("db.", ["db", "", nil]), ("", ["", nil, nil]), ("a..b", ["a", "", "b"]),
        ])
    func splitType(_ type: String, _ parts: [String?]) {
        let intake = span(["type": "\"\(type)\""])
        #expect([intake.text(\.type), intake.text(\.subtype), intake.text(\.action)] == parts)
    }

    @Test("a dotted type stays where there is one of them")
    func wholeType() {
        let intake = span(["type": "\"a.b\"", "action": "\"c\""])
        #expect([intake.text(\.type), intake.text(\.subtype), intake.text(\.action)] == ["a.b", nil, "c"])
        #expect(span(["type": "\"a.b\"", "subtype": "null", "action": "null"]).text(\.subtype) == "b")
    }

    @Test("a process")
    func process() throws {
        let metadata = Smallest.metadata.with("metadata.service.version", "\"1.2\"")
            .with("metadata.service.environment", "\"live\"").with("metadata.service.node.configured_name", "\"n1\"")
            .with("metadata.process.pid", "77").with("metadata.labels", #"{"team":"x","n":5}"#)
            .with("metadata.system.hostname", "\"h3\"").with("metadata.user.id", "9")
        let (intake, process) = try self.process(metadata)
        let symbols = intake.batch.symbols
        #expect(symbols[process.service] == "billing")
        #expect(symbols.text(process.version) == "1.2")
        #expect(symbols.text(process.environment) == "live")
        #expect(symbols.text(process.node) == "n1")
        #expect(symbols.text(process.agent) == "python")
        #expect(symbols.text(process.host) == "h3")
        #expect(symbols.text(process.user) == "9")
        #expect(process.pid == 77)
        #expect(process.labels.map { intake.describe($0) } == ["team=x", "n=#5"])
        #expect(process.line == Array(metadata.json.utf8))
        #expect(intake.labels == [])
        #expect(intake.text(\.version) == "1.2")
        let detected = metadata.with("metadata.system.detected_hostname", "\"h2\"")
        let (second, host) = try self.process(detected)
        #expect(second.batch.symbols.text(host.host) == "h2")
        let (third, configured) = try self.process(detected.with("metadata.system.configured_hostname", "\"h1\""))
        #expect(third.batch.symbols.text(configured.host) == "h1")
    }

    private func process(_ metadata: SentObject) throws -> (Intake, ProcessMetadata) {
        let intake = Intake(metadata.json + "\n" + Smallest.transaction.json + "\n")
        return (intake, try #require(intake.batch.processes.first))
    }

    @Test("many labels, of a key the last; a null removes one")
    func manyLabels() {
        let many = (0..<100).map { "\"k\($0)\":\($0)" } + (0..<100).map { "\"k\($0)\":\"\($0)\"" } + ["\"k50\":null"]
        let intake = transaction(["context.tags": "{" + many.joined(separator: ",") + "}"])
        #expect(intake.labels == (0..<100).filter { $0 != 50 }.map { "k\($0)=\($0)" })
    }
}
