import Testing
import TraceCore

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct ShutdownTests {
    private func post(_ count: Int) -> String {
        let body = Streams.errors(count)
        return "POST /intake/v2/events?verbose HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Returns when the server takes no more connections.
    private func refusal(by server: RunningServer) async {
        while (try? server.connect()) != nil { await Task.yield() }
    }

    @Test func `an open request is finished, and the next refused`() async throws {
        let gate = Gate()
        try await RunningServer.run(sink: RecordingSink(gate: gate)) { server in
            let connection = try server.connect()
            // In one piece, so that the server has both when it begins with the first.
            try await connection.send(post(1) + post(2))
            await gate.arrival()
            await server.beginShutdown()
            await refusal(by: server)
            await gate.open()
            let first = try await connection.readAnswer()
            #expect(first.status == 202)
            #expect(first.body == "{\"accepted\":1}\n")
            let second = try await connection.readAnswer()
            #expect(second.status == 503)
            #expect(second.body == "{\"accepted\":0,\"errors\":[{\"message\":\"server is shutting down\"}]}\n")
            #expect(second.headers["connection"] == "Close")
            #expect(try await connection.readToEnd() == "")
            #expect(await server.sink.deliveries.count == 1)
        }
    }

    @Test func `an open request is finished, and its connection closed`() async throws {
        let gate = Gate()
        try await RunningServer.run(sink: RecordingSink(gate: gate)) { server in
            let connection = try server.connect()
            try await connection.send(post(1))
            await gate.arrival()
            await server.beginShutdown()
            await refusal(by: server)
            await gate.open()
            #expect(try await connection.readAnswer().status == 202)
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `connections at rest are closed`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send(post(1))
            #expect(try await connection.readAnswer().status == 202)
            await server.beginShutdown()
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `a request without an end is cut off after the grace time, its whole lines delivered`() async throws {
        let sink = RecordingSink()
        try await RunningServer.run(sink: sink) {
            $0.limits.graceTime = .seconds(2)
        } _: { server in
            let connection = try server.connect()
            let body = Streams.transactions(3)
            try await connection.send(
                "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n")
            #expect(try await connection.readAnswer().status == 100)
            try await connection.send(body)
            await server.beginShutdown()
            #expect(try await connection.readToEnd() == "")
        }
        #expect(await sink.deliveries.map(\.batch.events.count) == [3])
    }

    @Test func `an address that is taken is an error that names it`() async throws {
        try await RunningServer.run { first in
            await #expect {
                try await RunningServer.run {
                    $0.address = first.address
                } _: { _ in
                }
            } throws: { error in
                guard case .cannotListen(first.address, let reason)? = error as? ServerError else { return false }
                return reason.contains("in use")
            }
        }
    }
}
