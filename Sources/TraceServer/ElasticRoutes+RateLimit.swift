import HTTPTypes
import Hummingbird

extension ElasticRoutes {
    /// A request from an address that has sent too much of late, which is read and thrown away.
    func tooMany(_ request: Request, at endpoint: Endpoint, secondsToWait: Int) async -> Answer {
        let message = "rate limit exceeded"
        var answer: Answer =
            endpoint == .events ? .intakeError(.tooManyRequests, message) : .error(.tooManyRequests, message)
        answer.headers[.retryAfter] = String(secondsToWait)
        answer.closeConnection()
        return await refuse(request, answer, losing: message)
    }
}
