import Foundation
import Testing

extension Commands {
    /// Reports and lists from the figures that an import stores are the same bytes as those worked out anew.
    @Suite
    @MainActor struct StoredFigureTests {
        private static let questions = [
            ["report", "all"], ["report", "all", "--by", "run,outcome"], ["report", "all", "--by", "label:team,user"],
            ["report", "latest", "--by", "version,service"], ["report", "all", "--name", "user task"],
            ["report", "all", "--by", "name", "--outcome", "failure"], ["runs"], ["runs", "--all"],
            ["compare", "latest~1", "all"], ["compare", "all", "latest", "--name", "user task"],
        ]

        private func expectTheSame(_ sandbox: Sandbox) throws {
            for question in Self.questions {
                for format in ["text", "json"] {
                    let arguments = question + ["--format", format, "--rows", "all"]
                    let stored = try sandbox.run(Project.binary, arguments)
                    let fresh = try sandbox.run(Project.binary, arguments + ["--no-cache"])
                    #expect(stored.output == fresh.output, "\(arguments)")
                    #expect(stored.ending == fresh.ending, "\(arguments)")
                    #expect(!stored.output.isEmpty || stored.ending != .exit(0), "\(arguments)")
                }
            }
        }

        /// Runs of every shape there is; one of them comes in two halves, with a question in between.
        @Test func answersAreTheSameBytes() throws {
            let sandbox = try Sandbox()
            let text = try String(contentsOfFile: OddSample.failing.path, encoding: .utf8)
            let lines = text.split(separator: "\n")
            let halves = [lines.prefix(lines.count / 2), lines.prefix(1) + lines.dropFirst(lines.count / 2)]
            for (number, half) in halves.enumerated() {
                let path = sandbox.path("half\(number).ndjson")
                try (half.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
                try sandbox.importing(path)
                try expectTheSame(sandbox)
            }
            for path in SampleTrace.allCases.map(\.path) + OddSample.allCases.map(\.path) {
                try sandbox.importing(path)
            }
            try expectTheSame(sandbox)
        }

        /// Without this, the test above would pass where no figures were ever read.
        @Test func figuresAreReadWhereTheyAreStored() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let before = try sandbox.waitline("report", "all").succeeded().output
            let script = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
            let python = try #require(Project.tool("python3"))
            let damage = "UPDATE transactions SET duration_us = duration_us + 1000000"
            try sandbox.run(python, ["-c", script, sandbox.path("test.db"), damage]).succeeded()
            #expect(try sandbox.waitline("report", "all").succeeded().output == before)
            #expect(try sandbox.waitline("report", "all", "--no-cache").succeeded().output != before)
            // Other settings than the standard ones have no stored figures.
            #expect(try sandbox.waitline("report", "all", "--inference", "explicit").succeeded().output != before)
            // Figures that are damaged are none.
            let ruin = "UPDATE figures SET data = substr(data, 1, length(data) - 3)"
            try sandbox.run(python, ["-c", script, sandbox.path("test.db"), ruin]).succeeded()
            #expect(try sandbox.waitline("report", "all").succeeded().output != before)
        }
    }
}
