import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Many deliveries at once")
struct GroupCommitTests {
    private func outcomes(of deliveries: [Delivery], to writer: TraceWriter) async -> [DeliveryOutcome] {
        await withTaskGroup(of: DeliveryOutcome.self) { group in
            for delivery in deliveries { group.addTask { await writer.store(delivery) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func runs(_ ids: ClosedRange<Int>) -> [Delivery] { ids.map { EventBatch.run("run \($0)").delivery() } }

    @Test("fifty at once are all stored and answered")
    func fifty() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        let outcomes = await outcomes(of: runs(1...50), to: writer)
        #expect(outcomes == Array(repeating: .stored(duplicates: 0), count: 50))
        #expect(try database.runs().count == 50)
        #expect(try database.rowCounts()["bodies"] == 50)
        await writer.close()
    }

    /// Holds the writer up, gives it ten deliveries, and calls `meanwhile` when all those that there is no room for
    /// have been turned away; then lets it go on. How the ten were answered.
    private func ten(
        roomFor room: Int, _ database: TemporaryDatabase, _ writer: TraceWriter,
        meanwhile: () async throws -> Void
    ) async throws -> [DeliveryOutcome] {
        let stranger = try database.stranger()
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let deliveries = runs(10...19)
        return try await withThrowingTaskGroup(of: DeliveryOutcome.self) { group in
            for delivery in deliveries { group.addTask { await writer.store(delivery) } }
            var outcomes: [DeliveryOutcome] = []
            while let outcome = try await group.next() {
                outcomes.append(outcome)
                guard outcomes.count == 10 - room else { continue }
                try await meanwhile()
                try await stranger.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            }
            return outcomes
        }
    }

    private func limit(for room: Int) -> Int { room * runs(10...10)[0].weight }

    @Test("beyond the bound, what is being written included, a delivery is turned away at once", arguments: [1, 3])
    func bound(room: Int) async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer(limit: limit(for: room))
        let outcomes = try await ten(roomFor: room, database, writer) {
            #expect(await writer.store(runs(20...20)[0]) == .queueFull)
        }
        #expect(outcomes.prefix(10 - room).allSatisfy { $0 == .queueFull })
        #expect(outcomes.suffix(room).allSatisfy { $0 == .stored(duplicates: 0) })
        #expect(try database.runs().count == room)
        #expect(await writer.store(runs(1...1)[0]) == .stored(duplicates: 0), "there is room again")
        await writer.close()
    }

    @Test("one that is beyond the bound alone is stored where nothing else waits")
    func larger() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer(limit: 1)
        #expect(await writer.store(runs(1...1)[0]) == .stored(duplicates: 0))
        #expect(await writer.store(runs(2...2)[0]) == .stored(duplicates: 0))
        await writer.close()
    }

    @Test("closing waits for what waits, takes no more, and can be asked for twice")
    func closing() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer(limit: limit(for: 3))
        var closers: [Task<Void, Never>] = []
        let outcomes = try await ten(roomFor: 3, database, writer) {
            for _ in 1...2 { closers.append(Task { await writer.close() }) }
        }
        for closer in closers { await closer.value }
        #expect(outcomes.suffix(3).allSatisfy { $0 == .stored(duplicates: 0) })
        #expect(await writer.store(runs(1...1)[0]) == .shuttingDown)
        await (try database.writer()).close()
        #expect(try database.runs().count == 3)
    }

    @Test("a commit that fails stores nothing, and what comes after is stored right")
    func failure() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        _ = await writer.store(runs(1...1)[0])
        let counts = try database.rowCounts()
        try database.execute(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON parts WHEN NEW.start_us = -999
            BEGIN SELECT RAISE(ABORT, 'not this one'); END
            """)
        var batch = EventBatch.random(seed: 5)
        batch.keepFirstOfEach()
        let good = batch.delivery()
        batch.span("bad", start: -999)
        guard case .failed(let message) = await writer.store(batch.delivery()) else {
            Issue.record("it was stored")
            return
        }
        #expect(message.contains("not this one") && !message.contains("\n"))
        #expect(try database.rowCounts() == counts)
        // Texts of its own come first, so that ids remembered from the failure would be those of other texts.
        var other = EventBatch.filled { batch in
            for number in 0..<5 {
                let name = batch.symbols.intern("other \(number)")
                batch.transaction("\(number)") { $0.name = name }
            }
        }
        other.processes[0].line = Array("another line".utf8)
        #expect(await writer.store(other.delivery()) == .stored(duplicates: 0))
        try database.execute("DELETE FROM transactions WHERE run = (SELECT id FROM runs WHERE trace_id = 'trace')")
        #expect(await writer.store(good) == .stored(duplicates: 0))
        await writer.close()
        let trace = try #require(try database.traces().first { $0.id == Identifier("trace") })
        #expect(trace.contents == good.batch.firstTrace.contents)
        let broken = try database.asStranger { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count }
        #expect(broken == 0)
    }

    @Test("where there is no room left it says so, and goes on when there is")
    func full() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        let pages = try #require(try await writer.pragma("page_count"))
        _ = try await writer.pragma("max_page_count = \(pages)")
        let large = EventBatch.run("large").delivery(body: [UInt8](repeating: 7, count: 100_000))
        #expect(await writer.store(large) == .failed(StorageError.full(path: database.path).message))
        #expect(try database.runs() == [])
        _ = try await writer.pragma("max_page_count = 1000000")
        #expect(await writer.store(large) == .stored(duplicates: 0))
        #expect(try database.runs().map(\.trace.text) == ["large"])
        await writer.close()
    }
}
