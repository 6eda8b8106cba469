import ArgumentParser
import TraceCore
import TraceTerminal

extension WaterfallQuery.Sort: ExpressibleByArgument {}

/// Which rows of a run are drawn, and over which time.
struct WaterfallOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Equal siblings, five or more, as one line: auto, always or never.",
            discussion: """
                auto: where there are more rows than are shown and --sort is not given; in a picture whatever their \
                number. The line says how many of them work over time; below it stand the median, p99, the longest, \
                and one that failed, if any did.
                """))
    var fold: AutomaticChoice = .auto

    @Option(help: ArgumentHelp("So many levels of rows; 1 are the run's root and its tasks.", valueName: "n"))
    var depth: Int?

    @Option(help: "Siblings by start (default), or the largest first by total, wait or work.")
    var sort: WaterfallQuery.Sort?

    @Option(help: "Only what was done for this user.")
    var user: String?

    @Flag(help: "Only what failed.")
    var failed = false

    @Option(help: ArgumentHelp("Only rows whose total is at least so long: 200ms.", valueName: "time"))
    var minDuration: String?

    @Option(
        help: ArgumentHelp(
            "Only rows with this text in name, user, type, subtype, action, service or id, in any case.",
            valueName: "text"))
    var filter: String?

    @Option(help: ArgumentHelp("From this time of the run on: 1.5s, 200ms or 25%.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Up to this time of the run.", valueName: "time"))
    var to: String?

    @Flag(
        help: ArgumentHelp(
            "Move what other processes did into the span that it was done for, where it lies outside of it.",
            discussion: """
                The children that one process or service has below a span of another are moved together, to the \
                middle of that span, or, where they take longer than it, to its start if they begin before it. Their \
                rows are marked; figures stay as they were sent.
                """))
    var alignClocks = false

    func validate() throws {
        if let depth, depth < 1 { throw ValidationError("--depth takes a number of levels from 1 on.") }
    }

    /// The options that were given, by their names.
    var given: [String] {
        let options: [(name: String, isGiven: Bool)] = [
            ("--fold", fold != .auto), ("--depth", depth != nil), ("--sort", sort != nil), ("--user", user != nil),
            ("--failed", failed), ("--min-duration", minDuration != nil), ("--filter", filter != nil),
            ("--from", from != nil), ("--to", to != nil), ("--align-clocks", alignClocks),
        ]
        return options.filter(\.isGiven).map(\.name)
    }

    /// What is asked for of a run. Throws where an option makes no sense, or the run has no such time.
    func choice(of analysis: TraceAnalysis) throws(CommandFailure) -> WaterfallChoice {
        var choice = WaterfallChoice()
        choice.folding = fold
        choice.query.user = user
        choice.query.failedOnly = failed
        choice.query.text = filter
        choice.query.depth = depth
        choice.query.sort = sort ?? .start
        choice.query.alignsClocks = alignClocks
        if let minDuration {
            guard case .time(let length) = try Self.offset(minDuration, of: "--min-duration") else {
                throw CommandFailure(.usage, "--min-duration takes a time like 200ms, not `\(minDuration)`")
            }
            choice.query.minDuration = length
        }
        choice.query.window = try window(of: analysis)
        return choice
    }

    /// The part of the run that is drawn; nil is the whole.
    private func window(of analysis: TraceAnalysis) throws(CommandFailure) -> Interval? {
        guard from != nil || to != nil else { return nil }
        let layout = WaterfallLayout(analysis)
        let run = layout.window(alignClocks ? layout.clocks : .none)
        let start = try from.map { text throws(CommandFailure) in
            try Self.offset(text, of: "--from").time(in: run)
        }
        let end = try to.map { text throws(CommandFailure) in try Self.offset(text, of: "--to").time(in: run) }
        let window = Interval(start: start ?? run.start, end: end ?? run.end)
        guard !window.isEmpty else {
            let makespan = DurationText(fitting: run.length, ascii: true).text(run.length)
            throw CommandFailure(
                .usage, "--from has to lie before --to, and before the end of the run, which took \(makespan)")
        }
        return window
    }

    private static func offset(_ text: String, of option: String) throws(CommandFailure) -> RunOffset {
        do throws(ExpressionError) {
            return try RunOffset(text)
        } catch {
            let place = error.position == 0 ? "" : " after \(CountText.text(error.position, "character", "characters"))"
            throw CommandFailure(.usage, "\(option) `\(text)` is wrong\(place): expected \(error.expected)")
        }
    }
}
