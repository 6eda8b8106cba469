/// What two sets of runs are compared by, by the names in output and in the order they are given in.
package enum ComparedQuantity: String, Sendable, CaseIterable {
    case duration
    case total
    case wait
    case work
    case delay
    case turnaround
    /// Of a group, from its earliest start to its latest end. All others are of a task.
    case makespan

    /// The quantities of a task.
    package static let ofTasks: [ComparedQuantity] = allCases.filter { $0 != .makespan }
}

/// One of two sets of runs.
package enum ComparedSide: Sendable {
    case a
    case b
}

/// Two sets of runs, side by side (source: "Comparing two runs, or two sets of runs" of the definitions of wait and
/// work).
package struct Comparison: Sendable {
    /// A set of runs.
    package struct Side: Sendable {
        package var runs: Int
        /// Runs that have no root yet and whose events still come.
        package var arriving: Int
        /// Transactions that were not sampled and are in no statistic.
        package var unsampled: Int
        /// Tasks of which the agent dropped spans.
        package var incomplete: Int
        /// Runs in which no task has a parent transaction, so that no wait can be inferred.
        package var runsWithoutGroups: Int
        /// How many groups its tasks are of.
        package var groups: Int
        /// How many users its tasks have; tasks without one have none.
        package var users: Int
        /// The slots of each run's group, that with the most of its tasks; nil where the runs differ.
        package var slots: Int?
        /// The figures of a report over its tasks.
        package var statistics: TaskStatistics
        /// The shortest and the longest of its runs; nil where there is none.
        package var makespans: RunMakespans?

        package var tasks: Int { statistics.tasks }
    }

    /// One quantity on both sides.
    package struct Quantity: Sendable {
        package var quantity: ComparedQuantity
        /// How many values there are, of tasks or of groups.
        package var counts: (a: Int, b: Int)
        package var a: Statistics
        package var b: Statistics
        /// Nil where a side has too few values. Its p is that of the medians of users where the sides are paired, but
        /// of groups for the makespan.
        package var test: RankTest?
        /// Of all values; nil where a side has none.
        package var histogram: Histogram?

        package func statistics(of side: ComparedSide) -> Statistics { side == .a ? a : b }

        /// Of the medians.
        package var change: Change { Change(from: Int128(a.p50), to: Int128(b.p50)) }

        /// Whether chance hardly did it, and it is not too small to matter either.
        package var isReal: Bool { (test.map { $0.p < 0.01 } ?? false) && change.exceeds(percent: 5) }
    }

    /// What follows from the figures.
    package enum Verdict: String, Sendable {
        /// The measurement changed, the speed did not.
        case measurement
        /// The tasks themselves became faster or slower: by the change of `work`.
        case work
        /// The tasks are served in another order or number: by the change of `turnaround`.
        case scheduling
        /// No real change, or too few values to tell (`Comparison.isTested`).
        case none
    }

    /// A user of both sides.
    package struct User: Sendable, Hashable {
        package var user: String
        /// The medians of the user's tasks, µs.
        package var a: Int64
        package var b: Int64
        /// How many tasks these are the medians of.
        package var tasksOfA: Int
        package var tasksOfB: Int

        package var change: Change { Change(from: Int128(a), to: Int128(b)) }
    }

    package let inference: Inference
    package let a: Side
    package let b: Side
    /// Runs that are on both sides: what is compared is partly the same.
    package let runsOnBothSides: Int
    /// Whether users are compared with themselves.
    package let isPaired: Bool
    /// Users that have tasks on both sides.
    package let usersOnBothSides: Int
    /// Users of B alone, as bytes.
    package let usersGained: [String]
    /// Users of A alone, as bytes.
    package let usersLost: [String]
    /// In the order of `ComparedQuantity`.
    package let quantities: [Quantity]
    /// The users of both sides whose medians changed most, up or down, most first.
    package let usersByWork: [User]
    package let usersByWait: [User]
    package let usersByTurnaround: [User]
    /// The percentiles that were asked for; those that are not standard ones are in `Statistics.chosen`.
    package let percentiles: [PercentileRank]

    /// Users that a paired test leaves out, because one side has none of their tasks.
    package var usersLeftOut: Int { usersGained.count + usersLost.count }

    /// Whether both sides have enough tasks for a test.
    package var isTested: Bool { self[.duration].test != nil }

    package func side(_ side: ComparedSide) -> Side { side == .a ? a : b }

    package subscript(_ quantity: ComparedQuantity) -> Quantity {
        quantities[ComparedQuantity.allCases.firstIndex(of: quantity) ?? 0]
    }

    package var verdict: Verdict {
        let (work, turnaround) = (self[.work].isReal, self[.turnaround].isReal)
        if self[.duration].isReal, !work, !turnaround { return .measurement }
        if work { return .work }
        return turnaround ? .scheduling : .none
    }
}
