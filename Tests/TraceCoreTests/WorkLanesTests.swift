import TestSupport
import Testing

@testable import TraceCore

@Suite("Lanes packed by work")
struct WorkLanesTests {
    private static let seeds = UInt64(1)...40

    /// The lanes of the first group of a run, each as the ids of those who stand in it.
    private func texts(_ analysis: TraceAnalysis) throws -> [[String]] {
        let group = try #require(analysis.groups.first)
        let lanes = WorkLanes(group, of: analysis)
        return (0..<lanes.count).map { lane in
            lanes.members(in: lane).map { analysis.trace.events[group.members[$0].transaction].id.text }
        }
    }

    /// By how much the stretches of a lane overlap at most, µs.
    private func overlap(_ lanes: WorkLanes) -> Int64 {
        let first = lanes.stretches.map(\.start).min() ?? 0
        return (0..<lanes.count).map { lane in
            var (overlap, end) = (Int64(0), first)
            for member in lanes.members(in: lane) {
                let stretch = lanes.stretches[member]
                overlap = max(overlap, min(end, stretch.end) - stretch.start)
                end = max(end, stretch.end)
            }
            return overlap
        }.max() ?? 0
    }

    /// The largest number of stretches that are open at a time; one where all are empty.
    private func peak(_ lanes: WorkLanes) -> Int {
        var steps = lanes.stretches.filter { !$0.isEmpty }.flatMap { [($0.start, 1), ($0.end, -1)] }
        steps.sort { $0 < $1 }
        var (peak, open) = (1, 0)
        for step in steps {
            open += step.1
            peak = max(peak, open)
        }
        return peak
    }

    @Test("the task that got the slot another gave back stands in its lane, from its admission on")
    func drawn() throws {
        let drawing = Drawing(
            """
            u1 |########      |
            u2 |####          |
            u3 |....#######   |
            u4 |.........#####|
            """)
        let analysis = drawing.analysis
        #expect(try texts(analysis) == [["u1", "u4"], ["u2", "u3"]])
        let lanes = WorkLanes(try #require(analysis.groups.first), of: analysis)
        #expect(lanes.lanes == [0, 1, 1, 0])
        #expect(lanes.stretches.map { $0.start - Drawing.origin } == [0, 0, 40, 80])
        #expect(lanes.stretches.map { $0.end - Drawing.origin } == [80, 40, 110, 140])
    }

    @Test("a slot that was free keeps nobody waiting: the task stands in its lane from its gap's start")
    func freeSlot() throws {
        let analysis = Drawing(
            """
            u1 |##############              |
            u2 |..............####          |
            u3 |                    .###    |
            u4 |                     ...####|
            """
        ).analysis
        let group = try #require(analysis.groups.first)
        #expect(group.kind == .slots && group.slots == 1)
        let lanes = WorkLanes(group, of: analysis)
        #expect(lanes.count == 1)
        #expect(lanes.stretches.map { $0.start - Drawing.origin } == [0, 140, 200, 240])
    }

    @Test("a lookup before the semaphore stands in no lane")
    func later() throws {
        let analysis = Drawing(
            """
            u1 |#####       |
            u2 |#....####   |
            u3 |#........###|
            """
        ).analysis
        let lanes = WorkLanes(try #require(analysis.groups.first), of: analysis)
        #expect(lanes.count == 1)
        #expect(lanes.stretches.map { $0.start - Drawing.origin } == [0, 50, 90])
    }

    @Test("as many lanes as slots, none of them with two tasks at once, released behind releaser", arguments: seeds)
    func pools(seed: UInt64) throws {
        var pool = SimulatedPool(tasks: 200, slots: Int(seed % 20) + 1, arrivals: .spread(over: 50_000), seed: seed)
        pool.jitter = 1_000
        let analysis = TraceAnalysis(pool.batch.firstTrace)
        let group = try #require(analysis.groups.first)
        let lanes = WorkLanes(group, of: analysis)
        #expect(group.kind == .slots)
        #expect(lanes.count == pool.slots, "seed \(seed)")
        #expect(overlap(lanes) == 0, "seed \(seed)")
        for (member, task) in group.members.enumerated() {
            if let releaser = task.releaser { #expect(lanes.lanes[member] == lanes.lanes[releaser], "seed \(seed)") }
            if let wait = task.inferredWait { #expect(lanes.stretches[member].start == wait.end, "seed \(seed)") }
        }
    }

    @Test("1 000 users behind 50 permits make 50 lanes, though a slot is handed on before its task has ended")
    func handOff() throws {
        let pool = SimulatedPool(tasks: 1_000, slots: 50, arrivals: .spread(over: 1_000), seed: 7)
        var batch = pool.batch
        for index in batch.events.indices where batch.events[index].kind == .transaction {
            batch.events[index].duration += Int64(index % 7)
        }
        let analysis = TraceAnalysis(batch.firstTrace)
        let group = try #require(analysis.groups.first)
        let lanes = WorkLanes(group, of: analysis)
        #expect(group.slots == 50)
        #expect(lanes.count == 50)
        #expect(overlap(lanes) <= 6)
        #expect((0..<50).allSatisfy { lanes.members(in: $0).count > 10 })
    }

    @Test("where no pool is seen, as few lanes as tasks that work at a time, and no overlap", arguments: seeds)
    func packed(seed: UInt64) throws {
        var pool = SimulatedPool(tasks: 150, slots: Int(seed % 20) + 1, arrivals: .random(meanGap: 9_000), seed: seed)
        (pool.design, pool.withoutSpans) = (.queue, Int(seed % 3) * 20)
        let analysis = TraceAnalysis(pool.batch.firstTrace)
        let group = try #require(analysis.groups.first)
        let lanes = WorkLanes(group, of: analysis)
        #expect(group.kind == nil)
        #expect(lanes.count == peak(lanes), "seed \(seed)")
        #expect(overlap(lanes) == 0, "seed \(seed)")
    }

    @Test("tasks of which nothing shows when they began to work stand whole, also the empty ones")
    func withoutWork() throws {
        let batch = EventBatch.filled {
            $0.task("a", start: 0, end: 100, work: [])
            $0.task("b", start: 50, end: 150, work: [])
            $0.task("c", start: 100, end: 100, work: [])
            $0.task("d", start: 100, end: 100, work: [])
            $0.task("e", start: 150, end: 160, work: [])
        }
        let analysis = TraceAnalysis(batch.firstTrace)
        #expect(try texts(analysis) == [["a", "c", "d", "e"], ["b"]])
    }

    @Test("the settings of what is inferred change no lane", arguments: [Inference.explicit, .gap])
    func settings(inference: Inference) throws {
        let trace = SimulatedPool(tasks: 60, slots: 4, arrivals: .spread(over: 100), seed: 3).batch.firstTrace
        var settings = AnalysisSettings.standard
        settings.inference = inference
        let other = TraceAnalysis(trace, settings: settings)
        let analysis = TraceAnalysis(trace)
        #expect(
            WorkLanes(try #require(other.groups.first), of: other)
                == WorkLanes(try #require(analysis.groups.first), of: analysis))
    }

    @Test("of any trace each member stands in one lane, whatever the order of events", arguments: UInt64(1)...200)
    func anything(seed: UInt64) {
        var batch = EventBatch.random(seed: seed)
        batch.keepFirstOfEach()
        let analysis = TraceAnalysis(batch.firstTrace)
        let lanes = analysis.groups.map { WorkLanes($0, of: analysis) }
        for (group, lanes) in zip(analysis.groups, lanes) {
            let members = (0..<lanes.count).flatMap { lanes.members(in: $0) }
            #expect(members.sorted() == Array(group.members.indices), "seed \(seed)")
            #expect((0..<lanes.count).allSatisfy { !lanes.members(in: $0).isEmpty }, "seed \(seed)")
            if group.kind == .slots { #expect(lanes.count == group.slots, "seed \(seed)") }
        }
        var generator = SeededGenerator(seed: seed)
        batch.events.shuffle(using: &generator)
        let shuffled = TraceAnalysis(batch.firstTrace)
        #expect(shuffled.groups.map { WorkLanes($0, of: shuffled) } == lanes, "seed \(seed)")
    }
}
