import Testing
import TraceCompression
import TraceCore
import TraceIntake

@testable import TraceServer

/// A body that brings more than is to be held is stored in parts, each a whole body by itself.
@Suite(.timeLimit(.minutes(10)))
struct PartTests {
    /// An event, and what its body says where it should stand.
    struct Stored: Equatable {
        var id: String
        var trace: String
        var start: Int64
        var service: String
        var digest: Digest?
        var line: [UInt8]
    }

    private static let requestTime: Int64 = 1_700_000_000_000_000

    /// A body as it goes through, with what became of it.
    private struct Outcome {
        var deliveries: [Delivery] = []
        var result = IntakeResult()
        var losses = LossTally()
        var largest = 0
    }

    private func take(
        _ body: [UInt8], encoding: String?, partBytes: Int, limits: IntakeConfiguration.Limits,
        by random: inout SplitMix
    ) throws -> Outcome {
        var limits = limits
        limits.partBytes = partBytes
        var outcome = Outcome()
        var intake = IntakeBody(encoding: encoding, requestTime: Self.requestTime, limits: limits)
        for piece in Wire.pieces(of: body, by: &random) {
            var rest = piece[...]
            repeat {
                let taken = rest.withUnsafeBytes { intake.receive($0) }
                rest = rest.dropFirst(taken)
                outcome.largest = max(outcome.largest, intake.heldBytes)
                if intake.isFull, let part = try intake.part() { outcome.deliveries.append(part) }
            } while !intake.isOver && (!rest.isEmpty || intake.isPaused)
        }
        while !intake.end(.complete) {
            if let part = try intake.part() { outcome.deliveries.append(part) }
        }
        outcome.result = intake.result
        let last = try intake.delivery()
        outcome.losses = last.losses
        if !last.isEmpty { outcome.deliveries.append(last) }
        return outcome
    }

    /// The events of deliveries, their lines read from the bodies, which have to be whole.
    private func events(of deliveries: [Delivery]) throws -> [Stored] {
        var events: [Stored] = []
        for delivery in deliveries {
            #expect(delivery.requestTime == Self.requestTime)
            let batch = delivery.batch
            let decoded = try decode(delivery.body)
            #expect(decoded.count == delivery.body.decodedSize)
            #expect(decoded.starts(with: Array(#"{"metadata""#.utf8)))
            let services = batch.processes.map { batch.symbols[$0.service] }
            for event in batch.events {
                events.append(
                    Stored(
                        id: event.id.text, trace: batch.traces[event.trace].text, start: event.start,
                        service: services[event.process], digest: nil, line: line(event.line, in: decoded)))
            }
            for event in batch.sideEvents {
                events.append(
                    Stored(
                        id: event.id?.text ?? "", trace: "", start: event.timestamp, service: services[event.process],
                        digest: event.digest, line: line(event.line, in: decoded)))
            }
        }
        return events.sorted { ($0.id, $0.start) < ($1.id, $1.start) }
    }

    private func line(_ place: BodyRange, in body: [UInt8]) -> [UInt8] {
        let end = place.offset + place.length
        #expect(end == body.count || body[end] == UInt8(ascii: "\n"))
        return Array(body[place.offset..<end])
    }

    /// The whole of a body, which has to end where it should.
    private func decode(_ body: ReceivedBody) throws -> [UInt8] {
        try BodyReader.read(0..<body.decodedSize + 1, of: body.bytes, body.encoding == .zlib ? .zlib : .gzip)
    }

    /// Events of all sorts, lines that are rejected, too long or empty, and metadata that changes.
    private func stream(of count: Int, by random: inout SplitMix) -> String {
        var lines = [Streams.metadata]
        for number in 0..<count {
            switch Int.random(in: 0..<20, using: &random) {
            case 0: lines.append(String(repeating: "x", count: Int.random(in: 2000...40_000, using: &random)))
            case 1: lines.append("")
            case 2: lines.append("no JSON")
            case 3: lines.append(Streams.metadata.replacing("shop", with: "shop\(number % 3)"))
            case 4...9: lines.append(#"{"error":{"id":"e\#(number)","log":{"message":"failed"}}}"#)
            case 10: lines.append(#"{"log":{"message":"said \#(number)"}}"#)
            default:
                let name = String(repeating: "n", count: Int.random(in: 1...900, using: &random))
                lines.append(Streams.transaction(number, name: name))
            }
        }
        return Streams.lined(lines) + Streams.transaction(count)
    }

    enum Form: CaseIterable {
        case plain, gzip, members, zlib
    }

    private func encoded(_ text: String, as form: Form) throws -> (bytes: [UInt8], encoding: String?) {
        let bytes = Array(text.utf8)
        switch form {
        case .plain: return (bytes, nil)
        case .gzip: return (try Deflater.gzip(bytes), "gzip")
        case .members:
            let half = bytes.count / 2
            return (try Deflater.gzip(Array(bytes[..<half])) + Deflater.gzip(Array(bytes[half...])), nil)
        case .zlib: return (Streams.zlib(bytes), "deflate")
        }
    }

    @Test(arguments: Form.allCases, 1...2)
    func `parts of any size bring the same events, lines and errors as one`(_ form: Form, seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        var limits = IntakeConfiguration.Limits()
        limits.eventBytes = 1800
        let (body, encoding) = try encoded(stream(of: 800, by: &random), as: form)
        let whole = try take(body, encoding: encoding, partBytes: .max, limits: limits, by: &random)
        #expect(whole.deliveries.count == 1)
        if form != .plain { #expect(whole.deliveries.first?.body.bytes == body) }
        let expected = try events(of: whole.deliveries)
        #expect(expected.count > 500)
        for partBytes in [1, 3000, 50_000] {
            let parts = try take(body, encoding: encoding, partBytes: partBytes, limits: limits, by: &random)
            #expect(parts.deliveries.count > 1)
            #expect(parts.result == whole.result)
            #expect(parts.losses == whole.losses)
            #expect(try events(of: parts.deliveries) == expected)
            let areLossless = parts.deliveries.dropLast().map(\.losses.isEmpty)
            #expect(!areLossless.contains(false))
        }
    }

    @Test(arguments: [Form.plain, .gzip])
    func `however much a body brings, little of it is held`(_ form: Form) throws {
        var random = SplitMix(state: 1)
        // Small events take many times the bytes that they come in.
        let line = #"{"log":{"message":""}}"# + "\n"
        let text = Streams.metadata + "\n" + String(repeating: line, count: 100_000)
        let (body, encoding) = try encoded(text, as: form)
        let partBytes = 1 << 20
        let outcome = try take(
            body, encoding: encoding, partBytes: partBytes, limits: IntakeConfiguration.Limits(), by: &random)
        #expect(outcome.result.accepted == 100_000)
        #expect(outcome.deliveries.count > 8)
        #expect(outcome.deliveries.map(\.batch.sideEvents.count).reduce(0, +) == 100_000)
        #expect(outcome.largest < partBytes * 2)
        #expect(outcome.deliveries.allSatisfy { $0.weight < partBytes * 2 })
    }

    @Test func `a line that is too long is not kept in any part`() throws {
        var random = SplitMix(state: 2)
        let long = (0..<200_000).map { _ in "\(UInt64.random(in: 0 ... .max, using: &random))" }.joined()
        let text = Streams.transactions(3) + long + "\n" + Streams.transaction(9) + "\n"
        let (body, encoding) = try encoded(text, as: .gzip)
        let outcome = try take(
            body, encoding: encoding, partBytes: 100_000, limits: IntakeConfiguration.Limits(), by: &random)
        #expect(outcome.result.accepted == 4)
        #expect(outcome.result.rejected == 1)
        #expect(try events(of: outcome.deliveries).map(\.id) == ["t0", "t1", "t2", "t9"])
        #expect(outcome.deliveries.allSatisfy { $0.body.decodedSize < 700_000 })
        #expect(outcome.largest < 1_500_000)
    }

    @Test func `a client that sends a few bytes costs no more than those`() throws {
        var body = IntakeBody(encoding: "gzip", requestTime: 0, limits: IntakeConfiguration.Limits())
        let bytes = Streams.gzip(Streams.transactions(3))
        for byte in bytes.dropLast() { _ = [byte].withUnsafeBytes { body.receive($0) } }
        let held = body.heldBytes
        #expect(held <= 2 * bytes.count)
        let isEnded = body.end(.failed(.brokenOff, "the connection broke off"))
        #expect(isEnded)
        let delivery = try body.delivery()
        #expect(delivery.batch.events.count == 3)
    }

    // MARK: Over HTTP

    private func limited(_ configuration: inout IntakeConfiguration) { configuration.limits.partBytes = 100_000 }

    @Test func `a request stored in parts is answered once, as one`() async throws {
        let sink = RecordingSink(outcome: .stored(duplicates: 2))
        try await RunningServer.run(sink: sink, configure: limited) { server in
            let body = Array((Streams.transactions(2000) + "no JSON\n").utf8)
            let answer = try await server.client().post("/intake/v2/events?verbose", body: body)
            #expect(answer.status == 400)
            #expect(answer.text.hasPrefix(#"{"accepted":2000,"errors":[{"message":"#))
            let deliveries = await sink.deliveries
            #expect(deliveries.count > 3)
            #expect(deliveries.map(\.batch.events.count).reduce(0, +) == 2000)
            #expect(answer.header(IntakeHeaders.duplicates) == "\(2 * deliveries.count)")
            #expect(deliveries.filter { !$0.losses.isEmpty }.count + (await sink.losses.isEmpty ? 0 : 1) == 1)
        }
    }

    @Test(arguments: [DeliveryOutcome.queueFull, .shuttingDown, .failed("disk")])
    func `a request of which a part cannot be stored is answered with 503`(_ outcome: DeliveryOutcome) async throws {
        let stored = DeliveryOutcome.stored(duplicates: 0)
        let sink = RecordingSink(outcomes: [stored, stored, outcome, stored])
        try await RunningServer.run(sink: sink, configure: limited) { server in
            let answer = try await server.client().post(
                "/intake/v2/events", body: Array(Streams.transactions(3000).utf8))
            #expect(answer.status == 503)
            #expect(answer.header("Retry-After") == "5")
            let deliveries = await sink.deliveries
            #expect(deliveries.count == 3)
            let count = deliveries.prefix(2).map(\.batch.events.count).reduce(0, +)
            #expect(answer.text.hasPrefix(#"{"accepted":\#(count),"errors":[{"message":"#))
            #expect(await sink.losses.entries.map(\.count) == [1])
        }
    }

    @Test func `where there is no room, a request is turned away at once, and later taken`() async throws {
        let gate = Gate()
        try await RunningServer.run(sink: RecordingSink(gate: gate)) {
            $0.limits.heldBytes = 800 << 10
        } _: { server in
            // What it holds is not complete, so that it cannot be handed over.
            let slow = try server.connect()
            let line = String(repeating: "x", count: 150_000)
            try await slow.send(
                "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n"
                    + Streams.metadata + "\n" + line)
            let client = server.client()
            let body = Array(Streams.transactions(1).utf8)
            var answer = try await client.post("/intake/v2/events", body: [])
            while answer.status == 202 { answer = try await client.post("/intake/v2/events", body: []) }
            #expect(answer.status == 503)
            #expect(answer.text.contains("queue is full"))
            #expect(answer.header("Retry-After") == "5")
            slow.reset()
            while answer.status == 503 {
                answer = try await client.post("/intake/v2/events", body: [])
                try await Task.sleep(for: .milliseconds(20))
            }
            await gate.open()
            #expect(try await client.post("/intake/v2/events", body: body).status == 202)
        }
    }
}
