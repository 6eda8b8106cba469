import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Sets a new connection up: Hummingbird's HTTP/1 with our rules between it and the decoder, where the version
/// of a request can still be seen.
struct ConnectionSetup: ServerChildChannel {
    let http: HTTP1Channel
    let limits: IntakeConfiguration.Limits
    let connections: OpenConnections
    let memory: HeldMemory

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        let state = ConnectionState(channel, memory: memory)
        connections.count(state)
        return http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            try bound(channel)
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let rules = ConnectionRules(limits: limits, state: state, connections: connections, memory: memory)
            try pipeline.addHandler(rules, position: .after(decoder))
            return value
        }
    }

    /// Where there are many connections, each is read in smaller pieces: what was read and is not decoded yet is
    /// counted nowhere. Nor are answers before they are sent, but by the connection itself.
    private func bound(_ channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        try options.setOption(.writeBufferWaterMark, value: .init(low: 4 << 10, high: 16 << 10))
        guard connections.count > Self.fewConnections else { return }
        try options.setOption(.maxMessagesPerRead, value: 1)
        let allocator = AdaptiveRecvByteBufferAllocator(minimum: 1 << 10, initial: 2 << 10, maximum: 16 << 10)
        try options.setOption(.recvAllocator, value: allocator)
    }

    private static let fewConnections = 64

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}

extension HTTPServerBuilder {
    /// A server of connections set up so.
    static func intake(
        limits: IntakeConfiguration.Limits, connections: OpenConnections, memory: HeldMemory
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes, maxHeaderFieldCount: 200)
            let http = HTTP1Channel(
                responder: { request, writer, channel in
                    var request = request
                    if let connection = connections.state(of: channel) {
                        request.body = RequestBody(
                            asyncSequence: CountedBody(body: request.body, connection: connection))
                    }
                    try await responder(request, writer, channel)
                }, configuration: .init(httpDecoderConfiguration: decoder))
            return ConnectionSetup(
                http: http,
                limits: limits, connections: connections, memory: memory)
        }
    }
}
