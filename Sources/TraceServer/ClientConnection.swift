import NIOCore
import NIOHTTP1
import NIOPosix

/// A connection of a client, used for one request at a time.
struct ClientConnection: Sendable {
    private let channel: any Channel
    private let collector: NIOLoopBound<ResponseCollector>

    static func open(to address: ServerAddress, timeout: Duration) async throws(ClientError) -> ClientConnection {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(timeout))
        do {
            return try await bootstrap.connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let collector = ResponseCollector()
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(collector)
                    return ClientConnection(
                        channel: channel, collector: NIOLoopBound(collector, eventLoop: channel.eventLoop))
                }
            }
        } catch {
            throw .cannotConnect(address, reason: reason(of: error))
        }
    }

    /// In a few words, where those of the libraries would have their types in them.
    private static func reason(of error: any Error) -> String {
        if case ChannelError.connectTimeout = error { return "nobody answered in time" }
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        guard let last = error.connectionErrors.last?.error else { return "no such host" }
        if case ChannelError.connectTimeout = last { return "nobody answered in time" }
        return (last as? IOError).map { Platform.text(ofError: $0.errnoCode) } ?? "\(last)"
    }

    var isActive: Bool { channel.isActive }

    /// Starts a request. What is returned is its answer; if it takes longer than `timeout` the connection
    /// is closed.
    func begin(_ head: HTTPRequestHead, timeout: Duration) -> EventLoopFuture<ClientResponse> {
        let promise = channel.eventLoop.makePromise(of: ClientResponse.self)
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            promise.fail(ClientError.timedOut)
            channel.close(promise: nil)
        }
        promise.futureResult.whenComplete { _ in deadline.cancel() }
        channel.eventLoop.execute {
            guard channel.isActive else { return promise.fail(ClientError.connectionClosed) }
            collector.value.expect(promise)
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
        }
        return promise.futureResult
    }

    /// Sends a piece of the request's body, and returns when the system has it.
    func write(_ bytes: [UInt8]) async throws {
        let part = HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: bytes)))
        try await channel.writeAndFlush(part).get()
    }

    /// The request is complete.
    func end() { channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil) }

    func close() { channel.close(promise: nil) }
}

/// Puts the parts of an answer together.
private final class ResponseCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    /// An answer larger than this is none of our server's.
    private static let maximumBytes = 64 << 20

    private var expected: EventLoopPromise<ClientResponse>?
    private var response: ClientResponse?

    func expect(_ promise: EventLoopPromise<ClientResponse>) { expected = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            response = ClientResponse(
                status: Int(head.status.code), headers: head.headers.map { (name: $0.name, value: $0.value) },
                keepsAlive: head.isKeepAlive)
        case .body(let piece):
            response?.body.append(contentsOf: piece.readableBytesView)
            if response?.body.count ?? 0 > Self.maximumBytes { fail(.answerTooLarge, context) }
        case .end:
            if let response { expected?.succeed(response) }
            expected = nil
            response = nil
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error is HTTPParserError && response != nil ? .malformedAnswer("\(error)") : .connectionClosed, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.connectionClosed, context)
        context.fireChannelInactive()
    }

    private func fail(_ error: ClientError, _ context: ChannelHandlerContext) {
        expected?.fail(error)
        expected = nil
        context.close(promise: nil)
    }
}
