import TestSupport
import Testing

@testable import TraceCore

/// What holds of every trace, whatever it is made of. A failure names its seed.
@Suite("Properties of random traces")
struct RandomTraceTests {
    static let seeds: [UInt64] = Array(1...200)

    /// As `#expect`, which is too slow for what is asked a million times.
    private func check(_ condition: Bool, _ message: @autoclosure () -> String) {
        if !condition { Issue.record(Comment(rawValue: message())) }
    }

    private func expectTiling(_ analysis: TraceAnalysis, seed: UInt64) throws {
        let trace = analysis.trace
        for (index, partition) in analysis.partitions().enumerated() {
            guard let partition else {
                check(!trace.isSampledTransaction(index), "seed \(seed)")
                continue
            }
            var time = trace.events[index].start
            for (position, stretch) in partition.stretches.enumerated() {
                check(stretch.interval.start == time, "seed \(seed)")
                check(stretch.interval.length > 0, "seed \(seed)")
                if position > 0 {
                    check(partition.stretches[position - 1].state != stretch.state, "seed \(seed): not joined")
                }
                time = stretch.interval.end
            }
            check(time == trace.end(index), "seed \(seed)")
        }
    }

    @Test("states tile each task without hole or overlap, neighbours differing")
    func tiling() throws {
        for seed in Self.seeds { try expectTiling(EventBatch.random(seed: seed).analysis, seed: seed) }
    }

    @Test("wait and work are the total, own code a part of work, nothing negative")
    func sums() throws {
        var waited = 0
        for seed in Self.seeds {
            let analysis = EventBatch.random(seed: seed).analysis
            for index in analysis.trace.events.indices {
                guard let breakdown = analysis.breakdown(index) else { continue }
                check(breakdown.wait + breakdown.work == breakdown.total, "seed \(seed)")
                check(breakdown.total == breakdown.duration + breakdown.queued, "seed \(seed)")
                check(0...breakdown.work ~= breakdown.own, "seed \(seed)")
                check(breakdown.wait >= 0 && breakdown.delay >= 0, "seed \(seed)")
                waited += breakdown.inferredWait > 0 ? 1 : 0
            }
        }
        #expect(waited > 100, "the traces are too tame to test anything")
    }

    @Test("each instant's state is the one that its open spans say, counted anew")
    func naiveStates() throws {
        for seed in Self.seeds {
            let analysis = EventBatch.random(seed: seed).analysis
            let index = TaskSpansIndex(analysis.trace, words: .standard)
            for (task, partition) in analysis.partitions().enumerated() {
                guard let partition else { continue }
                let items = index.spans(of: task).items
                let wait = analysis.place(task).flatMap { analysis.groups[$0.group].members[$0.member].inferredWait }
                for stretch in partition.stretches {
                    for time in stretch.interval.start..<stretch.interval.end {
                        check(stretch.state == naiveState(items, wait, at: time), "seed \(seed) at \(time)")
                    }
                }
            }
        }
    }

    private func naiveState(_ items: [TaskSpans.Item], _ wait: Interval?, at time: Int64) -> TaskState {
        func contains(_ interval: Interval) -> Bool { interval.start <= time && time < interval.end }
        let open = items.indices.filter { contains(items[$0].interval) }
        if open.isEmpty { return wait.map(contains) == true ? .wait(.inferred) : .own }
        let parents = Set(open.compactMap { items[$0].parent })
        let leaves = open.filter { !parents.contains($0) }
        return (leaves.isEmpty ? open : leaves).contains { !items[$0].waits } ? .work : .wait(.span)
    }

    @Test("what is below a wait span is found as by going up from each event")
    func naiveWaiting() {
        for seed in Self.seeds {
            let analysis = EventBatch.random(seed: seed).analysis
            let trace = analysis.trace
            var words = WaitSpans(.standard, symbols: trace.symbols)
            let isWait = trace.events.map { words.contains($0) }
            for (index, waits) in analysis.waiting().enumerated() {
                var expected = isWait[index]
                if let task = task(of: index, in: trace) {
                    var seen: Set<Int> = []
                    var next = trace.parents[index]
                    while let current = next, current != task, seen.insert(current).inserted {
                        expected = expected || isWait[current] && trace.owners[current] == task
                        next = trace.parents[current]
                    }
                }
                check(waits == expected, "seed \(seed): \(trace.events[index].id.text)")
            }
        }
    }

    private func task(of index: Int, in trace: Trace) -> Int? {
        guard trace.events[index].kind == .transaction else { return trace.owners[index] }
        let owner = trace.parents[index].flatMap { trace.owners[$0] }
        return owner == index ? nil : owner
    }

    @Test("the order of input is irrelevant, and duplicates that come later change nothing")
    func orderOfInput() {
        for seed in Self.seeds {
            var batch = EventBatch.random(seed: seed)
            batch.keepFirstOfEach()
            let expected = batch.analysis.description
            var generator = SeededGenerator(seed: seed &+ 1_000_000)
            for _ in 0..<3 {
                batch.events.shuffle(using: &generator)
                check(batch.analysis.description == expected, "seed \(seed)")
            }
            for var event in batch.events.shuffled(using: &generator).prefix(5) {
                event.start += 3
                event.duration += 4
                event.sampled.toggle()
                batch.events.append(event)
            }
            check(batch.analysis.description == expected, "seed \(seed): duplicates")
        }
    }

    @Test("every event has one row, one below its parent, with as many descendants as stand below it")
    func rows() {
        for seed in Self.seeds {
            let trace = EventBatch.random(seed: seed).firstTrace
            let rows = WaterfallTree(trace).rows
            check(rows.map(\.event).sorted() == Array(trace.events.indices), "seed \(seed)")
            for (position, row) in rows.enumerated() {
                let below = rows[(position + 1)...].prefix { $0.depth > row.depth }
                check(row.descendants == below.count, "seed \(seed)")
                guard let above = rows[..<position].last(where: { $0.depth < row.depth }) else {
                    check(row.depth == 0, "seed \(seed)")
                    continue
                }
                check(above.depth == row.depth - 1, "seed \(seed)")
                let hung = [trace.parents[row.event], trace.owners[row.event]]
                check(hung.contains(above.event), "seed \(seed): below neither its parent nor its transaction")
            }
        }
    }
}

extension EventBatch {
    fileprivate var analysis: TraceAnalysis { TraceAnalysis(firstTrace) }
}
