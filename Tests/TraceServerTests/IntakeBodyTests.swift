import Foundation
import Testing
import TraceCore

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct IntakeBodyTests {
    private func head(length: Int, headers: String = "") -> String {
        "POST /intake/v2/events?verbose HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(length)\r\n\r\n"
    }

    private let chunkedHead =
        "POST /intake/v2/events?verbose HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

    private func chunk(_ text: String) -> String { String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n" }

    @Test func `a body comes in chunks of any size`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            let body = Streams.errors(4)
            try await connection.send(chunkedHead)
            for character in body { try await connection.send(chunk(String(character))) }
            try await connection.send("0\r\n\r\n")
            #expect(try await connection.readAnswer().body == "{\"accepted\":4}\n")
            let kept = try #require(await server.sink.deliveries.first?.body)
            #expect(kept.encoding == .gzip)
            #expect(kept.decodedSize == body.utf8.count)
        }
    }

    @Test(arguments: [true, false])
    func `a connection cut off keeps the whole lines`(isChunked: Bool) async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            let body = Streams.transactions(5) + "{\"transaction\":{\"id\":\"half"
            try await connection.send(isChunked ? chunkedHead + chunk(body) : head(length: 10_000) + body)
            connection.closeSending()
            let answer = try await connection.readAnswer()
            #expect(answer.status == 500)
            #expect(answer.body.hasPrefix("{\"accepted\":5,\"errors\":[{\"message\":\"cannot handle stream: "))
            #expect(await server.sink.deliveries.map(\.batch.events.count) == [5])
        }
    }

    @Test func `a connection reset delivers the whole lines`() async throws {
        let gate = Gate()
        try await RunningServer.run(sink: RecordingSink(gate: gate)) { server in
            let connection = try server.connect()
            try await connection.send(head(length: 10_000) + Streams.transactions(5))
            connection.reset()
            await gate.arrival()
            #expect(await server.sink.deliveries.map(\.batch.events.count) == [5])
            await gate.open()
        }
    }

    @Test func `a body that does not come in time is told so, and its whole lines delivered`() async throws {
        try await RunningServer.run {
            $0.limits.bodyTime = .seconds(1)
        } _: { server in
            let connection = try server.connect()
            try await connection.send(head(length: 100_000) + Streams.transactions(3))
            while connection.isSilent {
                // However a body dribbles, its time is up.
                try await connection.send("\n")
                try await Task.sleep(for: .milliseconds(50))
            }
            let answer = try await connection.readAnswer()
            #expect(answer.status == 503)
            #expect(answer.headers["connection"] == "Close")
            let message = "cannot handle stream: request timed out"
            #expect(answer.body == "{\"accepted\":3,\"errors\":[{\"message\":\"\(message)\"}]}\n")
            #expect(await server.sink.deliveries.map(\.batch.events.count) == [3])
        }
    }

    @Test func `all members of a gzip body are read, and kept as they came`() async throws {
        let body = Streams.gzip(Streams.errors(2)) + Streams.gzip(Streams.transaction(1) + "\n")
        try await RunningServer.run { server in
            let answer = try await server.client().post(
                "/intake/v2/events?verbose", headers: [("Content-Encoding", "gzip")], body: body)
            #expect(answer.text == "{\"accepted\":3}\n")
            let delivery = try #require(await server.sink.deliveries.first)
            #expect(delivery.body.bytes == body)
            #expect(delivery.body.encoding == .gzip)
            #expect(delivery.body.decodedSize == (Streams.errors(2) + Streams.transaction(1) + "\n").utf8.count)
            #expect(delivery.requestTime == 1_700_000_000_000_000)
        }
    }

    @Test func `a zlib body is kept as it came`() async throws {
        let body = Streams.zlib(Streams.errors(2))
        try await RunningServer.run { server in
            let answer = try await server.client().post("/intake/v2/events?verbose", body: body)
            #expect(answer.text == "{\"accepted\":2}\n")
            let kept = try #require(await server.sink.deliveries.first?.body)
            #expect(kept.bytes == body)
            #expect(kept.encoding == .zlib)
        }
    }

    @Test func `a compressed body that comes byte by byte is sniffed and read`() async throws {
        let body = Streams.gzip(Streams.errors(3))
        try await RunningServer.run { server in
            let answer = try await server.client().post(
                "/intake/v2/events?verbose", chunks: pieces(of: body, size: 1))
            #expect(answer.text == "{\"accepted\":3}\n")
            #expect(await server.sink.deliveries.first?.body.bytes == body)
        }
    }

    @Test(arguments: ["truncated", "damaged"])
    func `a compressed body that breaks off keeps the whole lines`(_ how: String) async throws {
        var body = Streams.gzip(Streams.transactions(5))
        if how == "truncated" { body.removeLast(12) } else { body[body.count - 6] ^= 0xFF }
        try await RunningServer.run { server in
            let answer = try await server.client().post("/intake/v2/events?verbose", body: body)
            #expect(answer.status == 500)
            let accepted = how == "truncated" ? 4 : 5
            let begin = "{\"accepted\":\(accepted),\"errors\":[{\"message\":\"cannot handle stream: "
            #expect(answer.text.hasPrefix(begin))
            #expect(await server.sink.deliveries.map(\.batch.events.count) == [accepted])
        }
    }

    @Test(arguments: [false, true])
    func `a body that is too long decoded is refused, its whole lines before that kept`(isPacked: Bool) async throws {
        let lines = Streams.transactions(2000)
        let body = isPacked ? Streams.gzip(lines) : Array(lines.utf8)
        try await RunningServer.run {
            $0.limits.decodedBytes = 100_000
        } _: { server in
            let answer = try await server.client().post(
                "/intake/v2/events?verbose", chunks: pieces(of: body, size: 16_000))
            #expect(answer.status == 400)
            #expect(answer.text.contains("cannot handle stream: the request body exceeds the permitted size"))
            let delivery = try #require(await server.sink.deliveries.first)
            #expect(delivery.body.decodedSize == 100_000)
            let last = try #require(delivery.batch.events.last)
            #expect(last.line.offset + last.line.length <= 100_000)
            #expect(answer.text.hasPrefix("{\"accepted\":\(delivery.batch.events.count),"))
            #expect(delivery.batch.events.count > 500)
        }
    }

    @Test func `a body that is too long compressed is refused`() async throws {
        try await RunningServer.run {
            $0.limits.compressedBytes = 10_000
        } _: { server in
            let answer = try await server.client().post(
                "/intake/v2/events", body: Streams.gzip(Streams.transactions(200)))
            #expect(answer.status == 400)
            #expect(answer.text.contains("cannot handle stream: the request body exceeds the permitted size"))
        }
    }

    @Test func `a body announced as too long is refused before it comes`() async throws {
        try await RunningServer.run {
            $0.limits.discardedBytes = 100_000
        } _: { server in
            let connection = try server.connect()
            try await connection.send(head(length: 10 << 30) + String(repeating: "x", count: 110_000))
            let answer = try await connection.readAnswer()
            #expect(answer.status == 400)
            #expect(answer.body.contains("exceeds the permitted size"))
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `rejected lines are reported, bytes that are no UTF-8 repaired, and the others stored`() async throws {
        let bad: [UInt8] = Array("{\"error\":{\"id\":\"\u{1}".utf8) + [0xFF] + Array("\"}}\n".utf8)
        try await RunningServer.run { server in
            let body = Array(Streams.errors(1).utf8) + bad + Array((Streams.transaction(1) + "\n").utf8)
            let answer = try await server.client().post("/intake/v2/events", body: body)
            #expect(answer.status == 400)
            let json = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            #expect(json?["accepted"] as? Int == 2)
            let errors = try #require(json?["errors"] as? [[String: String]])
            #expect(errors.map { $0["document"] } == ["{\"error\":{\"id\":\"\u{1}\u{FFFD}\"}}"])
            #expect(await server.sink.deliveries.map(\.batch.sideEvents.count) == [1])
            #expect(await server.sink.deliveries.map(\.batch.events.count) == [1])
        }
    }

    @Test func `an imported request keeps its time, and learns how much of it was known`() async throws {
        try await RunningServer.run(sink: RecordingSink(outcome: .stored(duplicates: 2, conflicts: 1))) { server in
            for (stated, taken) in [("1600000000000000", 1_600_000_000_000_000), ("-1", 1_700_000_000_000_000)] {
                let answer = try await server.client().post(
                    "/intake/v2/events", headers: [(name: IntakeHeaders.requestTime, value: stated)],
                    body: Array(Streams.errors(4).utf8))
                #expect(answer.status == 202)
                #expect(answer.header(IntakeHeaders.duplicates) == "2")
                #expect(answer.header(IntakeHeaders.conflicts) == "1")
                #expect(await server.sink.deliveries.last?.isImport == (stated != "-1"))
                #expect(await server.sink.deliveries.last?.requestTime == Int64(taken))
            }
        }
    }

    @Test func `junk behind a gzip member is refused, the whole lines before it kept`() async throws {
        let body = Streams.gzip(Streams.transactions(5)) + Array("junk that is no header".utf8)
        try await RunningServer.run { server in
            let answer = try await server.client().post("/intake/v2/events", body: body)
            #expect(answer.status == 400)
            #expect(answer.text.contains("cannot handle stream: gzip: invalid header"))
            #expect(await server.sink.deliveries.map(\.batch.events.count) == [5])
        }
    }

    @Test func `a long answer arrives whole before its connection closes`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            let line = "{\"error\":\"" + String(repeating: "\\", count: 400_000) + "\n"
            let body = Streams.errors(1) + String(repeating: line, count: 5)
            try await connection.send(head(length: body.utf8.count) + body)
            let answer = try await connection.readAnswer()
            #expect(answer.status == 400)
            #expect(answer.body.utf8.count > 5 * 600_000)
            #expect(answer.body.hasSuffix("\"}]}\n"))
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `what brings no events is not delivered`() async throws {
        try await RunningServer.run { server in
            let answer = try await server.client().post(
                "/intake/v2/events?verbose", body: Array(Streams.errors(0).utf8))
            #expect(answer.text == "{\"accepted\":0}\n")
            #expect(await server.sink.deliveries.isEmpty)
        }
    }

    private func pieces(of body: [UInt8], size: Int) -> AsyncStream<[UInt8]> {
        AsyncStream { stream in
            for start in stride(from: 0, to: body.count, by: size) {
                stream.yield(Array(body[start..<min(start + size, body.count)]))
            }
            stream.finish()
        }
    }
}
