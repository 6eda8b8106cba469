import Testing
import TraceCore
import TraceIntake

@Suite("Several streams in one file")
struct SeveralStreamsTests {
    private let event = Smallest.transaction.json
    private let span = Smallest.span.json

    private func metadata(_ service: String) -> String {
        Smallest.metadata.with("metadata.service.name", "\"\(service)\"").json
    }

    private func intake(_ lines: [String]) -> Intake {
        Intake(pieces: [Array(lines.joined(separator: "\n").utf8)[...]], mayHoldSeveral: true)
    }

    private func services(_ intake: Intake) -> [String] {
        intake.batch.events.map { intake.batch.symbols[$0.service] }
    }

    @Test("metadata begins the next stream wherever it stands, and is no rejected line")
    func next() {
        let intake = intake([
            metadata("a"), event, metadata("b"), span, "", "", "", metadata("c"), metadata("d"), event, "", event,
            metadata("a"), event, "",
        ])
        #expect(intake.messages == [])
        #expect(intake.result.accepted == 5)
        #expect(services(intake) == ["a", "b", "d", "d", "a"])
        #expect(intake.batch.processes.map { intake.batch.symbols[$0.service] } == ["a", "b", "d", "a"])
        #expect(intake.batch.processes[1].line == Array(metadata("b").utf8))
        #expect(intake.result.losses.count(.lines) == 0 && intake.result.losses.count(.requests) == 0)
    }

    @Test("of a stream whose metadata is not valid nothing counts, and nothing is told as another's")
    func invalid() {
        let invalid = Smallest.metadata.with("metadata.service.agent", nil).json
        let intake = intake([
            metadata("a"), event, invalid, event, "{\"x\":1}", metadata("b"), event, invalid, invalid, metadata("b"),
            event,
        ])
        let message = "validation error: metadata: service: 'agent' required"
        let messages = [
            message, "the metadata of its stream was rejected", "did not recognize object type: \"x\"", message,
            message,
        ]
        #expect(intake.messages == messages)
        #expect(intake.result.errors.map(\.line) == [3, 4, 5, 8, 9])
        #expect(intake.result.failure == nil)
        #expect(services(intake) == ["a", "b", "b"])
    }

    @Test("metadata that is too long begins a stream of which nothing counts")
    func tooLong() {
        let long = Smallest.metadata.with("metadata.labels.x", Rule.quoted("x", 900)).json
        let body = [metadata("a"), event, long, event, metadata("b"), event].joined(separator: "\n")
        let intake = Intake(pieces: [Array(body.utf8)[...]], maximumEventSize: 800, mayHoldSeveral: true)
        #expect(
            intake.messages == ["event exceeded the permitted size", "the metadata of its stream was rejected"])
        #expect(services(intake) == ["a", "b"])
    }

    @Test("a byte order mark at the beginning of a line is skipped, and its line begins after it")
    func byteOrderMark() throws {
        let mark = "\u{FEFF}"
        let lines = [mark + metadata("a"), event, mark + metadata("b"), mark + event, ""]
        let intake = intake(lines)
        #expect(intake.messages == [])
        #expect(services(intake) == ["a", "b"])
        let body = Array(lines.joined(separator: "\n").utf8)
        for event in intake.batch.events {
            let line = body[event.line.offset..<event.line.offset + event.line.length]
            #expect(line.elementsEqual(self.event.utf8))
        }
        #expect(Intake(lines.joined(separator: "\n")).result.failure == .metadata, "a request has none")
    }

    @Test("metadata may follow in the line of the event before: that file had no newline at its end")
    func withoutNewline() {
        for mark in ["", "\u{FEFF}"] {
            let intake = intake([metadata("a"), event + mark + metadata("b"), event, ""])
            #expect(intake.messages == [])
            #expect(services(intake) == ["a", "b"])
            #expect(intake.batch.events.map(\.line.length) == [event.utf8.count, event.utf8.count])
        }
        let invalid = Smallest.metadata.with("metadata.service.agent", nil).json
        let rejected = intake([metadata("a"), event + invalid, event, ""])
        #expect(rejected.result.rejected == 2)
        #expect(services(rejected) == ["a"])
        // Anything else after an event is passed over, as in a request.
        let passed = intake([metadata("a"), event + "`", event + event, ""])
        #expect(passed.messages == [] && services(passed) == ["a", "a"])
    }

    @Test("the first line is metadata, with nothing before it")
    func first() {
        for lines in [["", metadata("a"), event, ""], ["\u{FEFF}", metadata("a"), event, ""]] {
            let intake = intake(lines)
            #expect(intake.result.failure == .metadata)
            #expect(intake.result.accepted == 0)
        }
    }

    @Test("a request is one stream: other metadata is rejected, and yet that of the events after it")
    func request() {
        let body = [metadata("a"), event, "", metadata("b"), event, ""].joined(separator: "\n")
        let intake = Intake(body)
        #expect(intake.messages == ["did not recognize object type: \"metadata\""])
        #expect(services(intake) == ["a", "b"])
        let glued = Intake([metadata("a"), event + metadata("b"), event, ""].joined(separator: "\n"))
        #expect(glued.messages == [] && services(glued) == ["a", "a"])
    }

    /// Streams with all kinds of separators, and lines of all kinds of mistakes beside them.
    private var body: [UInt8] {
        let long = Smallest.transaction.with("transaction.context.custom.x", Rule.quoted("x", 600)).json
        let lines = [
            metadata("a"), event, "", metadata("b"), span + "\r", "", "", metadata("a"), "{\"x\":1}", "", long,
            metadata("c"), event, "", long, "", metadata("d"), Smallest.log.json, "", "", "", "", "", "", "", "", "",
            "",
            metadata("e"), "", metadata("e"), event + "\u{FEFF}" + metadata("f"), event, "\u{FEFF}" + metadata("g"),
            Smallest.metadata.with("metadata.service.agent", nil).json, event, metadata("h"), event,
        ]
        return Array(lines.joined(separator: "\n").utf8)
    }

    @Test("every cut in two, and every size of pieces, gives the same result")
    func pieces() {
        let body = body
        let whole = Intake(pieces: [body[...]], maximumEventSize: 500, mayHoldSeveral: true)
        #expect(whole.result.accepted == 7)
        #expect(whole.result.rejected == 5)
        #expect(services(whole) == ["a", "b", "c", "e", "f", "h"])
        for cut in 0...body.count {
            let intake = Intake(pieces: [body[..<cut], body[cut...]], maximumEventSize: 500, mayHoldSeveral: true)
            #expect(intake.result == whole.result, "\(cut)")
            #expect(intake.batch.processes.map(\.line) == whole.batch.processes.map(\.line), "\(cut)")
            #expect(intake.batch.events.map(\.line) == whole.batch.events.map(\.line), "\(cut)")
            #expect(intake.batch.events.map(\.process) == whole.batch.events.map(\.process), "\(cut)")
        }
        for size in Array(1...20) + [499, 500, 501] {
            let pieces = stride(from: 0, to: body.count, by: size).map { body[$0..<min($0 + size, body.count)] }
            let intake = Intake(pieces: pieces, maximumEventSize: 500, mayHoldSeveral: true)
            #expect(intake.description == whole.description, "\(size)")
        }
    }

    @Test("fed up to metadata, a stream stops after each line of it but the first")
    func stops() {
        let lines = [
            metadata("a"), event, "", metadata("b"), event, "{\"metadata\":{}}", "", metadata("c"), event, "",
        ]
        let body = Array(lines.joined(separator: "\n").utf8)
        var starts: [Int] = []
        var offset = 0
        for line in lines {
            if line.hasPrefix("{\"metadata\"") { starts.append(offset) }
            offset += line.utf8.count + 1
        }
        for size in [1, 7, 64, body.count] {
            var stream = ElasticStream(requestTime: 0, mayHoldSeveral: true)
            var met: [Int] = []
            var events: [Int] = []
            for start in stride(from: 0, to: body.count, by: size) {
                var rest = body[start..<min(start + size, body.count)]
                while !rest.isEmpty {
                    let before = stream.metadataStart
                    let taken = rest.withUnsafeBytes { stream.feedToMetadata($0) }
                    rest = rest.dropFirst(taken)
                    guard stream.metadataStart != before else { continue }
                    met.append(stream.metadataStart)
                    events.append(stream.takeBatch().events.count)
                }
            }
            stream.finish()
            let last = stream.takeBatch()
            #expect(met == Array(starts.dropFirst()), "\(size)")
            #expect(events == [1, 1, 0], "\(size)")
            #expect(last.events.count == 1)
            #expect(last.processes.map(\.line) == [Array(metadata("c").utf8)])
            let inForce = stream.metadata
            #expect(inForce == Array(metadata("c").utf8))
        }
    }

    @Test("fed up to metadata, a stream that failed takes all there is, and nothing of it counts")
    func failed() {
        var stream = ElasticStream(requestTime: 0, mayHoldSeveral: true)
        let body = Array(("{}\n\n" + metadata("a") + "\n" + event + "\n").utf8)
        let taken = body.withUnsafeBytes { stream.feedToMetadata($0) }
        #expect(taken == body.count)
        let batch = stream.takeBatch()
        #expect(batch.events.isEmpty)
    }
}
