/// A group's tasks served again, by another number of slots (source: "What-if: another number of slots" of the
/// definitions of wait and work).
///
///     recorded on 2 slots      replayed on 3
///     a |######    |           a |######    |
///     b |###       |           b |###       |
///     c |...#####  |           c |#####     |
///
/// Each task has an arrival, a place in line and a slot time, which are what the recording says. It is assumed that
/// slot times do not grow with more slots. Counted in integers that no recording can make too large.
package struct SlotReplay: Sendable {
    /// What became of the group on some number of slots.
    package struct Row: Sendable, Hashable {
        package var slots: Int
        /// From the earliest arrival to the latest end, µs; so are waits.
        package var makespan: Int128
        package var p50: Int128
        package var p95: Int128
        package var p99: Int128
        package var max: Int128
        /// How much of the slots' time was used: summed slot time over slots times makespan.
        package var utilisation: Share
    }

    /// Nil where the tasks came without a name.
    package let name: String?
    package let parent: Identifier
    /// The recorded number of slots, seen or not; 0 where no number foretells anything.
    package let slots: Int
    /// Whether slot times are those of slots that are seen; otherwise a task's slot time is its work.
    package let showsSlots: Bool
    /// Whether nothing is known of arrivals, so that every task is taken to arrive at the group's start.
    package let isBacklogAssumed: Bool
    /// As recorded, µs.
    package let makespan: Int64
    /// Of the tasks in line, µs after the earliest arrival.
    private let arrivals: [Int64]
    /// Of the tasks in line, µs.
    private let slotTimes: [Int64]
    private let slotTime: Int128
    /// How long tasks go on after they gave their slot back, µs.
    private let tail: Int64

    /// The replay of a group of an analysis. What its tasks waited is what the settings in force say. Nil where a rate or
    /// hand-overs are seen: then there is no number of slots to be changed.
    package init?(_ group: TaskGroup, of analysis: TraceAnalysis) {
        guard group.knownSlots != nil else { return nil }
        var (waits, durations) = (Int128(0), Int128(0))
        for member in group.members {
            let breakdown = analysis.breakdown(member.transaction) ?? Breakdown()
            waits += Int128(breakdown.inferredWait) + Int128(breakdown.spanWait)
            durations += Int128(breakdown.duration)
        }
        let isBacklog = group.kind == nil || 100 * waits < durations
        let arrivals = group.members.map { isBacklog ? group.window.start : $0.gap.start }
        // Members stand in order of (start, id) already.
        let line = group.members.indices.sorted { left, right in
            if arrivals[left] != arrivals[right] { return arrivals[left] < arrivals[right] }
            let (a, b) = (group.members[left].taking, group.members[right].taking)
            return a != b ? a < b : left < right
        }
        let earliest = arrivals.min() ?? 0
        name = analysis.trace.symbols.text(group.name)
        parent = group.parent
        slots = group.slots
        showsSlots = group.kind == .slots
        tail = group.tail
        isBacklogAssumed = isBacklog
        makespan = group.makespan
        self.arrivals = line.map { arrivals[$0] - earliest }
        slotTimes = line.map { group.slotTime(of: $0, in: analysis) }
        slotTime = slotTimes.reduce(0) { $0 + Int128($1) }
    }

    package var tasks: Int { slotTimes.count }

    /// The group on so many slots, at least one.
    package func row(slots: Int) -> Row {
        var waits: [Int128] = []
        waits.reserveCapacity(tasks)
        let makespan = replay(slots: slots) { waits.append($0) }
        waits.sort()
        func percentile(_ hundredths: Int) -> Int128 {
            waits.isEmpty ? 0 : waits[Percentile.position(hundredths: hundredths, of: waits.count)]
        }
        return Row(
            slots: slots, makespan: makespan, p50: percentile(5_000), p95: percentile(9_500), p99: percentile(9_900),
            max: percentile(10_000), utilisation: Share(slotTime, of: Int128(slots) * makespan))
    }

    /// The replay check: from the recorded makespan to the one that is replayed on the recorded slots. Nearly nothing
    /// by construction: it shows that the replay is consistent, not that it foretells. Nil where there are no slots.
    package var check: Change? {
        slots > 0 ? Change(from: Int128(makespan), to: replay(slots: slots) { _ in }) : nil
    }

    /// Whether the replay comes within a tenth of what was recorded.
    package var isReliable: Bool { check.map { !$0.exceeds(percent: 10) } ?? true }

    /// The makespan that no number of slots goes below, µs: that of a slot for every task. Of tasks that arrive
    /// together it is the longest slot time; otherwise the task that is done last when it waits for nobody sets it.
    package var leastMakespan: Int128 {
        Int128(tail) + (zip(arrivals, slotTimes).lazy.map { Int128($0) + Int128($1) }.max() ?? 0)
    }

    /// The smallest number of slots of which twice as many save less than a tenth of the recorded makespan: what it still
    /// pays to have. (Found by halving: that more slots save ever less is so but for single steps.)
    package var enough: Int {
        func isEnough(_ slots: Int) -> Bool {
            let (makespan, doubled) = (replay(slots: slots) { _ in }, replay(slots: 2 * slots) { _ in })
            return 10 * (makespan - doubled) < Int128(self.makespan) || makespan == doubled
        }
        var (low, high) = (1, max(1, tasks))
        while low < high {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The knee: the smallest number of slots with a makespan within 5 % of the least. More slots hardly shorten the
    /// run. (A line is served no later by more slots, so that halving finds it.)
    package var knee: Int {
        let least = leastMakespan
        var (low, high) = (1, max(1, tasks))
        while low < high {
            let middle = (low + high) / 2
            if 100 * replay(slots: middle, { _ in }) <= 105 * least { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Serves the line in order: a task starts at the later of its arrival and the earliest free slot. Tells each wait;
    /// the makespan.
    private func replay(slots: Int, _ tell: (Int128) -> Void) -> Int128 {
        precondition(slots > 0, "a replay needs a slot")
        var free = SlotHeap(slots: min(slots, tasks))
        var end: Int128 = 0
        for (arrival, slotTime) in zip(arrivals, slotTimes) {
            let start = max(Int128(arrival), free.earliest)
            tell(start - Int128(arrival))
            free.replaceEarliest(by: start + Int128(slotTime))
            end = max(end, start + Int128(slotTime))
        }
        return end + Int128(tail)
    }
}

extension TaskGroup {
    /// How long a member held its slot, µs: where slots are seen, from its admission if it waited, else from its gap's
    /// start, until it gave the slot back; where none are, its work.
    package func slotTime(of member: Int, in analysis: TraceAnalysis) -> Int64 {
        let member = members[member]
        guard kind == .slots else { return analysis.breakdown(member.transaction)?.work ?? 0 }
        let end = analysis.trace.end(member.transaction) - tail
        return max(0, end - (member.inferredWait?.end ?? member.gap.start))
    }
}

/// When each of some slots is free again, the earliest on top.
private struct SlotHeap {
    private var times: [Int128]

    /// All of them free from the start.
    init(slots: Int) { times = [Int128](repeating: 0, count: slots) }

    var earliest: Int128 { times.first ?? 0 }

    /// Makes the slot that is free first free at this time, which is no earlier.
    mutating func replaceEarliest(by time: Int128) {
        times.withUnsafeMutableBufferPointer { times in
            var place = 0
            while true {
                var child = 2 * place + 1
                guard child < times.count else { break }
                if child + 1 < times.count, times[child + 1] < times[child] { child += 1 }
                guard times[child] < time else { break }
                times[place] = times[child]
                place = child
            }
            if place < times.count { times[place] = time }
        }
    }
}
