import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("One delivery that cannot be stored")
struct NeighbourTests {
    /// Deliveries that share one commit: they come while the file is locked and another commit waits for it.
    private func storeTogether(
        _ deliveries: [Delivery], _ writer: TraceWriter, _ database: TemporaryDatabase
    ) async throws -> [DeliveryOutcome] {
        let stranger = try database.stranger()
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        return try await withThrowingTaskGroup(of: (Int, DeliveryOutcome).self) { group in
            group.addTask { (-1, await writer.store(EventBatch.run("first"))) }
            try await eventually("the first is being written") { await writer.status.waitingDeliveries == 1 }
            for (number, delivery) in deliveries.enumerated() {
                group.addTask { (number, await writer.store(delivery)) }
                try await eventually("it waits") { await writer.status.waitingDeliveries == number + 2 }
            }
            try await stranger.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            var outcomes = [DeliveryOutcome](repeating: .queueFull, count: deliveries.count)
            for try await (number, outcome) in group where number >= 0 { outcomes[number] = outcome }
            return outcomes
        }
    }

    private func run(_ number: Int) -> EventBatch {
        .filled { batch in
            let name = batch.symbols.intern("name \(number)")
            var event = batch.event(.span, "\(number)", start: Int64(number), duration: 1, of: "run \(number % 4)")
            event.name = name
            batch.events.append(event)
            batch.processes[0].line = Array("line \(number)".utf8)
        }
    }

    @Test("its neighbours in the same commit are stored, and nothing it left behind harms them")
    func neighbours() async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let writer = try database.quickWriter(told)
        try database.execute(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON parts WHEN NEW.start_us IN (-3, -7)
            BEGIN SELECT RAISE(ABORT, 'not this one'); END
            """)
        var batches = (0..<10).map { run($0) }
        for number in [3, 7] {
            batches[number].span("bad \(number)", start: Int64(-number)) {
                $0.trace = 0
            }
        }
        let commits = await writer.commits
        let outcomes = try await storeTogether(batches.map { $0.delivery() }, writer, database)
        for (number, outcome) in outcomes.enumerated() {
            if number == 3 || number == 7 {
                guard case .failed(let reason) = outcome else {
                    Issue.record("it was stored")
                    continue
                }
                #expect(reason.contains("not this one"))
            } else {
                #expect(outcome == .stored(duplicates: 0))
            }
        }
        #expect(await writer.commits == commits + 2)
        #expect(await writer.status.problem == nil)
        #expect(await writer.status.failedCommits == 0)
        #expect(told.messages == [], "others can be stored")
        let ids = try database.traces().flatMap { $0.events.map(\.id.text) }
        #expect(ids.sorted() == ["0", "1", "1", "2", "2", "4", "5", "6", "8", "9"])
        #expect(await writer.store(run(3)) == .stored(duplicates: 0))
        await writer.close()
        #expect(try database.problems() == [])
    }

    @Test("alone it fails alone, and what was lost is written nevertheless")
    func alone() async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let writer = try database.quickWriter(told)
        try database.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON parts BEGIN SELECT RAISE(ABORT, 'none'); END")
        var losses = LossTally()
        losses.note("a reason", .lines, count: 3)
        await writer.note(losses)
        guard case .failed = await writer.store(run(1)) else {
            Issue.record("it was stored")
            return
        }
        #expect(await writer.status.problem == nil)
        #expect(told.messages == [])
        #expect(try database.losses().map(\.count) == [3])
        try database.execute("DROP TRIGGER refuse")
        #expect(await writer.store(run(1)) == .stored(duplicates: 0))
        await writer.close()
        #expect(try database.problems() == [])
    }

    @Test("too large for SQLite: refused, the others stored")
    func tooLarge() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.quickWriter()
        await writer.limitLength(to: 50_000)
        let large = run(1).delivery(body: [UInt8](repeating: 1, count: 60_000))
        let outcomes = try await storeTogether([run(0).delivery(), large, run(2).delivery()], writer, database)
        #expect(outcomes[0] == .stored(duplicates: 0) && outcomes[2] == .stored(duplicates: 0))
        guard case .failed = outcomes[1] else {
            Issue.record("it was stored")
            return
        }
        #expect(await writer.status.problem == nil)
        await writer.close()
        #expect(try database.problems() == [])
        #expect(try database.runs().map(\.trace.text).sorted() == ["first", "run 0", "run 2"])
    }

    @Test("a run that is damaged takes nothing more; others do")
    func damagedRun() async throws {
        let database = try TemporaryDatabase()
        try await database.store(run(1).delivery(), run(2).delivery())
        try database.execute(
            "UPDATE parts SET data = x'ffffff' WHERE run = (SELECT id FROM runs WHERE trace_id = 'run 1')")
        let writer = try database.quickWriter()
        let outcomes = try await storeTogether([5, 6, 9, 10, 3].map { run($0).delivery() }, writer, database)
        for number in [0, 2] {
            guard case .failed(let reason) = outcomes[number] else {
                Issue.record("it was stored")
                continue
            }
            #expect(reason.contains("damaged"))
        }
        for number in [1, 3, 4] { #expect(outcomes[number] == .stored(duplicates: 0)) }
        #expect(await writer.problem == nil)
        guard case .failed = await writer.store(run(5)) else {
            Issue.record("it was stored")
            return
        }
        #expect(await writer.problem?.contains("damaged") == true, "nothing was stored since")
        #expect(await writer.store(run(6)) == .stored(duplicates: 1))
        #expect(await writer.store(run(12)) == .stored(duplicates: 0))
        #expect(await writer.problem == nil)
        await writer.close()
    }
}
