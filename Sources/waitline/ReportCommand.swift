import ArgumentParser
import TraceCore
import TraceTerminal

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Prints percentiles of what tasks waited and worked.",
        discussion: """
            Of total, wait, work, self and delay: overall, and for each group of tasks.

            Examples:
              waitline report latest --by label:queue
              waitline report since:7d --by version --sort 'p95(wait)' --format csv
              waitline report latest --fail-if 'p95(wait) > 5s'
            """)

    @Argument(
        help: "Runs: trace ids, latest, label:KEY=VALUE, version:X, since:7d, A..B, all, or NDJSON files.",
        completion: .file())
    var runs: [String] = ["all"]

    @Flag(help: "Analyse every run anew instead of reading stored figures: the answer is the same.")
    var noCache = false

    @OptionGroup var report: ReportOptions
    @OptionGroup var budgets: BudgetOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var inference: InferenceOptions
    @OptionGroup var output: TableOutputOptions

    func run() throws {
        Platform.stepBack()
        let now = Platform.now()
        let request = try report.request(
            settings: try inference.settings(), usesCache: !noCache, budgets: try budgets.budgets(for: .report))
        var source = RunSource(
            selector: try Selector(runs, now: now, clock: output.clock), databasePath: database.path, now: now)
        let report = try request.report(of: &source, bins: output.bins())
        try StandardOutput.write(output.text(report, of: request), before: request.budgets)
        let check = BudgetCheck(request.budgets, report, ascii: output.terminal.ascii)
        check.tell()
        try source.reportProblems()
        try check.end()
    }
}
