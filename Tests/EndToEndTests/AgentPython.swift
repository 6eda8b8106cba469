import Foundation

/// A Python that has Elastic's agent.
enum AgentPython {
    /// `WAITLINE_AGENT_PYTHON`, else that of a virtual environment under `.build`, made at the first use; nil, after
    /// saying so, where it cannot be made.
    static let path: String? = {
        if let named = ProcessInfo.processInfo.environment["WAITLINE_AGENT_PYTHON"], !named.isEmpty { return named }
        do {
            return try VirtualEnvironment.python(
                "agent-venv", requirements: "\(Project.sampleTraces)/runner/requirements.txt", module: "elasticapm")
        } catch {
            print("SKIPPED: real agent: \(error)")
            return nil
        }
    }()
}
