import Testing
import TraceCompression
import TraceCore

@testable import TraceServer

/// Small bodies that are large once they are decompressed, or that take long to.
@Suite(.timeLimit(.minutes(10)))
struct BombTests {
    /// A gzip body of so many bytes of one kind, in members of 16 MiB, each the same.
    private func bomb(of byte: UInt8, size: Int, after start: String = "") throws -> [UInt8] {
        let member = try Deflater.gzip([UInt8](repeating: byte, count: 16 << 20), level: 1)
        var body = try Deflater.gzip(Array(start.utf8))
        for _ in 0..<(size >> 24) { body += member }
        return body
    }

    @Test(arguments: [UInt8(0), UInt8(ascii: "\n"), UInt8(ascii: " "), UInt8(ascii: "[")])
    func `a bomb is refused when it is larger than allowed`(_ byte: UInt8) async throws {
        let body = try bomb(of: byte, size: 1 << 30, after: Streams.transactions(2))
        try await RunningServer.run { server in
            let answer = try await server.client().post(
                "/intake/v2/events", headers: [("Content-Encoding", "gzip")], body: body)
            #expect(answer.status == 400)
            #expect(answer.text.contains("the request body exceeds the permitted size"))
            #expect(await server.sink.deliveries.map(\.batch.events.count) == [2])
        }
    }

    @Test func `a bomb within a bomb is only bytes`() async throws {
        let inner = try bomb(of: 0, size: 1 << 30)
        try await RunningServer.run { server in
            let answer = try await server.client().post(
                "/intake/v2/events", headers: [("Content-Encoding", "gzip")], body: Deflater.gzip(inner))
            #expect(answer.status == 400)
            #expect(await server.sink.deliveries.isEmpty)
        }
    }

    @Test func `a zlib bomb is refused`() async throws {
        // A gzip member's bare data, behind zlib's header.
        let member = try Deflater.gzip([UInt8](repeating: 0, count: 160 << 20), level: 1)
        let zlib = [0x78, 0x01] + member.dropFirst(10)
        try await RunningServer.run { server in
            let answer = try await server.client().post(
                "/intake/v2/events", headers: [("Content-Encoding", "deflate")], body: zlib)
            #expect(answer.status == 400)
            #expect(await server.sink.deliveries.isEmpty)
        }
    }

    @Test func `any number of empty members is read`() async throws {
        let empty = try Deflater.gzip([])
        var body = try Deflater.gzip(Array(Streams.transactions(1).utf8))
        for _ in 0..<50_000 { body += empty }
        body += try Deflater.gzip(Array((Streams.transaction(2) + "\n").utf8))
        try await RunningServer.run { server in
            let answer = try await server.client().post("/intake/v2/events?verbose", body: body)
            #expect(answer.text == "{\"accepted\":2}\n")
        }
    }

    @Test func `a bomb of small events is stored in parts`() async throws {
        let line = #"{"log":{"message":""}}"# + "\n"
        let text = Streams.metadata + "\n" + String(repeating: line, count: 100_000)
        let body = try Deflater.gzip(Array(text.utf8))
        #expect(body.count < 20_000)
        try await RunningServer.run {
            $0.limits.partBytes = 1 << 20
        } _: { server in
            let answer = try await server.client().post("/intake/v2/events?verbose", body: body)
            #expect(answer.text == "{\"accepted\":100000}\n")
            let deliveries = await server.sink.deliveries
            #expect(deliveries.map(\.batch.sideEvents.count).reduce(0, +) == 100_000)
            #expect(deliveries.allSatisfy { $0.weight < 3 << 20 })
        }
    }
}
