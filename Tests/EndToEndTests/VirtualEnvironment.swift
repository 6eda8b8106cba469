import Foundation

/// A Python with some packages, under `.build`, made at the first use.
enum VirtualEnvironment {
    private struct Unavailable: Error, CustomStringConvertible {
        var description: String
    }

    /// The path of the Python of a folder under `.build`, which has what a file of requirements asks for: `module` is
    /// one of them. Throws where it cannot be made.
    static func python(_ name: String, requirements: String, module: String) throws -> String {
        let folder = "\(Project.root)/.build/\(name)"
        let python = "\(folder)/bin/python"
        if FileManager.default.fileExists(atPath: python), (try? run(python, ["-c", "import \(module)"])) != nil {
            return python
        }
        guard let base = Project.tool("python3") else { throw Unavailable(description: "there is no python3") }
        // What an attempt before may have left half done is made anew.
        try run(base, ["-m", "venv", "--clear", folder])
        try run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements])
        return python
    }

    /// Runs a program with all of our surroundings: pip is told there where to find packages. What it prints.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let child = try ChildProcess(program, arguments, environment: environment)
        let ending = child.finish(seconds: 300)
        guard ending == .exit(0) else {
            let said = String(decoding: child.errors, as: UTF8.self).split(separator: "\n").last ?? ""
            throw Unavailable(description: "\(arguments.prefix(3).joined(separator: " ")): \(ending), \(said)")
        }
        return String(decoding: child.output, as: UTF8.self)
    }
}
