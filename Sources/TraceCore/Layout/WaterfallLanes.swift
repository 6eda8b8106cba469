/// A run's tasks in lanes: each group's packed by the time in which a task holds a slot, so that as many lanes are
/// seen as there are slots.
package struct WaterfallLanes: Sendable {
    /// A lane of a group.
    package struct Lane: Sendable, Hashable {
        /// As an index into the analysis' groups.
        package let group: Int
        /// From 0.
        package let number: Int
        /// As indices into the group's members, in the order in which they stand there.
        package let members: [Int]
    }

    /// A task in its lane.
    package struct Task: Sendable, Hashable {
        /// As an index into the trace's events.
        package let event: Int
        /// From when to when it stands in its lane, as far as it lies in the window.
        package let interval: Interval
        /// What it does in that time.
        package let stretches: [BarStretch]
        /// Whether it failed, and its end lies in the window.
        package let isFailed: Bool

        /// A task of a run that stands in its lane while it is `held`, drawn `shift` µs later than its times say.
        package init(_ event: Int, held: Interval, of analysis: TraceAnalysis, shift: Int64 = 0, window: Interval) {
            let states = analysis.partition(event)?.stretches ?? []
            let parts = states.compactMap { state -> BarStretch? in
                let part = state.interval.clipped(to: held).moved(by: shift).clipped(to: window)
                return part.isEmpty ? nil : BarStretch(BarFill(state.state), part)
            }
            self.event = event
            interval = held.moved(by: shift).clipped(to: window)
            stretches = parts.isEmpty ? [BarStretch(.work, interval)] : parts
            isFailed =
                analysis.trace.events[event].outcome == .failure
                && window.touches(analysis.trace.end(event) + shift)
        }
    }

    package let layout: WaterfallLayout
    /// The time that is drawn.
    package let window: Interval
    package let clocks: ClockAlignment
    /// Group by group, the lanes in which tasks of the query stand.
    package let lanes: [Lane]
    /// The number of tasks of groups, and of those that the query leaves out.
    package let tasks: Int
    package let leftOut: Int
    private let stretches: [[Interval]]

    /// The lanes of all tasks of a run's groups; those that the query leaves out are not drawn, and the others stand
    /// where they would stand beside them. Its order, depth and folds say nothing of lanes.
    package init(_ layout: WaterfallLayout, query: WaterfallQuery) {
        let clocks = query.alignsClocks ? layout.clocks : .none
        let filter = WaterfallFilter(layout, query, clocks: clocks)
        var isKept = [Bool](repeating: false, count: layout.count)
        for (place, keeps) in filter.keeps.enumerated() { isKept[layout.tree.rows[place].event] = keeps }
        let window = query.window ?? layout.window(clocks)
        var (lanes, stretches): ([Lane], [[Interval]]) = ([], [])
        var (tasks, shown) = (0, 0)
        for (index, group) in layout.analysis.groups.enumerated() {
            let packed = WorkLanes(group, of: layout.analysis)
            stretches.append(packed.stretches)
            tasks += group.members.count
            for number in 0..<packed.count {
                let members = packed.members(in: number).filter { member in
                    let event = group.members[member].transaction
                    let interval = packed.stretches[member].moved(by: clocks.shift(of: event))
                    let isInside = interval.isEmpty ? window.touches(interval.start) : window.meets(interval)
                    return isKept[event] && isInside
                }
                shown += members.count
                if !members.isEmpty { lanes.append(Lane(group: index, number: number, members: members)) }
            }
        }
        self.layout = layout
        self.window = window
        self.clocks = clocks
        self.lanes = lanes
        self.stretches = stretches
        self.tasks = tasks
        leftOut = tasks - shown
    }

    /// The tasks of a lane, from left to right; worked out when asked for.
    package func tasks(of lane: Lane) -> [Task] {
        let analysis = layout.analysis
        return lane.members.map { member in
            let event = analysis.groups[lane.group].members[member].transaction
            return Task(
                event, held: stretches[lane.group][member], of: analysis, shift: clocks.shift(of: event),
                window: window)
        }
    }
}
