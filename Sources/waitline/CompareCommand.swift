import ArgumentParser
import TraceCore
import TraceExport
import TraceStorage
import TraceTerminal

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Sets two sets of runs side by side, and says whether what changed is real.",
        discussion: """
            For duration, total, wait, work, delay and turnaround of tasks and makespan of groups: both medians and \
            p95s, the change of the median, and a test (Wilcoxon where the sides have the same users, else \
            Mann-Whitney). A change is real where p < 0.01 and the median moved by more than 5 %.

            Examples:
              waitline compare latest~1 latest
              waitline compare version:1 version:2 --fail-if 'change(p95(work)) > 9%'
            """)

    @Argument(
        help: ArgumentHelp(
            "The first set: a trace id, latest~1, label:KEY=VALUE, version:X, since:7d, A..B, or NDJSON files.",
            valueName: "a"),
        completion: .file())
    var first: String

    @Argument(
        help: ArgumentHelp("The second set: what the first is compared with.", valueName: "b"), completion: .file())
    var second: String

    @Flag(help: "Analyse every run anew instead of reading stored figures: the answer is the same.")
    var noCache = false

    @OptionGroup var filters: FilterOptions
    @OptionGroup var budgets: BudgetOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var inference: InferenceOptions
    @OptionGroup var output: TableOutputOptions

    func run() throws {
        Platform.stepBack()
        let now = Platform.now()
        let budgets = try budgets.budgets(for: .compare)
        let request = try ComparisonRequest(
            filter: filters.filter(), settings: inference.settings(), usesCache: !noCache)
        var sources = try [first, second].map { text in
            RunSource(
                selector: try Selector([text], now: now, clock: output.clock), databasePath: database.path,
                now: now)
        }
        var builder = ComparisonBuilder(filter: request.filter, inference: request.settings.inference)
        for (place, side) in [ComparedSide.a, .b].enumerated() {
            try request.add(&sources[place], to: side, of: &builder)
        }
        let comparison = builder.comparison(
            hidden: budgets.compactMap(\.chosenRank), users: shownUsers,
            bins: ComparisonView.bins(width: output.terminal.width))
        if comparison.a.tasks == 0 || comparison.b.tasks == 0 { try RunSource.reportProblems(of: sources) }
        try comparison.checkThatTasksAreLeft()
        try tell(comparison, before: budgets)
        let check = BudgetCheck(budgets, comparison, ascii: output.terminal.ascii)
        check.tell()
        try RunSource.reportProblems(of: sources)
        try check.end()
    }

    private var shownUsers: Int {
        switch output.terminal.rows {
        case .standard: ComparisonView.standardUsers
        case .first(let count): count
        case .all: .max
        }
    }

    private func tell(_ comparison: Comparison, before budgets: [Budget]) throws {
        let view = ComparisonView(comparison, names: (first, second), output.terminal)
        try StandardOutput.write(text(of: comparison, view), before: budgets)
        if output.format != .text, let overlap = view.overlap {
            Platform.writeError("waitline: \(SafeLine.text(overlap))\n")
        }
    }

    private func text(of comparison: Comparison, _ view: ComparisonView) -> String {
        switch output.format {
        case .text: view.lines().map { $0 + "\n" }.joined()
        case .json: ComparisonJSON.text(comparison)
        case .csv: ComparisonTable.csv(comparison)
        case .markdown: ComparisonTable.markdown(comparison, ascii: output.terminal.ascii)
        }
    }
}

/// A comparison that was asked for.
private struct ComparisonRequest {
    let filter: TaskFilter
    let settings: AnalysisSettings
    let usesCache: Bool

    /// Adds the tasks of a set of runs to a side. Throws where there is no run.
    func add(_ source: inout RunSource, to side: ComparedSide, of builder: inout ComparisonBuilder) throws {
        // Closures that may escape take no `inout`; the builder itself is too large to be copied.
        var adding = ComparisonBuilder()
        swap(&adding, &builder)
        defer { swap(&adding, &builder) }
        let now = source.now
        let count = try source.forEach(
            // Stored figures are those of the standard settings.
            figures: usesCache && settings == .standard
                ? { figures, run in
                    adding.add(decoding: figures, to: side) {
                        RunSource.isArriving(hasRoot: $0.hasRoot, lastSent: run.lastSent, now: now)
                    }
                } : nil
        ) { run in
            adding.add(TraceAnalysis(run.trace, settings: settings), to: side, isArriving: run.isArriving)
        }
        guard count > 0 else { throw source.nothingFound }
    }
}

extension Comparison {
    /// Throws where a side has no task: why, as far as that is known.
    func checkThatTasksAreLeft() throws(CommandFailure) {
        for (name, side) in [("A", a), ("B", b)] where side.tasks == 0 {
            let runs = CountText.text(side.runs, "run", "runs")
            let reason = side.unsampled > 0 ? "; not sampled, and so in no statistic: \(side.unsampled)" : ""
            throw CommandFailure(.no, "no task of \(runs) of \(name) is in that selection\(reason)")
        }
    }
}
