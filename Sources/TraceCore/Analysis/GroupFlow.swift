/// How the tasks of a group went through it (source: "Flow of a group" of the definitions of wait and work).
package struct GroupFlow: Sendable {
    /// The tasks that set the group's length, from the one that ended last, each followed by the one that released it:
    /// as indices into the group's members.
    package let chain: [Int]
    /// For how long the tasks of the chain held their slots, µs. They did so one after the other.
    package let chainSlotTime: Int128
    /// How much of the makespan that is.
    package let chainShare: Share
    /// Nil where the group took no time.
    package let little: LittlesLaw?
    /// The share of the makespan in which at least as many tasks run as there are slots.
    package let full: Share
    package let slowdowns: Slowdowns
    /// How many tasks have no work span, and did not wait as far as is known: nothing shows when such a task began to work.
    package let withoutWork: Int

    package init(_ group: TaskGroup, of analysis: TraceAnalysis) {
        chain = group.criticalChain(in: analysis.trace)
        chainSlotTime = chain.reduce(0) { $0 + Int128(group.slotTime(of: $1, in: analysis)) }
        chainShare = Share(chainSlotTime, of: Int128(group.makespan))
        little = LittlesLaw(group, in: analysis.trace)
        full = GroupActivity(group, of: analysis).full
        slowdowns = Slowdowns(group.members.lazy.compactMap { analysis.breakdown($0.transaction) })
        withoutWork = group.withoutWork(in: analysis)
    }
}

extension TaskGroup {
    /// How many tasks have no work span, and did not wait as far as is known.
    func withoutWork(in analysis: TraceAnalysis) -> Int {
        members.count { $0.inferredWait == nil && !analysis.hasWorkSpan($0.transaction) }
    }
}

/// Little's law over the window of a group: the mean number of tasks in it is the number that come per time, times the
/// mean time that each is in it. Its terms are worked out independently of one another; as an identity it proves our
/// sums, and nothing more.
package struct LittlesLaw: Sendable, Hashable {
    /// The number of tasks in the group, integrated over time: a step up where one starts, a step down where one ends.
    package let area: Int128
    /// µs; above 0.
    package let window: Int64
    package let tasks: Int
    /// The summed durations, µs.
    package let durations: Int128

    init?(_ group: TaskGroup, in trace: Trace) {
        guard group.window.length > 0 else { return nil }
        var stretches = OpenStretches()
        for member in group.members where trace.events[member.transaction].duration > 0 {
            let start = trace.events[member.transaction].start
            stretches.append(Interval(start: start, end: trace.end(member.transaction)))
        }
        stretches.sort()
        var area: Int128 = 0
        stretches.forEachStep { interval, count in area += Int128(interval.length) * Int128(count) }
        self.area = area
        window = group.window.length
        tasks = group.members.count
        durations = group.members.reduce(0) { $0 + Int128(trace.events[$1.transaction].duration) }
    }

    /// How many tasks are in the group at a time.
    package var meanNumber: Double { Double(area) / Double(window) }

    /// How many tasks come in a second.
    package var arrivalsPerSecond: Double { Double(tasks) * 1_000_000 / Double(window) }

    /// How long a task is in the group, µs.
    package var meanTime: Double { Double(durations) / Double(tasks) }

    /// Whether both sides are the same: exactly, since `area / window = tasks / window · durations / tasks`.
    package var holds: Bool { area == durations }
}

/// How many times as long as its work each task took.
package struct Slowdowns: Sendable, Hashable {
    /// In ten-thousandths: 10 000 is a task that never waited.
    package let statistics: Statistics
    /// How many tasks these are of.
    package let tasks: Int
    /// Tasks that did no work, and have no slowdown.
    package let withoutWork: Int
    /// How evenly waiting was spread, Jain's index: `(Σx)² / (n Σx²)`. 1 where all were slowed down alike, 1/n where
    /// one had all of it. Nil where no task has a slowdown.
    package let fairness: Double?

    init(_ breakdowns: some Sequence<Breakdown>) {
        var (values, withoutWork) = ([Int64](), 0)
        var (sum, squares) = (0.0, 0.0)
        for breakdown in breakdowns {
            guard let slowdown = Slowdown(total: Int128(breakdown.total), work: Int128(breakdown.work)) else {
                withoutWork += 1
                continue
            }
            values.append(Int64(clamping: slowdown.tenThousandths))
            let ratio = Double(breakdown.total) / Double(breakdown.work)
            sum += ratio
            squares += ratio * ratio
        }
        statistics = Statistics(values)
        tasks = values.count
        self.withoutWork = withoutWork
        fairness = values.isEmpty ? nil : min(1, sum * sum / (Double(values.count) * squares))
    }
}
