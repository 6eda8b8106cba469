/// A pool of slots as it shows in when the tasks of a group began and ended to hold one
/// (source: "The inferred wait" of the definitions of wait and work).
struct AdmissionPool {
    struct Member {
        /// The task's start and end.
        var task: Interval
        /// From here to the taking the task may have waited.
        var gap: Interval
        var id: Identifier

        /// When the task took its slot.
        var taking: Int64 { gap.end }
    }

    struct Admission {
        /// When the slot that the task got was given back, not later than its taking.
        var time: Int64
        /// The member that gave it back.
        var releaser: Int
    }

    let members: [Member]
    /// How many slots there are; 0 where nobody holds one.
    let slots: Int
    /// The admission of each member that got its slot from another.
    let admissions: [Admission?]
    /// Whether anybody waited and the slots were full meanwhile.
    let isSeen: Bool
    /// How full the slots were while tasks waited; nil where nobody waited.
    let occupancy: Double?
    /// The summed time from gap start to admission of those who waited, µs; counts also where no pool is seen.
    let waited: Int128
    /// The summed time that slots were held, µs.
    let held: Int128
    /// The members by (end, start, id), which every reading of a group has in common; nil where nobody asked for them.
    let enders: [Int]?

    /// `enders` are the members by (end, start, id), where they are known already.
    init(_ members: [Member], enders: [Int]? = nil) {
        // Where nobody holds a slot, as in a group without a span, nobody stands in a line.
        let isHeld = members.contains { $0.taking < $0.task.end }
        let takers = isHeld ? Self.order(members) { members[$0].taking } : []
        let enders = isHeld ? enders ?? Self.order(members) { members[$0].task.end } : enders
        let levels = Levels(members, takers: takers, enders: enders ?? [])
        let slots = levels.slots
        let admissions = Self.admit(members, slots: slots, takers: takers, enders: enders ?? [])
        let waits = zip(members, admissions).compactMap { member, admission in
            Self.wait(of: member, admission)
        }
        let filled = levels.filled(upTo: slots, over: waits)
        let waited = waits.reduce(Int128(0)) { $0 + Int128($1.length) }
        let possible = Int128(slots) * waited

        self.members = members
        self.enders = enders
        self.slots = slots
        self.admissions = admissions
        self.waited = waited
        self.held = levels.held
        occupancy = waits.isEmpty ? nil : Double(filled) / Double(possible)
        isSeen = !waits.isEmpty && 10 * filled >= 9 * possible
    }

    /// The inferred wait of a member, from its gap's start to its admission; nil where it did not wait, and for
    /// all where no pool is seen.
    func wait(of member: Int) -> Interval? {
        isSeen ? Self.wait(of: members[member], admissions[member]) : nil
    }

    /// The member that released this one: whose slot it got, if that one ended no later than this one's taking.
    func releaser(of member: Int) -> Int? {
        guard wait(of: member) != nil, let admission = admissions[member] else { return nil }
        return members[admission.releaser].task.end <= members[member].taking ? admission.releaser : nil
    }

    private static func wait(of member: Member, _ admission: Admission?) -> Interval? {
        guard let admission, admission.time > member.gap.start else { return nil }
        return Interval(start: member.gap.start, end: admission.time)
    }

    /// First come, first served: the task at place m of those who take got the slot of the task at place m - K of
    /// those who end.
    private static func admit(_ members: [Member], slots: Int, takers: [Int], enders: [Int]) -> [Admission?] {
        var admissions = [Admission?](repeating: nil, count: members.count)
        guard slots > 0 else { return admissions }
        for place in members.indices.dropFirst(slots) {
            let (taker, releaser) = (takers[place], enders[place - slots])
            guard taker != releaser else { continue }
            let time = min(members[releaser].task.end, members[taker].taking)
            admissions[taker] = Admission(time: time, releaser: releaser)
        }
        return admissions
    }

    /// The members by (time, start, id).
    private static func order(_ members: [Member], by time: (Int) -> Int64) -> [Int] {
        var keys = members.indices.map { OrderKey(time: time($0), start: members[$0].task.start, member: $0) }
        keys.sort { left, right in
            if left.time != right.time { return left.time < right.time }
            if left.start != right.start { return left.start < right.start }
            return members[left.member].id < members[right.member].id
        }
        return keys.map(\.member)
    }

    private struct OrderKey {
        var time: Int64
        var start: Int64
        var member: Int
    }
}

/// How many slots were held over time: a step function.
private struct Levels {
    /// Where the number changes, ascending.
    private var times: [Int64] = []
    /// The number held from each of `times` to the next.
    private var counts: [Int] = []
    /// The summed time that slots were held, µs.
    private(set) var held: Int128 = 0

    init(_ members: [AdmissionPool.Member], takers: [Int], enders: [Int]) {
        func holds(_ member: Int) -> Bool { members[member].taking < members[member].task.end }
        let starts = takers.lazy.filter(holds).map { members[$0].taking }
        let ends = enders.filter(holds).map { members[$0].task.end }
        var pending = starts.makeIterator()
        var start = pending.next()
        var (started, ended) = (0, 0)
        while ended < ends.count {
            let time = min(start ?? .max, ends[ended])
            while start == time {
                started += 1
                start = pending.next()
            }
            while ended < ends.count, ends[ended] == time { ended += 1 }
            times.append(time)
            counts.append(started - ended)
        }
        held = members.reduce(0) { $0 + Int128(max(0, $1.task.end - $1.taking)) }
    }

    /// The largest k for which the time held under "k or more" is at least a hundredth of all held time: the
    /// hundredth forgives the microseconds in which a slot is handed on. 0 where nobody holds.
    var slots: Int {
        guard held > 0 else { return 0 }
        var heldAt = [Int128](repeating: 0, count: (counts.max() ?? 0) + 1)
        for index in times.indices.dropLast() {
            heldAt[counts[index]] += Int128(times[index + 1] - times[index]) * Int128(counts[index])
        }
        var sum: Int128 = 0
        for level in heldAt.indices.reversed() {
            sum += heldAt[level]
            if 100 * sum >= held { return level }
        }
        return 0
    }

    /// `Σ ∫ min(N, slots) dt` over the intervals.
    func filled(upTo slots: Int, over intervals: [Interval]) -> Int128 {
        guard !intervals.isEmpty, !times.isEmpty else { return 0 }
        var sums: [Int128] = [0]
        sums.reserveCapacity(times.count)
        for index in times.indices.dropLast() {
            sums.append(sums[index] + Int128(times[index + 1] - times[index]) * Int128(min(counts[index], slots)))
        }
        func sum(until time: Int64) -> Int128 {
            let index = lastIndex(atOrBefore: time)
            guard index >= 0 else { return 0 }
            return sums[index] + Int128(time - times[index]) * Int128(min(counts[index], slots))
        }
        return intervals.reduce(0) { $0 + sum(until: $1.end) - sum(until: $1.start) }
    }

    private func lastIndex(atOrBefore time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
