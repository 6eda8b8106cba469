import NIOCore
import NIOHTTP1

/// The rules of HTTP/1 connections that Hummingbird leaves to others: when a connection closes and how, what
/// HTTP/1.0 clients get, `100 Continue`, the status of headers that are too large, how long a client may take for
/// each part of a request, and how much is read ahead.
///
///     client -> decoder -> ConnectionRules -> Hummingbird -> Routes
final class ConnectionRules: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    let limits: IntakeConfiguration.Limits
    let state: ConnectionState
    let connections: OpenConnections
    let memory: HeldMemory
    /// How long a client has to take its last answer and close its side.
    private let lingerTime = TimeAmount.seconds(2)
    /// Answers smaller than this are not counted as held.
    private let smallAnswer = 4 << 10

    var requests = OpenRequests()
    /// After a request that closes the connection there is no other.
    private var hadLastRequest = false
    private var hadOversizeHeaders = false
    private var isStopping = false
    private var closesAfterAnswer = false
    /// When the last answer of the connection is on its way, nothing may cut it off: it closes by itself.
    private(set) var hasLastAnswer = false
    private var scheduledClose: Scheduled<Void>?

    /// Since when the client has had something to do: to send a head or a body, or to take answers.
    var waitingSince = NIODeadline.now()
    /// Whether a head has begun to come, or the connection's first is still to come.
    var isHeadDue = true
    /// Since when the client has left answers untaken.
    var stuckSince: NIODeadline?
    var alarm: Scheduled<Void>?
    var alarmTime = NIODeadline.distantFuture
    /// Whether the connection wants to be read, and is not.
    var isReadHeld = false

    init(
        limits: IntakeConfiguration.Limits, state: ConnectionState, connections: OpenConnections, memory: HeldMemory
    ) {
        self.limits = limits
        self.state = state
        self.connections = connections
        self.memory = memory
    }

    func handlerAdded(context: ChannelHandlerContext) {
        setAlarm(context)
        // Chosen before there was anybody to be told.
        if state.isLeaving { state.makeRoom() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        scheduledClose?.cancel()
        alarm?.cancel()
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hadLastRequest else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard requests.hasRoom else { return endRequests() }
            requests.begin(head)
            isHeadDue = false
            if requests.count == 1 {
                waitingSince = .now()
                state.wait(.withinBody, since: waitingSince)
                letContinue(context)
            }
        case .body(let bytes):
            requests.hadBody()
            state.arrive(bytes.readableBytes)
            guard !isTooFarAhead else { return fail(ReadTooFar(), context) }
        case .end:
            requests.complete(arrived: state.arrivedCount)
            if requests.count == 1 { state.wait(nil, since: waitingSince) }
            if requests.last?.keepsAlive == false { hadLastRequest = true }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // What came and is no head yet is the beginning of one.
        if requests.isEmpty, !isHeadDue {
            isHeadDue = true
            waitingSince = .now()
        }
        setAlarm(context)
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !hadLastRequest || !(error is HTTPParserError) else { return }
        if case .headerOverflow? = error as? HTTPParserError { hadOversizeHeaders = true }
        // It is answered, and then closes.
        isHeadDue = false
        waitingSince = .now()
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is MayReadOn: readOn(context)
        case is MakeRoom where requests.isEmpty || requests.first?.isComplete == false: context.close(promise: nil)
        case is MakeRoom:
            state.setLeaving(false)
            connections.closeExcess()
        case is ChannelShouldQuiesceEvent where !isStopping:
            isStopping = true
            close(context, in: TimeAmount(limits.graceTime))
            context.fireUserInboundEventTriggered(event)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// Takes no more requests than there are; the connection closes when they are answered.
    private func endRequests() {
        hadLastRequest = true
        requests.closeAfterLast()
    }

    /// Ends the body that is coming, so that whoever reads it gets an error, and answers.
    func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        endRequests()
        state.wait(nil, since: waitingSince)
        context.fireErrorCaught(error)
    }

    /// Asks for the body of the oldest request, if its client waits for that.
    private func letContinue(_ context: ChannelHandlerContext) {
        guard requests.takeContinue() else { return }
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            context.write(wrapOutboundOut(.head(complete(head))), promise: promise)
        case .body(let part):
            context.write(data, promise: part.readableBytes < smallAnswer ? promise : counted(part, promise, context))
        case .end:
            if let request = requests.removeFirst(), request.isComplete { state.settle(upTo: request.arrived) }
            if closesAfterAnswer {
                finish(context, data: data, promise: promise)
            } else {
                context.write(data, promise: promise)
                wait(context)
            }
        }
    }

    /// Waits for the next request, or for the rest of it where it was sent ahead.
    private func wait(_ context: ChannelHandlerContext) {
        waitingSince = .now()
        let phase: ConnectionState.Phase? =
            requests.isEmpty ? .betweenRequests : requests.first?.isComplete == false ? .withinBody : nil
        state.wait(phase, since: waitingSince)
        letContinue(context)
        setAlarm(context)
        readOn(context)
        connections.closeExcess()
    }

    /// Counts a part of an answer as held until the client's system took it.
    private func counted(
        _ part: IOData, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
    ) -> EventLoopPromise<Void> {
        let size = part.readableBytes
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        memory.add(size)
        written.futureResult.whenComplete { [memory] _ in memory.subtract(size) }
        return written
    }

    /// The head of an answer with what it says of the connection.
    private func complete(_ head: HTTPResponseHead) -> HTTPResponseHead {
        var head = head
        guard let request = requests.first else {
            // The answer to no request is Hummingbird's to bytes that are none.
            if hadOversizeHeaders { head.status = .requestHeaderFieldsTooLarge }
            closesAfterAnswer = true
            return head
        }
        // A request that is answered before its end has no next: who knows where it would begin.
        closesAfterAnswer = !request.keepsAlive || !head.isKeepAlive || !request.isComplete
        if requests.count == 1, isStopping || connections.isCrowded { closesAfterAnswer = true }
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
        state.wait(nil, since: waitingSince)
        context.writeAndFlush(data, promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in
            context.close(mode: .output, promise: nil)
            self.close(context, in: self.lingerTime)
        }
        readOn(context)
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
