import Testing
import TraceCore
import TraceIntake

@Suite("A time filled in for a line")
struct ElasticLineEditorTimeTests {
    private let editor = ElasticLineEditor()
    private let time: Int64 = 1_700_000_000_000_123

    private func edit(_ line: String, _ kind: ElasticLineKind, time: Int64? = 5) -> String {
        String(decoding: editor.edit(Array(line.utf8), kind: kind, time: time), as: UTF8.self)
    }

    /// The time that the intake makes of a line.
    private func start(_ line: String) -> Int64? {
        let intake = Intake(lines: [line])
        #expect(intake.messages == [])
        return intake.batch.events.first?.start ?? intake.batch.sideEvents.first?.timestamp
    }

    @Test(
        "an event that came without one starts then",
        arguments: [ElasticLineKind.transaction, .span, .error, .metricset, .log])
    func filled(_ kind: ElasticLineKind) {
        let key = kind == .log ? "@timestamp" : "timestamp"
        let path = "\(kind.rawValue).\(key)"
        let bare = Smallest.of(kind.rawValue).with(path, nil).with("\(kind.rawValue).x", "{\"\(key)\":3}")
            .with(kind == .span ? "span.start" : "\(kind.rawValue).y", "1.5")
        let edited = edit(bare.json, kind, time: time)
        #expect(start(edited) == time)
        #expect(edited == bare.json.replacing("{\"\(kind)\":{", with: "{\"\(kind)\":{\"\(key)\":\(time),"))
        let null = bare.with(path, "null")
        #expect(edit(null.json, kind, time: time) == bare.with(path, "\(time)").json)
        #expect(start(edit(null.json, kind, time: time)) == time)
    }

    @Test("an event that has one stays as it came, and so does one for which there is none")
    func untouched() {
        let timed = " { \"span\" : {\"TimeStamp\" : 7 , \"start\":1,\"timestamp\":null}, \"x\":{}} \t junk \"\\"
        #expect(edit(timed, .span) == timed)
        let text = Smallest.log.with("log.@timestamp", "\"2022-09-08T13:47:29.111-0800\"").json + "\r"
        #expect(edit(text, .log) == text)
        let bare = Smallest.transaction.json + " `"
        #expect(edit(bare, .transaction, time: nil) == bare)
        #expect(edit(Smallest.metadata.json, .metadata) == Smallest.metadata.json)
    }

    @Test("all other bytes stay, whatever they are")
    func bytes() {
        let head = Array("  {\"log\" :\t{ ".utf8)
        let tail = Array("\"message\" : \"".utf8) + [0xFF, 0xC3] + Array("\\ud800\" , \"n\":1.0 } } , `".utf8)
        let edited = editor.edit(head + tail, kind: .log, time: 5)
        #expect(edited == Array("  {\"log\" :\t{\"@timestamp\":5, ".utf8) + tail)
        #expect(SampleLine.intake(Array(Smallest.metadata.json.utf8), edited).batch.sideEvents.first?.timestamp == 5)
    }

    @Test(
        "wherever the object is, and whatever its keys look like",
        arguments: [
            (#"{"span":{}}"#, #"{"span":{"timestamp":5}}"#), (#"{"span":{ }}"#, #"{"span":{"timestamp":5 }}"#),
            (#"{"span":null,"SPAN":{"id":"a"}}"#, #"{"span":null,"SPAN":{"timestamp":5,"id":"a"}}"#),
            (#"{"span":{},"span":{"a":1}}"#, #"{"span":{"timestamp":5},"span":{"a":1}}"#),
            (#"{"span":{},"span":{"timestamp":6}}"#, #"{"span":{},"span":{"timestamp":6}}"#),
            (
                #"{"span":{"timestamp":null,"a":1,"time\u0073tamp":null}}"#,
                #"{"span":{"timestamp":null,"a":1,"time\u0073tamp":5}}"#
            ),
            (#"{"span":{"time\u0073tamp":6}}"#, #"{"span":{"time\u0073tamp":6}}"#),
            (#"{"x":{"timestamp":1},"span":{"a":NaN}}"#, #"{"x":{"timestamp":1},"span":{"timestamp":5,"a":NaN}}"#),
            (#"{"span":[{"a":1}]}"#, #"{"span":[{"a":1}]}"#), (#"[{"span":{}}]"#, #"[{"span":{}}]"#),
            (#"{"spans":{}}"#, #"{"spans":{}}"#), (#"{"span":{"a":}}"#, #"{"span":{"a":}}"#), ("", ""), ("{", "{"),
        ])
    func places(_ line: String, _ expected: String) {
        #expect(edit(line, .span) == expected)
    }

    @Test("deep and broken lines do no harm")
    func hostile() {
        let deep =
            "{\"span\":{\"x\":" + String(repeating: "[", count: 9_990) + String(repeating: "]", count: 9_990) + "}}"
        #expect(edit(deep, .span) == "{\"span\":{\"timestamp\":5," + deep.dropFirst(9))
        let endless = "{\"span\":{\"x\":" + String(repeating: "[", count: 200_000)
        #expect(edit(endless, .span) == endless)
    }
}
