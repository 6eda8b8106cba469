import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import TraceServer

/// Who closes where there are more connections than there may be, whatever comes first.
@Suite("Connections in excess")
struct ExcessTests {
    private let connections = OpenConnections()
    private let memory = HeldMemory(limit: 1 << 20)

    init() { connections.setLimit(2) }

    /// A connection that is counted, and not set up yet.
    private func accepted() -> (channel: EmbeddedChannel, state: ConnectionState) {
        let channel = EmbeddedChannel()
        let state = ConnectionState(channel, memory: memory)
        connections.count(state)
        return (channel, state)
    }

    private func setUp(_ connection: (channel: EmbeddedChannel, state: ConnectionState)) throws {
        let rules = ConnectionRules(
            limits: IntakeConfiguration.Limits(), state: connection.state, connections: connections, memory: memory)
        try connection.channel.pipeline.syncOperations.addHandler(rules)
        connection.channel.embeddedEventLoop.run()
    }

    @Test("several that are counted before any is set up: those that came first make room when they are set up")
    func noneSetUpYet() throws {
        let all = (0..<4).map { _ in accepted() }
        #expect(connections.count == 4)
        for connection in all { try setUp(connection) }
        for connection in all { connection.channel.embeddedEventLoop.run() }
        #expect(connections.count == 2)
        #expect(connections.state(of: all[2].channel) != nil && connections.state(of: all[3].channel) != nil)
    }

    @Test("one that is not set up yet makes room before one that came later and is")
    func lateSetUp() throws {
        let first = accepted()
        let later = (0..<2).map { _ in accepted() }
        for connection in later { try setUp(connection) }
        for connection in later { connection.channel.embeddedEventLoop.run() }
        #expect(connections.count == 3)
        try setUp(first)
        first.channel.embeddedEventLoop.run()
        #expect(connections.count == 2 && connections.state(of: first.channel) == nil)
    }

    @Test("one that had something to do when it was chosen leaves the choice to others")
    func refused() throws {
        let all = (0..<2).map { _ in accepted() }
        for connection in all { try setUp(connection) }
        // The first is chosen just as its request comes, so that it has to answer.
        all[0].state.setLeaving(true)
        let third = accepted()
        try setUp(third)
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["Host": "x"])
        try all[0].channel.writeInbound(HTTPServerRequestPart.head(head))
        try all[0].channel.writeInbound(HTTPServerRequestPart.end(nil))
        #expect(connections.count == 3)
        all[0].state.makeRoom()
        for connection in all + [third] { connection.channel.embeddedEventLoop.run() }
        #expect(connections.count == 2)
        #expect(connections.state(of: all[0].channel) != nil)
    }

    @Test("as many as there may be stay")
    func enough() throws {
        let all = (0..<2).map { _ in accepted() }
        for connection in all { try setUp(connection) }
        #expect(connections.count == 2 && !all[0].state.isLeaving && !all[1].state.isLeaving)
    }
}
