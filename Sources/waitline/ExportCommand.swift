import ArgumentParser
import TraceCore
import TraceExport

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes one run to a file, for other programs or another database.")

    /// What a run is written as.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case ndjson
        case csv

        static let allValueDescriptions = [
            "ndjson": "Elastic's intake v2, to be imported again.",
            "csv": "a row for each task: run, id, user, name, start, and the quantities in µs.",
        ]
    }

    @Argument(
        help: ArgumentHelp(
            "The run: the beginning of a trace id, latest, latest~1, label:KEY=VALUE, or an NDJSON file.",
            valueName: "run"))
    var selection = "latest"

    @Option(help: "What to write.")
    var format: Format = .ndjson

    @Option(help: "The file to write, compressed where it is named .gz. Default: standard output.")
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

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var inference: InferenceOptions

    func run() throws {
        let now = Platform.now()
        let settings = try inference.settings()
        var source = RunSource(
            selector: try Selector([selection], now: now, isUTC: false), databasePath: database.path, now: now)
        source.withSurroundings = format == .ndjson
        let run = try source.newest()
        var pseudonym: ((String) -> String)?
        if pseudonyms {
            let all = Pseudonyms(key: Platform.environment["WAITLINE_PSEUDONYM_KEY"] ?? "")
            pseudonym = { all.pseudonym(of: $0) }
        }
        var file = try OutputFile(output)
        switch format {
        case .ndjson:
            let export = NDJSONExport(run.trace, lines: source.lines, pseudonym: pseudonym)
            try export.write { try file.write($0) }
            // So that a run without a root is read as arriving, or not, as it is here.
            try file.finish(time: run.lastRequest)
        case .csv:
            try file.write(TaskCSV.header)
            let csv = TaskCSV(pseudonym: pseudonym)
            try csv.write(TraceAnalysis(run.trace, settings: settings)) { try file.write($0) }
            try file.finish()
        }
        try source.reportProblems()
    }
}
