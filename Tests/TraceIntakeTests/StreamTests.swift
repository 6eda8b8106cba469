import Testing
import TraceCore
import TraceIntake

@Suite("The stream")
struct StreamTests {
    private let metadata = Smallest.metadata.json
    private let event = Smallest.transaction.json

    @Test("a body without a byte is accepted")
    func emptyBody() {
        let intake = Intake("")
        #expect(intake.result == IntakeResult())
        #expect(intake.batch.processes.isEmpty)
    }

    @Test("metadata alone is accepted, with nothing in it")
    func metadataAlone() {
        #expect(Intake(metadata + "\n").result == IntakeResult())
    }

    @Test("the first line ends in a newline")
    func metadataWithoutNewline() {
        let intake = Intake(metadata)
        #expect(intake.result.failure == .metadata)
        #expect(
            intake.result.errors == [
                IntakeError(message: "EOF while reading metadata", document: Array(metadata.utf8), line: 1)
            ])
    }

    @Test(
        "a stream that does not begin with metadata ends there",
        arguments: ["", "{}", "{\"m\":{}}x", "{\"Metadata\":{}}", "null", " ", "{\"transaction\":{}}"])
    func noMetadata(_ first: String) {
        let intake = Intake(first + "\n" + metadata + "\n" + event + "\n")
        #expect(intake.messages == ["\"metadata\" or \"m\" required"])
        #expect(intake.result.failure == .metadata)
        #expect(intake.result.accepted == 0)
        #expect(intake.result.rejected == 0)
        #expect(intake.result.errors.first?.document == Array(first.utf8))
    }

    @Test("a byte order mark before metadata fails, spaces pass")
    func byteOrderMark() {
        let mark = Intake("\u{FEFF}" + metadata + "\n" + event + "\n")
        #expect(mark.result.failure == .metadata)
        #expect(mark.messages.first?.hasPrefix("decode error: data read error: ") == true)
        #expect(Intake(" \t" + metadata + "\n" + event + "\n").result.accepted == 1)
    }

    @Test("nothing counts once the metadata failed")
    func stops() {
        var stream = ElasticStream(requestTime: 0)
        Array("{}\n".utf8).withUnsafeBytes { stream.feed($0) }
        let hasStopped = stream.hasStopped
        #expect(hasStopped)
        Array((metadata + "\n" + event + "\n").utf8).withUnsafeBytes { stream.feed($0) }
        stream.finish()
        stream.breakOff("again")
        let result = stream.result
        let batch = stream.takeBatch()
        #expect(result.errors.count == 1)
        #expect(batch.events.isEmpty)
    }

    @Test("the type of a line is its first quoted key, exact; later keys are ignored")
    func firstKey() {
        let inner = event.dropFirst("{\"transaction\":".count).dropLast()
        #expect(Intake(lines: ["{\"transaction\":\(inner),\"span\":5}"]).result.accepted == 1)
        #expect(
            Intake(lines: ["{\"x\":1,\"transaction\":\(inner)}"]).messages == ["did not recognize object type: \"x\""])
        #expect(
            Intake(lines: ["{\"Transaction\":\(inner)}"]).messages == [
                "did not recognize object type: \"Transaction\""
            ])
        #expect(Intake(lines: ["{'transaction':\(inner)}"]).messages.first?.hasPrefix("decode error: ") == true)
        #expect(Intake(lines: ["5"]).messages == ["did not recognize object type: \"\""])
        #expect(Intake(lines: ["{\"a\\u0001\t\u{1}b"]).messages == ["did not recognize object type: \"\""])
        #expect(Intake(lines: ["{\"a\u{1}'\t\":1}"]).messages == ["did not recognize object type: \"a\\x01'\\t\""])
    }

    @Test("an unknown line is an error, and the rest goes on")
    func unknownLine() {
        let intake = Intake(lines: ["{\"tennis-court\":{}}", event])
        #expect(intake.messages == ["did not recognize object type: \"tennis-court\""])
        #expect(intake.result.accepted == 1)
        #expect(intake.result.rejected == 1)
        #expect(intake.result.failure == nil)
        #expect(intake.result.errors[0].line == 2)
        #expect(intake.batch.events[0].line == BodyRange(offset: metadata.utf8.count + 21, length: event.utf8.count))
    }

    @Test("a repeated metadata line is an error, and yet that of the events behind it")
    func repeatedMetadata() {
        let second = Smallest.metadata.with("metadata.service.name", "\"other\"").json
        let broken = Smallest.metadata.with("metadata.service.name", "5").json
        let intake = Intake(lines: [event, second, event, broken, event])
        #expect(intake.messages == Array(repeating: "did not recognize object type: \"metadata\"", count: 2))
        #expect(intake.result.accepted == 3)
        #expect(intake.batch.processes.map { intake.batch.symbols[$0.service] } == ["billing", "other"])
        #expect(intake.batch.events.map(\.process) == [0, 1, 1])
        #expect(intake.batch.events.map { intake.batch.symbols[$0.service] } == ["billing", "other", "other"])
        #expect(intake.batch.processes[1].line == Array(second.utf8))
    }

    @Test("metadata without an event is not kept")
    func unusedMetadata() {
        let second = Smallest.metadata.with("metadata.service.name", "\"other\"").json
        let intake = Intake(lines: [second, event])
        #expect(intake.batch.processes.map { intake.batch.symbols[$0.service] } == ["other"])
    }

    @Test("empty lines are skipped; a line of spaces or a lone CR is an error; CR LF is fine")
    func emptyLines() {
        #expect(Intake(lines: ["", event, "", ""]).result == Intake(lines: [event]).result)
        #expect(Intake(lines: ["  "]).messages == ["did not recognize object type: \"\""])
        #expect(Intake(lines: ["\r"]).messages == ["did not recognize object type: \"\""])
        let intake = Intake(metadata + "\r\n" + event + "\r\n")
        #expect(intake.result.accepted == 1)
        #expect(intake.result.errors.isEmpty)
        #expect(intake.batch.events[0].line.length == event.utf8.count + 1)
    }

    @Test("bytes behind a complete value are ignored")
    func trailingBytes() {
        #expect(Intake(lines: [event + "`", event + "}}", event + " {\"span\""]).result.accepted == 3)
        #expect(Intake(lines: [String(event.dropLast())]).result.rejected == 1)
    }

    @Test("the last line needs no newline, if it is whole")
    func lastLine() {
        #expect(Intake(metadata + "\n" + event).result.accepted == 1)
        #expect(Intake(metadata + "\n" + event.dropLast()).result.rejected == 1)
    }

    @Test("the first five errors are kept, and counting goes on")
    func fiveErrors() {
        let intake = Intake(lines: (0..<8).map { "{\"x\($0)\":1}" } + [event])
        #expect(intake.messages == (0..<5).map { "did not recognize object type: \"x\($0)\"" })
        #expect(intake.result.errors.map(\.line) == [2, 3, 4, 5, 6])
        #expect(intake.result.rejected == 8)
        #expect(intake.result.accepted == 1)
    }

    @Test("a body that broke off keeps its whole lines, and its error comes behind five others")
    func brokenOff() {
        let lines = [metadata, event] + (0..<6).map { "{\"x\($0)\":1}" } + [event]
        let body = Array((lines.joined(separator: "\n") + "\n" + event).utf8)
        let intake = Intake(pieces: [body[...]], breakOff: "unexpected EOF")
        #expect(intake.result.accepted == 2)
        #expect(intake.result.rejected == 6)
        #expect(intake.messages.count == 6)
        #expect(intake.messages.last == "cannot handle stream: unexpected EOF")
        #expect(intake.result.failure == .brokenOff)
        #expect(intake.result.errors.last?.line == 10)
        #expect(intake.result.errors.last?.document == nil)
    }

    @Test("an event may have 307 200 bytes, its newline included")
    func eventSize() {
        let room = 307_199 - Smallest.transaction.with("transaction.context.custom.x", "\"\"").json.utf8.count
        func line(_ extra: Int) -> String {
            Smallest.transaction.with("transaction.context.custom.x", Rule.quoted("x", room + extra)).json
        }
        #expect(line(0).utf8.count == 307_199)
        #expect(Intake(lines: [line(0)]).result.accepted == 1)
        let intake = Intake(lines: [line(1), line(5000), event])
        #expect(intake.messages == Array(repeating: "event exceeded the permitted size", count: 2))
        #expect(intake.result.errors.map(\.document) == [line(1), line(5000)].map { Array($0.utf8.prefix(307_200)) })
        #expect(intake.result.accepted == 1)
        #expect(intake.batch.events[0].line.offset == (metadata + line(1) + line(5000)).utf8.count + 3)
        #expect(Intake(metadata + "\n" + line(0)).result.accepted == 1)
        #expect(Intake(metadata + "\n" + line(1)).messages == ["event exceeded the permitted size"])
    }

    @Test("oversize metadata ends the stream")
    func oversizeMetadata() {
        let intake = Intake(metadata + "\n" + event + "\n", maximumEventSize: 10)
        #expect(
            intake.result.errors == [
                IntakeError(message: "event exceeded the permitted size", document: Array("{\"metadata".utf8), line: 1)
            ])
        #expect(intake.result.failure == .metadata)
    }

    @Test("keys match in either case; of duplicates the last counts, and objects merge")
    func keys() {
        let upper =
            "{\"transaction\":{\"ID\":\"a1\",\"Trace_Id\":\"b1\",\"TYPE\":\"t\",\"dUration\":1,"
            + "\"SPAN_COUNT\":{\"STARTED\":1}}}"
        #expect(Intake(lines: [upper]).result.accepted == 1)
        let twice =
            Smallest.transaction.json.dropLast(2) + ",\"name\":\"a\",\"name\":\"b\",\"name\":null,"
            + "\"context\":{\"user\":{\"id\":\"u1\"}},\"context\":{\"user\":{\"email\":\"e\"},\"tags\":{\"x\":1}}}}"
        let intake = Intake(lines: [String(twice)])
        #expect(intake.result.accepted == 1)
        #expect(intake.text(\.name) == "b")
        #expect(intake.text(\.user) == "u1")
        #expect(intake.labels == ["x=#1"])
        let mended = Smallest.transaction.json.dropLast(2) + ",\"name\":\(Rule.quoted("x", 2000)),\"name\":\"b\"}}"
        #expect(Intake(lines: [String(mended)]).result.accepted == 1)
        let escaped = Smallest.transaction.json.replacing("\"id\"", with: "\"\\u0069d\"")
        #expect(Intake(lines: [escaped]).result.accepted == 1)
    }

    @Test("a batch taken on the way has its own metadata, and the rest follows in the next")
    func batches() {
        var stream = ElasticStream(requestTime: 0)
        Array((metadata + "\n" + event + "\n").utf8).withUnsafeBytes { stream.feed($0) }
        let first = stream.takeBatch()
        Array((event + "\n").utf8).withUnsafeBytes { stream.feed($0) }
        stream.finish()
        let second = stream.takeBatch()
        let accepted = stream.result.accepted
        #expect(accepted == 2)
        for batch in [first, second] {
            #expect(batch.events.count == 1)
            #expect(batch.processes.map { batch.symbols[$0.service] } == ["billing"])
            #expect(batch.symbols[batch.events[0].service] == "billing")
        }
        #expect(second.events[0].line.offset > first.events[0].line.offset)
    }
}
