import Testing
import TraceCore
import TraceIntake

@Suite("What a stream lost")
struct LossesTests {
    private let metadata = Smallest.metadata.json
    private let event = Smallest.transaction.json

    private func entries(_ lines: [String]) -> [LossTally.Entry] { Intake(lines: lines).result.losses.entries }

    @Test("a stream without a rejected line lost nothing")
    func nothing() {
        #expect(Intake(lines: [event, "", event]).result.losses.isEmpty)
        #expect(Intake("").result.losses.isEmpty)
        let vanishing = Smallest.metricset.with("metricset.transaction.name", "\"x\"").json
        #expect(Intake(lines: [vanishing]).result.losses.isEmpty)
    }

    @Test("a rejected line is noted with when, from whom, where and what")
    func rejectedLine() throws {
        let broken = Smallest.span.with("span.id", nil).json
        let entry = try #require(entries([event, "", broken]).first)
        #expect(entry.reason == "validation error: span: 'id' required")
        #expect(entry.unit == .lines)
        #expect(entry.count == 1)
        #expect(
            entry.offenders == [
                LossTally.Offender(time: Intake.requestTime, service: "billing", line: 4, document: Array(broken.utf8))
            ])
    }

    @Test("the service is that of the metadata in force")
    func services() {
        let other = Smallest.metadata.with("metadata.service.name", "\"\\u006fther\"").json
        let invalid = Smallest.metadata.with("metadata.service.name", "5").json
        let entries = entries(["{\"x\":1}", other, "{\"x\":2}", invalid, "{\"x\":3}"])
        #expect(entries.map(\.count) == [5])
        #expect(entries[0].offenders.map(\.service) == ["billing", "billing", "other", "other", "other"])
        #expect(entries[0].offenders.map(\.line) == [2, 3, 4, 5, 6])
    }

    @Test("of a long line only the beginning is kept, oversize or not")
    func documents() {
        let long = "{\"x\":\"" + String(repeating: "y", count: 5_000) + "\"}"
        let intake = Intake(metadata + "\n" + long + "\n" + long + long + "\n", maximumEventSize: 6_000)
        let entries = intake.result.losses.entries
        #expect(entries.map(\.reason) == ["did not recognize object type", "event exceeded the permitted size"])
        #expect(entries.map { $0.offenders[0].document } == Array(repeating: Array(long.utf8.prefix(1_024)), count: 2))
    }

    @Test(
        "the same mistake has the same reason, whatever was sent",
        arguments: [
            (
                "did not recognize object type",
                ["{\"x\":1}", "{\"y\\u0041\":1}", "5", "  ", "{\"did not: recognize\":1}"]
            ),
            (
                "validation error: transaction: context: 'tags': validation rule 'inputTypesVals(string;bool;number)'"
                    + " violated",
                ["a", "b for key c", "é"].map {
                    Smallest.transaction.with("transaction.context.tags", "{\"\($0)\":[]}").json
                }
            ),
            (
                "validation error: error: exception: cause: requires at least one of the fields 'message;type'",
                (1...60).map { causes($0, #"{"module":"t"}"#) }
            ),
            (
                "decode error: data read error: error.exception.cause.message: expected a string",
                (1...60).map { causes($0, #"{"message":5}"#) }
            ),
            (
                "decode error: data read error: transaction.timestamp: expected microseconds or an RFC 3339 time",
                ["\"x\"", "\"2017\"", "{}"].map { Smallest.transaction.with("transaction.timestamp", $0).json }
            ),
        ] as [(String, [String])])
    func reasons(_ reason: String, _ lines: [String]) {
        let entries = entries(lines)
        #expect(entries.map(\.reason) == [reason])
        #expect(entries.map(\.count) == [lines.count])
    }

    /// An error whose exception has causes so many deep.
    private static func causes(_ depth: Int, _ innermost: String) -> String {
        let json =
            String(repeating: "{\"type\":\"t\",\"cause\":[", count: depth) + innermost
            + String(repeating: "]}", count: depth)
        return Smallest.error.with("error.exception", json).json
    }

    @Test("what the sender is told has the whole message")
    func wholeMessages() {
        let labels = Smallest.transaction.with("transaction.context.tags", #"{"a":[]}"#).json
        let messages = Intake(lines: ["{\"x\":1}", labels, Self.causes(2, #"{"module":"t"}"#)]).messages
        #expect(messages[0] == "did not recognize object type: \"x\"")
        #expect(messages[1].hasSuffix(" violated for key a"))
        #expect(messages[2].hasPrefix("validation error: error: exception: cause: cause: requires"))
    }

    @Test("a stream that begins with no metadata is one lost request")
    func failedMetadata() {
        let broken = Smallest.metadata.with("metadata.service.agent.version", nil).json
        let losses = Intake(broken + "\n" + event + "\n" + "{}\n").result.losses
        let reason = "validation error: metadata: service: agent: 'version' required"
        #expect(losses.entries.map(\.reason) == [reason])
        #expect(losses.entries[0].unit == .requests)
        #expect(losses.entries[0].count == 1)
        let offender = LossTally.Offender(
            time: Intake.requestTime, service: nil, line: nil, document: Array(broken.utf8))
        #expect(losses.entries[0].offenders == [offender])
    }

    @Test("a body that broke off is one lost request, for what happened but not for how it was worded")
    func brokenOff() {
        let body = Array((metadata + "\n{\"x\":1}\n" + event).utf8)
        for (told, reason) in [
            ("unexpected EOF", "cannot handle stream: unexpected EOF"),
            ("the connection broke off: reset by 0x7f33", "cannot handle stream: the connection broke off"),
        ] {
            let intake = Intake(pieces: [body[...]], breakOff: told)
            #expect(intake.messages.last == "cannot handle stream: \(told)")
            let entries = intake.result.losses.entries
            #expect(entries.map(\.reason) == ["did not recognize object type", reason])
            #expect(entries.map(\.unit) == [.lines, .requests])
            let offender = LossTally.Offender(
                time: Intake.requestTime, service: "billing", line: nil, document: nil)
            #expect(entries.last?.offenders == [offender])
        }
    }

    @Test("beyond 1 000 rejected lines further ones are only counted, whatever is wrong with them")
    func furtherLines() {
        let broken = [
            "{\"x\":1}", Smallest.span.with("span.id", nil).json, Smallest.span.with("span.id", "5").json,
            Smallest.transaction.with("transaction.context.tags", #"{"a":[]}"#).json,
            Smallest.transaction.with("transaction.links", "[{}]").json,
            Smallest.metricset.with("metricset.samples", #"{"a*":{"value":1}}"#).json,
            Smallest.error.with("error.exception", nil).json,
        ]
        let exactly = Intake(lines: Array(repeating: broken[0], count: 1_000)).result
        #expect(exactly.losses.entries.map(\.count) == [1_000])
        let lines = Array(repeating: broken[0], count: 1_000) + (0..<100).flatMap { _ in broken + [event] }
        let result = Intake(lines: lines).result
        #expect(result.accepted == 100)
        #expect(result.rejected == 1_700)
        #expect(result.losses.entries.map(\.reason) == ["did not recognize object type", LossTally.furtherLines])
        #expect(result.losses.entries.map(\.count) == [1_000, 700])
        #expect(result.losses.entries.map(\.unit) == [.lines, .lines])
        #expect(result.losses.entries[0].offenders.map(\.line) == [997, 998, 999, 1_000, 1_001])
        #expect(result.losses.entries[1].offenders == [])
        #expect(result.errors.count == 5)
    }
}
