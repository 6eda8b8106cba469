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

    package let layout: WaterfallLayout
    /// The time that is drawn.
    package let window: Interval
    package let clocks: ClockAlignment
    /// Group by group, the lanes in which tasks of the query stand.
    package let lanes: [Lane]
    /// The number of tasks of groups, and of those that the query leaves out.
    package let tasks: Int
    package let leftOut: Int
    /// Group by group.
    private let packed: [(lanes: WorkLanes, states: LaneStates)]

    /// The lanes of all tasks of a run's groups; those that the query leaves out are not drawn, and the others stand
    /// where they would stand beside them. Its order, depth and folds say nothing of lanes.
    package init(_ layout: WaterfallLayout, query: WaterfallQuery) {
        let clocks = query.alignsClocks ? layout.clocks : .none
        let filter = WaterfallFilter(layout, query, clocks: clocks)
        var isKept = [Bool](repeating: false, count: layout.count)
        for (place, keeps) in filter.keeps.enumerated() { isKept[layout.tree.rows[place].event] = keeps }
        let window = query.window ?? layout.window(clocks)
        var lanes: [Lane] = []
        var (tasks, shown) = (0, 0)
        let packed = layout.analysis.groups.map { group in
            let lanes = WorkLanes(group, of: layout.analysis)
            return (lanes: lanes, states: LaneStates(group, in: lanes, of: layout.analysis))
        }
        for (index, group) in layout.analysis.groups.enumerated() {
            let packed = packed[index].lanes
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
        self.packed = packed
        self.tasks = tasks
        leftOut = tasks - shown
    }

    /// A lane as it is drawn; worked out when asked for.
    package func drawn(_ lane: Lane) -> DrawnLane {
        let (analysis, packed) = (layout.analysis, packed[lane.group])
        var drawn = DrawnLane()
        for member in lane.members {
            let event = analysis.groups[lane.group].members[member].transaction
            drawn.add(
                event, of: analysis.trace, held: packed.lanes.stretches[member], states: packed.states[member],
                shift: clocks.shift(of: event), window: window)
        }
        return drawn
    }
}
