import ArgumentParser
import TraceCore
import TraceExport
import TraceStorage
import TraceTerminal

/// What a report is over, and how it is grouped.
struct ReportOptions: ParsableArguments {
    @Option(help: "What to group by: user, name, service, version, outcome, run, label:KEY, or several with commas.")
    var by = "user"

    @Option(help: "What to order groups by, largest first: wait for its sum, p95(wait) or p95:wait.")
    var sort = "wait"

    @OptionGroup var filters: FilterOptions

    /// What the options ask for, of runs analysed with these settings. Throws where they make no sense.
    func request(
        settings: AnalysisSettings, usesCache: Bool = true, budgets: [Budget] = []
    ) throws(CommandFailure) -> ReportRequest {
        guard let order = ReportOrder(sort) else {
            throw CommandFailure(
                .usage,
                "--sort takes total, wait, work, self or delay for its sum, or a figure of it like p95(wait) or max:work, not `\(sort)`"
            )
        }
        // Stored figures are those of the standard settings.
        return ReportRequest(
            dimensions: try dimensions(), filter: try filters.filter(), order: order, settings: settings,
            usesCache: usesCache && settings == .standard, budgets: budgets)
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
    fileprivate let order: ReportOrder
    fileprivate let settings: AnalysisSettings
    fileprivate let usesCache: Bool
    let budgets: [Budget]

    /// The report of a set of runs. Throws where there is no run, or no task of it is asked for.
    func report(of source: inout RunSource) throws -> TaskReport {
        var builder = TaskReportBuilder(by: dimensions, filter: filter, inference: settings.inference)
        let now = source.now
        let count = try source.forEach(
            figures: usesCache
                ? { figures, run in
                    builder.add(decoding: figures) {
                        RunSource.isArriving(hasRoot: $0.hasRoot, lastRequest: run.lastRequest, now: now)
                    }
                } : nil
        ) { run in
            builder.add(TraceAnalysis(run.trace, settings: settings), isArriving: run.isArriving)
        }
        guard count > 0 else { throw source.nothingFound }
        let report = builder.report(sortedBy: order, hidden: budgets.compactMap(\.chosenRank))
        guard report.overall.tasks > 0 else {
            try source.reportProblems()
            throw CommandFailure(.no, "no task of \(count) \(count == 1 ? "run" : "runs") is in that selection")
        }
        return report
    }
}

extension OutputOptions {
    /// A report as it is printed, on standard output or into a file.
    func text(_ report: TaskReport, isFile: Bool = false) -> String {
        switch format {
        case .json: ReportJSON.text(report, limit: jsonRows)
        case .text: ReportView(report, terminal(isFile: isFile)).lines().map { $0 + "\n" }.joined()
        }
    }
}
