import ArgumentParser
import TraceCore
import TraceExport
import TraceIntake
import TraceTerminal

struct WaterfallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waterfall", abstract: "Draws the timeline of one run, waiting told from work.")

    @Argument(
        help: ArgumentHelp(
            "The run: the beginning of a trace id, latest, latest~1, label:KEY=VALUE, or an NDJSON file.",
            valueName: "run"))
    var selection = "latest"

    @Flag(help: "Instead of the timeline, the critical chain of each group: who set its length. JSON has it without, too.")
    var chain = false

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var inference: InferenceOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let now = Platform.now()
        let settings = try inference.settings()
        var source = RunSource(
            selector: try Selector([selection], now: now, isUTC: output.utc), databasePath: database.path, now: now)
        source.withBackground = !(chain && output.format == .text)
        let newest = try source.newest()
        let analysis = TraceAnalysis(newest.trace, settings: settings)
        switch output.format {
        case .json:
            try WaterfallJSON(analysis, tellsFlow: chain, background: background(newest, analysis))
                .write(limit: output.jsonRows) { try StandardOutput.write($0) }
        case .text where chain:
            let view = ChainView(analysis, output.terminal, isArriving: newest.isArriving)
            try StandardOutput.write(view.lines())
        case .text:
            var view = WaterfallView(analysis, output.terminal, isArriving: newest.isArriving)
            view.errors = try Self.errors(under: view.shownEvents, of: newest.trace, source.lines)
            try StandardOutput.write(view)
            try StandardOutput.write(BackgroundView(background(newest, analysis), output.terminal).lines())
        }
        try source.reportProblems()
    }

    private func background(_ run: RunSource.Run, _ analysis: TraceAnalysis) -> BackgroundTasks {
        BackgroundTasks(of: analysis, others: run.others.found, isCut: run.others.isCut)
    }

    /// By event, what went wrong in it, where its row is shown: only those lines are read.
    static func errors(
        under shown: [Int], of trace: Trace, _ lines: StoredLines
    ) throws -> [Int: [ErrorDetails]] {
        let places = ErrorPlaces(trace).errors(under: shown)
        let wanted = Array(Set(places.values.joined()))
        guard !wanted.isEmpty else { return [:] }
        var details: [Int: ErrorDetails] = [:]
        for (index, line) in zip(wanted, try lines.lines(wanted.map { trace.sideEvents[$0].line })) {
            details[index] = line.flatMap { ElasticDetails.read($0, kind: .error).error }
        }
        return places.mapValues { $0.compactMap { details[$0] } }
    }
}
