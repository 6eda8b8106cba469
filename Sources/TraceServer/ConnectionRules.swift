import NIOCore
import NIOHTTP1

/// The rules of HTTP/1 connections that Hummingbird leaves to others: when a connection closes and how, what
/// HTTP/1.0 clients get, `100 Continue`, and the status of headers that are too large.
///
/// It knows which requests of a connection are open, so limits to the time that a header or a body may take
/// belong here as well.
///
///     client -> decoder -> ConnectionRules -> Hummingbird -> Routes
final class ConnectionRules: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request that is not answered yet.
    private struct OpenRequest {
        let version: HTTPVersion
        let keepsAlive: Bool
        /// The client holds its body back until it is told to go on.
        var awaitsContinue: Bool
    }

    private let graceTime: TimeAmount
    /// How long a client has to take its last answer and close its side.
    private let lingerTime = TimeAmount.seconds(2)
    /// Oldest first: clients may send requests ahead.
    private var openRequests: [OpenRequest] = []
    /// After a request that closes the connection there is no other.
    private var hadLastRequest = false
    private var hadOversizeHeaders = false
    private var isStopping = false
    private var closesAfterAnswer = false
    /// When the last answer of the connection is on its way, nothing may cut it off: it closes by itself.
    private var hasLastAnswer = false
    private var scheduledClose: Scheduled<Void>?

    init(graceTime: TimeAmount) { self.graceTime = graceTime }

    func handlerRemoved(context: ChannelHandlerContext) { scheduledClose?.cancel() }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hadLastRequest else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            openRequests.append(
                OpenRequest(
                    version: head.version, keepsAlive: head.isKeepAlive,
                    awaitsContinue: head.version == .http1_1
                        && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }))
            if openRequests.count == 1 { letContinue(context) }
        case .body:
            openRequests.indices.last.map { openRequests[$0].awaitsContinue = false }
        case .end:
            if let request = openRequests.last, !request.keepsAlive { hadLastRequest = true }
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !hadLastRequest || !(error is HTTPParserError) else { return }
        if case .headerOverflow? = error as? HTTPParserError { hadOversizeHeaders = true }
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !isStopping {
            isStopping = true
            close(context, in: graceTime)
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Asks for the body of the oldest request, if its client waits for that.
    private func letContinue(_ context: ChannelHandlerContext) {
        guard openRequests.first?.awaitsContinue == true else { return }
        openRequests[0].awaitsContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            context.write(wrapOutboundOut(.head(complete(head))), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            if !openRequests.isEmpty { openRequests.removeFirst() }
            if closesAfterAnswer {
                finish(context, data: data, promise: promise)
            } else {
                context.write(data, promise: promise)
                letContinue(context)
            }
        }
    }

    /// The head of an answer with what it says of the connection.
    private func complete(_ head: HTTPResponseHead) -> HTTPResponseHead {
        var head = head
        guard let request = openRequests.first else {
            // The answer to no request is Hummingbird's to bytes that are none.
            if hadOversizeHeaders { head.status = .requestHeaderFieldsTooLarge }
            closesAfterAnswer = true
            return head
        }
        closesAfterAnswer = !request.keepsAlive || !head.isKeepAlive || (isStopping && openRequests.count == 1)
        if closesAfterAnswer, head.isKeepAlive {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        } else if !closesAfterAnswer, request.version != .http1_1 {
            head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
        }
        return head
    }

    /// Writes the end of the last answer and closes. Our side first, and what still comes is read and thrown
    /// away: were both closed while the client sends, its system would throw away what it has not read of the
    /// answer.
    private func finish(_ context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.cascade(to: promise)
        hasLastAnswer = true
        hadLastRequest = true
        context.writeAndFlush(data, promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in
            context.close(mode: .output, promise: nil)
            self.close(context, in: self.lingerTime)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard hasLastAnswer, mode == .all else { return context.close(mode: mode, promise: promise) }
        context.channel.closeFuture.cascade(to: promise)
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) {
        scheduledClose?.cancel()
        scheduledClose = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            context.close(promise: nil)
        }
    }
}
