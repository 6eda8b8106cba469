import HTTPTypes
import Hummingbird
import Logging
import TraceCore
import TraceIntake

/// What Elastic APM agents ask of a server, answered as APM Server answers it.
struct ElasticRoutes: Sendable {
    let configuration: IntakeConfiguration
    let sink: @Sendable (Delivery) async -> DeliveryOutcome
    let losses: @Sendable (LossTally) async -> Void
    let now: @Sendable () -> Int64
    let logger: Logger
    let memory: HeldMemory
    let connections: OpenConnections
    private let oddTimeWarnings = OddTimeWarnings()

    var authentication: Authentication { Authentication(credentials: configuration.credentials) }

    /// `/`: who the server is. Whoever has no credential learns that it is there, and no more.
    func root(_ request: Request) async -> Answer {
        guard request.method == .get || request.method == .head else {
            return await refuse(request, .error(.methodNotAllowed, "method not supported: \(request.method)"))
        }
        guard authentication.check(request.headers[.authorization]) == .granted else { return Answer(.ok) }
        let identity = configuration.identity
        return Answer(
            .ok,
            json: JSONText.object([
                ("build_date", JSONText.string(identity.buildDate)),
                ("build_sha", JSONText.string(identity.buildRevision)),
                ("publish_ready", "true"),
                ("version", JSONText.string(identity.version)),
            ]))
    }

    /// The intake for browsers, which is switched off: no page may use it, wherever it comes from.
    func browserEvents(_ request: Request) async -> Answer {
        let reason = "forbidden request: RUM endpoint is disabled."
        var message =
            reason + " This server takes events of backend agents only; a page that has no RUM agent can ignore this."
        if let origin = request.headers[.origin] { message += " origin: '\(origin)' is not allowed" }
        var answer = Answer.error(.forbidden, message)
        answer.closeConnection()
        return await refuse(request, answer, losing: reason)
    }

    /// Any path that nobody knows: mostly one before which a proxy's is missing, or one too many.
    func unknownPath(_ request: Request) async -> Answer {
        let message = "404 page not found"
        return await refuse(request, .error(.notFound, message), losing: message)
    }

    /// Warns of events that were taken with times that are hardly meant.
    func warnOfOddTimes(_ result: IntakeResult) {
        guard result.oddTimeCount > 0, oddTimeWarnings.isDue(at: now()) else { return }
        for entry in result.losses.entries where entry.unit == .oddTimes {
            let service = entry.offenders.last?.service ?? "unknown"
            logger.warning(
                "\(entry.reason); they are stored as they are",
                metadata: ["service": "\(service)", "events": .stringConvertible(entry.count)])
        }
    }

    /// As `refuse`; if the request would have brought something, it is noted that it did not.
    func refuse(_ request: Request, _ answer: Answer, losing reason: String) async -> Answer {
        let answer = await refuse(request, answer)
        if request.method == .post { await noteLoss(of: request, reason, at: now()) }
        return answer
    }

    /// Answers a request that is not served, after its body, as far as that is worth the reading.
    func refuse(_ request: Request, _ answer: Answer) async -> Answer {
        var answer = answer
        var room = configuration.limits.discardedBytes
        do {
            for try await piece in request.body {
                room -= piece.readableBytes
                answer.tally.receivedBytes += piece.readableBytes
                guard room >= 0 else { break }
            }
        } catch {
            room = -1
        }
        if room < 0 { answer.closeConnection() }
        return answer
    }
}
