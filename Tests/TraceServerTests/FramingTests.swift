import Testing
import TraceCompression
import TraceCore

@testable import TraceServer

/// What is no proper HTTP is never taken for a request, nor what hides in one for a second.
@Suite(.timeLimit(.minutes(10)))
struct FramingTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        /// How it may be answered; 0 stands for none.
        var statuses: Set<Int> = [400]
        /// How many events may come of it.
        var events = 0
    }

    private static let smuggled: String = {
        let body = Streams.errors(7)
        return "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }()

    private static func post(_ headers: String, _ body: String) -> String {
        "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\n\(headers)\r\n\(body)"
    }

    static let attacks: [Attack] = {
        let one = Streams.errors(1)
        let length = "Content-Length: \(one.utf8.count)\r\n"
        let chunked = "Transfer-Encoding: chunked\r\n"
        let ended = "0\r\n\r\n"
        let size = String(one.utf8.count, radix: 16)
        return [
            Attack(
                testDescription: "length and chunks", text: post("Content-Length: 5\r\n" + chunked, ended + smuggled)),
            Attack(
                testDescription: "chunks and length", text: post(chunked + "Content-Length: 5\r\n", ended + smuggled)),
            Attack(
                testDescription: "two lengths",
                text: post("Content-Length: 0\r\nContent-Length: \(one.utf8.count)\r\n", one + smuggled)),
            Attack(
                testDescription: "two lengths in one field",
                text: post("Content-Length: 0, \(one.utf8.count)\r\n", one + smuggled)),
            Attack(testDescription: "negative length", text: post("Content-Length: -1\r\n", one + smuggled)),
            Attack(testDescription: "signed length", text: post("Content-Length: +5\r\n", one + smuggled)),
            Attack(testDescription: "hexadecimal length", text: post("Content-Length: 0x10\r\n", one + smuggled)),
            Attack(
                testDescription: "length beyond 64 bits",
                text: post("Content-Length: 18446744073709551617\r\n", one + smuggled)),
            Attack(
                testDescription: "chunk beyond 64 bits",
                text: post(chunked, "10000000000000005\r\nhello\r\n" + smuggled),
                statuses: [400, 500]),
            Attack(
                testDescription: "chunk of a negative size", text: post(chunked, "-5\r\nhello\r\n" + smuggled),
                statuses: [400, 500]),
            Attack(
                testDescription: "chunk without its end", text: post(chunked, "\(size)\r\n\(one)XX" + smuggled),
                statuses: [400, 500], events: 1),
            Attack(
                testDescription: "unknown transfer encoding", text: post("Transfer-Encoding: gzip\r\n", one + smuggled),
                statuses: [400, 500, 501]),
            Attack(
                testDescription: "chunked, but not at last",
                text: post("Transfer-Encoding: chunked, identity\r\n", ended + smuggled), statuses: [400, 500, 501]),
            Attack(
                testDescription: "chunked, misspelt", text: post("Transfer-Encoding: xchunked\r\n", ended + smuggled),
                statuses: [400, 500, 501]),
            Attack(
                testDescription: "bare LF",
                text: "POST /intake/v2/events HTTP/1.1\nHost: x\n\(length)\n\(one)" + smuggled),
            Attack(
                testDescription: "bare CR",
                text: "GET / HTTP/1.1\r\nHost: x\r\nX-Y: a\rContent-Length: 4\r\n\r\n" + smuggled),
            Attack(testDescription: "folded field", text: post("X-Y: a\r\n Content-Length: 0\r\n" + length, one)),
            Attack(
                testDescription: "folded first field",
                text: "POST /intake/v2/events HTTP/1.1\r\n Host: x\r\n\(length)\r\n\(one)" + smuggled),
            Attack(
                testDescription: "space before the colon",
                text: post("Content-Length : \(one.utf8.count)\r\n", one + smuggled)),
            Attack(
                testDescription: "space before the other colon",
                text: post("Transfer-Encoding : chunked\r\n" + length, one)),
            Attack(testDescription: "NUL in a value", text: post("X-Y: a\u{0}b\r\n" + length, one + smuggled)),
            Attack(testDescription: "NUL in a name", text: post("X\u{0}Y: a\r\n" + length, one + smuggled)),
            Attack(testDescription: "no name", text: post(": a\r\n" + length, one + smuggled)),
            Attack(testDescription: "no colon", text: post("nonsense\r\n" + length, one + smuggled)),
            Attack(testDescription: "HTTP/2", text: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{0}\u{0}\u{0}\u{4}\u{0}"),
            Attack(testDescription: "TLS", text: "\u{16}\u{3}\u{1}\u{0}\u{7F}\u{1}\u{0}\u{0}"),
            Attack(testDescription: "space in the path", text: "GET / nonsense HTTP/1.1\r\nHost: x\r\n\r\n"),
            Attack(
                testDescription: "control character in the path", text: "GET /\u{1B}[2J HTTP/1.1\r\nHost: x\r\n\r\n"),
            Attack(testDescription: "NUL in the path", text: "GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n"),
            Attack(
                testDescription: "long method", text: String(repeating: "A", count: 100_000) + " / HTTP/1.1\r\n\r\n"),
            Attack(testDescription: "HTTP/0.9", text: "GET /\r\n\r\n"),
            Attack(
                testDescription: "long path", text: "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\n\r\n",
                statuses: [400, 414, 431]),
        ]
    }()

    @Test(arguments: attacks)
    func `what is framed wrongly is refused, and nothing behind it served`(_ attack: Attack) async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try? await connection.send(attack.text)
            connection.closeSending()
            let answer = try await connection.readAnswer()
            #expect(attack.statuses.contains(answer.status))
            #expect(try await connection.readToEnd() == "")
            let events = await server.sink.deliveries.map(\.batch.sideEvents.count).reduce(0, +)
            #expect(events == attack.events)
            #expect(try await server.client().get("/").status == 200)
        }
    }

    @Test(arguments: [
        "//intake/v2/events", "/../intake/v2/events", "/intake/v2/../v2/events", "/%2e%2e/intake/v2/events",
        "/intake/v2/events/", "/intake/v2/events%00", "/INTAKE/v2/events", "/intake%2Fv2/events", "*",
        "/%0d%0aSet-Cookie:%20a=b", "/..%2f..%2fetc/passwd", "/\\..\\",
    ])
    func `a path means only what it says`(_ path: String) async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            let body = Streams.errors(1)
            try await connection.send(
                "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let answer = try await connection.readAnswer()
            #expect([400, 404].contains(answer.status))
            #expect(answer.headers["set-cookie"] == nil)
            #expect(await server.sink.deliveries.isEmpty)
        }
    }

    @Test func `nothing that was sent becomes a header of an answer`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            let value = "a%0d%0aX-Evil:%201"
            for text in [
                "GET /config/v1/agents?service.name=\(value) HTTP/1.1\r\nHost: x\r\nIf-None-Match: \(value)\r\n\r\n",
                "POST /intake/v2/rum/events?\(value) HTTP/1.1\r\nHost: x\r\nOrigin: \(value)\r\nContent-Length: 0\r\n\r\n",
            ] {
                try await connection.send(text)
                let answer = try await connection.readAnswer()
                #expect(answer.headers["x-evil"] == nil)
                #expect(!answer.body.contains("\r"))
            }
        }
    }

    @Test(arguments: ["one large field", "many fields", "many fields without an end"])
    func `a head that is too large is refused before it is whole`(_ how: String) async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            var text = "GET / HTTP/1.1\r\nHost: x\r\n"
            switch how {
            case "one large field": text += "X-Y: " + String(repeating: "a", count: 1 << 20) + "\r\n\r\n"
            case "many fields": text += String(repeating: "X-Y: a\r\n", count: 100_000) + "\r\n"
            default: text += String(repeating: "a:\r\n", count: 300)
            }
            try? await connection.send(text)
            #expect(try await connection.readAnswer().status == 431)
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `more requests than anyone sends ahead end the connection`() async throws {
        let gate = Gate()
        try await RunningServer.run(sink: RecordingSink(gate: gate)) { server in
            let connection = try server.connect()
            let body = Streams.errors(1)
            let post = "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            try await connection.send(post + String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 1000))
            await gate.arrival()
            await gate.open()
            #expect(try await connection.readAnswer().status == 202)
            let rest = try await connection.readToEnd()
            let answers = rest.split(separator: "HTTP/1.1 200 OK", omittingEmptySubsequences: false).count - 1
            #expect((1...15).contains(answers))
            #expect(rest.contains("connection: close"))
        }
    }

    @Test func `a line of 20 MiB is rejected alone`() async throws {
        try await RunningServer.run { server in
            let long = String(repeating: "a", count: 20 << 20)
            let lines = [Streams.metadata, Streams.transaction(1), long, Streams.transaction(2)]
            let answer = try await server.client().post("/intake/v2/events", body: Array(Streams.lined(lines).utf8))
            #expect(answer.status == 400)
            #expect(answer.text.hasPrefix(#"{"accepted":2,"errors":[{"message":"event exceeded the permitted size""#))
            #expect(await server.sink.deliveries.map(\.batch.events.count) == [2])
        }
    }
}
