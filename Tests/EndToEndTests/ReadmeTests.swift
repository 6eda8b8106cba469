import Foundation
import Testing

extension EndToEnd {
    /// What README shows is what the program prints.
    @Suite("README") struct ReadmeTests {
        private struct Example {
            let arguments: [String]
            let output: String
        }

        /// Every block that begins with `$ waitline`.
        private func examples() throws -> [Example] {
            let readme = try String(contentsOfFile: Project.root + "/README.md", encoding: .utf8)
            return readme.components(separatedBy: "```\n").compactMap { block in
                let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
                guard let command = lines.first, command.hasPrefix("$ waitline ") else { return nil }
                let arguments = command.dropFirst("$ waitline ".count).split(separator: " ").map(String.init)
                return Example(arguments: arguments, output: lines.dropFirst().joined(separator: "\n"))
            }
        }

        @Test func examplesAreWhatIsPrinted() throws {
            let examples = try examples()
            #expect(examples.count >= 4)
            let sandbox = try Sandbox()
            for example in examples {
                // As a reader runs it: from the project's folder, whose files some name.
                let outcome = try sandbox.run(
                    "/bin/sh",
                    ["-c", "cd \"$1\" && shift && exec \"$@\"", "sh", Project.root, Project.binary] + example.arguments)
                #expect(outcome.output == example.output, "\(example.arguments)")
            }
        }

        @Test func itBeginsWithTheTwoCommands() throws {
            let readme = try String(contentsOfFile: Project.root + "/README.md", encoding: .utf8)
            let blocks = readme.components(separatedBy: "```\n")
            let main = "sudo apt-get install -y libsqlite3-dev zlib1g-dev && swift run -c release waitline demo\n"
            #expect(blocks.count > 4 && blocks[1] == main && blocks[3] == "swift test\n")
        }
    }
}
