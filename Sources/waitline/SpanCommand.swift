import ArgumentParser
import TraceCore
import TraceExport
import TraceStorage
import TraceTerminal

extension FoundEvent.Kind: ExpressibleByArgument {
    public init?(argument: String) {
        guard let kind = Self.allCases.first(where: { $0.text == argument }) else { return nil }
        self = kind
    }

    public static var allValueStrings: [String] { allCases.map(\.text) }

    /// As it is called on the command line and in its answers.
    var text: String {
        switch self {
        case .transaction: "transaction"
        case .span: "span"
        case .error: "error"
        }
    }
}

struct SpanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "span", abstract: "Shows everything stored about one transaction, span or error.",
        discussion: """
            Its place in the run, its times, what it called, its labels, stack traces and errors; ids stand in the \
            JSON of `waterfall` and in exports.

            Example:
              waitline span a0d06388c3220673
            """)

    @Argument(help: "Its id, or the beginning of it: 4 characters or more.")
    var id: String

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "Look for it only in these runs: a trace id, latest, label:KEY=VALUE, an NDJSON file.", valueName: "run"),
        completion: .file())
    var runs: String?

    @Option(help: "Where events of several kinds have that id, which is meant.")
    var kind: FoundEvent.Kind?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var inference: InferenceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard id.utf8.count >= 4 else {
            throw ValidationError("An id, or 4 characters or more of its beginning, has to be given.")
        }
    }

    func run() throws {
        let settings = try inference.settings()
        var finder = EventFinder(
            id: id, kinds: kind.map { [$0] } ?? Set(FoundEvent.Kind.allCases), databasePath: database.path)
        if let runs {
            let now = Platform.now()
            let selector = try Selector([runs], now: now, clock: output.clock)
            try finder.search(RunSource(selector: selector, databasePath: database.path, now: now))
        } else {
            try finder.searchDatabase()
        }
        let page = try SpanPage(of: try finder.only(), lines: finder.lines, settings: settings)
        switch output.format {
        case .json:
            try StandardOutput.write(SpanJSON.text(page))
        case .text:
            let view = SpanView(page, output.terminal, clock: output.clock)
            try StandardOutput.write(view.lines())
        }
        try finder.reportProblems()
    }
}
