import Testing

@testable import TraceCore

@Suite("A pool of slots, seen from outside")
struct AdmissionPoolTests {
    /// Members m0, m1, … of these (start, taking, end), the gap beginning at the start.
    private func pool(_ members: [(Int64, Int64, Int64)], ids: [String]? = nil) -> AdmissionPool {
        AdmissionPool(
            members.enumerated().map { index, member in
                AdmissionPool.Member(
                    task: Interval(start: member.0, end: member.2), gap: Interval(start: member.0, end: member.1),
                    id: Identifier(ids?[index] ?? "m\(index)"))
            })
    }

    @Test("one slot, handed on twice")
    func oneSlot() {
        let pool = pool([(0, 0, 100), (0, 100, 200), (0, 200, 300)])
        #expect(pool.slots == 1)
        #expect(pool.held == 300)
        #expect(pool.admissions.map { $0?.time } == [nil, 100, 200])
        #expect(pool.admissions.map { $0?.releaser } == [nil, 0, 1])
        #expect(pool.isSeen)
        #expect(pool.occupancy == 1)
        #expect(pool.waited == 300)
        #expect(pool.wait(of: 1) == Interval(start: 0, end: 100))
        #expect(pool.releaser(of: 2) == 1)
        #expect(pool.wait(of: 0) == nil)
    }

    @Test("the slots are the most that is held for a hundredth of all held time", arguments: [0, 1] as [Int64])
    func hundredth(extra: Int64) {
        // Both hold for 1 µs, which is 2 of 200 held, or of 201.
        let pool = pool([(0, 0, 100), (99, 99, 199 + extra)])
        #expect(pool.held == 200 + Int128(extra))
        #expect(pool.slots == (extra == 0 ? 2 : 1))
    }

    @Test("nobody holds: no slots, nothing inferred")
    func nobodyHolds() {
        let pool = pool([(0, 100, 100), (0, 100, 100)])
        #expect(pool.slots == 0)
        #expect(pool.admissions.allSatisfy { $0 == nil })
        #expect(!pool.isSeen)
        #expect(pool.occupancy == nil)
    }

    @Test("an admission is not later than the own taking, and tells no releaser then")
    func overlappingHandOver() {
        let pool = pool([(0, 0, 10_000), (0, 9_950, 20_000)])
        #expect(pool.slots == 1)
        #expect(pool.admissions[1]?.time == 9_950)
        #expect(pool.wait(of: 1) == Interval(start: 0, end: 9_950))
        #expect(pool.releaser(of: 1) == nil)
    }

    @Test("released at the very instant of the taking is released")
    func touchingHandOver() {
        #expect(pool([(0, 0, 10_000), (0, 10_000, 20_000)]).releaser(of: 1) == 0)
    }

    @Test("takers and enders are ordered by time, then start, then id")
    func ties() {
        let byStart = pool([(5, 100, 200), (3, 100, 300), (0, 0, 100)])
        #expect(byStart.slots == 2)
        #expect(byStart.admissions.map { $0?.releaser } == [2, nil, nil])
        let byID = pool([(0, 100, 200), (0, 100, 300), (0, 0, 100)], ids: ["b", "a", "c"])
        #expect(byID.admissions.map { $0?.releaser } == [2, nil, nil])
        let swapped = pool([(0, 100, 200), (0, 100, 300), (0, 0, 100)], ids: ["a", "b", "c"])
        #expect(swapped.admissions.map { $0?.releaser } == [nil, 2, nil])
        let enders = pool([(0, 0, 100), (0, 0, 100), (0, 100, 200), (0, 100, 200)], ids: ["b", "a", "d", "c"])
        #expect(enders.admissions.map { $0?.releaser } == [nil, nil, 0, 1])
    }

    @Test("a task that would have its slot from itself has no admission")
    func selfRelease() {
        // m1 takes first and ends last, m0 takes and ends at once in between: second to take, first to end.
        let pool = pool([(0, 100, 100), (0, 50, 150)])
        #expect(pool.slots == 1)
        #expect(pool.admissions.map { $0?.releaser } == [nil, nil])
    }

    @Test("who was admitted before its gap began did not wait")
    func notWaited() {
        let pool = pool([(0, 0, 100), (100, 150, 200), (150, 250, 300)])
        #expect(pool.slots == 1)
        #expect(pool.admissions.map { $0?.time } == [nil, 100, 200])
        #expect(pool.waited == 50)
        #expect(pool.wait(of: 1) == nil)
    }

    @Test(
        "a pool is seen from an occupancy of nine tenths exactly",
        arguments: [(10, true), (11, false)] as [(Int64, Bool)])
    func occupancy(idle: Int64, isSeen: Bool) {
        // One slot; m1 waits 100 µs for m0's end, of which `idle` nobody holds.
        let pool = pool([(0, idle, 100), (0, 100, 200)])
        #expect(pool.slots == 1)
        #expect(pool.isSeen == isSeen)
        #expect(pool.occupancy == Double(100 - idle) / 100)
        #expect(pool.wait(of: 1) == (isSeen ? Interval(start: 0, end: 100) : nil))
        #expect(pool.releaser(of: 1) == (isSeen ? 0 : nil))
        #expect(pool.waited == 100)
    }

    @Test("sums beyond 64 bits", arguments: [-1, 1] as [Int64])
    func huge(sign: Int64) {
        let (time, decade) = (sign * (1 << 61), Microseconds.tenYears)
        let members = (0..<40_000).map { _ in (time, time, time + decade) }
        let pool = pool(members + [(time, time + decade, time + decade + 1)])
        #expect(pool.held == 40_000 * Int128(decade) + 1)
        #expect(pool.held > Int128(Int64.max))
        #expect(pool.slots == 40_000)
        #expect(pool.occupancy == 1)
        #expect(pool.waited == Int128(decade))
    }
}
