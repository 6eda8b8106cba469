import Testing
import TraceCore

@testable import TraceServer

/// Agents take an answer, or an end, that comes before their body ended for an error of the connection.
@Suite(.timeLimit(.minutes(10)))
struct PatienceTests {
    /// A request with a body, and how it is answered.
    struct Exchange: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var method = "POST"
        var path = "/intake/v2/events?verbose"
        var headers = ""
        var body = Array(Streams.errors(3).utf8)
        var status: Int
        /// Whether the connection ends with the answer.
        var isLast = true

        /// As it goes over the wire.
        func wire(isChunked: Bool = false) -> [UInt8] {
            let head = "\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(headers)"
            guard isChunked else { return Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body }
            var random = SplitMix(state: 1)
            return Array("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8) + Wire.chunked(body, by: &random)
        }
    }

    static let served: [Exchange] = [
        Exchange(testDescription: "plain", status: 202, isLast: false),
        Exchange(
            testDescription: "gzip", headers: "Content-Encoding: gzip\r\n", body: Streams.gzip(Streams.errors(3)),
            status: 202, isLast: false),
        Exchange(testDescription: "failed metadata", body: Array(("{}\n" + Streams.errors(3)).utf8), status: 400),
        Exchange(testDescription: "rejected lines", body: Array((Streams.errors(0) + "x\ny\n").utf8), status: 400),
        Exchange(testDescription: "no gzip", headers: "Content-Encoding: gzip\r\n", status: 400),
    ]

    static let refused: [Exchange] = [
        Exchange(testDescription: "content type", headers: "Content-Type: text/plain\r\n", status: 400),
        Exchange(testDescription: "method", method: "PUT", status: 400),
        Exchange(testDescription: "credential", headers: "Authorization: Bearer wrong\r\n", status: 401),
        Exchange(testDescription: "browsers", path: "/intake/v2/rum/events", status: 403),
        Exchange(testDescription: "path", path: "/intake", status: 404, isLast: false),
        Exchange(testDescription: "method of /", path: "/", status: 405, isLast: false),
        Exchange(
            testDescription: "method of /config", method: "PUT", path: "/config/v1/agents", status: 405, isLast: false),
    ]

    /// A server with a secret token, which every request here carries that has no wrong one.
    private func run(_ exchange: Exchange, _ body: (RunningServer, Exchange) async throws -> Void) async throws {
        var exchange = exchange
        if !exchange.headers.contains("Authorization") { exchange.headers += "Authorization: Bearer secret\r\n" }
        try await RunningServer.run {
            $0.secretToken = "secret"
        } _: { server in
            try await body(server, exchange)
        }
    }

    @Test(arguments: served + refused, [false, true])
    func `no byte of an answer comes before a body's last`(_ exchange: Exchange, isChunked: Bool) async throws {
        try await run(exchange) { server, exchange in
            let slow = try server.connect()
            let wire = exchange.wire(isChunked: isChunked)
            try await slow.send(Array(wire.dropLast()))
            // Time enough for an answer: others come and go, after the same way through the server.
            let other = server.client()
            for _ in 0..<10 { #expect(try await other.get("/").status == 200) }
            #expect(slow.isSilent)
            #expect(await server.sink.deliveries.isEmpty)
            try await slow.send([wire[wire.count - 1]])
            #expect(try await slow.readAnswer().status == exchange.status)
            await other.close()
        }
    }

    @Test func `a body that comes byte by byte is answered after its end`() async throws {
        try await RunningServer.run { server in
            let slow = try server.connect()
            let wire = Exchange(testDescription: "", status: 202).wire(isChunked: true)
            for byte in wire {
                #expect(slow.isSilent)
                try await slow.send([byte])
            }
            #expect(try await slow.readAnswer().body == "{\"accepted\":3}\n")
        }
    }

    /// More than the systems' buffers hold, so that the client is through with it only if the server reads it.
    @Test(arguments: refused + served.dropFirst(2))
    func `a long body can be sent to its end, then the error comes, then the end`(_ exchange: Exchange) async throws {
        try await run(exchange) { server, exchange in
            var exchange = exchange
            exchange.body += [UInt8](repeating: UInt8(ascii: "x"), count: 24 << 20)
            let connection = try server.connect()
            let wire = exchange.wire()
            try await connection.send(Array(wire.dropLast()))
            #expect(connection.isSilent)
            try await connection.send([wire[wire.count - 1]])
            let answer = try await connection.readAnswer()
            #expect(answer.status == exchange.status)
            if exchange.isLast {
                #expect(answer.headers["connection"] == "Close")
                #expect(try await connection.readToEnd() == "")
            } else {
                try await connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await connection.readAnswer().status == 200)
            }
        }
    }
}
