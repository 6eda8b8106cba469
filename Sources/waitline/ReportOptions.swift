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

    @Option(help: "Transactions of this name instead of the tasks of each run.")
    var name: String?

    @Option(help: "Only tasks of this service.")
    var service: String?

    @Option(help: "Only tasks of this user.")
    var user: String?

    @Option(help: "Only tasks with this outcome: success, failure or unknown.")
    var outcome: String?

    @Option(help: "Only tasks with this label, KEY=VALUE. May be repeated.")
    var label: [String] = []

    /// What the options ask for, of runs analysed with these settings. Throws where they make no sense.
    func request(settings: AnalysisSettings, usesCache: Bool = true) throws(CommandFailure) -> ReportRequest {
        guard let order = ReportOrder(sort) else {
            throw CommandFailure(
                .usage,
                "--sort takes total, wait, work, self or delay for its sum, or a figure of it like p95(wait) or max:work, not `\(sort)`"
            )
        }
        // Stored figures are those of the standard settings.
        return ReportRequest(
            dimensions: try dimensions(), filter: try filter(), order: order, settings: settings,
            usesCache: usesCache && settings == .standard)
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

    private func filter() throws(CommandFailure) -> TaskFilter {
        var filter = TaskFilter()
        filter.name = name
        filter.service = service
        filter.user = user
        if let outcome, !Event.Outcome.allCases.contains(where: { $0.text == outcome }) {
            throw CommandFailure(.usage, "--outcome takes success, failure or unknown, not `\(outcome)`")
        }
        filter.outcome = outcome
        filter.labels = try label.map { text throws(CommandFailure) in
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw CommandFailure(.usage, "--label takes KEY=VALUE, not `\(text)`")
            }
            return (String(text[..<equals]), String(text[text.index(after: equals)...]))
        }
        return filter
    }
}

/// A report that was asked for, and can be made of any set of runs.
struct ReportRequest {
    fileprivate let dimensions: [ReportDimension]
    fileprivate let filter: TaskFilter
    fileprivate let order: ReportOrder
    fileprivate let settings: AnalysisSettings
    fileprivate let usesCache: Bool

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
        let report = builder.report(sortedBy: order)
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
