/// What a report counts with, a row of integers for each task.
struct TaskQuantities: Sendable {
    private var groups: [UInt32] = []
    /// µs.
    private var totals: [Int64] = []
    private var waits: [Int64] = []
    private var own: [Int64] = []
    private var delays: [Int64] = []
    /// The groups of the tasks that were added last.
    private(set) var lastGroups: [UInt32] = []

    /// Adds some tasks of a run, which are counted in their groups.
    mutating func append(_ chosen: [UInt32], of figures: RunFigures, to all: inout ReportGroups) {
        all.add(chosen, of: figures, groups: &lastGroups)
        groups.append(contentsOf: lastGroups)
        let tasks = figures.tasks
        totals.append(chosen) { tasks[.duration, $0] + tasks[.queued, $0] }
        waits.append(chosen) { tasks[.queued, $0] + tasks[.spanWait, $0] + tasks[.inferredWait, $0] }
        own.append(chosen) { tasks[.own, $0] }
        delays.append(chosen) { tasks[.delay, $0] }
    }

    /// The statistics of all tasks, and those of each group, with these percentiles beside the standard ones.
    func statistics(
        of all: ReportGroups, percentiles: [PercentileRank]
    ) -> (overall: TaskStatistics, groups: [TaskStatistics]) {
        let quantities = ReportQuantity.allCases
        let results = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * groups.count) { memory in
            quantities.map { statistics($0, counts: all.tasks, percentiles, in: memory) }
        }
        func set(_ tasks: Int, _ failed: Int, _ statistics: (GroupedStatistics) -> Statistics) -> TaskStatistics {
            TaskStatistics(tasks: tasks, failed: failed) { quantity in
                statistics(results[quantities.firstIndex(of: quantity) ?? 0])
            }
        }
        return (
            set(groups.count, all.failed.reduce(0, +), \.overall),
            all.tasks.indices.map { group in set(all.tasks[group], all.failed[group]) { $0.groups[group] } }
        )
    }

    /// How the totals and the work are distributed, in this order; nil where there are no tasks.
    func distribution(bins: Int) -> Histogram? {
        Histogram(
            ofSorted: [
                Array(sortedCount: totals.count) { totals[$0] },
                Array(sortedCount: totals.count) { totals[$0] - waits[$0] },
            ], bins: bins)
    }

    private func statistics(
        _ quantity: ReportQuantity, counts: [Int], _ percentiles: [PercentileRank],
        in memory: UnsafeMutableBufferPointer<UInt64>
    ) -> GroupedStatistics {
        @inline(__always)
        func of(_ value: (Int) -> Int64) -> GroupedStatistics {
            GroupedStatistics(groups, counts: counts, percentiles: percentiles, in: memory, value: value)
        }
        return switch quantity {
        case .total: of { totals[$0] }
        case .wait: of { waits[$0] }
        case .work: of { totals[$0] - waits[$0] }
        case .own: of { own[$0] }
        case .delay: of { delays[$0] }
        }
    }
}

extension [Int64] {
    @inline(__always)
    fileprivate mutating func append(_ chosen: [UInt32], _ value: (Int) -> Int64) {
        let first = count
        resize(first + chosen.count)
        withUnsafeMutableBufferPointer { values in
            for (place, task) in chosen.enumerated() { values[first + place] = value(Int(task)) }
        }
    }
}
