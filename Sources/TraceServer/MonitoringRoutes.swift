import HTTPTypes
import Hummingbird
import TraceCore

/// What those ask who watch a server.
struct MonitoringRoutes: Sendable {
    let configuration: IntakeConfiguration
    let status: @Sendable () async -> StoreStatus
    let meters: RequestMeters
    let connections: OpenConnections
    /// When the server was made, seconds since the epoch.
    let startTime: Double

    /// `/healthz`: whether events can be stored now. Anyone may ask: what starts and stops programs has no credential,
    /// and it learns nothing about what is stored.
    func health(_ request: Request) async -> Answer {
        if let refusal = refusal(of: request) { return refusal }
        guard let problem = await status().problem else { return Answer(.ok, json: #"{"status":"ok"}"#) }
        var answer = Answer(
            .serviceUnavailable,
            json: JSONText.object([
                ("status", JSONText.string("unavailable")), ("problem", JSONText.string(problem)),
            ]))
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    /// `/metrics`: who sends how much is for those alone who may send.
    func metrics(_ request: Request) async -> Answer {
        let authentication = Authentication(credentials: configuration.credentials)
        if case .refused(let refusal) = authentication.check(request.headers[.authorization]) {
            return .unauthorized(refusal.message)
        }
        if let refusal = refusal(of: request) { return refusal }
        let page = MetricsPage(
            identity: configuration.identity, counts: meters.counts, store: await status(), connections: connections,
            startTime: startTime)
        return Answer(.ok, text: page.text, type: PrometheusText.contentType)
    }

    /// Whoever asks has nothing to send: a body is not waited for.
    private func refusal(of request: Request) -> Answer? {
        guard request.method != .get, request.method != .head else { return nil }
        var answer = Answer.error(.methodNotAllowed, "method not supported: \(request.method)")
        answer.closeConnection()
        return answer
    }
}
