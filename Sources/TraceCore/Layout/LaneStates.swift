/// What the tasks of a group do while they stand in their lanes: worked out once, and drawn over many windows.
package struct LaneStates: Sendable {
    /// Member by member, in order.
    private let stretches: [BarStretch]
    /// By member: where its stretches end.
    private let ends: [Int]

    /// The states of a group's tasks; of one that is not sampled nothing is known but that it is there, as work.
    package init(_ group: TaskGroup, in lanes: WorkLanes, of analysis: TraceAnalysis) {
        var (stretches, ends): ([BarStretch], [Int]) = ([], [])
        var sweep = StateSweep()
        for (member, held) in zip(group.members, lanes.stretches) {
            let first = stretches.count
            analysis.tellStates(member.transaction, sweep: &sweep) { state, interval in
                let (part, fill) = (interval.clipped(to: held), BarFill(state))
                if part.isEmpty { return }
                if stretches.count > first, stretches[stretches.count - 1].fill == fill {
                    stretches[stretches.count - 1].interval.end = part.end
                } else {
                    stretches.append(BarStretch(fill, part))
                }
            }
            if stretches.count == first {
                let neverHeld = held.isEmpty && member.inferredWait != nil
                stretches.append(BarStretch(neverHeld ? .wait : .work, held))
            }
            ends.append(stretches.count)
        }
        self.stretches = stretches
        self.ends = ends
    }

    /// The states of a member of the group, from when to when it stands in its lane, one behind the other.
    package subscript(member: Int) -> ArraySlice<BarStretch> {
        stretches[(member == 0 ? 0 : ends[member - 1])..<ends[member]]
    }
}

/// A lane as it is drawn over a window: its tasks from left to right, and what they do.
package struct DrawnLane: Sendable {
    /// A task in its lane.
    package struct Task: Sendable, Hashable {
        /// As an index into the trace's events.
        package let event: Int
        /// From when to when it stands in its lane, as far as it lies in the window.
        package let interval: Interval
        /// Whether it failed, and its end lies in the window.
        package let isFailed: Bool
    }

    package private(set) var tasks: [Task] = []
    package private(set) var stretches: [BarStretch] = []

    /// No tasks.
    package init() {}

    /// Adds a task of a run behind the others, where it lies in the window: `states` is what it does while it is
    /// `held`, drawn `shift` µs later than the times say.
    package mutating func add(
        _ event: Int, of trace: Trace, held: Interval, states: ArraySlice<BarStretch>, shift: Int64, window: Interval
    ) {
        let seen = held.moved(by: shift)
        guard seen.isEmpty ? window.touches(seen.start) : window.meets(seen) else { return }
        let isFailed = trace.events[event].outcome == .failure && window.touches(trace.end(event) + shift)
        tasks.append(Task(event: event, interval: seen.clipped(to: window), isFailed: isFailed))
        for state in states {
            let moved = state.interval.moved(by: shift)
            if seen.isEmpty || window.meets(moved) {
                stretches.append(BarStretch(state.fill, moved.clipped(to: window)))
            }
        }
    }
}
