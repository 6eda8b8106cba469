import ArgumentParser
import TraceCore
import TraceExport
import TraceIntake
import TraceTerminal

struct WaterfallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waterfall", abstract: "Draws the timeline of one run, waiting told from work.",
        discussion: """
            A run of more rows than are shown begins with its summary, and equal siblings are one line. What filters \
            leave keeps the rows above it; whatever is not shown is counted.

            JSON has all rows unless --rows, --depth, a filter, --from or --to says otherwise, in the order of \
            --sort; its groups and figures are always those of the whole run. --lanes, --fold and --align-clocks are \
            of the picture alone.
            """)

    @Argument(
        help: ArgumentHelp(
            "The run: the beginning of a trace id, latest, latest~1, label:KEY=VALUE, or an NDJSON file.",
            valueName: "run"))
    var selection = "latest"

    @Flag(
        help: """
            Instead of the timeline, the critical chain of each group: who set its length. JSON always has the chain; \
            with this it also says how the group's tasks flowed.
            """)
    var chain = false

    @Flag(help: "Lanes instead of rows: the tasks of each group packed by when they hold a slot. A lane is a slot.")
    var lanes = false

    @OptionGroup(title: "What is drawn") var what: WaterfallOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var inference: InferenceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let ofRows = what.given.filter(["--sort", "--depth", "--fold"].contains)
        if lanes, !ofRows.isEmpty {
            throw ValidationError("--lanes draws no rows: it goes without \(ofRows.joined(separator: ", ")).")
        }
    }

    func run() throws {
        let now = Platform.now()
        let settings = try inference.settings()
        var source = RunSource(
            selector: try Selector([selection], now: now, clock: output.clock), databasePath: database.path, now: now)
        source.withBackground = !(chain && output.format == .text)
        let newest = try source.newest()
        let analysis = TraceAnalysis(newest.trace, settings: settings)
        var choice = try what.choice(of: analysis)
        choice.showsLanes = lanes
        switch output.format {
        case .json:
            try WaterfallJSON(
                analysis, query: choice.query, tellsFlow: chain, background: background(newest, analysis)
            ).write(limit: output.jsonRows) { try StandardOutput.write($0) }
        case .text where chain:
            let view = ChainView(analysis, output.terminal, isArriving: newest.isArriving)
            try StandardOutput.write(view.lines())
        case .text:
            var view = WaterfallView(analysis, output.terminal, isArriving: newest.isArriving, choice: choice)
            view.errors = try Self.errors(under: view.shownEvents, of: newest.trace, source.lines)
            view.facts = try Self.facts(of: view.shownEvents, in: newest.trace, source.lines)
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

    private static let linksKey = Array("\"links\"".utf8)
    /// How many lines are held at a time.
    private static let linesHeld = 50_000

    /// What the lines of the events shown say beside what is kept of them: for how many spans one stands, and its links.
    private static func facts(
        of shown: [Int], in trace: Trace, _ lines: StoredLines
    ) throws -> WaterfallView.RowFacts {
        var facts = WaterfallView.RowFacts()
        for start in stride(from: 0, to: shown.count, by: linesHeld) {
            let events = shown[start..<min(start + linesHeld, shown.count)]
            for (event, line) in zip(events, try lines.lines(events.map { trace.events[$0].line })) {
                // Most lines say neither, and to read one takes a hundred times as long as to look.
                guard let line, trace.events[event].compressed || mentionsLinks(line) else { continue }
                let isSpan = trace.events[event].kind == .span
                let details = ElasticDetails.read(line, kind: isSpan ? .span : .transaction)
                facts.composites[event] = details.composite?.count
                if !details.links.isEmpty { facts.links[event] = details.links.count }
            }
        }
        return facts
    }

    /// Whether there may be links in a line.
    private static func mentionsLinks(_ line: [UInt8]) -> Bool {
        line.withUnsafeBufferPointer { bytes in
            (0..<max(0, bytes.count - linksKey.count)).contains { start in
                bytes[start + 1] == linksKey[1] && bytes[start] == linksKey[0]
                    && bytes[start..<start + linksKey.count].elementsEqual(linksKey)
            }
        }
    }
}
