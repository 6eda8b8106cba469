import Testing
import TraceCore
import TraceIntake

@Suite("Pseudonyms for users in a line")
struct ElasticLineEditorUserTests {
    private let known = ["user-0001", "user-00012", "bob", "4711", "17", "ann@example.com", "outcome", "task", "8080"]

    private func edit(_ line: String, _ kind: ElasticLineKind) -> String {
        let editor = ElasticLineEditor(users: known) { "P(\($0))" }
        return String(decoding: editor.edit(Array(line.utf8), kind: kind, time: nil), as: UTF8.self)
    }

    /// What becomes of a text in a place for any.
    private func text(_ json: String) -> String {
        let edited = edit("{\"log\":{\"message\":\"\(json)\"}}", .log)
        return String(edited.dropFirst(19).dropLast(3))
    }

    @Test(
        "a transaction's user is the pseudonym of the id and no more",
        arguments: [
            (#"{"id":"u","username":"Bob","email":"b@x","domain":"d","x":{"y":1}}"#, #"{"id":"P(u)"}"#),
            (#"{"x":{"id":"no"},"ID":123}"#, #"{"id":"P(123)"}"#),
            (#"{"id":"a","id":"b","id":null}"#, #"{"id":"P(b)"}"#),
            (#"{"id":"\u00e9\""}"#, #"{"id":"P(é\")"}"#), (#"{"id":""}"#, #"{"id":""}"#),
            (#"{"username":"Bob"}"#, #"{"username":""}"#), (#"{"id":null,"Email":"b@x"}"#, #"{"username":""}"#),
            (#"{}"#, #"{}"#), (#"{"id":null,"username":null}"#, #"{}"#), (#"{"name":"Bob"}"#, #"{}"#),
            (#"null"#, #"null"#),
        ])
    func user(_ sent: String, _ expected: String) {
        for kind in [ElasticLineKind.transaction, .error] {
            let line = Smallest.of(kind.rawValue).with(
                "\(kind.rawValue).context", "{\"USER\":\(sent),\"custom\":{\"a\":1}}")
            #expect(edit(line.json, kind) == line.json.replacing(sent, with: expected))
            #expect(Intake(line).messages == [])
        }
    }

    @Test(
        "whether an event takes the metadata's user is as before",
        arguments: [
            "{}", #"{"id":"u"}"#, #"{"id":7}"#, #"{"id":""}"#, #"{"email":""}"#, #"{"domain":"d"}"#,
            #"{"username":null}"#, "null",
        ])
    func attribution(_ user: String) {
        let metadata = Smallest.metadata.with("metadata.user", #"{"id":"m","username":"M"}"#).json
        let line = Smallest.transaction.with("transaction.context.user", user).json
        let before = Intake(metadata + "\n" + line + "\n")
        let after = Intake(edit(metadata, .metadata) + "\n" + edit(line, .transaction) + "\n")
        #expect(after.messages == [])
        #expect(after.rows() == before.rows { $0.isEmpty ? "" : "P(\($0))" })
        #expect(before.result.accepted == 1)
    }

    @Test("metadata has a pseudonym for its user, and in its labels, and stays the same process")
    func metadata() {
        let line = Smallest.metadata.with("metadata.user", #"{"username":"Bob","id":7}"#)
            .with("metadata.labels", #"{"user_id":17,"n":17,"owner":"bob"}"#)
            .with("metadata.system.hostname", "\"user-0001\"").with("metadata.service.version", "\"bob\"")
            .with("metadata.process", #"{"pid":17,"argv":["--for=user-0001"]}"#)
        #expect(
            edit(line.json, .metadata)
                == line.json.replacing(#"{"username":"Bob","id":7}"#, with: #"{"id":"P(7)"}"#)
                .replacing(
                    #"{"user_id":17,"n":17,"owner":"bob"}"#, with: #"{"user_id":"P(17)","n":17,"owner":"P(bob)"}"#
                )
                .replacing("--for=user-0001", with: "--for=P(user-0001)"))
    }

    @Test(
        "a known id is replaced where it is the whole text, or of four bytes and stands alone",
        arguments: [
            ("bob", "P(bob)"), ("17", "P(17)"), ("bo\\u0062", "P(bob)"), ("bob ", "bob "), ("/17/", "/17/"),
            ("/users/user-0001/invoice", "/users/P(user-0001)/invoice"), ("user-0001", "P(user-0001)"),
            ("user-00012,user-0001", "P(user-00012),P(user-0001)"), ("user-000123", "user-000123"),
            ("xuser-0001", "xuser-0001"), ("x-user-0001_y", "x-P(user-0001)_y"),
            ("4711 47110 4711", "P(4711) 47110 P(4711)"),
            ("{\\\"id\\\": \\\"user-0001\\\"}\\n", "{\\\"id\\\": \\\"P(user-0001)\\\"}\\u000a"),
            ("to ann@example.com.", "to P(ann@example.com)."), ("joann@example.com", "joann@example.com"),
            ("ann@example.comic", "ann@example.comic"), ("é4711", "é4711"), ("4711\\u0301", "4711\\u0301"),
            ("“4711”", "“P(4711)”"), ("user-user-0001", "user-P(user-0001)"), ("", ""), ("-", "-"),
            ("user-", "user-"), ("user-\\u0000001", "user-\\u0000001"),
        ])
    func words(_ sent: String, _ expected: String) {
        #expect(text(sent) == expected)
    }

    @Test("bytes that are not UTF-8 bound an id, and stay")
    func invalidBytes() {
        let editor = ElasticLineEditor(users: known) { "P(\($0))" }
        let head = Array("{\"log\":{\"message\":\"".utf8)
        let line = head + [0xFF] + Array("4711".utf8) + [0xC3] + Array("\"}}".utf8)
        #expect(
            editor.edit(line, kind: .log, time: nil)
                == head + [0xFF] + Array("P(4711)".utf8) + [0xC3] + Array("\"}}".utf8))
    }

    @Test("labels and free values: texts, and numbers whose key says that they are a user")
    func values() {
        let line = Smallest.transaction.with("transaction.name", "\"bill user-0001\"")
            .with("transaction.context.tags", #"{"bob":"bob","the_USER":4711,"size":4711,"user":18}"#)
            .with(
                "transaction.context.custom", #"{"userIds":[17,4711,5],"a":{"user":17.0,"b":17},"user":{"id":"bob"}}"#
            )
            .with("transaction.context.request", #"{"method":"bob","url":{"full":"/4711","port":"8080"}}"#)
        #expect(Intake(line).messages == [])
        let edited = edit(line.json, .transaction)
        #expect(
            edited
                == line.json.replacing("bill user-0001", with: "bill P(user-0001)")
                .replacing(#"{"bob":"bob","the_USER":4711"#, with: #"{"bob":"P(bob)","the_USER":"P(4711)""#)
                .replacing("[17,4711,5]", with: #"["P(17)","P(4711)",5]"#)
                .replacing(#"{"id":"bob"}"#, with: #"{"id":"P(bob)"}"#)
                .replacing(#""method":"bob""#, with: #""method":"P(bob)""#)
                .replacing("\"/4711\"", with: "\"/P(4711)\""))
        #expect(Intake(lines: [edited]).messages == [])
    }

    @Test("what tells an event apart never changes, whatever users are called")
    func kept() {
        let users = ["success", "task", "db", "00000000000000a1", "1970", "billing", "01", "exact_match", "8080"]
        let editor = ElasticLineEditor(users: users) { "P(\($0))" }
        let lines: [(ElasticLineKind, SentObject)] = [
            (
                .transaction,
                Smallest.transaction.with("transaction.outcome", "\"success\"")
                    .with("transaction.dropped_spans_stats", #"[{"outcome":"success"}]"#)
                    .with("transaction.timestamp", "\"1970-01-01T00:00:01Z\"")
                    .with("transaction.context.service", #"{"name":"db","version":"01"}"#)
            ),
            (
                .span,
                Smallest.span.with("span.outcome", "\"success\"").with("span.action", "\"task\"")
                    .with("span.composite", #"{"count":3,"sum":1,"compression_strategy":"exact_match"}"#)
                    .with("span.links", #"[{"trace_id":"01","span_id":"db"}]"#).with("span.child_ids", #"["01"]"#)
            ),
            (.metadata, Smallest.metadata.with("metadata.system.hostname", "\"db\"")),
            (
                .log,
                Smallest.log.with("log.@timestamp", "\"1970-01-01T00:00:01Z\"").with("log.trace/id", "\"01\"")
                    .with("log.service/name", "\"db\"").with("log.service", #"{"name":"db"}"#)
            ),
        ]
        for (kind, line) in lines {
            #expect(editor.edit(Array(line.json.utf8), kind: kind, time: nil) == Array(line.json.utf8))
        }
    }

    @Test("users of spans and logs, for which the protocol has no place")
    func elsewhere() {
        let span = Smallest.span.with("span.context.user", #"[{"id":"u"},"v",7]"#)
        #expect(
            edit(span.json, .span)
                == span.json.replacing(#"[{"id":"u"},"v",7]"#, with: #"[{"id":"P(u)"},"P(v)","P(7)"]"#))
        let log = Smallest.log.with("log.user/id", "\"u\"").with("log.user/name", "\"Bob\"").with(
            "log.user", #"{"id":"u"}"#)
        #expect(
            edit(log.json, .log)
                == log.json.replacing("\"u\"", with: "\"P(u)\"").replacing("\"Bob\"", with: "\"\""))
    }

    @Test("a text that pseudonyms make too long is cut, so that it is accepted again")
    func limits() {
        let name = "\"" + String(repeating: "4711 ", count: 204) + "é\""
        let line = Smallest.transaction.with("transaction.name", name)
            .with("transaction.dropped_spans_stats", "[{\"service_target_name\":\(Rule.quoted("4711 ", 102))}]")
            .with("transaction.context.custom.x", "\"" + String(repeating: "4711 ", count: 1000) + "\"")
        #expect(Intake(line).messages == [])
        let edited = edit(line.json, .transaction)
        let intake = Intake(lines: [edited])
        #expect(intake.messages == [])
        #expect(intake.text(\.name)?.unicodeScalars.count == 1024)
        #expect(!edited.contains("4711 4711"))
        #expect(edited.contains(String(repeating: "P(4711) ", count: 1000)))
    }

    @Test("what is behind a line's JSON is dropped, and a line that is none")
    func rests() {
        #expect(edit(#" {"log":{"message":"x"}} user-0001"#, .log) == #" {"log":{"message":"x"}}"#)
        for damaged in ["", "{", "user-0001", "{\"log\":{\"user-0001\":}}", String(repeating: "[", count: 100_000)] {
            #expect(edit(damaged, .log) == "")
        }
    }

    @Test("without known users, those named as such are still replaced, and a time is filled in")
    func unknown() {
        let editor = ElasticLineEditor { "P(\($0))" }
        let line = Smallest.transaction.with("transaction.context.user", #"{"id":"u"}"#).json
        let edited = String(decoding: editor.edit(Array(line.utf8), kind: .transaction, time: 9), as: UTF8.self)
        let event = Intake(lines: [edited])
        #expect(event.batch.events.first?.start == 9)
        #expect(event.text(\.user) == "P(u)")
    }

    @Test("ids and texts made of the same few words take no time that grows with their number")
    func hostile() {
        let ids = (1...2_000).map { [String](repeating: "a", count: $0 % 60 + 4).joined(separator: "-") + "\($0)" }
        let editor = ElasticLineEditor(users: ids) { _ in "P" }
        let text = String(repeating: "a-", count: 60_000)
        let line = "{\"log\":{\"message\":\"\(text)\"}}"
        #expect(editor.edit(Array(line.utf8), kind: .log, time: nil) == Array(line.utf8))
        let deep =
            "{\"log\":{\"message\":\(String(repeating: "[", count: 9_990))\"\(ids[0])\"\(String(repeating: "]", count: 9_990))}}"
        #expect(editor.edit(Array(deep.utf8), kind: .log, time: nil) == Array(deep.replacing(ids[0], with: "P").utf8))
    }
}
