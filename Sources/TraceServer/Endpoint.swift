/// The URLs that the server knows, as they are counted.
enum Endpoint: Int, CaseIterable {
    case root
    case events
    case browserEvents
    case agentConfiguration
    case metrics
    case health
    case unknown

    init(path: String) {
        self =
            switch path {
            case "/": .root
            case "/intake/v2/events": .events
            case "/intake/v2/rum/events", "/intake/v3/rum/events": .browserEvents
            case "/config/v1/agents": .agentConfiguration
            case "/metrics": .metrics
            case "/healthz": .health
            default: .unknown
            }
    }

    /// The name under which it is counted.
    var name: String {
        switch self {
        case .root: "root"
        case .events: "events"
        case .browserEvents: "rum"
        case .agentConfiguration: "agent_config"
        case .metrics: "metrics"
        case .health: "healthz"
        case .unknown: "unknown"
        }
    }

    /// Whether what one address may ask of it is limited, where a limit is set: what it costs grows with what is sent.
    var isLimited: Bool {
        switch self {
        case .events, .browserEvents, .agentConfiguration, .unknown: true
        case .root, .metrics, .health: false
        }
    }
}
