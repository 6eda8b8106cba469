import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Every URL the server answers. What was answered is counted here, and logged.
struct Routes: HTTPResponder {
    /// What is known of a request beside what its client sent.
    struct Context: RequestContext {
        var coreContext: CoreRequestContextStorage
        private let channel: any Channel

        init(source: ApplicationRequestContextSource) {
            coreContext = CoreRequestContextStorage(source: source)
            channel = source.channel
        }

        /// Where the client is; nil where it is gone.
        var clientAddress: SocketAddress? { channel.remoteAddress }
    }

    let elastic: ElasticRoutes
    let monitoring: MonitoringRoutes
    /// Nil where any address may send as much as it can.
    let limiter: RateLimiter?
    let meters: RequestMeters
    let logger: Logger

    func respond(to request: Request, context: Context) async -> Response {
        let endpoint = Endpoint(path: request.uri.path)
        guard logger.logLevel <= .debug else {
            let answer = await limitedAnswer(to: request, at: endpoint, context)
            meters.count(answer, of: endpoint)
            return answer.response(to: request)
        }
        let client = context.clientAddress
        let begun = ContinuousClock.now
        let answer = await limitedAnswer(to: request, at: endpoint, context)
        meters.count(answer, of: endpoint)
        let took = (ContinuousClock.now - begun) / .microseconds(1)
        logger.debug("request", metadata: Self.words(about: request, answer, microseconds: took, client))
        return answer.response(to: request)
    }

    private func answer(to request: Request, at endpoint: Endpoint) async -> Answer {
        switch endpoint {
        case .root: await elastic.root(request)
        case .agentConfiguration: await elastic.agentConfiguration(request)
        case .events: await elastic.events(request)
        case .browserEvents: await elastic.browserEvents(request)
        case .metrics: await monitoring.metrics(request)
        case .health: await monitoring.health(request)
        case .unknown: await elastic.unknownPath(request)
        }
    }

    /// The answer, where the client's address has not sent too much of late.
    private func limitedAnswer(to request: Request, at endpoint: Endpoint, _ context: Context) async -> Answer {
        guard let limiter, endpoint.isLimited else { return await answer(to: request, at: endpoint) }
        let client = ClientAddress(context.clientAddress)
        if let seconds = limiter.secondsToWait(client, at: .now) {
            return await elastic.tooMany(request, at: endpoint, secondsToWait: seconds)
        }
        let answer = await answer(to: request, at: endpoint)
        limiter.charge(answer.tally.accepted + answer.tally.rejectedCount, to: client, at: .now)
        return answer
    }

    /// What is logged of a request: no header, nothing of a body or a query, since these may hold credentials.
    private static func words(
        about request: Request, _ answer: Answer, microseconds: Double, _ client: SocketAddress?
    ) -> Logger.Metadata {
        [
            "method": "\(request.method.rawValue)",
            "path": "\(request.uri.path.prefix { $0 != "#" })",
            "status": .stringConvertible(answer.status.code),
            "accepted": .stringConvertible(answer.tally.accepted),
            "rejected": .stringConvertible(answer.tally.rejectedCount),
            "received_bytes": .stringConvertible(answer.tally.receivedBytes),
            "decoded_bytes": .stringConvertible(answer.tally.decodedBytes),
            "duration_ms": .stringConvertible(microseconds.rounded() / 1_000),
            "client": "\(client?.ipAddress ?? "unknown")",
        ]
    }
}
