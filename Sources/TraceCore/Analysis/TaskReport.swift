/// One task as a report sees it.
package struct TaskRow: Sendable {
    /// One for each dimension of the report; nil where the task has none.
    package var keys: [Symbol?]
    package var breakdown: Breakdown
    package var failed: Bool
    /// Whether the agent dropped some of its spans.
    package var incomplete: Bool
}

/// What a report groups its tasks by.
package enum ReportDimension: Sendable, Hashable {
    case user
    case name
    case service
    case version
    case outcome
    case run
    case label(String)

    /// As `--by` takes it: a word, or `label:KEY`; nil for anything else.
    package init?(_ text: String) {
        switch text {
        case "user": self = .user
        case "name": self = .name
        case "service": self = .service
        case "version": self = .version
        case "outcome": self = .outcome
        case "run": self = .run
        default:
            guard text.hasPrefix("label:"), text.count > 6 else { return nil }
            self = .label(String(text.dropFirst(6)))
        }
    }

    /// As `--by` takes it.
    package var text: String {
        switch self {
        case .user: "user"
        case .name: "name"
        case .service: "service"
        case .version: "version"
        case .outcome: "outcome"
        case .run: "run"
        case .label(let key): "label:\(key)"
        }
    }
}

/// Which tasks a report takes; nil takes all.
package struct TaskFilter: Sendable {
    /// The sampled transactions of this name, grouped or not, instead of the tasks of the run.
    package var name: String?
    package var service: String?
    package var user: String?
    package var outcome: String?
    /// Key and value; all must match.
    package var labels: [(key: String, value: String)] = []

    package init() {}
}

/// The statistics of a set of tasks.
package struct TaskStatistics: Sendable {
    package var tasks: Int
    package var failed: Int
    package var total: Statistics
    package var wait: Statistics
    package var work: Statistics
    package var own: Statistics
    package var delay: Statistics

    /// Summed wait over summed total.
    package var waitShare: Share { Share(wait.sum, of: total.sum) }

    init(_ rows: [TaskRow]) {
        tasks = rows.count
        failed = rows.count { $0.failed }
        total = Statistics(rows.map(\.breakdown.total))
        wait = Statistics(rows.map(\.breakdown.wait))
        work = Statistics(rows.map(\.breakdown.work))
        own = Statistics(rows.map(\.breakdown.own))
        delay = Statistics(rows.map(\.breakdown.delay))
    }
}

/// Percentiles of what tasks waited and worked, over any number of runs (source: "Statistics" and "What is
/// counted" of the definitions of wait and work).
package struct TaskReport: Sendable {
    package struct Group: Sendable {
        /// One for each dimension; nil for tasks that have none.
        package var key: [String?]
        package var statistics: TaskStatistics
        package var incomplete: Int
    }

    package let dimensions: [ReportDimension]
    /// By which the waits of its tasks were inferred.
    package let inference: Inference
    package let overall: TaskStatistics
    /// In the order asked for.
    package var groups: [Group]
    package let runs: Int
    /// Runs that have no root yet and whose events still come.
    package let arriving: Int
    /// Transactions that were not sampled and are in no statistic.
    package let unsampled: Int
    /// Tasks of which the agent dropped spans.
    package let incomplete: Int
    /// Runs in which no task has a parent transaction, so that no wait can be inferred.
    package let runsWithoutGroups: Int
}

/// Takes runs one at a time, so that a report never holds more than one of them. All of them were analysed with the
/// same settings.
package struct TaskReportBuilder {
    private let dimensions: [ReportDimension]
    private let filter: TaskFilter
    private var symbols = SymbolTable()
    private var rows: [TaskRow] = []
    private var runs = 0
    private var arriving = 0
    private var unsampled = 0
    private var runsWithoutGroups = 0
    private var inference: Inference?

    package init(by dimensions: [ReportDimension], filter: TaskFilter = TaskFilter()) {
        self.dimensions = dimensions
        self.filter = filter
    }

    /// Adds the tasks of a run.
    package mutating func add(_ analysis: TraceAnalysis, isArriving: Bool) {
        precondition(inference ?? analysis.settings.inference == analysis.settings.inference, "waits of two kinds")
        inference = analysis.settings.inference
        let trace = analysis.trace
        let labels = LabelLookup(trace)
        for task in filter.tasks(of: analysis) {
            guard let breakdown = analysis.breakdown(task), filter.admits(task, of: trace, labels: labels) else {
                continue
            }
            let event = trace.events[task]
            rows.append(
                TaskRow(
                    keys: dimensions.map { dimension in
                        labels.key(dimension, of: task).map { symbols.intern($0) }
                    },
                    breakdown: breakdown,
                    failed: event.outcome == .failure,
                    incomplete: event.dropped > 0))
        }
        runs += 1
        arriving += isArriving ? 1 : 0
        unsampled += analysis.unsampled
        runsWithoutGroups += analysis.groups.isEmpty ? 1 : 0
    }

    /// The statistics of all that was added, groups ordered by one of their figures, largest first, then by key.
    package func report(sortedBy order: ReportOrder = .standard) -> TaskReport {
        let groups = Dictionary(grouping: rows, by: \.keys).map { key, rows in
            TaskReport.Group(
                key: key.map { symbols.text($0) },
                statistics: TaskStatistics(rows),
                incomplete: rows.count { $0.incomplete })
        }
        return TaskReport(
            dimensions: dimensions,
            inference: inference ?? AnalysisSettings.standard.inference,
            overall: TaskStatistics(rows),
            groups: groups.sorted { left, right in
                let (a, b) = (order.value(left.statistics), order.value(right.statistics))
                return a != b ? a > b : TaskReport.precedes(left.key, right.key)
            },
            runs: runs,
            arriving: arriving,
            unsampled: unsampled,
            incomplete: rows.count { $0.incomplete },
            runsWithoutGroups: runsWithoutGroups)
    }

}

extension TaskReport {
    /// The order of keys: dimension by dimension as bytes, tasks without one last.
    package static func precedes(_ left: [String?], _ right: [String?]) -> Bool {
        for (a, b) in zip(left, right) {
            guard let a else {
                if b == nil { continue }
                return false
            }
            guard let b else { return true }
            if a.utf8.elementsEqual(b.utf8) { continue }
            return a.utf8.lexicographicallyPrecedes(b.utf8)
        }
        return false
    }
}
