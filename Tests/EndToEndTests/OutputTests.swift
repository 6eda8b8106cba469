import Testing

extension Commands {
    /// What output looks like where it goes: to a terminal, into a pipe, in other locales and widths.
    @Suite("Output")
    @MainActor struct OutputTests {
        private static let escape = "\u{1B}["
        nonisolated private static let pictures = [
            ["waterfall", SampleTrace.before.path], ["report", SampleTrace.before.path], ["runs"],
        ]

        private func sandbox() throws -> Sandbox {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path, SampleTrace.after.path)
            return sandbox
        }

        @Test(arguments: pictures)
        func aPipeGetsNoEscapes(_ command: [String]) throws {
            let sandbox = try sandbox()
            let plain = try sandbox.run(Project.binary, command).succeeded()
            #expect(!plain.output.contains("\u{1B}"))
            #expect(try sandbox.run(Project.binary, command).succeeded().outputBytes == plain.outputBytes)
            let colored = try sandbox.run(Project.binary, command + ["--color", "always"]).succeeded()
            #expect(colored.output.contains(Self.escape))
            #expect(colored.lines.count == plain.lines.count)
            let never = try sandbox.run(
                Project.binary, command + ["--color", "never"], output: .terminal(columns: 100))
            #expect(never.output.replacing("\r\n", with: "\n") == plain.output)
        }

        @Test(arguments: pictures)
        func aTerminalGetsColoursInItsOwnWidth(_ command: [String]) throws {
            let sandbox = try sandbox()
            for columns in [64, 133] {
                let terminal = try sandbox.run(Project.binary, command, output: .terminal(columns: columns))
                #expect(terminal.ending == .exit(0))
                #expect(terminal.output.contains(Self.escape))
                let options = ["--width", "\(columns)", "--color", "always"]
                let piped = try sandbox.run(Project.binary, command + options).succeeded()
                #expect(terminal.output.replacing("\r\n", with: "\n") == piped.output, "as wide as the terminal")
                let lines = piped.output.replacing(/\u{1B}\[[0-9;]*m/, with: "").split(separator: "\n")
                #expect(lines.allSatisfy { $0.count <= columns })
            }
        }

        @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"], ["TERM": nil]] as [[String: String?]])
        func aTerminalThatWantsNoColours(_ environment: [String: String?]) throws {
            let sandbox = try sandbox()
            for command in Self.pictures {
                let outcome = try sandbox.run(
                    Project.binary, command, environment: environment, output: .terminal(columns: 80))
                #expect(outcome.ending == .exit(0))
                #expect(!outcome.output.contains("\u{1B}"), "\(environment)")
            }
        }

        @Test(arguments: pictures)
        func widths(_ command: [String]) throws {
            let sandbox = try sandbox()
            let standard = try sandbox.run(Project.binary, command).succeeded().output
            func run(_ options: [String], _ environment: [String: String?]) throws -> String {
                try sandbox.run(Project.binary, command + options, environment: environment).succeeded().output
            }
            #expect(try run(["--width", "100"], [:]) == standard)
            let narrow = try run(["--width", "60"], [:])
            #expect(try run([], ["COLUMNS": "60"]) == narrow)
            #expect(try run(["--width", "60"], ["COLUMNS": "200"]) == narrow)
            #expect(try run([], ["COLUMNS": "wide"]) == standard)
            for width in [30, 47, 80, 300] {
                for line in try run(["--width", "\(width)"], [:]).split(separator: "\n") {
                    #expect(line.count <= width)
                }
            }
        }

        @Test(
            arguments: [
                ["LANG": "C"], ["LC_ALL": "POSIX", "LANG": "en_US.UTF-8"], ["LC_ALL": "C", "LANG": "C.UTF-8"],
            ] as [[String: String?]])
        func asciiInLocalesWithoutMore(_ locale: [String: String?]) throws {
            let sandbox = try sandbox()
            for command in Self.pictures {
                let outcome = try sandbox.run(Project.binary, command, environment: locale).succeeded()
                #expect(outcome.outputBytes.allSatisfy { $0 < 0x80 }, "\(outcome.output)")
                let asked = try sandbox.run(Project.binary, command + ["--ascii", "always"]).succeeded()
                #expect(asked.outputBytes == outcome.outputBytes)
            }
        }

        @Test func withoutALocaleItIsUTF8() throws {
            let sandbox = try sandbox()
            let outcome = try sandbox.waitline("waterfall", environment: ["LANG": nil]).succeeded()
            #expect(outcome.output.contains("█"))
            let asked = try sandbox.waitline("waterfall", "--ascii", "never", environment: ["LANG": "C"]).succeeded()
            #expect(asked.outputBytes == outcome.outputBytes)
        }

        @Test(arguments: [
            ["report", "--rows", "all", SampleTrace.manyBefore.path],
            ["waterfall", "--format", "json", SampleTrace.manyBefore.path],
        ])
        func aReaderThatHasEnoughIsNoError(_ command: [String]) throws {
            let sandbox = try Sandbox()
            let child = try ChildProcess(Project.binary, command, environment: sandbox.environment([:]))
            _ = child.pump { !$0.output.isEmpty }
            child.closeOutput()
            #expect(child.finish() == .exit(0))
            #expect(child.errors.isEmpty)
        }

        @Test func timesAreLocalOrUTC() throws {
            let sandbox = try sandbox()
            let kathmandu = ["TZ": "Asia/Kathmandu"]
            let local = try sandbox.waitline("runs", environment: kathmandu).succeeded().output
            #expect(local.contains("2026-11-23 12:07:16"))
            let utc = try sandbox.waitline("runs", "--utc", environment: kathmandu).succeeded().output
            #expect(utc.contains("2026-11-23 06:22:16"))
        }
    }
}
