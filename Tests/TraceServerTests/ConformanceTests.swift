import Foundation
import Testing
import TraceCore

@testable import TraceServer

@Suite(.enabled(if: Fixtures.folder != nil, Fixtures.absent), .timeLimit(.minutes(10)))
struct ConformanceTests {
    @Test func `upstream's streams and requests are all there`() {
        #expect(Fixtures.streams.count >= 29)
        #expect(Fixtures.exchanges.count >= 28)
        print("RAN: fixtures over HTTP")
    }

    @Test(arguments: Fixtures.streams)
    func `a stream of upstream's is answered as expected, plain and compressed`(_ stream: Fixtures.Stream) async throws
    {
        let body = try Fixtures.read(stream.file)
        let forms: [(name: String, body: [UInt8])] = [
            ("", body), ("Content-Encoding: gzip\r\n", Streams.gzip(body)),
            ("Content-Encoding: deflate\r\n", Streams.zlib(body)),
        ]
        try await RunningServer.run { server in
            for (header, form) in forms {
                let connection = try server.connect()
                let head =
                    "POST /intake/v2/events?verbose HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                    + "\(header)Content-Length: \(form.count)\r\n\r\n"
                try await connection.send(Array(head.utf8) + form)
                let answer = try await connection.readAnswer()
                #expect(answer.status == stream.status)
                let said = try JSONDecoder().decode(Said.self, from: Data(answer.body.utf8))
                #expect(said.accepted == stream.accepted)
                let messages = said.errors?.map(\.message) ?? []
                #expect(messages.count == stream.errors.count)
                for (message, expected) in zip(messages, stream.errors) {
                    #expect(message.contains(expected.messageContains))
                }
            }
            let taken = await server.sink.deliveries.map { $0.batch.events.count + $0.batch.sideEvents.count }
            #expect(taken == (stream.accepted > 0 ? [stream.accepted, stream.accepted, stream.accepted] : []))
        }
    }

    @Test(arguments: Fixtures.exchanges)
    func `a request is answered as upstream states`(_ stated: Fixtures.Exchange) async throws {
        let scenarios = try Scenario.all(sending: Fixtures.read("intake-v2/errors.ndjson"))
            .filter { $0.name.split(separator: " ").first.map(String.init) == stated.name && $0.method != "HEAD" }
        #expect(!scenarios.isEmpty)
        let body = try JSONSerialization.jsonObject(with: stated.body, options: .fragmentsAllowed)
        for scenario in scenarios {
            try await scenario.run { answer, _, _ in
                #expect(answer.status == stated.status, "\(scenario.name)")
                let said =
                    answer.body.isEmpty ? "" : try JSONSerialization.jsonObject(with: Data(answer.body.utf8))
                #expect(Stated.matches(said, body), "\(scenario.name): \(answer.body)")
                for (name, value) in stated.headers {
                    #expect(Stated.matches(answer.headers[name.lowercased()] ?? "", value), "\(scenario.name)")
                }
            }
        }
    }

    @Test(arguments: 1...6)
    func `a real agent's stream is taken in any chunks, plain and compressed`(seed: Int) async throws {
        let stream = try Fixtures.read("node-agent/apm-nodejs-traces-3.29.0.ndjson")
        let isPacked = seed % 2 == 0
        let body = isPacked ? Streams.gzip(stream) : stream
        var random = SplitMix(state: UInt64(seed))
        let pieces = Wire.pieces(of: Wire.chunked(body, by: &random), by: &random)
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send(
                "POST /intake/v2/events?verbose HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                    + (isPacked ? "Content-Encoding: gzip\r\n\r\n" : "\r\n"))
            for piece in pieces { try await connection.send(piece) }
            let answer = try await connection.readAnswer()
            #expect(answer.status == 202)
            #expect(answer.body == "{\"accepted\":1844}\n")
            let delivery = try #require(await server.sink.deliveries.first)
            #expect(delivery.batch.traces.count == 722)
            #expect(delivery.batch.events.count == 1844)
            #expect(delivery.body.decodedSize == stream.count)
            if isPacked { #expect(delivery.body.bytes == body) }
            // Where the lines stand is what pieces could shift.
            var end = 0
            for event in delivery.batch.events {
                #expect(event.line.offset > end)
                end = event.line.offset + event.line.length
                guard end < stream.count else { break }
                #expect(stream[event.line.offset] == UInt8(ascii: "{") && stream[end] == UInt8(ascii: "\n"))
            }
        }
    }

    private struct Said: Decodable {
        struct Failure: Decodable {
            var message: String
        }

        var accepted: Int
        var errors: [Failure]?
    }
}

/// Holds an answer against what is stated of it.
private enum Stated {
    static func matches(_ said: Any, _ stated: Any) -> Bool {
        switch (said, stated) {
        case (let said as [String: Any], let stated as [String: Any]):
            guard said.count == stated.count else { return false }
            return stated.allSatisfy { key, value in
                guard key.hasSuffix("_contains") else { return said[key].map { matches($0, value) } ?? false }
                guard let text = said[String(key.dropLast("_contains".count))] as? String else { return false }
                return (value as? String).map { text.contains($0) } ?? false
            }
        case (let said as [Any], let stated as [Any]):
            return said.count == stated.count && zip(said, stated).allSatisfy { matches($0, $1) }
        case (let said as String, let stated as String):
            guard let open = stated.firstIndex(of: "<"), let close = stated.lastIndex(of: ">") else {
                return said == stated
            }
            return said.hasPrefix(stated[..<open]) && said.hasSuffix(stated[stated.index(after: close)...])
        case (is Bool, let stated as String): return stated == "<bool>"
        case (let said as NSNumber, let stated as NSNumber): return said == stated
        default: return false
        }
    }
}
