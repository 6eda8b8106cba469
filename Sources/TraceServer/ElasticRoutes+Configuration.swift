import HTTPTypes
import Hummingbird

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ElasticRoutes {
    /// `/config/v1/agents`: the settings an agent should run with. There are none to give, so all that agents
    /// learn is when to ask again.
    func agentConfiguration(_ request: Request) async -> Answer {
        if case .refused(let refusal) = authentication.check(request.headers[.authorization]) {
            return await refuse(request, .unauthorized(refusal.message))
        }
        let service: String?
        switch request.method {
        case .get:
            service = request.uri.queryParameters["service.name"].map(String.init)
        case .post:
            service = await Self.serviceName(inBodyOf: request)
        default:
            let answer = Answer.error(.methodNotAllowed, "method not supported: \(request.method)")
            return await refuse(request, answer.cached(seconds: 300))
        }
        guard let service, !service.isEmpty else {
            return Answer.error(.badRequest, "service.name is required").cached(seconds: 300)
        }
        let isKnown = request.headers[.ifNoneMatch] == Self.noConfiguration
        var answer = isKnown ? Answer(.notModified) : Answer(.ok, json: "{}")
        answer.headers[.eTag] = Self.noConfiguration
        return answer.cached(seconds: 30)
    }

    /// The version of a configuration that says nothing.
    private static let noConfiguration = "\"-\""

    /// More than any agent asks with.
    private static let questionBytes = 65_536

    private static func serviceName(inBodyOf request: Request) async -> String? {
        struct Question: Decodable {
            struct Service: Decodable {
                var name: String?
            }
            var service: Service?
        }
        guard let body = try? await request.body.collect(upTo: questionBytes) else { return nil }
        let question = try? JSONDecoder().decode(Question.self, from: Data(body.readableBytesView))
        return question?.service?.name
    }
}

extension Answer {
    /// How long the client may keep the answer.
    fileprivate func cached(seconds: Int) -> Answer {
        var answer = self
        answer.headers[.cacheControl] = "max-age=\(seconds), must-revalidate"
        return answer
    }

    /// A request without a credential, or with a wrong one.
    static func unauthorized(_ message: String) -> Answer {
        var answer = Answer.error(.unauthorized, message)
        answer.headers[.wwwAuthenticate] = "Bearer"
        return answer
    }
}
