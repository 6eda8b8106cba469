import Testing
import TraceCore
import TraceIntake

@Suite("Edited lines that were odd and accepted all the same")
struct ElasticLineEditorDamageTests {
    private let lines: [SentObject] = [
        Smallest.transaction.with(
            "transaction.context",
            #"{"tags":{"a":"\u00e9","user":5},"user":{"id":"u1","email":"e"},"custom":{"b":[1,{"c":2}]}}"#
        ).with("transaction.dropped_spans_stats", #"[{"outcome":"success","service_target_name":"u1"}]"#),
        Smallest.transaction.with("transaction.timestamp", "77").with("transaction.sample_rate", "NaN"),
        Smallest.span.with("span.timestamp", nil).with("span.start", "1.5").with("span.context.http.url", "\"/u1\""),
        Smallest.error.with("error.context.user", #"{"id":"u1"}"#), Smallest.log.with("log.@timestamp", "null"),
        Smallest.metricset.with("metricset.tags", #"{"user":5}"#),
    ]
    private let members = [
        "\"TIMESTAMP\":null,", "\"time\\u0073tamp\":9,", "\"user\":{},", "\"User\":{\"id\":5},",
        "\"user\":{\"ID\":\"\"},",
        "\"context\":{\"user\":{\"domain\":\"d\"}},", "\"context\":{\"USER\":{\"id\":\"u2\"}},", "\"context\":null,",
        "\"id\":\"u1\",", "\"id\":null,", "\"tags\":null,", "\"x\":{\"user\":\"u1\"},", "\"username\":\"n\",",
        "\"SPAN\":{\"start\":null},", "\"transaction\":{\"name\":\"u1\"},", " \r\t",
    ]
    private let metadata = Array(
        Smallest.metadata.with("metadata.user", #"{"id":"m"}"#).with("metadata.labels", #"{"user":5}"#).json.utf8)

    /// Events of damaged lines, and of lines with members that come twice, as far as they are accepted.
    private func samples(_ tries: Int, _ seed: UInt64) -> [SampleLine] {
        var generator = SplitMix(state: seed)
        let characters = Array("\"\\{}[]:,0-.eutnN\r tTuU".utf8) + [0x80, 0xFF]
        return (0..<tries).flatMap { index in
            var line = Array(lines[index % lines.count].json.utf8)
            for _ in 0..<Int.random(in: 0..<3, using: &generator) {
                let opened = line.indices.filter { line[$0] == UInt8(ascii: "{") }
                guard let place = opened.randomElement(using: &generator),
                    let member = members.randomElement(using: &generator)
                else { continue }
                line.insert(contentsOf: member.utf8, at: place + 1)
            }
            for _ in 0..<Int.random(in: 0..<2, using: &generator) {
                let place = Int.random(in: 0..<line.count, using: &generator)
                line[place] = characters[Int.random(in: 0..<characters.count, using: &generator)]
            }
            return SampleLine.of(metadata + [10] + line)
        }
    }

    @Test("get their times and pseudonyms, and stay the same else")
    func odd() {
        let samples = samples(3000, 5)
        #expect(samples.count > 500)
        LineProperties.checkTimes(samples)
        LineProperties.checkUsers(samples)
    }
}
