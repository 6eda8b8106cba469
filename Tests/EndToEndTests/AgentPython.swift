import Foundation

/// A Python that has Elastic's agent.
enum AgentPython {
    /// `WAITLINE_AGENT_PYTHON`, else that of a virtual environment under `.build`, made at the first use; nil, after
    /// saying so, where it cannot be made.
    static let path: String? = {
        if let named = ProcessInfo.processInfo.environment["WAITLINE_AGENT_PYTHON"], !named.isEmpty { return named }
        do {
            return try virtualEnvironment()
        } catch {
            print("SKIPPED: real agent: \(error)")
            return nil
        }
    }()

    private struct Unavailable: Error, CustomStringConvertible {
        var description: String
    }

    private static func virtualEnvironment() throws -> String {
        let folder = "\(Project.root)/.build/agent-venv"
        let python = "\(folder)/bin/python"
        if FileManager.default.fileExists(atPath: python), (try? run(python, ["-c", "import elasticapm"])) != nil {
            return python
        }
        guard let base = Project.tool("python3") else { throw Unavailable(description: "there is no python3") }
        // What an attempt before may have left half done is made anew.
        try run(base, ["-m", "venv", "--clear", folder])
        let requirements = "\(Project.sampleTraces)/runner/requirements.txt"
        try run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements])
        return python
    }

    /// Runs a program with all of our surroundings: pip is told there where to find packages.
    private static func run(_ program: String, _ arguments: [String]) throws {
        let environment = ProcessInfo.processInfo.environment
        let child = try ChildProcess(program, arguments, environment: environment)
        let ending = child.finish(seconds: 300)
        guard ending == .exit(0) else {
            let said = String(decoding: child.errors, as: UTF8.self).split(separator: "\n").last ?? ""
            throw Unavailable(description: "\(arguments.prefix(3).joined(separator: " ")): \(ending), \(said)")
        }
    }
}
