import Testing

extension Commands {
    /// What the program says to arguments that it cannot follow: exit code 2 and one line, whatever the arguments are.
    @Suite("Usage")
    @MainActor struct UsageTests {
        nonisolated static let wrong: [(arguments: [String], mention: String)] = [
            (["--nosuch"], "--nosuch"), (["nosuch"], "nosuch"), (["report", "--nosuch"], "--nosuch"),
            (["import"], "files"), (["waterfall", "latest", "latest~1"], "latest~1"),
            (["report", "--by", "nosuch"], "`nosuch`"), (["report", "--by", ""], "--by"),
            (["report", "--by", "user,"], "--by"), (["report", "--by", "label:"], "`label:`"),
            (["report", "--label", "design"], "KEY=VALUE"), (["report", "--label", "=x"], "KEY=VALUE"),
            (["report", "--outcome", "maybe"], "`maybe`"), (["report", "--width", "3"], "--width"),
            (["report", "--percentiles", "50,x"], "`x`"), (["report", "--percentiles", ""], "--percentiles"),
            (["report", "--percentiles", "0"], "`0`"), (["report", "--percentiles", "100.01"], "`100.01`"),
            (["report", "--format", "xml"], "xml"), (["runs", "--format", "csv"], "csv"),
            (["waterfall", "--width", "wide"], "wide"), (["runs", "--rows", "many"], "many"),
            (["runs", "--color", "sometimes"], "sometimes"), (["runs", "--ascii", "sometimes"], "sometimes"),
            (["runs", "--format", "xml"], "xml"), (["report", "abc"], "4 characters"),
            (["report", ""], "4 characters"),
            (["report", "latest,"], "4 characters"), (["report", "latest~x"], "latest~x"),
            (["report", "label:design"], "label:KEY=VALUE"), (["report", "since:yesterday"], "yesterday"),
            (["report", "7d..never"], "never"), (["report", ".."], "neither an age"),
            (["compare"], "<a>"), (["compare", "latest"], "<b>"), (["compare", "abc", "latest"], "4 characters"),
            (["compare", "latest", "latest", "--format", "xml"], "xml"),
            (["compare", "latest", "latest", "--outcome", "maybe"], "`maybe`"),
            (["compare", "latest", "latest", "--width", "3"], "--width"),
            (["waterfall", "--depth", "0"], "--depth"), (["waterfall", "--sort", "name"], "name"),
            (["waterfall", "--fold", "sometimes"], "sometimes"), (["waterfall", "--lanes", "--depth", "1"], "--lanes"),
            (["serve", "--listen", "127.0.0.1:99999"], "127.0.0.1:99999"), (["serve", "--listen", ""], "--listen"),
        ]

        @Test(arguments: wrong.indices)
        func wrongArgumentsAreAnsweredInOneLine(_ index: Int) throws {
            let (arguments, mention) = Self.wrong[index]
            let sandbox = try Sandbox()
            let outcome = try sandbox.run(Project.binary, arguments).failed(2, mention)
            #expect(outcome.output.isEmpty)
            #expect(try Files.names(in: sandbox.folder).isEmpty, "nothing was made")
        }

        @Test(arguments: [
            ["--help"], ["help"], ["report", "--help"], ["help", "waterfall"], ["serve", "-h"], ["import", "--help"],
            ["runs", "--help"], ["demo", "--help"],
        ])
        func help(_ arguments: [String]) throws {
            let sandbox = try Sandbox()
            let outcome = try sandbox.run(Project.binary, arguments).succeeded()
            #expect(outcome.output.contains("USAGE: waitline"))
            #expect(outcome.lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE: ") })
            #expect(try Files.names(in: sandbox.folder).isEmpty)
        }

        @Test func definitions() throws {
            let sandbox = try Sandbox()
            let outcome = try sandbox.waitline("help", "wait-and-work").succeeded()
            #expect(outcome.output.hasPrefix("WAIT AND WORK\n") && outcome.output.hasSuffix("alike.\n"))
            #expect(outcome.lines.allSatisfy { $0.count <= 80 })
            #expect(try sandbox.waitline("help").succeeded().output.contains("waitline help wait-and-work"))
            // The topic is one of `help` alone.
            try sandbox.waitline("wait-and-work").failed(2, "wait-and-work")
        }

        @Test func version() throws {
            let outcome = try Sandbox().waitline("--version").succeeded()
            #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(outcome.output)")
        }
    }
}
