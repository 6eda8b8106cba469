import ArgumentParser
import TraceCore
import TraceExport
import TraceIntake
import TraceTerminal

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes one run to a file, for other programs or another database.",
        discussion: """
            Examples:
              waitline export latest --output run.ndjson.gz
              waitline export latest --format chrome --output trace.json
              waitline export latest --format svg --user u-17 --output u-17.svg
            """)

    /// What a run is written as.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case ndjson
        case csv
        case chrome
        case svg
        case html

        static let allValueDescriptions = [
            "ndjson": "Elastic's intake v2, to be imported again.",
            "csv": "a row for each task: run, id, user, name, start, and the quantities in µs.",
            "chrome": "Chrome's trace events as JSON, to be opened in Perfetto.",
            "svg": "the waterfall as a picture, for light and dark pages.",
            "html": "a page with the waterfall and the report; with a second set of runs, the comparison.",
        ]
    }

    @Argument(
        help: ArgumentHelp(
            "The run: the beginning of a trace id, latest, latest~1, label:KEY=VALUE, or an NDJSON file.",
            valueName: "run"),
        completion: .file())
    var selection = "latest"

    @Argument(
        help: ArgumentHelp("With html: a second set of runs, which the first is compared with.", valueName: "b"),
        completion: .file())
    var other: String?

    @Option(help: "What to write.")
    var format: Format = .ndjson

    @Option(
        help: ArgumentHelp(
            "The file to write, compressed where it is named .gz. Default: standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @Flag(
        help: ArgumentHelp(
            "Stable pseudonyms in the place of user ids.",
            discussion: """
                Also where an id stands in a label, a URL or a text; names and addresses of users are left out. The \
                same id has the same pseudonym in every export. Set $WAITLINE_PSEUDONYM_KEY to a secret of your own, \
                or whoever can guess an id can check the guess.
                """))
    var pseudonyms = false

    @OptionGroup(title: "What a picture (svg) shows") var picture: PictureOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var inference: InferenceOptions

    func validate() throws {
        if format != .svg, let first = picture.given.first {
            throw ValidationError("\(first) goes with --format svg.")
        }
        if other != nil, format != .html { throw ValidationError("a second set of runs goes with --format html.") }
    }

    func run() throws {
        let now = Platform.now()
        let settings = try inference.settings()
        if let other { return try compare(with: other, now: now, settings) }
        var source = RunSource(
            selector: try Selector([selection], now: now, clock: .local), databasePath: database.path, now: now)
        source.withSurroundings = format == .ndjson
        let run = try source.newest()
        var file = try OutputFile(output)
        switch format {
        case .ndjson:
            let export = NDJSONExport(run.trace, lines: source.lines, pseudonym: pseudonym)
            let leftOut = try export.write { try file.write($0) }
            if leftOut > 0 {
                let lines = CountText.text(leftOut, "line is", "lines are")
                source.remark("\(lines) damaged, and left out: whose names stand there cannot be told")
            }
            // So that it is as old where it is imported as it is here.
            try file.finish(time: run.lastRequest)
        case .csv:
            try file.write(TaskCSV.header)
            let csv = TaskCSV(pseudonym: pseudonym, rewriting: rewriting(run.trace))
            try csv.write(TraceAnalysis(run.trace, settings: settings)) { try file.write($0) }
            try file.finish()
        case .chrome:
            var chrome = ChromeTrace(TraceAnalysis(run.trace, settings: settings))
            chrome.errors = try ErrorTexts.read(of: run.trace, source.lines)
            chrome.pseudonym = pseudonym
            chrome.rewriting = rewriting(run.trace)
            try chrome.write { try file.write($0) }
            try file.finish()
        case .svg:
            let picture = try picture.picture(of: run, settings: settings, rename: rewriting(run.trace))
            try picture.write { try file.write($0) }
            try file.finish()
        case .html:
            let page = try HTMLExport(settings: settings, pseudonym: pseudonym).page(of: run, source.lines)
            try file.write(page)
            try file.finish()
        }
        try source.reportProblems()
    }

    private func compare(with other: String, now: Int64, _ settings: AnalysisSettings) throws {
        var sources = try [selection, other].map {
            RunSource(selector: try Selector([$0], now: now, clock: .local), databasePath: database.path, now: now)
        }
        let page = try HTMLExport(settings: settings, pseudonym: pseudonym).comparison(&sources)
        var file = try OutputFile(output)
        try file.write(page)
        try file.finish()
        try RunSource.reportProblems(of: sources)
    }

    /// What stands for a text with users of a run in it; nil where users stand as they are.
    private func rewriting(_ trace: Trace) -> ((String) -> String)? {
        guard let pseudonym else { return nil }
        let users = UserPseudonyms(NDJSONExport.users(of: trace), pseudonym)
        return { users.replacing(in: $0) }
    }

    /// What stands for a user; nil where users stand as they are.
    private var pseudonym: ((String) -> String)? {
        guard pseudonyms else { return nil }
        let all = Pseudonyms(key: Platform.environment["WAITLINE_PSEUDONYM_KEY"] ?? "")
        return { all.pseudonym(of: $0) }
    }
}
