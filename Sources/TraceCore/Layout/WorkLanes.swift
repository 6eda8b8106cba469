/// Which lane each task of a group stands in, so that the number of lanes is the number of tasks that work at a time.
///
///     u1 |########|               lane 0 |########u3######|
///     u2 |####|                   lane 1 |####u4####|
///     u3 |........########|
///     u4 |....######|
///
/// Where slots are seen, the lanes are these: a task stands in the lane of the one whose slot it got, from its admission,
/// or from its gap's start where it did not wait, to its end, or to the admission of the next, where that comes before:
/// what a task does after it gave its slot back stands in no lane. A task that never held a slot takes no time of one.
///
/// Elsewhere tasks are packed into as few lanes as there can be, from taking to end; those of which nothing shows when
/// they began to work, whole. None of a lane then overlap.
package struct WorkLanes: Sendable, Hashable {
    package let count: Int
    /// By member of the group: its lane, from 0.
    package let lanes: [Int]
    /// By member of the group: from when to when it stands in its lane, µs since the epoch.
    package let stretches: [Interval]
    /// The members of all lanes, one lane behind the other, each by (start of the stretch, start, id).
    private let members: [Int]
    /// Where the members of each lane begin in `members`, and the end of the last.
    private let bounds: [Int]

    /// The lanes of a group of a run.
    package init(_ group: TaskGroup, of analysis: TraceAnalysis) {
        let tasks = group.members.map { member in
            let trace = analysis.trace
            return Task(
                gap: member.gap,
                task: Interval(start: trace.events[member.transaction].start, end: trace.end(member.transaction)))
        }
        self.init(group.kind == .slots ? Self.slots(group.slots, tasks) : Self.packed(tasks.map(\.stretch)))
    }

    /// The fewest lanes in which none of these stretches overlap; of stretches that begin together the first comes first.
    package init(packing stretches: [Interval]) { self.init(Self.packed(stretches)) }

    private init(_ placed: (lanes: [Int], stretches: [Interval])) {
        let (lanes, stretches) = placed
        let count = (lanes.max() ?? -1) + 1
        var bounds = [Int](repeating: 0, count: count + 1)
        for lane in lanes { bounds[lane + 1] += 1 }
        for lane in bounds.indices.dropFirst() { bounds[lane] += bounds[lane - 1] }
        var (next, members) = (bounds, lanes)
        for member in Self.order(lanes.indices, by: { stretches[$0].start }) {
            members[next[lanes[member]]] = member
            next[lanes[member]] += 1
        }
        self.count = count
        self.lanes = lanes
        self.stretches = stretches
        self.members = members
        self.bounds = bounds
    }

    /// The members of a lane, as indices into the group's, in the order in which they stand there.
    package func members(in lane: Int) -> ArraySlice<Int> { members[bounds[lane]..<bounds[lane + 1]] }

    private struct Task {
        var gap: Interval
        var task: Interval

        /// From taking to end; the whole task where nothing shows when it began to work.
        var stretch: Interval {
            let held = Interval(start: gap.end, end: task.end)
            return held.isEmpty ? task : held
        }
    }

    /// By slot. The line of those who take is served in order, each by the slot that was given back first.
    private static func slots(_ slots: Int, _ tasks: [Task]) -> (lanes: [Int], stretches: [Interval]) {
        let holders = tasks.indices.filter { tasks[$0].gap.end < tasks[$0].task.end }
        let enders = order(holders) { tasks[$0].task.end }
        var ranks = [Int](repeating: 0, count: tasks.count)
        for (rank, member) in enders.enumerated() { ranks[member] = rank }
        // Of those that never held a slot, one after the other where they ended.
        var lanes = tasks.indices.map { $0 % slots }
        var stretches = tasks.map { Interval(start: $0.task.end, end: $0.task.end) }
        // The members that stand last in their lanes.
        var ends = [Int?](repeating: nil, count: slots)
        // The places, in the order of ends, of those that stand last in their lanes.
        var last = NumberHeap()
        for (place, member) in order(holders, by: { tasks[$0].gap.end }).enumerated() {
            stretches[member].start = tasks[member].gap.start
            if place >= slots, let releaser = last.removeLeast().map({ enders[$0] }) {
                lanes[member] = lanes[releaser]
                let admission = min(tasks[releaser].task.end, tasks[member].gap.end)
                stretches[member].start = max(tasks[member].gap.start, admission)
            } else {
                lanes[member] = place
            }
            if let before = ends[lanes[member]] {
                let stretch = stretches[before]
                stretches[before].end = max(stretch.start, min(stretch.end, stretches[member].start))
            }
            ends[lanes[member]] = member
            last.insert(ranks[member])
        }
        return (lanes, stretches)
    }

    /// By time: each task in the first lane that is free when it begins to work.
    private static func packed(_ stretches: [Interval]) -> (lanes: [Int], stretches: [Interval]) {
        let starters = order(stretches.indices) { stretches[$0].start }
        let enders = order(starters) { stretches[$0].end }
        var lanes = [Int](repeating: -1, count: stretches.count)
        var (free, used, ended) = (NumberHeap(), 0, 0)
        for member in starters {
            // Empty stretches end when they start: those that come behind this one have no lane yet.
            while ended < enders.count, lanes[enders[ended]] >= 0,
                stretches[enders[ended]].end <= stretches[member].start
            {
                free.insert(lanes[enders[ended]])
                ended += 1
            }
            if let lane = free.removeLeast() {
                lanes[member] = lane
            } else {
                lanes[member] = used
                used += 1
            }
        }
        return (lanes, stretches)
    }

    /// In order of a time; of equals the first stays first. Members stand in order of (start, id).
    private static func order(_ members: some Sequence<Int>, by time: (Int) -> Int64) -> [Int] {
        var keys = members.enumerated().map { (time: time($1), place: $0, member: $1) }
        keys.sort { $0.time != $1.time ? $0.time < $1.time : $0.place < $1.place }
        return keys.map(\.member)
    }
}

/// Numbers, of which the least can be taken out.
private struct NumberHeap {
    private var numbers: [Int] = []

    mutating func insert(_ number: Int) {
        var place = numbers.count
        numbers.append(number)
        while place > 0, numbers[(place - 1) / 2] > number {
            numbers.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Nil where there is none.
    mutating func removeLeast() -> Int? {
        guard let least = numbers.first, let last = numbers.popLast() else { return nil }
        guard !numbers.isEmpty else { return least }
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < numbers.count else { break }
            if child + 1 < numbers.count, numbers[child + 1] < numbers[child] { child += 1 }
            guard numbers[child] < last else { break }
            numbers[place] = numbers[child]
            place = child
        }
        numbers[place] = last
        return least
    }
}
