import Testing

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct IntakeClientTests {
    /// The status of the answer.
    private func post(_ body: [UInt8], with client: IntakeClient) async throws -> Int {
        try await client.post("/intake/v2/events", body: body).status
    }

    @Test func `a client sends its token and reads answers`() async throws {
        try await RunningServer.run {
            $0.secretToken = "secret"
        } _: { server in
            let known = server.client(secretToken: "secret")
            let answer = try await known.get("/")
            #expect(answer.status == 200)
            #expect(answer.header("CONTENT-TYPE") == "application/json")
            #expect(answer.text.contains("\"version\":\"8.19.0\""))
            #expect(try await server.client().get("/").text == "")
        }
    }

    @Test func `one request after another uses the same connection`() async throws {
        try await RunningServer.run { server in
            let client = server.client()
            let good = Array(Streams.errors(1).utf8)
            let first = try await post(good, with: client)
            #expect(first == 202)
            #expect(await client.hasOpenConnection)
            let second = try await post(Array("x".utf8), with: client)
            #expect(second == 400)
            #expect(await !client.hasOpenConnection)
            let third = try await post(good, with: client)
            #expect(third == 202)
        }
    }

    @Test func `a connection that the server closed meanwhile is replaced`() async throws {
        var client: IntakeClient?
        var port = 0
        try await RunningServer.run { server in
            let first = server.client()
            let status = try await post(Array(Streams.errors(1).utf8), with: first)
            #expect(status == 202)
            client = first
            port = server.address.port
        }
        let kept = try #require(client)
        try await RunningServer.run {
            $0.address.port = port
        } _: { _ in
            let status = try await post(Array(Streams.errors(1).utf8), with: kept)
            #expect(status == 202)
        }
    }

    @Test func `requests made at the same time are answered each`() async throws {
        try await RunningServer.run { server in
            let client = server.client()
            try await withThrowingTaskGroup(of: String.self) { tasks in
                for count in 1...8 {
                    let body = Array(Streams.errors(count).utf8)
                    tasks.addTask { try await client.post("/intake/v2/events?verbose", body: body).text }
                }
                let answers = try await tasks.reduce(into: Set()) { $0.insert($1) }
                #expect(answers == Set((1...8).map { "{\"accepted\":\($0)}\n" }))
            }
        }
    }

    @Test func `an answer that does not come is an error`() async throws {
        let gate = Gate()
        try await RunningServer.run(sink: RecordingSink(gate: gate)) { server in
            let client = IntakeClient(address: server.address, timeout: .seconds(1))
            await #expect(throws: ClientError.timedOut) {
                try await client.post("/intake/v2/events", body: Array(Streams.errors(1).utf8))
            }
            await gate.open()
        }
    }

    @Test func `a server that is not there is an error that names it`() async throws {
        // Nobody listens on the first port, and no free port that others are given is that one.
        let address = ServerAddress(host: "127.0.0.1", port: 1)
        await #expect {
            try await IntakeClient(address: address).get("/")
        } throws: { error in
            guard case .cannotConnect(address, _)? = error as? ClientError else { return false }
            return true
        }
    }

    @Test func `an early answer to a long body is read`() async throws {
        try await RunningServer.run {
            $0.limits.discardedBytes = 1000
            $0.secretToken = "secret"
        } _: { server in
            let body = [UInt8](repeating: UInt8(ascii: "x"), count: 200_000)
            let status = try await post(body, with: server.client())
            #expect(status == 401)
        }
    }
}

struct ServerAddressTests {
    @Test func `addresses are read as they are written, and in shorter forms`() {
        let address = ServerAddress(host: "127.0.0.1", port: 8200)
        #expect(address.description == "http://127.0.0.1:8200")
        for text in ["http://127.0.0.1:8200", "http://127.0.0.1:8200/", "127.0.0.1:8200", "127.0.0.1"] {
            #expect(ServerAddress(text) == address)
        }
        let six = ServerAddress(host: "::1", port: 9)
        #expect(ServerAddress(six.description) == six)
        #expect(ServerAddress("[::1]") == ServerAddress(host: "::1", port: 8200))
    }

    @Test(arguments: ["", "http://", "https://x", "x:y", "x:70000", "x/y", "http://a@b", "[::1", "x:", "::1"])
    func `what is no address is refused`(_ text: String) {
        #expect(ServerAddress(text) == nil)
    }
}
