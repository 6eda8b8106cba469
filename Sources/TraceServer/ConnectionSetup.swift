import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Sets a new connection up: Hummingbird's HTTP/1 with our rules between it and the decoder, where the version
/// of a request can still be seen.
struct ConnectionSetup: ServerChildChannel {
    let http: HTTP1Channel
    let graceTime: TimeAmount
    let connections: OpenConnections

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        connections.count(channel)
        return http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(ConnectionRules(graceTime: graceTime), position: .after(decoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}

extension HTTPServerBuilder {
    /// A server of connections set up so.
    static func intake(limits: IntakeConfiguration.Limits, connections: OpenConnections) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            ConnectionSetup(
                http: HTTP1Channel(
                    responder: responder, configuration: .init(idleTimeout: TimeAmount(limits.idleTime))),
                graceTime: TimeAmount(limits.graceTime), connections: connections)
        }
    }
}
