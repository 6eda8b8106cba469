import Testing

@testable import TraceCore

@Suite("A line, seen from outside")
struct LineFitTests {
    /// Members of these (gap start, taking, end).
    private func fit(_ members: [(Int64, Int64, Int64)]) -> LineFit {
        LineFit(members.map { LineFit.Member(gap: Interval(start: $0.0, end: $0.1), end: $0.2) })
    }

    @Test("one slot, handed on twice")
    func oneSlot() {
        let line = fit([(0, 0, 100), (0, 100, 200), (0, 200, 300)])
        #expect(line.slots == 1 && line.kind == .slots)
        #expect(line.lag == 0 && line.cost == 0 && line.baseline == 250)
        #expect(line.held == 300)
        #expect(line.waits == [nil, Interval(start: 0, end: 100), Interval(start: 0, end: 200)])
        #expect(Array(line.releasers) == [nil, 0, 1])
        #expect(line.occupancy == 1)
        #expect(line.waited == 300)
    }

    @Test("the worked example: costs and lags of the definitions")
    func workedExample() {
        let line = fit([(168, 232, 1_357_838), (415, 452, 588_731), (596, 588_931, 1_237_137)])
        #expect(line.slots == 2 && line.lag == 64 && line.cost == 163)
        #expect(line.baseline == 588_298)
        #expect(line.kind == .slots)
        #expect(line.waits == [nil, nil, Interval(start: 596, end: 588_731)])
        #expect(Array(line.releasers) == [nil, nil, 1])
    }

    @Test("nobody holds: no slots; one alone: one slot; nothing is seen, and there is no lag")
    func few() {
        let nobody = fit([(0, 100, 100), (0, 100, 100)])
        #expect(nobody.slots == 0 && nobody.kind == nil && nobody.lag == nil && nobody.occupancy == nil)
        let one = fit([(0, 50, 100), (0, 100, 100)])
        #expect(one.slots == 1 && one.kind == nil && one.lag == nil && one.waited == 0)
        #expect(fit([]).slots == 0)
    }

    @Test("a lag of all, before the first work or after the slot was given back, is no evidence against slots")
    func lags() {
        // 10 µs pass untold after each taking.
        let head = fit([(0, 10, 110), (0, 120, 220), (0, 230, 330)])
        #expect(head.slots == 1 && head.lag == 10 && head.cost == 0 && head.kind == .slots)
        #expect(head.waits == [nil, Interval(start: 0, end: 110), Interval(start: 0, end: 220)])
        // Each gives its slot back 10 µs before it ends: the first has no such lag.
        let tail = fit([(0, 0, 110), (0, 100, 210), (0, 200, 310), (0, 300, 410)])
        #expect(tail.slots == 1 && tail.lag == -10 && tail.cost == 10 && tail.kind == .slots)
        #expect(tail.waits[3] == Interval(start: 0, end: 300))
        #expect(tail.toldLag == nil)
    }

    @Test("a number whose lag is more than half of what a slot is held for is no candidate")
    func candidates() {
        // One slot would be foretold 51 µs late, of 100: neither it nor any other is one.
        let members: [(Int64, Int64, Int64)] = [(0, 0, 100), (0, 151, 251), (0, 302, 402), (0, 453, 553)]
        #expect(fit(members).slots == 0)
        #expect(fit(members).kind == nil && fit(members).lag == nil)
        let half = fit([(0, 0, 100), (0, 150, 250), (0, 300, 400), (0, 450, 550)])
        #expect(half.slots == 1 && half.lag == 50)
    }

    @Test("takers and enders are ordered by time, then start, then id, which is the order of the members")
    func ties() {
        let enders = fit([(0, 0, 100), (0, 0, 100), (0, 100, 200), (0, 100, 200)])
        #expect(enders.slots == 2)
        #expect(Array(enders.releasers) == [nil, nil, 0, 1])
    }

    @Test("slots are seen from nine tenths of the gaps explained exactly", arguments: [(10, true), (11, false)])
    func explained(late: Int64, isSeen: Bool) {
        // Two wait for one slot, one of whom takes it late; without a line 110 µs are to be explained, or 111.
        let line = fit([(0, 0, 100), (0, 100, 200), (190, 200 + late, 300 + late)])
        #expect(line.slots == 1 && line.cost == UInt128(late))
        #expect((line.kind == .slots) == isSeen || line.baseline < 100)
        #expect((line.kind == .slots) == (10 * UInt128(late) <= line.baseline))
    }

    @Test("who never held waited as long as all slots were taken")
    func neverHeld() {
        let line = fit([(0, 0, 100), (0, 100, 200), (20, 150, 150), (0, 200, 300), (250, 400, 400), (310, 350, 350)])
        #expect(line.slots == 1 && line.kind == .slots)
        #expect(line.waits[2] == Interval(start: 20, end: 150))
        #expect(line.waits[4] == Interval(start: 250, end: 300))
        #expect(line.waits[5] == nil)
        #expect(line.releasers[2] == nil)
        #expect(line.waited == 100 + 130 + 200 + 50)
    }

    @Test("a rate: one is let in every 10 µs, whoever has ended, and nobody is released")
    func rate() {
        let members = (0..<12).map { (task: Int64) -> (Int64, Int64, Int64) in
            let taking = task * 10
            return (0, taking, taking + 35 + task * 7 % 5)
        }
        let line = fit(members)
        #expect(line.kind == .rate && line.rate == 10)
        #expect(line.waits[0] == nil && line.waits[11] == Interval(start: 0, end: 110))
        #expect(line.releasers.allSatisfy { $0 == nil })
        #expect(line.waited == 660 && line.occupancy == nil)
    }

    @Test("hand-overs: a limit that changed")
    func handovers() {
        // Two slots, then, after the sixth, six: nobody holds for as long as another.
        var free: [Int64] = [0, 0]
        var members: [(Int64, Int64, Int64)] = []
        for task in 0..<40 {
            if task == 12 { free += [free.max() ?? 0, free.max() ?? 0, free.max() ?? 0, free.max() ?? 0] }
            let slot = free.indices.min { free[$0] < free[$1] } ?? 0
            let taking = free[slot]
            let hold: Int = 900 + task * 7_919 % 211
            free[slot] = taking + Int64(hold)
            members.append((0, taking, free[slot]))
        }
        let line = fit(members.sorted { $0.0 < $1.0 })
        #expect(line.kind == .handover)
        #expect(line.working.upperBound == 6)
        for (member, wait) in line.waits.enumerated() {
            guard let wait else { continue }
            #expect(wait == Interval(start: members[member].0, end: wait.end))
            #expect(line.releasers[member].map { members[$0].2 } == wait.end)
        }
        #expect(line.occupancy == nil)
    }

    @Test("more than 512 holders: the number is looked for among some, and judged over all")
    func many() {
        var free = [Int64](repeating: 0, count: 20)
        var members: [(Int64, Int64, Int64)] = []
        for task in 0..<3_000 {
            let slot = free.indices.min { free[$0] < free[$1] } ?? 0
            let hold: Int = 1_000 + task * 7_919 % 211
            members.append((0, free[slot] + 5, free[slot] + Int64(hold)))
            free[slot] = members[task].2
        }
        let line = fit(members)
        #expect(line.slots == 20 && line.kind == .slots && line.lag == 5)
        #expect(line.waits.count { $0 != nil } == 2_980)
    }

    @Test("times as far apart as there are, and sums beyond 64 bits", arguments: [-1, 1] as [Int64])
    func huge(sign: Int64) {
        let (time, decade) = (sign * (1 << 61), Microseconds.tenYears)
        var members = [(Int64, Int64, Int64)](repeating: (time, time, time + decade), count: 2_000)
        members.append((time, time + decade, time + decade + 1))
        let line = fit(members)
        #expect(line.held == 2_000 * Int128(decade) + 1)
        // Of 512 takers that are looked at, none tells 1 997 slots from 2 000.
        #expect(line.slots == 1_997)
        let apart = fit([(-(1 << 61), -(1 << 61), 1 << 61), (-(1 << 61), 1 << 61, 1 << 61 + 5), (0, 1, 2)])
        #expect(apart.slots <= 3)
    }

    @Test("the value at a position, however the values stand")
    func select() {
        var state: UInt64 = 1
        for count in [1, 2, 3, 10, 513, 2_000] {
            for spread in [1, 3, 1_000_000] as [UInt64] {
                let values = (0..<count).map { _ -> Int64 in
                    state = state &* 6_364_136_223_846_793_005 &+ 1
                    return Int64((state >> 33) % spread) - 5
                }
                for position in [0, (count - 1) / 2, count - 1] {
                    var copy = values
                    #expect(copy.takeValue(at: position) == values.sorted()[position])
                }
            }
        }
        // Each pivot splits off as little as can be.
        var organ = (0..<3_000).map { Int64($0 % 2 == 0 ? $0 : 3_000 - $0) }
        #expect(organ.takeLowerMedian() == organ.sorted()[1_499])
    }
}
