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

    @Test("metadata behind an empty line begins the next stream, and is no rejected line")
    func next() {
        let intake = intake([
            metadata("a"), event, "", metadata("b"), span, "", "", "", metadata("c"), "", metadata("d"), event, "",
        ])
        #expect(intake.messages == [])
        #expect(intake.result.accepted == 3)
        #expect(services(intake) == ["a", "b", "d"])
        #expect(intake.batch.processes.map { intake.batch.symbols[$0.service] } == ["a", "b", "d"])
        #expect(intake.batch.processes[1].line == Array(metadata("b").utf8))
        #expect(intake.result.losses.isEmpty)
    }

    @Test("metadata elsewhere is rejected, and yet that of the events behind it")
    func elsewhere() {
        let intake = intake([metadata("a"), event, metadata("b"), event, "", event, metadata("c"), event, ""])
        #expect(intake.messages == Array(repeating: "did not recognize object type: \"metadata\"", count: 2))
        #expect(intake.result.errors.map(\.line) == [3, 7])
        #expect(services(intake) == ["a", "b", "b", "c"])
    }

    @Test("an empty line before an event, or before metadata that is not valid, begins nothing")
    func nothingBegins() {
        let invalid = Smallest.metadata.with("metadata.service.agent", nil).json
        let intake = intake([metadata("a"), "", event, "", invalid, event, "", "{\"x\":1}", metadata("b"), event, ""])
        #expect(
            intake.messages == [
                "did not recognize object type: \"metadata\"", "did not recognize object type: \"x\"",
                "did not recognize object type: \"metadata\"",
            ])
        #expect(intake.result.failure == nil)
        #expect(services(intake) == ["a", "a", "b"])
    }

    @Test("a line too long, spaces or a lone CR are no empty line")
    func noEmptyLine() {
        for line in [" ", "\r", String(repeating: "x", count: 3_000)] {
            let body = [metadata("a"), "", line, metadata("b"), event, ""].joined(separator: "\n")
            let intake = Intake(pieces: [Array(body.utf8)[...]], maximumEventSize: 2_000, mayHoldSeveral: true)
            #expect(intake.result.rejected == 2)
            #expect(services(intake) == ["b"])
        }
        let afterLong = [metadata("a"), String(repeating: "x", count: 3_000), "", metadata("b"), event, ""]
        let intake = Intake(
            pieces: [Array(afterLong.joined(separator: "\n").utf8)[...]], maximumEventSize: 2_000,
            mayHoldSeveral: true)
        #expect(intake.messages == ["event exceeded the permitted size"])
        #expect(services(intake) == ["b"])
    }

    @Test("the first line is metadata, with nothing before it")
    func first() {
        let intake = intake(["", metadata("a"), event, ""])
        #expect(intake.result.failure == .metadata)
        #expect(intake.result.accepted == 0)
    }

    @Test("a request is one stream: there an empty line makes no difference")
    func request() {
        let body = [metadata("a"), event, "", metadata("b"), event, ""].joined(separator: "\n")
        let intake = Intake(body)
        #expect(intake.messages == ["did not recognize object type: \"metadata\""])
        #expect(services(intake) == ["a", "b"])
    }

    /// Streams with all kinds of separators, and lines of all kinds of mistakes beside them.
    private var body: [UInt8] {
        let long = Smallest.transaction.with("transaction.context.custom.x", Rule.quoted("x", 600)).json
        let lines = [
            metadata("a"), event, "", metadata("b"), span + "\r", "", "", metadata("a"), "{\"x\":1}", "", long,
            metadata("c"), event, "", long, "", metadata("d"), Smallest.log.json, "", "", "", "", "", "", "", "", "",
            "",
            metadata("e"), "", metadata("e"), event,
        ]
        return Array(lines.joined(separator: "\n").utf8)
    }

    @Test("every cut in two, and every size of pieces, gives the same result")
    func pieces() {
        let body = body
        let whole = Intake(pieces: [body[...]], maximumEventSize: 500, mayHoldSeveral: true)
        #expect(whole.result.accepted == 5)
        #expect(whole.result.rejected == 4)
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

    @Test("fed up to metadata, a stream stops behind each line of it that comes into force but the first")
    func stops() {
        let lines = [
            metadata("a"), event, "", metadata("b"), event, metadata("c"), event, "{\"metadata\":{}}", "",
            metadata("c"),
            event, "",
        ]
        let body = Array(lines.joined(separator: "\n").utf8)
        var starts: [Int] = []
        var offset = 0
        for line in lines {
            if line.hasPrefix("{\"metadata\":{\"") { starts.append(offset) }
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
            #expect(events == [1, 1, 1], "\(size)")
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
