import ArgumentParser
import TraceCore
import TraceExport
import TraceTerminal

struct WaterfallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waterfall", abstract: "Draws the timeline of one run, waiting told from work.")

    @Argument(
        help: ArgumentHelp(
            "The run: the beginning of a trace id, latest, latest~1, label:KEY=VALUE, or an NDJSON file.",
            valueName: "run"))
    var selection = "latest"

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let now = Platform.now()
        var source = RunSource(
            selector: try Selector([selection], now: now, isUTC: output.utc), databasePath: database.path, now: now)
        let newest = try source.newest()
        let analysis = TraceAnalysis(newest.trace)
        switch output.format {
        case .json:
            try WaterfallJSON(analysis).write(limit: output.jsonRows) { try StandardOutput.write($0) }
        case .text:
            try StandardOutput.write(WaterfallView(analysis, output.terminal, isArriving: newest.isArriving))
        }
        try source.reportProblems()
    }
}
