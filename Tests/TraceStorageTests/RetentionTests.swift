import Foundation
import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Removing what is old")
struct RetentionTests {
    /// What is stored of each run.
    struct Run: Equatable {
        var contents: String
        var lastRequest: Int64
        var figures: [UInt8]?
    }

    /// The runs that have a transaction or a span, by trace id.
    private func stored(_ path: String) throws -> [String: Run] {
        try TraceReader(path: path).read { snapshot in
            var runs: [String: Run] = [:]
            for run in try snapshot.runs(.all) {
                runs[run.trace.text] = Run(
                    contents: try snapshot.trace(run).contents, lastRequest: run.lastRequest,
                    figures: try snapshot.withFigures(of: run) { Array($0) })
            }
            return runs
        }
    }

    private func integer(_ sql: String, _ database: TemporaryDatabase) throws -> Int? {
        try database.asStranger { try Int.fetchOne($0, sql: sql) }
    }

    /// Deliveries of parts of a few runs, some of them of several runs, with errors and metricsets.
    private func deliveries(seed: UInt64) -> [EventBatch] {
        var generator = SeededGenerator(seed: seed)
        var parts: [EventBatch] = []
        for run in 1...8 as ClosedRange<UInt64> {
            var batch = EventBatch.random(seed: seed &* 31 &+ run)
            batch.keepFirstOfEach()
            batch = batch.renamed("run \(run)")
            for id in ["e", "f"] { batch.sideEvent(.error, id: id, of: "run \(run)") }
            batch.sideEvent(.metricset, of: nil, digest: run)
            var rest = batch.events.shuffled(using: &generator)
            while !rest.isEmpty {
                var part = batch
                part.events = Array(rest.prefix(Int.random(in: 1...25, using: &generator)))
                rest.removeFirst(part.events.count)
                if Bool.random(using: &generator) { part.sideEvents = [] }
                if let last = parts.indices.last, Int.random(in: 0..<4, using: &generator) == 0 {
                    parts[last].absorb(part)
                } else {
                    parts.append(part)
                }
            }
        }
        // Mostly in the order in which they were made, so that some runs are over before others begin.
        for index in parts.indices where Int.random(in: 0..<4, using: &generator) == 0 {
            parts.swapAt(index, Int.random(in: 0..<parts.count, using: &generator))
        }
        return parts
    }

    @Test(
        "what is younger is as it was, what is old is stored anew when it comes again",
        arguments: 1...8 as ClosedRange<UInt64>)
    func random(seed: UInt64) async throws {
        let database = try TemporaryDatabase()
        var generator = SeededGenerator(seed: seed)
        var writer = try database.writer()
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        var figures = FigureKeeper(writer, path: database.path)
        let deliveries = deliveries(seed: seed)
        var time: Int64 = 0
        for batch in deliveries {
            time += 10
            #expect(await writer.store(batch.delivery(at: time)) != .queueFull)
            if Bool.random(using: &generator) { try await figures.sweep(quietBefore: .max) }
            if Int.random(in: 0..<8, using: &generator) == 0 {
                await writer.close()
                writer = try database.writer()
                keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
                figures = FigureKeeper(writer, path: database.path)
            }
            guard Int.random(in: 0..<3, using: &generator) == 0 else { continue }
            let cutoff = time - Int64.random(in: 0...100, using: &generator)
            let before = try stored(database.path)
            let removed = try await keeper.sweep(arrivedBefore: cutoff, now: time)
            let after = try stored(database.path)
            #expect(removed.isComplete)
            #expect(after == before.filter { $0.value.lastRequest >= cutoff }, "seed \(seed), time \(time)")
            #expect(removed.runs >= before.count - after.count)
            #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
            let unused = "id NOT IN (SELECT body FROM parts UNION SELECT body FROM untraced_events)"
            #expect(try integer("SELECT count(*) FROM bodies WHERE \(unused)", database) == 0)
            #expect(try integer("PRAGMA freelist_count", database) == 0)
        }
        // What is left is known, what is gone is new.
        let kept = try stored(database.path)
        for batch in deliveries {
            let outcome = await writer.store(batch.delivery(at: time))
            if batch.traces.allSatisfy({ kept[$0.text] == nil }), batch.sideEvents.isEmpty {
                #expect(outcome == .stored(duplicates: 0))
            }
        }
        await writer.close()
        let whole = try TemporaryDatabase()
        for batch in deliveries { try await whole.store(batch.delivery(at: time)) }
        #expect(try stored(database.path).mapValues(\.contents) == stored(whole.path).mapValues(\.contents))
        #expect(try database.rowCounts()["untraced_events"] == whole.rowCounts()["untraced_events"])
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
    }

    @Test(
        "an end at any moment leaves a sound database, and the next sweep goes on",
        arguments: 1...3 as ClosedRange<UInt64>)
    func ends(seed: UInt64) async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        for (number, batch) in deliveries(seed: seed).enumerated() {
            _ = await writer.store(batch.delivery(at: Int64(number)))
        }
        let before = try stored(database.path)
        let cutoff = (before.values.map(\.lastRequest).max() ?? 0) - 5
        let expected = before.filter { $0.value.lastRequest >= cutoff }
        #expect(!expected.isEmpty && expected.count < before.count)
        var steps = 0
        while true {
            // Each sweep goes a step further than the one before.
            var left = steps
            steps += 1
            var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
            let removed = try await keeper.sweep(arrivedBefore: cutoff, now: 1_000_000) { _ in
                left -= 1
                return left > 0
            }
            let copy = try TemporaryDatabase()
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: database.path + suffix, toPath: copy.path + suffix)
            }
            #expect(try TraceReader(path: copy.path).read { $0.integrityProblems() } == [])
            let there = try stored(copy.path)
            for (trace, run) in expected { #expect(there[trace] == run, "\(trace) after \(steps) steps") }
            for (trace, run) in there { #expect(before[trace] == run, "a part of \(trace) is gone") }
            if removed.isComplete { break }
        }
        #expect(steps > 10)
        #expect(try stored(database.path) == expected)
        await writer.close()
    }

    @Test("a body stays as long as one of its runs, an event of no trace goes with its request")
    func sharedBody() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        var both = EventBatch.run("old")
        both.absorb(EventBatch.run("young"))
        both.sideEvent(.metricset, of: nil, digest: 1)
        _ = await writer.store(both.delivery(at: 100, body: [1]))
        _ = await writer.store(EventBatch.run("old").delivery(at: 150, body: [2]))
        var more = EventBatch.run("young")
        more.transaction("3")
        more.sideEvent(.metricset, of: nil, digest: 2)
        _ = await writer.store(more.renamedKeepingSideEvents("young").delivery(at: 200, body: [3]))
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        var removed = try await keeper.sweep(arrivedBefore: 200, now: 300)
        #expect(removed.runs == 1 && removed.untracedEvents == 1 && removed.bodies == 0)
        #expect(try database.runs().map(\.trace.text) == ["young"])
        #expect(try database.rowCounts()["bodies"] == 2)
        removed = try await keeper.sweep(arrivedBefore: 201, now: 300)
        #expect(removed.runs == 1 && removed.untracedEvents == 1 && removed.bodies == 2 && removed.bodyBytes == 2)
        let counts = try database.rowCounts()
        for table in Schema.tables where !["removed", "run_ids_end"].contains(table) {
            #expect(counts[table] == 0, "\(table)")
        }
        await writer.close()
    }

    @Test("a run to which something comes between being chosen and removed stays whole", arguments: 1...4)
    func race(step: Int) async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        _ = await writer.store(EventBatch.run("a").delivery(at: 100))
        _ = await writer.store(EventBatch.run("b").delivery(at: 100))
        var more = EventBatch.run("a")
        more.transaction("3")
        more = more.renamed("a")
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        var isStored = false
        var steps = 0
        let removed = try await keeper.sweep(arrivedBefore: 200, now: 300) { _ in
            // The runs are chosen in the fourth step, and removed in the fifth.
            steps += 1
            if steps == step {
                isStored = await writer.store(more.delivery(at: 250, body: [4])) == .stored(duplicates: 2)
            }
            return true
        }
        #expect(isStored)
        #expect(removed.runs == 1)
        #expect(try database.traces().map(\.events.count) == [3])
        #expect(try database.rowCounts()["bodies"] == 2, "its first body, too")
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
        await writer.close()
    }

    @Test("numbers are not given again, in the same process and after a restart", arguments: [false, true])
    func numbers(restarts: Bool) async throws {
        let database = try TemporaryDatabase()
        var writer = try database.writer()
        for number in 1...5 { _ = await writer.store(EventBatch.run("run \(number)").delivery(at: 100)) }
        // As if the index had taken them all.
        await writer.close()
        try database.execute("INSERT INTO run_ids SELECT trace_id, id FROM runs; UPDATE run_ids_end SET run = 5")
        writer = try database.writer()
        var figures = FigureKeeper(writer, path: database.path)
        try await figures.sweep(quietBefore: .max)
        let old = try database.runs()
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        #expect(try await keeper.sweep(arrivedBefore: 200, now: 300).runs == 5)
        #expect(try database.rowCounts()["run_ids"] == 0)
        if restarts {
            await writer.close()
            writer = try database.writer()
        }
        #expect(await writer.store(EventBatch.run("run 3").delivery(at: 200)) == .stored(duplicates: 0))
        #expect(await writer.store(EventBatch.run("run 3").delivery(at: 200)) == .stored(duplicates: 2))
        let run = try #require(try database.runs(.tracePrefix("run 3")).first)
        #expect(run.number == 6)
        #expect(try integer("SELECT id FROM bodies", database) == 6)
        #expect(try TraceReader(path: database.path).read { try $0.trace(old[0]) }.events.isEmpty)
        try await figures.sweep(quietBefore: .max)
        #expect(try database.rowCounts()["figures"] == (restarts ? 0 : 1))
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
        await writer.close()
    }

    @Test("runs that are being put into the index of trace ids are not put there when they are gone")
    func indexRound() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        let count = RunIDs.roundSize + 40
        func delivery(_ numbers: Range<Int>, at time: Int64) -> Delivery {
            EventBatch.filled { batch in
                let model = batch.event(.span, "s", start: 5, duration: 1)
                for number in numbers {
                    var event = model
                    event.trace = batch.trace(.long(UInt64(number) &* 0x9E37_79B9_7F4A_7C15, 1))
                    batch.events.append(event)
                }
            }.delivery(at: time)
        }
        for start in stride(from: 0, to: count, by: 8_192) {
            _ = await writer.store(delivery(start..<min(start + 8_192, count), at: Int64(start)))
        }
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        let removed = try await keeper.sweep(arrivedBefore: 40_000, now: 100_000)
        #expect(removed.runs == 40_960)
        for number in 0..<200 { _ = await writer.store(delivery(number..<number + 1, at: 100_000)) }
        #expect(await writer.store(delivery(0..<200, at: 100_000)) == .stored(duplicates: 200))
        await writer.close()
        #expect(try database.runs().count == count - 40_960 + 200)
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
    }
}

extension EventBatch {
    /// The same events and side events in a trace of another id; those of no trace stay so.
    fileprivate func renamedKeepingSideEvents(_ trace: String) -> EventBatch {
        var batch = renamed(trace)
        batch.sideEvents = sideEvents.map { event in
            var event = event
            if event.trace != nil { event.trace = 0 }
            return event
        }
        return batch
    }
}
