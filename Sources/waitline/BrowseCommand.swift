import ArgumentParser
import TraceCore
import TraceTerminal

struct BrowseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "browse",
        abstract: "Walks through runs on the terminal: timelines, details, reports. ? shows the keys.",
        discussion: """
            Without a run, the list of runs is shown: Enter opens one, Esc leads back, q quits. On pipes and dumb \
            terminals `waitline waterfall` draws the same timeline.
            """)

    @Argument(
        help: ArgumentHelp(
            "The run: the beginning of a trace id, latest, latest~1, label:KEY=VALUE, or an NDJSON file.",
            valueName: "run"))
    var selection: String?

    @Flag(help: "Show what is stored meanwhile as it comes; F turns it on and off.")
    var follow = false

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var inference: InferenceOptions

    @Option(help: "Colour: auto, always or never. auto: unless NO_COLOR is set.")
    var color: AutomaticChoice = .auto

    @Option(help: "Plain ASCII instead of block characters: auto, always or never. auto: in the C and POSIX locales.")
    var ascii: AutomaticChoice = .auto

    @Flag(help: "Read and show times in UTC instead of the local zone.")
    var utc = false

    func run() async throws {
        try checkTerminal()
        let environment = Platform.environment
        let options = TerminalOptions(
            colors: ColorMode(color, isTerminal: true, environment: environment),
            ascii: TerminalOptions.isASCII(ascii, environment: environment), utc: utc)
        let clock: LocalClock = utc ? .utc : .local
        let selector = try Selector([selection ?? "all"], now: Platform.now(), clock: clock)
        let store = BrowseStore(
            selector, databasePath: database.path, settings: try inference.settings(), ascii: options.ascii)
        var setting = Browser.Setting(options: options)
        setting.canFollow = !selector.hasFiles
        setting.clock = clock
        var browser = Browser(setting)
        if follow, setting.canFollow { _ = browser.handle(.text("F")) }
        // Read before the screen is ours, so that what is wrong is said like by other commands.
        if selection != nil {
            _ = browser.receive(.run(try await store.newest()))
        } else {
            let runs = try await store.runs()
            guard follow || !runs.isEmpty else { throw CommandFailure(.no, "no run in \(database.path)") }
            _ = browser.receive(.runs(runs))
        }
        var loop = try BrowseLoop(browser, store, isFollowing: follow && setting.canFollow)
        loop.run([])
    }

    private func checkTerminal() throws(CommandFailure) {
        let instead = "`waitline waterfall` draws a run's timeline anywhere"
        guard Platform.isTerminal(Platform.standardInput), Platform.isTerminal(1) else {
            throw CommandFailure(.usage, "browse needs a terminal for its input and its output: \(instead)")
        }
        let term = Platform.environment["TERM"] ?? ""
        guard !term.isEmpty, term != "dumb", term != "unknown" else {
            let named = term.isEmpty ? "TERM is not set" : "TERM=\(term)"
            throw CommandFailure(.usage, "browse needs a terminal with a screen, and \(named): \(instead)")
        }
    }
}
