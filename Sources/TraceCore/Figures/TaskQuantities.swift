/// What a report counts with, a row of integers for each task.
struct TaskQuantities: Sendable {
    private var groups: [UInt32] = []
    /// µs.
    private var totals: [Int64] = []
    private var waits: [Int64] = []
    private var own: [Int64] = []
    private var delays: [Int64] = []
    /// The groups of the tasks that are being added.
    private var fresh: [UInt32] = []

    /// Adds some tasks of a run, which are counted in their groups.
    mutating func append(_ chosen: [UInt32], of figures: RunFigures, to all: inout ReportGroups) {
        all.add(chosen, of: figures, groups: &fresh)
        groups.append(contentsOf: fresh)
        let tasks = figures.tasks
        totals.append(chosen) { tasks[.duration, $0] + tasks[.queued, $0] }
        waits.append(chosen) { tasks[.queued, $0] + tasks[.spanWait, $0] + tasks[.inferredWait, $0] }
        own.append(chosen) { tasks[.own, $0] }
        delays.append(chosen) { tasks[.delay, $0] }
    }

    /// The statistics of all tasks, and those of each group.
    func statistics(of all: ReportGroups) -> (overall: TaskStatistics, groups: [TaskStatistics]) {
        let quantities = ReportQuantity.allCases
        let results = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * groups.count) { memory in
            quantities.map { statistics($0, counts: all.tasks, in: memory) }
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

    private func statistics(
        _ quantity: ReportQuantity, counts: [Int], in memory: UnsafeMutableBufferPointer<UInt64>
    ) -> GroupedStatistics {
        switch quantity {
        case .total: GroupedStatistics(groups, counts: counts, in: memory) { totals[$0] }
        case .wait: GroupedStatistics(groups, counts: counts, in: memory) { waits[$0] }
        case .work: GroupedStatistics(groups, counts: counts, in: memory) { totals[$0] - waits[$0] }
        case .own: GroupedStatistics(groups, counts: counts, in: memory) { own[$0] }
        case .delay: GroupedStatistics(groups, counts: counts, in: memory) { delays[$0] }
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
