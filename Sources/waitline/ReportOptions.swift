import ArgumentParser
import TraceCore
import TraceExport
import TraceStorage
import TraceTerminal

/// What a report is over, and how it is grouped.
struct ReportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What to group by: user, name, service, version, outcome, run, label:KEY, or several with commas.",
            valueName: "keys"))
    var by = "user"

    @Option(
        help: ArgumentHelp(
            """
            What to order groups by, largest first: wait for its sum, p95(wait) or p95:wait. Default: wait; in the \
            tables of --by run the start, newest first.
            """))
    var sort: String?

    @Option(
        help: ArgumentHelp(
            "The percentiles shown instead of 50,90,95,99: from 0.01 to 100, with commas. JSON has both.",
            valueName: "list"))
    var percentiles: String?

    @Flag(help: "How work is split by type of span. Every run is analysed anew: it takes longer.")
    var breakdown = false

    @OptionGroup var filters: FilterOptions

    /// What the options ask for, of runs analysed with these settings. Throws where they make no sense.
    func request(
        settings: AnalysisSettings, usesCache: Bool = true, budgets: [Budget] = []
    ) throws(CommandFailure) -> ReportRequest {
        let order = sort.flatMap { ReportOrder($0) }
        if let sort, order == nil {
            throw CommandFailure(
                .usage,
                "--sort takes total, wait, work, self or delay for its sum, or a figure of it like p95(wait) or max:work, not `\(sort)`"
            )
        }
        // Stored figures are those of the standard settings.
        return ReportRequest(
            dimensions: try dimensions(), filter: try filters.filter(), order: order, percentiles: try ranks(),
            splitsWork: breakdown, settings: settings,
            usesCache: usesCache && settings == .standard && !breakdown, budgets: budgets)
    }

    /// More are no table that anybody reads.
    private static let mostPercentiles = 20

    private func ranks() throws(CommandFailure) -> [PercentileRank] {
        guard let percentiles else { return [] }
        let parts = percentiles.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= Self.mostPercentiles else {
            throw CommandFailure(
                .usage, "--percentiles takes at most \(Self.mostPercentiles) of them, not \(parts.count)")
        }
        return try parts.map { part throws(CommandFailure) in
            guard let rank = PercentileRank(part) else {
                throw CommandFailure(
                    .usage,
                    "--percentiles takes numbers from 0.01 to 100 with two decimals at most, like 50,90,99.9, not `\(part)`"
                )
            }
            return rank
        }
    }

    private func dimensions() throws(CommandFailure) -> [ReportDimension] {
        try by.split(separator: ",", omittingEmptySubsequences: false).map { text throws(CommandFailure) in
            guard let dimension = ReportDimension(String(text)) else {
                throw CommandFailure(
                    .usage,
                    "--by takes user, name, service, version, outcome, run or label:KEY, several with commas, not `\(text)`"
                )
            }
            return dimension
        }
    }
}

/// A report that was asked for, and can be made of any set of runs.
struct ReportRequest {
    fileprivate let dimensions: [ReportDimension]
    fileprivate let filter: TaskFilter
    /// Nil where nobody said.
    fileprivate let order: ReportOrder?
    fileprivate let percentiles: [PercentileRank]
    fileprivate let splitsWork: Bool
    fileprivate let settings: AnalysisSettings
    fileprivate let usesCache: Bool
    let budgets: [Budget]

    /// The report of a set of runs, its distribution told by at most so many bins. Throws where there is no run, or no
    /// task of it is asked for.
    func report(of source: inout RunSource, bins: Int) throws -> TaskReport {
        var builder = TaskReportBuilder(
            by: dimensions, filter: filter, inference: settings.inference, splitsWork: splitsWork)
        let now = source.now
        let count = try source.forEach(
            figures: usesCache
                ? { figures, run in
                    builder.add(decoding: figures) {
                        RunSource.isArriving(hasRoot: $0.hasRoot, lastSent: run.lastSent, now: now)
                    }
                } : nil
        ) { run in
            builder.add(TraceAnalysis(run.trace, settings: settings), isArriving: run.isArriving)
        }
        guard count > 0 else { throw source.nothingFound }
        let report = builder.report(
            sortedBy: order ?? .standard, percentiles: percentiles, hidden: budgets.compactMap(\.chosenRank), bins: bins
        )
        guard report.overall.tasks > 0 else {
            try source.reportProblems()
            let runs = CountText.text(count, "run", "runs")
            let reason = report.unsampled > 0 ? "; not sampled, and so in no statistic: \(report.unsampled)" : ""
            throw CommandFailure(.no, "no task of \(runs) is in that selection\(reason)")
        }
        return report
    }
}

extension TableOutputOptions {
    /// How many bins the picture of a distribution has that is printed; none where there is no picture.
    func bins(isFile: Bool = false) -> Int { format == .text ? ReportView.bins(terminal(isFile: isFile)) : 0 }

    /// A report as it is printed, on standard output or into a file.
    func text(_ report: TaskReport, of request: ReportRequest, isFile: Bool = false) -> String {
        switch format {
        case .json: ReportJSON.text(report, limit: jsonRows)
        case .csv: ReportCSV.text(report, limit: jsonRows)
        case .markdown: view(report, of: request, isFile: isFile).markdown().map { $0 + "\n" }.joined()
        case .text: view(report, of: request, isFile: isFile).lines().map { $0 + "\n" }.joined()
        }
    }

    private func view(_ report: TaskReport, of request: ReportRequest, isFile: Bool) -> ReportView {
        var report = report
        if request.order == nil { report.orderByTime() }
        return ReportView(report, terminal(isFile: isFile), clock: clock)
    }
}
