import Testing
import TraceCore

@testable import TraceServer

/// How long clients may take, and how many there may be.
@Suite(.timeLimit(.minutes(10)))
struct PaceTests {
    private let question = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test(arguments: ["", "GET / HTTP/1.1\r\nHos"])
    func `a head that does not come in time ends the connection`(_ start: String) async throws {
        try await RunningServer.run {
            $0.limits.headTime = .milliseconds(300)
        } _: { server in
            let connection = try server.connect()
            // It may end before that is sent.
            try? await connection.send(start)
            let received = (try? await connection.readToEnd()) ?? ""
            #expect(received.isEmpty)
        }
    }

    @Test func `a head that dribbles ends the connection, also behind another request`() async throws {
        try await RunningServer.run {
            $0.limits.headTime = .seconds(2)
        } _: { server in
            let connection = try server.connect()
            try await connection.send(question)
            #expect(try await connection.readAnswer().status == 200)
            try await connection.send("GET / HTTP/1.1\r\nX: ")
            while connection.isSilent {
                // It may end meanwhile.
                try? await connection.send("a")
                try await Task.sleep(for: .milliseconds(20))
            }
            // With bytes of the client's on their way, its system may call the end a reset.
            let received = (try? await connection.readToEnd()) ?? ""
            #expect(received.isEmpty)
        }
    }

    @Test func `a connection may rest between requests longer than a head may take`() async throws {
        try await RunningServer.run {
            $0.limits.headTime = .seconds(15)
        } _: { server in
            let connection = try server.connect()
            try await connection.send(question)
            #expect(try await connection.readAnswer().status == 200)
            try await Task.sleep(for: .seconds(17))
            try await connection.send(question)
            #expect(try await connection.readAnswer().status == 200)
        }
    }

    @Test func `the time of a body that was sent ahead begins when it is its turn`() async throws {
        let gate = Gate()
        try await RunningServer.run(sink: RecordingSink(gate: gate)) {
            $0.limits.bodyTime = .seconds(15)
        } _: { server in
            let connection = try server.connect()
            let body = Streams.errors(1)
            let head = "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            try await connection.send(head + body + head + body.prefix(10))
            await gate.arrival()
            try await Task.sleep(for: .seconds(17))
            await gate.open()
            #expect(try await connection.readAnswer().status == 202)
            try await connection.send(String(body.dropFirst(10)))
            #expect(try await connection.readAnswer().status == 202)
        }
    }

    @Test func `a client that takes no answers is cut off`() async throws {
        try await RunningServer.run {
            $0.limits.answerTime = .seconds(1)
        } _: { server in
            let connection = try server.connect()
            // An answer of this is larger than what systems keep for a client.
            let line = "{\"error\":\"" + String(repeating: "\u{1}", count: 299_000) + "\n"
            let body = Streams.errors(0) + String(repeating: line, count: 5)
            try await connection.send(
                "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            while connection.isSilent { try await Task.sleep(for: .milliseconds(20)) }
            // The first of it came. Who takes no more for longer than is allowed gets no more.
            try await Task.sleep(for: .seconds(8))
            let received = (try? await connection.readToEnd()) ?? ""
            #expect(received.utf8.count < 5 * 6 * 299_000)
        }
    }

    @Test func `the connection that rests longest makes room for a new one`() async throws {
        try await RunningServer.run {
            $0.limits.connections = 4
        } _: { server in
            var resting: [RawConnection] = []
            for _ in 0..<3 {
                let connection = try server.connect()
                try await connection.send(question)
                #expect(try await connection.readAnswer().status == 200)
                resting.append(connection)
            }
            // With the fourth there are as many as there may be.
            var newer = [try server.connect()]
            while let longest = resting.first {
                newer.append(try server.connect())
                #expect(try await longest.readToEnd() == "")
                resting.removeFirst()
                let others = resting.filter(\.isSilent)
                #expect(others.count == resting.count)
            }
        }
    }

    @Test func `of connections that come at once, no more are closed than has to be`() async throws {
        for _ in 0..<20 {
            try await RunningServer.run {
                $0.limits.connections = 2
            } _: { server in
                let connections = try (0..<4).map { _ in try server.connect() }
                while connections.count(where: \.isSilent) > 2 { try await Task.sleep(for: .milliseconds(5)) }
                try await Task.sleep(for: .milliseconds(20))
                let open = connections.filter(\.isSilent)
                #expect(open.count == 2)
            }
        }
    }

    @Test func `connections that say nothing lock nobody out`() async throws {
        try await RunningServer.run {
            $0.limits.connections = 4
        } _: { server in
            var silent: [RawConnection] = []
            for _ in 0..<100 { silent.append(try server.connect()) }
            let client = server.client()
            let body = Array(Streams.errors(1).utf8)
            for _ in 0..<5 { #expect(try await client.post("/intake/v2/events", body: body).status == 202) }
        }
    }

    @Test func `a body that has been coming long makes room, its whole lines stored`() async throws {
        let sink = RecordingSink()
        try await RunningServer.run(sink: sink) {
            $0.limits.connections = 2
        } _: { server in
            var slow: [RawConnection] = []
            for _ in 0..<2 {
                let connection = try server.connect()
                try await connection.send(
                    "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                        + "Content-Length: 9999\r\n\r\n")
                #expect(try await connection.readAnswer().status == 100)
                try await connection.send(Streams.transactions(2))
                slow.append(connection)
            }
            // Nothing tells a client that its lines were read.
            try await Task.sleep(for: .seconds(3))
            let connection = try server.connect()
            try await connection.send(question)
            #expect(try await connection.readAnswer().status == 200)
            while await sink.deliveries.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            #expect(await sink.deliveries.first?.batch.events.count == 2)
            #expect(slow[1].isSilent)
        }
    }

    @Test func `a request that is being answered does not make room`() async throws {
        let gate = Gate()
        try await RunningServer.run(sink: RecordingSink(gate: gate)) {
            $0.limits.connections = 1
        } _: { server in
            let connection = try server.connect()
            let body = Streams.errors(1)
            try await connection.send(
                "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            await gate.arrival()
            var others: [RawConnection] = []
            for _ in 0..<30 { others.append(try server.connect()) }
            await gate.open()
            let answer = try await connection.readAnswer()
            #expect(answer.status == 202)
            #expect(answer.headers["connection"] == "close")
        }
    }
}
