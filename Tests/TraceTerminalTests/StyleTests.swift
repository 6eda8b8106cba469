import Testing
import TraceTerminal

@Suite struct StyleTests {
    @Test(arguments: [
        (AutomaticChoice.auto, true, ["TERM": "xterm"], ColorMode.sixteen),
        (.auto, true, ["TERM": "xterm-256color"], .indexed),
        (.auto, true, ["TERM": "xterm-256color", "COLORTERM": "truecolor"], .direct),
        (.auto, true, ["TERM": "xterm-256color", "NO_COLOR": "1"], .none),
        (.auto, true, ["TERM": "xterm-256color", "NO_COLOR": ""], .indexed),
        (.auto, true, ["TERM": "dumb"], .none),
        (.auto, true, [:], .none),
        (.auto, false, ["TERM": "xterm-256color"], .none),
        (.always, false, ["TERM": "xterm-256color", "NO_COLOR": "1"], .indexed),
        (.always, false, [:], .sixteen),
        (.never, true, ["TERM": "xterm-256color"], .none),
    ])
    func colorMode(choice: AutomaticChoice, isTerminal: Bool, environment: [String: String], mode: ColorMode) {
        #expect(ColorMode(choice, isTerminal: isTerminal, environment: environment) == mode)
    }

    @Test(
        arguments: [
            (AutomaticChoice.auto, [:], false),
            (.auto, ["LANG": "C"], true),
            (.auto, ["LANG": "POSIX"], true),
            (.auto, ["LANG": "C.UTF-8"], false),
            (.auto, ["LANG": "de_DE.utf8@euro"], false),
            (.auto, ["LANG": "de_DE.ISO-8859-1"], true),
            (.auto, ["LANG": "en_US.UTF-8", "LC_ALL": "C"], true),
            (.auto, ["LANG": "en_US.UTF-8", "LC_CTYPE": "C"], true),
            (.auto, ["LANG": "C", "LC_ALL": "", "LC_CTYPE": "en_US.UTF-8"], false),
            (.always, ["LANG": "en_US.UTF-8"], true),
            (.never, ["LANG": "C"], false),
        ] as [(AutomaticChoice, [String: String], Bool)])
    func ascii(choice: AutomaticChoice, environment: [String: String], isASCII: Bool) {
        #expect(TerminalOptions.isASCII(choice, environment: environment) == isASCII)
    }

    @Test func huesStay() {
        let types = ["postgresql", "elasticsearch", "http", "app", "redis", "grpc"]
        #expect(types.map(Ink.hue(of:)) == types.map(Ink.hue(of:)))
        #expect(Ink.hue(of: "postgresql") == .hue(hueOfPostgreSQL))
        #expect(Set(types.map(Ink.hue(of:))).count > 2)
    }

    /// Recorded: a change would repaint everybody's runs.
    private let hueOfPostgreSQL = 1
}
