import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// Every URL the server answers.
struct Routes: HTTPResponder {
    typealias Context = BasicRequestContext

    let elastic: ElasticRoutes

    func respond(to request: Request, context: Context) async -> Response {
        await answer(to: request).response(to: request)
    }

    private func answer(to request: Request) async -> Answer {
        switch request.uri.path {
        case "/": await elastic.root(request)
        case "/config/v1/agents": await elastic.agentConfiguration(request)
        case "/intake/v2/events": await elastic.events(request)
        case "/intake/v2/rum/events", "/intake/v3/rum/events": await elastic.browserEvents(request)
        default: await elastic.unknownPath(request)
        }
    }
}
