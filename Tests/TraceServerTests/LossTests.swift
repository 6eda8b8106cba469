import Testing
import TraceCore

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct LossTests {
    private func post(
        _ body: String, headers: [(name: String, value: String)] = [], to server: RunningServer
    ) async throws -> ClientResponse {
        try await server.client().post("/intake/v2/events?verbose", headers: headers, body: Array(body.utf8))
    }

    @Test func `a delivery carries what of its request was rejected, and it is noted nowhere else`() async throws {
        try await RunningServer.run { server in
            let answer = try await post(Streams.errors(2) + "x\n{\"y\":1}\n", to: server)
            #expect(answer.status == 400)
            let delivery = try #require(await server.sink.deliveries.first)
            #expect(delivery.losses.entries.map(\.count).reduce(0, +) == 2)
            #expect(delivery.losses.entries.allSatisfy { $0.unit == .lines })
            #expect(await server.sink.losses.isEmpty)
        }
    }

    @Test func `a delivery of a request that was taken whole carries no loss`() async throws {
        try await RunningServer.run { server in
            let answer = try await post(Streams.errors(2), to: server)
            #expect(answer.status == 202)
            #expect(await server.sink.deliveries.map(\.losses) == [LossTally()])
            #expect(await server.sink.losses.isEmpty)
        }
    }

    @Test func `lines rejected of a request that brought no other are noted`() async throws {
        try await RunningServer.run { server in
            let answer = try await post(Streams.errors(0) + "x\nx\n", to: server)
            #expect(answer.status == 400)
            #expect(await server.sink.deliveries.isEmpty)
            let lost = await server.sink.losses.entries
            #expect(lost.map(\.unit) == [.lines])
            #expect(lost.map(\.count) == [2])
        }
    }

    @Test(arguments: ["{}\n", "{\"metadata\":{}}\n", Streams.metadata])
    func `a stream that fails at its metadata is noted once`(_ begin: String) async throws {
        try await RunningServer.run { server in
            let answer = try await post(begin, to: server)
            #expect(answer.status == 400)
            let lost = await server.sink.losses.entries
            #expect(lost.map(\.count) == [1])
            let reason = try #require(lost.first).reason
            #expect(answer.text.contains(JSONText.string(reason).dropLast()))
        }
    }

    @Test func `a body that breaks off is noted with what was whole, or alone`() async throws {
        try await RunningServer.run { server in
            for count in [0, 3] {
                let connection = try server.connect()
                try await connection.send(
                    "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n"
                        + Streams.transactions(count))
                connection.closeSending()
                #expect(try await connection.readAnswer().status == 500)
            }
            #expect(await server.sink.losses.entries.map(\.count) == [1])
            #expect(await server.sink.deliveries.map { $0.losses.entries.map(\.count) } == [[1]])
        }
    }

    @Test func `a request turned away for want of room is lost as one, with its service`() async throws {
        try await RunningServer.run(sink: RecordingSink(outcome: .queueFull)) { server in
            let agent = [(name: "User-Agent", value: "apm-agent-test/1.0 (shop)")]
            let answer = try await post(Streams.errors(2) + "x\n", headers: agent, to: server)
            #expect(answer.status == 503)
            let lost = try #require(await server.sink.losses.entries.first)
            #expect(await server.sink.losses.entries.count == 1)
            #expect(lost.unit == .requests)
            #expect(lost.count == 1)
            let document = Array("POST /intake/v2/events\nUser-Agent: apm-agent-test/1.0 (shop)".utf8)
            #expect(
                lost.offenders == [
                    LossTally.Offender(time: 1_700_000_000_000_000, service: "shop", line: nil, document: document)
                ])
        }
    }

    @Test func `requests refused for the same reason are counted together`() async throws {
        try await RunningServer.run { server in
            for type in ["text/plain", "text/html", "application/json"] {
                let header = [(name: "Content-Type", value: type)]
                let answer = try await post(Streams.errors(1), headers: header, to: server)
                #expect(answer.status == 400)
            }
            let lost = try #require(await server.sink.losses.entries.first)
            #expect(lost.reason == "invalid content type")
            #expect(lost.count == 3)
            #expect(
                lost.offenders.map { String(decoding: $0.document ?? [], as: UTF8.self) } == [
                    "POST /intake/v2/events\nContent-Type: text/plain",
                    "POST /intake/v2/events\nContent-Type: text/html",
                    "POST /intake/v2/events\nContent-Type: application/json",
                ])
        }
    }

    @Test(arguments: ["Bearer hunter2", "hunter2 hunter2", "hunter2", "ApiKey hunter2", "Basic hunter2"])
    func `no credential is kept, wherever it stands`(_ credential: String) async throws {
        try await RunningServer.run {
            $0.secretToken = "secret"
        } _: { server in
            let connection = try server.connect()
            try await connection.send(
                "POST http://hunter2@x/intake/v2/events?token=hunter2 HTTP/1.1\r\nHost: x\r\nCookie: hunter2\r\n"
                    + "Authorization: \(credential)\r\nContent-Length: 0\r\n\r\n")
            #expect(try await connection.readAnswer().status >= 400)
            let lost = await server.sink.losses.entries
            #expect(lost.map(\.count) == [1])
            let one = try #require(lost.first)
            let documents = one.offenders.map { String(decoding: $0.document ?? [], as: UTF8.self) }
            #expect(documents.count == 1)
            for text in [one.reason] + documents { #expect(!text.contains("hunter2")) }
        }
    }

    @Test func `questions that bring nothing are not noted, answered or not`() async throws {
        try await RunningServer.run {
            $0.secretToken = "secret"
        } _: { server in
            for path in ["/", "/config/v1/agents?service.name=x", "/favicon.ico"] {
                _ = try await server.client().get(path)
            }
            #expect(await server.sink.losses.isEmpty)
        }
    }
}
