import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Figures of runs that are quiet")
struct FigureTests {
    /// The stored figures of each run, by trace id.
    private func stored(_ database: TemporaryDatabase) throws -> [String: [UInt8]] {
        try TraceReader(path: database.path).read { snapshot in
            var figures: [String: [UInt8]] = [:]
            for run in try snapshot.runs(.all) {
                figures[run.trace.text] = try snapshot.withFigures(of: run) { Array($0) }
            }
            return figures
        }
    }

    /// What they have to be, by trace id.
    private func fresh(_ database: TemporaryDatabase) throws -> [String: [UInt8]] {
        var figures: [String: [UInt8]] = [:]
        for trace in try database.traces() { figures[trace.id.text] = RunFigures(TraceAnalysis(trace)).encoded() }
        return figures
    }

    @Test("are those of the run as it is, whatever came in whatever order", arguments: Array(1...12) as [UInt64])
    func random(seed: UInt64) async throws {
        let database = try TemporaryDatabase()
        var generator = SeededGenerator(seed: seed)
        var parts: [EventBatch] = []
        for run in 1...3 as ClosedRange<UInt64> {
            var batch = EventBatch.random(seed: seed * 3 + run)
            batch = batch.renamed("run \(run)")
            var rest = batch.events.shuffled(using: &generator)
            while !rest.isEmpty {
                var part = batch
                part.events = Array(rest.prefix(Int.random(in: 1...25, using: &generator)))
                rest.removeFirst(part.events.count)
                parts.append(part)
            }
        }
        parts += parts.prefix(3)
        parts.shuffle(using: &generator)
        let writer = try database.writer()
        var keeper = FigureKeeper(writer, path: database.path)
        for part in parts {
            #expect(await writer.store(part.delivery()) != .queueFull)
            if Bool.random(using: &generator) { try await keeper.sweep(quietBefore: .max) }
            let fresh = try fresh(database)
            for (trace, figures) in try stored(database) { #expect(figures == fresh[trace], "\(trace), seed \(seed)") }
        }
        try await keeper.sweep(quietBefore: .max)
        await writer.close()
        #expect(try stored(database) == fresh(database), "seed \(seed)")
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
    }

    @Test("are worked out anew where another version stored them")
    func otherVersion() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        #expect(await writer.store(EventBatch.run("a").delivery()) != .queueFull)
        var first = FigureKeeper(writer, path: database.path)
        try await first.sweep(quietBefore: .max)
        await writer.close()
        let right = try fresh(database)
        #expect(try stored(database) == right)
        try await DatabaseQueue(path: database.path).write { db in
            try db.execute(sql: "UPDATE figures SET data = CAST(x'02' || substr(data, 2) AS BLOB)")
        }
        #expect(try stored(database) != right)
        let again = try database.writer()
        var keeper = FigureKeeper(again, path: database.path)
        try await keeper.sweep(quietBefore: .max)
        await again.close()
        #expect(try stored(database) == right)
    }

    @Test("are worked out of runs that are quiet alone, those that were not yet are looked at again")
    func quiet() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        _ = await writer.store(EventBatch.run("a").delivery(at: 100))
        _ = await writer.store(EventBatch.run("b").delivery(at: 200))
        _ = await writer.store(EventBatch.run("c").delivery(at: 100))
        var keeper = FigureKeeper(writer, path: database.path)
        try await keeper.sweep(quietBefore: 200)
        #expect(Set(try stored(database).keys) == ["a", "c"])
        try await keeper.sweep(quietBefore: 200)
        #expect(Set(try stored(database).keys) == ["a", "c"])
        _ = await writer.store(EventBatch.run("a", start: -5).delivery(at: 300))
        #expect(Set(try stored(database).keys) == ["a", "c"], "a second delivery of the same changes nothing")
        var more = EventBatch.run("a")
        more.transaction("3") { $0.trace = 0 }
        _ = await writer.store(more.renamed("a").delivery(at: 300))
        #expect(Set(try stored(database).keys) == ["c"], "what is new throws them away")
        try await keeper.sweep(quietBefore: 201)
        #expect(Set(try stored(database).keys) == ["b", "c"])
        try await keeper.sweep(quietBefore: 301)
        #expect(try stored(database) == fresh(database))
        await writer.close()
    }

    @Test("are worked out by a keeper that knows nothing of an earlier one, and not of runs beyond its limit")
    func limits() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        for number in 1...600 { _ = await writer.store(EventBatch.run("run \(number)").delivery()) }
        var large = EventBatch()
        _ = large.addProcess()
        for number in 1...50 { large.span("\(number)") }
        _ = await writer.store(large.delivery())
        var pauses = 0
        var first = FigureKeeper(writer, path: database.path, largestRun: 49)
        try await first.sweep(quietBefore: .max) { _ in
            pauses += 1
            return pauses < 2
        }
        #expect(pauses == 2)
        let begun = try stored(database).count
        #expect(begun > 0 && begun < 600)
        var second = FigureKeeper(writer, path: database.path, largestRun: 49)
        try await second.sweep(quietBefore: .max)
        #expect(try stored(database).count == 600)
        try await first.sweep(quietBefore: .max)
        #expect(try stored(database).count == 600)
        var third = FigureKeeper(writer, path: database.path)
        try await third.sweep(quietBefore: .max)
        await writer.close()
        #expect(try stored(database) == fresh(database))
    }

    @Test("that were begun before something was added are not stored")
    func race() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        _ = await writer.store(EventBatch.run("a").delivery())
        _ = await writer.store(EventBatch.run("b").delivery())
        await writer.beginFigures([1, 2])
        var more = EventBatch.run("a")
        more.transaction("3")
        _ = await writer.store(more.renamed("a").delivery())
        try await writer.storeFigures([(run: 1, data: [1]), (run: 2, data: [2]), (run: 3, data: [3])])
        #expect(try stored(database) == ["b": [2]])
        await writer.close()
    }
}

extension EventBatch {
    /// The same events in a trace of another id.
    func renamed(_ trace: String) -> EventBatch {
        var batch = EventBatch()
        batch.symbols = symbols
        batch.processes = processes
        batch.labels = labels
        let index = batch.trace(Identifier(trace))
        batch.events = events.map { event in
            var event = event
            event.trace = index
            return event
        }
        return batch
    }
}
