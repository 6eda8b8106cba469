import TestSupport
import Testing

@testable import TraceCore

@Suite("What-if: another number of slots")
struct SlotReplayTests {
    private func replay(_ analysis: TraceAnalysis) throws -> SlotReplay {
        let group = try #require(analysis.largestGroup)
        return try #require(SlotReplay(group, of: analysis))
    }

    @Test("the worked example on one, two and three slots")
    func workedExample() throws {
        let batch = EventBatch.filled {
            $0.task("user 1", start: 168, end: 1_357_838, work: [232..<1_357_838])
            $0.task("user 2", start: 415, end: 588_731, work: [452..<588_731])
            $0.task("user 3", start: 596, end: 1_237_137, work: [588_931..<1_237_137])
        }
        let replay = try replay(TraceAnalysis(batch.firstTrace))
        #expect(replay.slots == 2 && replay.tasks == 3 && replay.showsSlots && !replay.isBacklogAssumed)
        let two = replay.row(slots: 2)
        #expect(two.makespan == 1_357_670)
        #expect(two.max == 588_135 && two.p50 == 0)
        #expect(replay.check?.tenThousandths == 0 && replay.isReliable)
        // One after the other: 1 357 670, 588 316 and 648 406 µs.
        let one = replay.row(slots: 1)
        #expect(one.makespan == 1_357_670 + 588_316 + 648_406)
        #expect(one.p50 == 1_357_670 - (415 - 168))
        #expect(one.max == 1_357_670 + 588_316 - (596 - 168))
        #expect(one.utilisation.tenThousandths == 10_000)
        let three = replay.row(slots: 3)
        #expect(three.makespan == 1_357_670 && three.max == 0)
        #expect(replay.leastMakespan == 1_357_670)
        #expect(replay.knee == 2)
        // Two save 1 236 722 µs of what one takes, three nothing more.
        #expect(replay.enough == 2)
        #expect(
            replay.row(slots: .max)
                == SlotReplay.Row(
                    slots: .max, makespan: 1_357_670, p50: 0, p95: 0, p99: 0, max: 0,
                    utilisation: Share(1, of: 1_000_000)))
    }

    /// The times are those of the sample traces `pipeline-3users`, `before-3users` and `after-3users`, which are one
    /// seeded job on one slot and on two.
    @Test("recordings of one job on one slot and on two foretell one another's makespan within 3 %")
    func recordings() throws {
        func foretold(slots: Int, _ tasks: [(start: Int64, work: Int64, end: Int64)]) throws -> Int128 {
            let batch = EventBatch.filled { batch in
                for (number, task) in tasks.enumerated() {
                    batch.task("\(number)", start: task.start, end: task.end, work: [task.work..<task.end])
                }
            }
            return try replay(TraceAnalysis(batch.firstTrace)).row(slots: slots).makespan
        }
        let onTwo = try foretold(
            slots: 2,
            [(0, 0, 826_779), (827_058, 827_058, 1_392_840), (1_393_127, 1_393_127, 2_073_146)])
        #expect(onTwo == 565_782 + 680_019)
        for recorded in [1_243_713, 1_250_071] as [Int128] {
            #expect(!Change(from: recorded, to: onTwo).exceeds(percent: 3))
        }
        let behindSemaphore = try foretold(
            slots: 1, [(0, 0, 825_092), (428, 428, 564_802), (916, 565_200, 1_243_713)])
        let fromQueue = try foretold(
            slots: 1, [(0, 0, 824_894), (496, 496, 565_227), (565_573, 565_573, 1_250_071)])
        for found in [behindSemaphore, fromQueue] {
            #expect(!Change(from: 2_073_146, to: found).exceeds(percent: 3), "\(found)")
        }
    }

    @Test("there is no replay of a rate or of hand-overs; a tail is added once, and is no slot time")
    func kinds() throws {
        let rate = EventBatch.filled { batch in
            for task in 0..<12 {
                let taking = Int64(task) * 10
                batch.task("\(task)", start: 0, end: taking + 33 + taking * 7 % 5, work: [taking..<taking + 20])
            }
        }
        let analysis = TraceAnalysis(rate.firstTrace)
        let group = try #require(analysis.largestGroup)
        #expect(group.kind == .rate && SlotReplay(group, of: analysis) == nil)
        #expect(LineText.noReplay(group, ascii: false)?.contains("one every 10µs") == true)
        // One slot, which each gives back 10 µs before it ends.
        let tail = try replay(
            TraceAnalysis(
                EventBatch.filled { batch in
                    for task in 0..<6 {
                        let taking = Int64(task) * 100
                        batch.task("\(task)", start: 0, end: taking + 110, work: [taking..<taking + 100])
                    }
                }.firstTrace))
        #expect(tail.slots == 1 && tail.row(slots: 1).makespan == 610 && tail.check?.tenThousandths == 0)
        #expect(tail.row(slots: 2).makespan == 310 && tail.row(slots: 2).max == 200)
    }

    @Test("a queue's run: arrivals are unknown, and a backlog is assumed and said")
    func queue() throws {
        let drawing = Drawing(
            """
            u1 |#####         |
            u2 |###           |
            u3 |   ######     |
            u4 |     #########|
            """)
        let replay = try replay(drawing.analysis)
        #expect(!replay.showsSlots && replay.isBacklogAssumed)
        #expect(replay.row(slots: 2).makespan == 140)
        #expect(replay.row(slots: 2).max == 50)
        #expect(replay.row(slots: 1).makespan == 230)
        #expect(replay.row(slots: 4).makespan == 90)
        #expect(replay.row(slots: 1).p50 == 50, "the line goes by taking, start and id")
        #expect(replay.row(slots: 3).makespan == 120)
        #expect(replay.knee == 4)
    }

    @Test("a wait that is explicit only: slot times are work")
    func explicit() throws {
        let drawing = Drawing(
            """
            a |##~~~##|
            b |##~~~##|
            """)
        let replay = try replay(drawing.analysis)
        #expect(replay.row(slots: 1).makespan == 80)
    }

    @Test("random runs: served as by a plain simulation, never later by more slots, the knee as by trying all")
    func plain() throws {
        var generator = SeededGenerator(seed: 9)
        for round in 0..<60 {
            let pool = SimulatedPool(
                tasks: Int.random(in: 2...40, using: &generator), slots: Int.random(in: 1...6, using: &generator),
                arrivals: .spread(over: Int64.random(in: 1...20_000, using: &generator)), seed: UInt64(round))
            let analysis = TraceAnalysis(pool.batch.firstTrace)
            let group = try #require(analysis.largestGroup)
            guard let replay = SlotReplay(group, of: analysis) else { continue }
            var last: Int128?
            var knee: Int?
            for slots in 1...group.members.count {
                let row = replay.row(slots: slots)
                let expected = naive(group, analysis, slots: slots, backlog: replay.isBacklogAssumed)
                #expect(row.makespan == expected.makespan && row.max == expected.waits.last, "round \(round)")
                #expect(row.p50 == expected.waits[(expected.waits.count + 1) / 2 - 1])
                if let last { #expect(row.makespan <= last) }
                last = row.makespan
                if knee == nil, 100 * row.makespan <= 105 * replay.leastMakespan { knee = slots }
            }
            #expect(last == replay.leastMakespan)
            #expect(replay.knee == knee)
        }
    }

    private func naive(
        _ group: TaskGroup, _ analysis: TraceAnalysis, slots: Int, backlog: Bool
    ) -> (makespan: Int128, waits: [Int128]) {
        let line = group.members.indices.map { member in
            (
                arrival: backlog ? group.window.start : group.members[member].gap.start,
                taking: group.members[member].taking, slotTime: group.slotTime(of: member, in: analysis), member: member
            )
        }.sorted { ($0.arrival, $0.taking, $0.member) < ($1.arrival, $1.taking, $1.member) }
        var free = [Int64](repeating: .min, count: slots)
        var (waits, end) = ([Int128](), Int64.min)
        for task in line {
            let slot = free.indices.min { free[$0] < free[$1] } ?? 0
            let start = max(task.arrival, free[slot])
            waits.append(Int128(start - task.arrival))
            free[slot] = start + task.slotTime
            end = max(end, free[slot])
        }
        return (Int128(end - line[0].arrival), waits.sorted())
    }

    @Test("the longest times there are don't overflow", .timeLimit(.minutes(5)))
    func longest() throws {
        let year = Microseconds.tenYears
        let batch = EventBatch.filled { batch in
            for number in 0..<40_000 { batch.task("\(number)", start: 0, end: year, work: [0..<year]) }
        }
        let replay = try replay(TraceAnalysis(batch.firstTrace))
        #expect(replay.row(slots: 1).makespan == 40_000 * Int128(year))
        #expect(replay.row(slots: 1).makespan > Int128(Int64.max))
        #expect(replay.row(slots: 3).utilisation.tenThousandths == 10_000)
        #expect(replay.knee == 40_000)
    }

    @Test("tasks that take no time take none on any number of slots")
    func empty() throws {
        let batch = EventBatch.filled { batch in
            for number in 0..<3 { batch.task("\(number)", start: 5, end: 5, work: []) }
        }
        let replay = try replay(TraceAnalysis(batch.firstTrace))
        #expect(replay.slots == 0 && replay.check == nil && replay.isReliable)
        #expect(replay.row(slots: 1).makespan == 0 && replay.row(slots: 1).utilisation.tenThousandths == 0)
        #expect(replay.knee == 1)
    }

    @Test("a group is found by its name, the largest of those that have it")
    func named() {
        let batch = EventBatch.filled { batch in
            for (name, parent, count) in [("big", "p", 5), ("small", "q", 2), ("small", "r", 3)] {
                let symbol = batch.symbols.intern(name)
                for number in 0..<count {
                    batch.transaction("\(parent)\(number)", parent: parent) { $0.name = symbol }
                }
            }
        }
        let analysis = TraceAnalysis(batch.firstTrace)
        #expect(analysis.largestGroup?.members.count == 5)
        #expect(analysis.largestGroup(named: "small")?.members.count == 3)
        #expect(analysis.largestGroup(named: "none") == nil)
    }
}
