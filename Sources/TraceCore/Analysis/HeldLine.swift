/// The members of a line that held a slot, in the order they took it and in the order they ended (source: "The fit").
struct HeldLine {
    /// A member that waited for the end of another, if there are so many slots (step 4).
    struct Admission {
        var member: Int
        /// From its gap's start to its admission; not empty.
        var wait: Interval
        /// Nil where that is itself.
        var releaser: Int?
        var taking: Int64
        /// Its taking after the end that it waited for, µs.
        var delay: Int64
    }

    /// The holders by (taking, start, id), as members, and in the same order their gap starts and takings.
    let takers: [Int32]
    let gapStarts: [Int64]
    let takings: [Int64]
    /// The holders by (end, start, id), and their ends.
    let enders: [Int32]
    let ends: [Int64]
    /// The summed time from taking to end, µs.
    let held: Int128
    /// h, the lower median of the time from taking to end, µs.
    let medianHold: Int64
    /// The largest number of holders at one instant.
    let top: Int

    var count: Int { takers.count }

    init(_ members: [LineFit.Member], enders: [Int32]? = nil) {
        let holders = members.indices.filter { members[$0].holds }
        takers = Self.order(holders) { members[$0].taking }
        self.enders = enders?.filter { members[Int($0)].holds } ?? Self.order(holders) { members[$0].end }
        gapStarts = takers.map { members[Int($0)].gap.start }
        takings = takers.map { members[Int($0)].taking }
        ends = self.enders.map { members[Int($0)].end }
        var holds = holders.map { members[$0].end - members[$0].taking }
        held = holds.reduce(0) { $0 + Int128($1) }
        medianHold = holds.isEmpty ? 0 : holds.takeLowerMedian()
        top = Self.mostAtOnce(takings, ends)
    }

    /// Members in order of (time, start, id), where they stand in order of (start, id).
    static func order(_ members: some Collection<Int>, by time: (Int) -> Int64) -> [Int32] {
        var keys = members.map { (time: time($0), member: Int32(truncatingIfNeeded: $0)) }
        keys.sort { ($0.time, $0.member) < ($1.time, $1.member) }
        return keys.map(\.member)
    }

    private static func mostAtOnce(_ takings: [Int64], _ ends: [Int64]) -> Int {
        var (ended, most) = (0, 0)
        for (taken, taking) in takings.enumerated() {
            while ended < ends.count, ends[ended] <= taking { ended += 1 }
            most = max(most, taken + 1 - ended)
        }
        return most
    }

    /// When the taker at a place took its slot, if there are so many and somebody always takes the one given back.
    @inline(__always)
    func foretold(_ place: Int, slots: Int) -> Int64 {
        place < slots ? gapStarts[place] : max(gapStarts[place], ends[place - slots])
    }

    /// Those who waited, if there are so many slots: in order of taking.
    func admissions(slots: Int) -> [Admission] {
        (min(slots, count)..<count).compactMap { place in
            let (member, releaser) = (Int(takers[place]), Int(enders[place - slots]))
            let end = ends[place - slots]
            let wait = Interval(start: gapStarts[place], end: min(end, takings[place]))
            guard !wait.isEmpty else { return nil }
            return Admission(
                member: member, wait: wait, releaser: releaser == member ? nil : releaser, taking: takings[place],
                delay: takings[place] - end)
        }
    }

    /// Step 5: what lies between one taking and the next, µs, where takings come evenly; nil where they don't.
    func rate(cost: UInt128, baseline: UInt128) -> Int64? {
        let waited = takings.indices.filter { gapStarts[$0] < takings[$0] }
        guard waited.count >= 8, let first = waited.first, let last = waited.last, baseline > 0 else { return nil }
        let steps = zip(waited, waited.dropFirst()).map { takings[$1] - takings[$0] }
        var sorted = steps
        let step = sorted.takeLowerMedian()
        let rest = steps.reduce(UInt128(0)) { $0 + UInt128(separation(from: $1, to: step)) }
        let window = UInt128(takings[last] - takings[first])
        return step > 0 && 5 * rest <= window && 10 * rest <= baseline && 2 * rest < cost ? step : nil
    }

    /// Step 6: whether the slots explain nine tenths of the gaps, and takings follow ends more closely than by chance.
    func showsSlots(_ admissions: [Admission], slots: Int, cost: UInt128, baseline: UInt128) -> Bool {
        guard 10 * cost <= baseline, let first = admissions.first, let last = admissions.last else { return false }
        var delays = admissions.map(\.delay)
        let median = delays.takeLowerMedian()
        var spreads = admissions.map { Int64(clamping: separation(from: $0.delay, to: median)) }
        let spread = spreads.takeValue(at: 3 * (admissions.count - 1) / 4)
        return 200 * Int128(spread) * Int128(admissions.count - 1)
            <= Int128(squareRoot(10_000 * slots)) * Int128(last.taking - first.taking)
    }

    /// Step 7: who waited for whom, where at least three quarters of those that may have waited took over just as
    /// another ended; nil where they did not.
    func handovers() -> [(member: Int, wait: Interval, releaser: Int?)]? {
        var steps = zip(ends, ends.dropFirst()).map { $1 - $0 }
        guard !steps.isEmpty else { return nil }
        let step = steps.takeLowerMedian()
        var (takers, matches) = (0, 0)
        var waiters: [(member: Int, wait: Interval, releaser: Int?)] = []
        var ended = 0
        for place in takings.indices {
            let (start, taking) = (gapStarts[place], takings[place])
            while ended < ends.count, ends[ended] <= taking { ended += 1 }
            guard taking - start >= max(1, step) else { continue }
            takers += 1
            guard ended > 0, ends[ended - 1] > start else { continue }
            let end = ends[ended - 1]
            if 10 * Int128(taking - end) <= Int128(step) { matches += 1 }
            let member = Int(self.takers[place])
            waiters.append((member, Interval(start: start, end: end), Int(enders[ended - 1])))
        }
        return takers >= 8 && 4 * matches >= 3 * takers ? waiters : nil
    }
}

/// The largest whole number whose square is not more than a number.
private func squareRoot(_ number: Int) -> Int {
    var root = Int(Double(number).squareRoot())
    while root * root > number { root -= 1 }
    while (root + 1) * (root + 1) <= number { root += 1 }
    return root
}
