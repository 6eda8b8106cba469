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

    /// Summed total over summed work; nil where there was no work.
    package var slowdown: Slowdown? { Slowdown(total: total.sum, work: work.sum) }

    init(tasks: Int, failed: Int, statistics: (ReportQuantity) -> Statistics) {
        self.tasks = tasks
        self.failed = failed
        total = statistics(.total)
        wait = statistics(.wait)
        work = statistics(.work)
        own = statistics(.own)
        delay = statistics(.delay)
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
        /// The run that its tasks are of; nil where the report is not by run.
        package var run: ReportedRun?
        /// Nil where it was not asked for.
        package var work: WorkSplit?
    }

    package let dimensions: [ReportDimension]
    /// By which the waits of its tasks were inferred.
    package let inference: Inference
    package let overall: TaskStatistics
    /// In the order asked for.
    package var groups: [Group]
    /// How the work of all is split by kind; nil where it was not asked for.
    package let work: WorkSplit?
    /// The percentiles that were asked for; those that are not standard ones are in `Statistics.chosen`.
    package let percentiles: [PercentileRank]
    /// How the totals and the work of all tasks are distributed, in this order, over common bins; nil where it was not
    /// asked for.
    package let distribution: Histogram?
    /// The shortest and the longest of the runs; nil where there is none.
    package let makespans: RunMakespans?
    /// What can be said at its head.
    package let diagnosis: Diagnosis
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
