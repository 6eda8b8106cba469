import TestSupport
import Testing

@testable import TraceCore

/// Pools whose waits are known. What fails names its seed.
@Suite("Simulated pools")
struct SimulatedPoolTests {
    private static let seeds = UInt64(1)...100

    /// A pool that is short of slots: three tasks and more for each, that come in much less time than they take.
    private func crowded(_ seed: UInt64, edit: (inout SimulatedPool) -> Void = { _ in }) -> SimulatedPool {
        var generator = SeededGenerator(seed: seed &* 7_919)
        let slots = Int.random(in: 1...30, using: &generator)
        let tasks = slots * Int.random(in: 3...12, using: &generator) + Int.random(in: 3...20, using: &generator)
        let busy = Int64(tasks / slots) * 100_000
        var pool = SimulatedPool(
            tasks: tasks, slots: slots, arrivals: .spread(over: Int64.random(in: 0...busy / 3, using: &generator)),
            seed: seed)
        pool.jitter = Int64.random(in: 0...2_000, using: &generator)
        pool.failing = Int.random(in: 0...20, using: &generator)
        edit(&pool)
        return pool
    }

    /// The group of a run, and by how much the inferred wait of each of its tasks misses the true one, µs.
    private func errors(
        _ run: (batch: EventBatch, truths: [SimulatedPool.Truth])
    ) throws -> (group: TaskGroup, errors: [Int64]) {
        let analysis = TraceAnalysis(run.batch.firstTrace)
        let group = try #require(analysis.largestGroup)
        #expect(group.members.count == run.truths.count)
        let errors = try run.truths.enumerated().map { number, truth in
            abs(try analysis.breakdown("task \(number)").inferredWait - truth.wait)
        }
        return (group, errors)
    }

    @Test("the first span starts at admission: the slots are exact, and waits within the jitter", arguments: seeds)
    func exact(seed: UInt64) throws {
        let pool = crowded(seed)
        let (group, errors) = try errors(pool.run())
        #expect(group.kind == .slots && group.slots == pool.slots, "seed \(seed): \(group.slots) of \(pool.slots)")
        #expect(errors.max() ?? 0 <= pool.jitter, "seed \(seed): \(errors.max() ?? 0) of \(pool.jitter)")
    }

    @Test("preprocessing up to a tenth of the mean hold: waits within jitter and preprocessing", arguments: seeds)
    func preprocessing(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &* 31)
        let pool = crowded(seed) { pool in
            pool.preprocessing = Int64.random(in: 0...pool.meanHold / 10, using: &generator)
        }
        let (group, errors) = try errors(pool.run())
        #expect(group.kind == .slots, "seed \(seed): \(group.occupancy ?? -1)")
        #expect(
            errors.max() ?? 0 <= pool.jitter + pool.preprocessing,
            "seed \(seed): \(errors.max() ?? 0) of \(pool.jitter) + \(pool.preprocessing)")
    }

    @Test("a lookup before the semaphore: the later reading sees the same", arguments: seeds)
    func lookup(seed: UInt64) throws {
        // A gap between calls is longer than a short wait, and the definitions take the longest.
        let pool = crowded(seed) { ($0.lookup, $0.hasGaps) = (3_000, false) }
        let (group, errors) = try errors(pool.run())
        #expect(group.kind == .slots && group.reading == .later, "seed \(seed)")
        #expect(group.slots == pool.slots, "seed \(seed): \(group.slots) of \(pool.slots)")
        #expect(errors.max() ?? 0 <= pool.jitter, "seed \(seed): \(errors.max() ?? 0) of \(pool.jitter)")
    }

    @Test("workers and a queue: the same slots, and nobody waits", arguments: seeds)
    func queue(seed: UInt64) throws {
        let pool = crowded(seed) { $0.design = .queue }
        let (group, errors) = try errors(pool.run())
        #expect(group.slots == pool.slots && group.kind == nil, "seed \(seed)")
        #expect(errors.max() == 0, "seed \(seed)")
    }

    @Test("it is said how many tasks had no work span, but of those that are known to have waited")
    func withoutSpans() throws {
        let line = TraceAnalysis(crowded(5) { $0.withoutSpans = 20 }.batch.firstTrace)
        #expect(GroupFlow(try #require(line.largestGroup), of: line).withoutWork == 0)
        let pool = crowded(5) {
            $0.withoutSpans = 20
            $0.design = .queue
        }
        let analysis = TraceAnalysis(pool.batch.firstTrace)
        let group = try #require(analysis.largestGroup)
        let flow = GroupFlow(group, of: analysis)
        let spans = analysis.trace.events.filter { $0.kind == .span }
        let expected = pool.tasks - Set(spans.compactMap(\.transaction)).count
        #expect(expected > 0)
        #expect(flow.withoutWork == expected)
        #expect(Diagnosis(RunFigures(analysis)).withoutWork == expected)
    }
}
