import HTTPTypes
import Hummingbird
import Logging
import TraceCore
import TraceIntake

/// What Elastic APM agents ask of a server, answered as APM Server answers it.
struct ElasticRoutes: Sendable {
    let configuration: IntakeConfiguration
    let sink: @Sendable (Delivery) async -> DeliveryOutcome
    let now: @Sendable () -> Int64
    let logger: Logger

    var authentication: Authentication { Authentication(secretToken: configuration.secretToken) }

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

    /// The intake for browsers, which is switched off.
    func browserEvents(_ request: Request) async -> Answer {
        var answer = Answer.error(
            .forbidden,
            "forbidden request: RUM endpoint is disabled. This server takes events of backend agents only; "
                + "a page that has no RUM agent can ignore this.")
        answer.closeConnection()
        return await refuse(request, answer)
    }

    /// Answers a request that is not served, after its body, as far as that is worth the reading.
    func refuse(_ request: Request, _ answer: Answer) async -> Answer {
        var answer = answer
        var room = configuration.limits.discardedBytes
        do {
            for try await piece in request.body {
                room -= piece.readableBytes
                guard room >= 0 else { break }
            }
        } catch {
            room = -1
        }
        if room < 0 { answer.closeConnection() }
        return answer
    }
}
