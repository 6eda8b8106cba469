import ArgumentParser
import TraceCore
import TraceExport
import TraceTerminal

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Percentiles of what tasks waited and worked.")

    @Argument(help: "Runs: trace ids, latest, label:KEY=VALUE, version:X, since:7d, A..B, all, or NDJSON files.")
    var runs: [String] = ["all"]

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

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let now = Platform.now()
        var source = RunSource(
            selector: try Selector(runs, now: now, isUTC: output.utc), databasePath: database.path, now: now)
        guard let order = ReportOrder(sort) else {
            throw CommandFailure(
                .usage,
                "--sort takes total, wait, work, self or delay for its sum, or a figure of it like p95(wait) or max:work, not `\(sort)`"
            )
        }
        var builder = TaskReportBuilder(by: try dimensions(), filter: try filter())
        let count = try source.forEach { run in
            builder.add(TraceAnalysis(run.trace), isArriving: run.isArriving)
        }
        guard count > 0 else { throw source.nothingFound }
        let report = builder.report(sortedBy: order)
        guard report.overall.tasks > 0 else {
            try source.reportProblems()
            throw CommandFailure(.no, "no task of \(count) \(count == 1 ? "run" : "runs") is in that selection")
        }
        switch output.format {
        case .json:
            try StandardOutput.write(ReportJSON.text(report, limit: output.jsonRows))
        case .text:
            try StandardOutput.write(ReportView(report, output.terminal).lines())
        }
        try source.reportProblems()
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
