import Foundation
import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("What goes with what is old")
struct RetentionDetailTests {
    private func integer(_ sql: String, _ database: TemporaryDatabase) throws -> Int? {
        try database.asStranger { try Int.fetchOne($0, sql: sql) }
    }

    private func problems(_ database: TemporaryDatabase) throws -> [String] {
        try TraceReader(path: database.path).read { $0.integrityProblems() }
    }

    /// One transaction whose user, name and process are of its own.
    private func batch(_ number: Int, pid: Int64 = 1) -> EventBatch {
        var batch = EventBatch()
        _ = batch.addProcess(pid: pid, user: "owner \(number)", labels: [("label \(number)", "v")])
        let (user, name) = (batch.symbols.intern("user \(number)"), batch.symbols.intern("name \(number)"))
        var event = batch.event(.transaction, "t", start: 0, duration: 5, of: "run \(number)")
        (event.user, event.name) = (user, name)
        event.labels = batch.addLabels([("key \(number)", "v")])
        var span = batch.event(.span, "s", start: 0, duration: 5, of: "run \(number)")
        span.subtype = batch.symbols.intern("subtype \(number)")
        batch.events += [event, span]
        return batch
    }

    private func texts(_ database: TemporaryDatabase) throws -> Set<String> {
        try database.asStranger { Set(try String.fetchAll($0, sql: "SELECT text FROM strings")) }
    }

    @Test("texts and processes that nothing refers to any more go, the identity of a process is passed on")
    func references() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        for number in 1...3 { _ = await writer.store(batch(number).delivery(at: Int64(number) * 100)) }
        #expect(try integer("SELECT count(DISTINCT identity) FROM processes", database) == 1)
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        let removed = try await keeper.sweep(arrivedBefore: 300, now: 400)
        #expect(removed.runs == 2 && removed.processes == 2)
        #expect(removed.texts == 12)
        let left = try texts(database)
        for text in ["user 3", "owner 3", "name 3", "key 3", "label 3", "subtype 3", "runner", "host", "db", "task"] {
            #expect(left.contains(text), "\(text)")
        }
        #expect(!left.contains { $0.hasSuffix(" 1") || $0.hasSuffix(" 2") })
        #expect(try problems(database) == [])
        // What was forgotten is met again.
        #expect(await writer.store(batch(2).delivery(at: 400)) == .stored(duplicates: 0))
        #expect(try problems(database) == [])
        #expect(try database.traces().first { $0.id.text == "run 2" }?.contents == batch(2).firstTrace.contents)
        await writer.close()
        let bytes = String(decoding: try #require(database.bytes()), as: Unicode.ASCII.self)
        #expect(bytes.contains("user 3") && !bytes.contains("user 1"), "not even in the file")
    }

    /// The texts of a run that is gone come again after each step of the sweep.
    @Test("what is used again while it is looked for stays", arguments: 1...40)
    func usedMeanwhile(step: Int) async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        for number in 1...3 { _ = await writer.store(batch(number).delivery(at: Int64(number) * 100)) }
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        var steps = 0
        let again = batch(1).renamed("again")
        var isStored = false
        _ = try await keeper.sweep(arrivedBefore: 300, now: 1_000) { _ in
            steps += 1
            if steps == step { isStored = await writer.store(again.delivery(at: 900)) == .stored(duplicates: 0) }
            return true
        }
        #expect(isStored == (steps >= step))
        #expect(steps > 20 && steps < 40, "the steps are all tried: \(steps)")
        #expect(try problems(database) == [])
        let traces = try database.traces()
        if isStored {
            #expect(traces.first { $0.id.text == "again" }?.contents == again.firstTrace.contents)
        }
        await writer.close()
    }

    @Test("a server looks for texts once a day at most, and only after something went")
    func referenceInterval() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        let day: Int64 = 86_400_000_000
        for quarter in [1, 2, 3, 8] as [Int64] {
            _ = await writer.store(batch(Int(quarter)).delivery(at: quarter * day / 4))
        }
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 5 * day / 4)
        func sweep(at quarters: Int64) async throws -> RetentionKeeper.Removed {
            try await keeper.sweep(keeping: day, clock: quarters * day / 4, passed: (quarters - 5) * day / 4)
        }
        #expect(try await sweep(at: 5).runs == 0)
        var removed = try await sweep(at: 6)
        #expect(removed.runs == 1 && removed.texts == 6)
        removed = try await sweep(at: 7)
        #expect(removed.runs == 1 && removed.texts == 0)
        #expect(try await sweep(at: 10).texts == 12)
        await writer.close()
    }

    @Test("a run too large for one step is hidden at once, and its trace is a new run when more comes")
    func large() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        let large = EventBatch.filled { batch in
            for number in 0..<3_000 { batch.transaction("t \(number)", parent: "p") }
            for number in 0..<(KnownSpans.wideCount + 10) { batch.span("s \(number)") }
            for number in 0..<1_500 { batch.sideEvent(.error, id: "e \(number)") }
            for index in batch.events.indices { batch.events[index].line = BodyRange(offset: 0, length: 1) }
        }
        _ = await writer.store(large.delivery(at: 100))
        let run = try #require(try database.runs().first)
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        var steps = 0
        let removed = try await keeper.sweep(arrivedBefore: 200, now: 300) { _ in
            steps += 1
            return steps < 5
        }
        #expect(removed.runs == 1 && !removed.isComplete)
        #expect(try database.rowCounts()["leaving"] == 1)
        #expect(try database.runs().isEmpty)
        #expect(try TraceReader(path: database.path).read { try $0.trace(run).events.isEmpty })
        #expect(try problems(database) == [])
        var bodies = 0
        try TraceReader(path: database.path).read { try $0.forEachBody { bodies += $0.problems.isEmpty ? 1 : 100 } }
        #expect(bodies == 1)
        var again = EventBatch.filled { $0.transaction("t 0", parent: "p") }
        again.sideEvent(.error, id: "e 0")
        #expect(await writer.store(again.delivery(at: 400)) == .stored(duplicates: 0))
        #expect(try problems(database) == [])
        await writer.close()
        let second = try database.writer()
        #expect(await second.store(again.delivery(at: 400)) == .stored(duplicates: 2))
        var other = try RetentionKeeper(second, path: database.path, clock: 0)
        #expect(try await other.sweep(arrivedBefore: 200, now: 500).isComplete)
        let counts = try database.rowCounts()
        #expect(counts["leaving"] == 0 && counts["span_ids"] == 0 && counts["transactions"] == 1)
        #expect(counts["runs"] == 1 && counts["side_events"] == 1 && counts["bodies"] == 1)
        #expect(try problems(database) == [])
        await second.close()
    }

    @Test("the file gets smaller, and examples of what was not taken go too")
    func fileSize() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        var losses = LossTally()
        for time in [50, 250] as [Int64] {
            let offender = LossTally.Offender(time: time, service: nil, line: 1, document: [7])
            losses.note("bad", .lines, offender)
        }
        for number in 1...60 {
            var delivery = EventBatch.run("run \(number)")
                .delivery(at: number <= 40 ? 100 : 200, body: [UInt8](repeating: 7, count: 100_000))
            if number == 60 { delivery.losses = losses }
            _ = await writer.store(delivery)
        }
        let pages = try #require(try await writer.pragma("page_count"))
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        let removed = try await keeper.sweep(arrivedBefore: 200, now: 300)
        #expect(removed.bodies == 40 && removed.bodyBytes == 4_000_000)
        #expect(try #require(try await writer.pragma("page_count")) < pages / 2)
        await writer.close()
        #expect(try #require(Platform.fileSize(database.path)) < pages / 2 * 8_192)
        #expect(try database.losses().map(\.count) == [2])
        #expect(try database.losses().flatMap { $0.offenders.map(\.time) } == [250])
        #expect(try problems(database) == [])
    }
}
