import Testing
import TraceCore

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct ConnectionTests {
    private let question = "GET / HTTP/1.1\r\nHost: x\r\n"

    private func post(_ body: String, query: String = "?verbose", headers: String = "") -> String {
        "POST /intake/v2/events\(query) HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func `a connection serves one request after another`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            for count in 1...3 {
                try await connection.send(post(Streams.errors(count)))
                #expect(try await connection.readAnswer().body == "{\"accepted\":\(count)}\n")
            }
            #expect(await server.sink.deliveries.map(\.batch.sideEvents.count) == [1, 2, 3])
        }
    }

    @Test func `requests sent ahead are answered in order`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send((1...4).map { post(Streams.errors($0)) }.joined())
            for count in 1...4 {
                #expect(try await connection.readAnswer().body == "{\"accepted\":\(count)}\n")
            }
        }
    }

    @Test(arguments: ["close", "Close", "CLOSE", "foo, Close"])
    func `a request that closes the connection is the last`(_ word: String) async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send("\(question)Connection: \(word)\r\n\r\n\(question)\r\n")
            let answer = try await connection.readAnswer()
            #expect(answer.status == 200)
            #expect(answer.headers["connection"] == "close")
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `an error ends the connection, and what was sent ahead behind it is not answered`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send(post(Streams.errors(1)) + post("x\n") + post(Streams.errors(2)) + post("y\n"))
            #expect(try await connection.readAnswer().body == "{\"accepted\":1}\n")
            let error = try await connection.readAnswer()
            #expect(error.status == 400)
            #expect(error.headers["connection"] == "Close")
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `what comes behind an answer that ends the connection is not served`() async throws {
        let sink = RecordingSink()
        try await RunningServer.run(sink: sink) { server in
            let connection = try server.connect()
            try await connection.send(post("x\n"))
            #expect(try await connection.readAnswer().status == 400)
            try await connection.send(post(Streams.errors(1)))
            #expect(try await connection.readToEnd() == "")
        }
        #expect(await sink.deliveries.isEmpty)
    }

    @Test func `requests of all kinds sent ahead are answered in order`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            let config = "GET /config/v1/agents?service.name=x HTTP/1.1\r\nHost: x\r\n"
            try await connection.send(
                post(Streams.errors(2)) + "\(question)\r\n" + post(Streams.errors(1), query: "")
                    + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" + "\(config)If-None-Match: \"-\"\r\n\r\n"
                    + post("", headers: "Content-Encoding: gzip\r\n") + "\(config)\r\n")
            for (status, body) in [
                (202, "{\"accepted\":2}\n"), (200, nil), (202, ""), (404, "{\"error\":\"404 page not found\"}\n"),
                (304, ""), (202, "{\"accepted\":0}\n"), (200, "{}\n"),
            ] {
                let answer = try await connection.readAnswer()
                #expect(answer.status == status)
                if let body { #expect(answer.body == body) }
            }
        }
    }

    @Test(arguments: [true, false])
    func `HTTP 1.0 sends events as well, and is never asked to go on`(isKept: Bool) async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            let body = Streams.errors(2)
            for _ in 0..<(isKept ? 3 : 1) {
                try await connection.send(
                    "POST /intake/v2/events?verbose HTTP/1.0\r\nExpect: 100-continue\r\n"
                        + "\(isKept ? "Connection: keep-alive\r\n" : "")Content-Length: \(body.utf8.count)\r\n\r\n"
                        + body)
                let answer = try await connection.readAnswer()
                #expect(answer.status == 202)
                #expect(answer.body == "{\"accepted\":2}\n")
                #expect(answer.headers["connection"] == (isKept ? "keep-alive" : "close"))
            }
            if !isKept { #expect(try await connection.readToEnd() == "") }
        }
    }

    @Test func `a request that ends its connection is served first`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send(post(Streams.errors(2), headers: "Connection: close\r\n"))
            let answer = try await connection.readAnswer()
            #expect(answer.body == "{\"accepted\":2}\n")
            #expect(answer.headers["connection"] == "close")
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `only who waits to be told is told to go on`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send(post(Streams.errors(1), headers: "Expect: 100-continue\r\n"))
            #expect(try await connection.readAnswer().status == 100)
            #expect(try await connection.readAnswer().status == 202)
            try await connection.send(post(Streams.errors(1)))
            #expect(try await connection.readAnswer().status == 202)
        }
    }

    @Test func `a body held back that nobody wants is asked for, then refused`() async throws {
        try await RunningServer.run {
            $0.secretToken = "secret"
        } _: { server in
            let connection = try server.connect()
            let body = Streams.errors(2)
            try await connection.send(
                "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n")
            #expect(try await connection.readAnswer().status == 100)
            try await connection.send(body)
            #expect(try await connection.readAnswer().status == 401)
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `HTTP 1.0 closes after one answer`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send("GET / HTTP/1.0\r\n\r\n")
            let answer = try await connection.readAnswer()
            #expect(answer.status == 200)
            #expect(answer.headers["connection"] == "close")
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `HTTP 1.0 may keep the connection`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            for _ in 0..<2 {
                try await connection.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                let answer = try await connection.readAnswer()
                #expect(answer.status == 200)
                #expect(answer.headers["connection"] == "keep-alive")
                #expect(answer.headers["transfer-encoding"] == nil)
            }
        }
    }

    @Test func `a body held back is asked for`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            let body = Streams.errors(2)
            for _ in 0..<2 {
                try await connection.send(
                    "POST /intake/v2/events?verbose HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n")
                #expect(try await connection.readAnswer().status == 100)
                try await connection.send(body)
                #expect(try await connection.readAnswer().body == "{\"accepted\":2}\n")
            }
        }
    }

    @Test func `a body held back behind another request is asked for in its turn`() async throws {
        let gate = Gate()
        try await RunningServer.run(sink: RecordingSink(gate: gate)) { server in
            let connection = try server.connect()
            let body = Streams.errors(2)
            try await connection.send(
                post(Streams.errors(1)) + "POST /intake/v2/events?verbose HTTP/1.1\r\nHost: x\r\n"
                    + "Expect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
            await gate.arrival()
            #expect(connection.isSilent)
            await gate.open()
            #expect(try await connection.readAnswer().body == "{\"accepted\":1}\n")
            #expect(try await connection.readAnswer().status == 100)
            try await connection.send(body)
            #expect(try await connection.readAnswer().body == "{\"accepted\":2}\n")
        }
    }

    @Test func `HEAD is answered without a body, and the connection goes on`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n\(question)\r\n")
            let head = try await connection.readAnswer(toHead: true)
            let get = try await connection.readAnswer()
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == get.headers["content-length"])
            #expect(get.body.contains("publish_ready"))
        }
    }

    @Test(arguments: ["nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"])
    func `what is no HTTP is answered with 400 and closed`(_ text: String) async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send(text)
            #expect(try await connection.readAnswer().status == 400)
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `headers that are too large are answered with 431`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            // The server closes amid the sending.
            try? await connection.send("\(question)X-Large: \(String(repeating: "a", count: 100_000))")
            #expect(try await connection.readAnswer().status == 431)
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `a silent connection is closed`() async throws {
        try await RunningServer.run {
            $0.limits.idleTime = .milliseconds(50)
        } _: { server in
            let connection = try server.connect()
            try await connection.send("\(question)\r\n")
            #expect(try await connection.readAnswer().status == 200)
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `the type of an answer is what its reader takes`() async throws {
        let types = [
            "Accept: application/json\r\n": "application/json", "Accept: text/html, */*;q=0.1\r\n": "application/json",
            "Accept: text/html\r\n": "text/plain; charset=utf-8", "": "text/plain; charset=utf-8",
        ]
        try await RunningServer.run { server in
            let connection = try server.connect()
            for (header, type) in types {
                try await connection.send("\(question)\(header)\r\n")
                #expect(try await connection.readAnswer().headers["content-type"] == type)
            }
        }
    }
}
