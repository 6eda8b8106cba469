import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("What was not taken")
struct LossTests {
    private func tally(
        _ reason: String, _ unit: LossTally.Unit = .lines, count: Int = 1, times: [Int64] = []
    ) -> LossTally {
        var tally = LossTally()
        for time in times { tally.note(reason, unit, offender(time)) }
        if count > times.count { tally.note(reason, unit, count: count - times.count) }
        return tally
    }

    private func offender(_ time: Int64) -> LossTally.Offender {
        LossTally.Offender(
            time: time, service: time % 2 == 0 ? "caf\u{E9}" : nil, line: time % 3 == 0 ? nil : Int(time),
            document: time % 5 == 0 ? nil : [0xFF, 0, UInt8(truncatingIfNeeded: time)])
    }

    private func delivery(_ batch: EventBatch, _ losses: LossTally, at time: Int64 = 1_000) -> Delivery {
        var delivery = batch.delivery(at: time)
        delivery.losses = losses
        return delivery
    }

    /// A writer that writes no losses by itself.
    private func patientWriter(_ database: TemporaryDatabase, limit: Int = 1 << 20) throws -> TraceWriter {
        try database.writer(limit: limit, lossInterval: .seconds(86_400))
    }

    @Test("of deliveries is stored with their events, of those that add nothing or bring no event too")
    func deliveries() async throws {
        let database = try TemporaryDatabase()
        let writer = try patientWriter(database)
        let batch = EventBatch.run("a")
        #expect(await writer.store(delivery(batch, tally("bad", times: [7, 5]))) == .stored(duplicates: 0))
        #expect(try database.losses().map(\.count) == [2])
        #expect(await writer.store(delivery(batch, tally("bad", count: 3), at: 9)) == .stored(duplicates: 2))
        #expect(try database.losses().map(\.count) == [5])
        let empty = delivery(EventBatch(), tally("bad", .requests, times: [1]))
        #expect(await writer.store(empty) == .stored(duplicates: 0))
        await writer.close()
        #expect(
            try database.losses() == [
                StoredLoss(reason: "bad", unit: .lines, count: 5, first: 5, last: 9, offenders: [7, 5].map(offender)),
                StoredLoss(reason: "bad", unit: .requests, count: 1, first: 1, last: 1, offenders: [offender(1)]),
            ])
        #expect(try database.rowCounts()["bodies"] == 1)
        #expect(try database.rowCounts()["processes"] == 1)
    }

    @Test("the last few of each reason are kept, over restarts too")
    func offenders() async throws {
        let database = try TemporaryDatabase()
        for start in stride(from: Int64(1), to: 13, by: 3) {
            try await database.store(delivery(EventBatch(), tally("bad", times: Array(start..<start + 3))))
        }
        let loss = try #require(try database.losses().first)
        #expect(loss.count == 12)
        #expect(loss.offenders == (8...12).map(offender))
        #expect(try database.rowCounts()["offenders"] == LossTally.keptOffenders)
    }

    @Test("further reasons are counted together, of each unit, so that nobody can fill the table")
    func bound() async throws {
        let database = try TemporaryDatabase()
        let writer = try patientWriter(database)
        for number in 0..<300 {
            let unit: LossTally.Unit = number % 2 == 0 ? .lines : .requests
            _ = await writer.store(delivery(EventBatch(), tally("reason \(number)", unit, times: [Int64(number)])))
        }
        _ = await writer.store(delivery(EventBatch(), tally("reason 0", times: [999])))
        _ = await writer.store(delivery(EventBatch(), tally(LossTally.furtherLines, count: 7)))
        await writer.close()
        let losses = try database.losses()
        #expect(losses.count == LossTable.maximumReasons + 3)
        let others = losses.filter { $0.reason == LossTally.otherReasons }
        #expect(others.map(\.count) == [50, 50])
        #expect(others.map { $0.offenders.count } == [5, 5])
        #expect(losses.first { $0.reason == "reason 0" }?.count == 2)
        #expect(losses.first { $0.reason == LossTally.furtherLines }?.count == 7)
    }

    @Test("what is noted waits for the next commit, or for the end")
    func noted() async throws {
        let database = try TemporaryDatabase()
        let writer = try patientWriter(database)
        for time in 1...1_000 as ClosedRange<Int64> { await writer.note(tally("refused", .requests, times: [time])) }
        #expect(try database.losses() == [], "a flood of them is no flood of writes")
        #expect(await writer.store(EventBatch.run("a").delivery()) == .stored(duplicates: 0))
        let loss = try #require(try database.losses().first)
        #expect(loss.count == 1_000)
        #expect(loss.offenders.map(\.time) == [996, 997, 998, 999, 1_000])
        await writer.note(tally("refused", .requests, count: 2))
        await writer.close()
        #expect(try database.losses().first?.count == 1_002)
        await writer.note(tally("refused", .requests))
        await writer.close()
        #expect(try database.losses().first?.count == 1_002)
        let first = try #require(try database.losses().first?.last)
        #expect(first > 1_700_000_000_000_000, "without an example they were lost when they were noted")
    }

    @Test("what is noted is written by itself after a while, again and again")
    func byItself() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer(lossInterval: .milliseconds(1))
        for count in 1...3 {
            await writer.note(tally("refused", .requests))
            while try database.losses().first?.count != count { await Task.yield() }
        }
        await writer.close()
    }

    @Test("a delivery is stored although its losses cannot be, and they are tried again")
    func unwritable() async throws {
        let database = try TemporaryDatabase()
        let writer = try patientWriter(database)
        try database.execute(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON offenders BEGIN SELECT RAISE(ABORT, 'not now'); END
            """)
        await writer.note(tally("noted", .requests, times: [1]))
        let lossy = delivery(EventBatch.run("a"), tally("bad", times: [2]))
        #expect(await writer.store(lossy) == .stored(duplicates: 0))
        #expect(try database.runs().count == 1)
        #expect(try database.losses() == [], "what was written of them was taken back")
        try database.execute("DROP TRIGGER refuse")
        #expect(await writer.store(EventBatch.run("b").delivery()) == .stored(duplicates: 0))
        #expect(try database.losses().map(\.reason) == ["bad", "noted"])
        #expect(try database.losses().map(\.count) == [1, 1])
        await writer.close()
        #expect(try database.losses().map(\.count) == [1, 1])
    }

    @Test("what was noted outlives a delivery that fails")
    func failure() async throws {
        let database = try TemporaryDatabase()
        let writer = try patientWriter(database)
        try database.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON transactions BEGIN SELECT RAISE(ABORT, 'not this one'); END")
        await writer.note(tally("noted", .requests))
        guard case .failed = await writer.store(EventBatch.run("a").delivery()) else {
            Issue.record("it was stored")
            return
        }
        #expect(try database.losses().map(\.count) == [1], "written, although the delivery was not")
        await writer.close()
        #expect(try database.losses().map(\.reason) == ["noted"])
        #expect(try database.losses().map(\.count) == [1])
    }

    @Test("closing ends where they cannot be written")
    func closing() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer(lossInterval: .milliseconds(1))
        try database.execute("CREATE TRIGGER refuse BEFORE INSERT ON losses BEGIN SELECT RAISE(ABORT, 'no'); END")
        await writer.note(tally("noted", .requests))
        await writer.close()
        #expect(try database.losses() == [])
    }

    @Test("where there is no room for a delivery without events, its losses are noted")
    func noRoom() async throws {
        let database = try TemporaryDatabase()
        let writer = try patientWriter(database, limit: 1)
        let stranger = try database.stranger()
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let lossy = delivery(EventBatch(), tally("bad", times: [2]))
        await withTaskGroup(of: DeliveryOutcome.self) { group in
            for _ in 0..<2 { group.addTask { await writer.store(lossy) } }
            // One is being written and waits for the stranger; the other is answered meanwhile.
            #expect(await group.next() == .stored(duplicates: 0))
            try? await stranger.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            #expect(await group.next() == .stored(duplicates: 0))
        }
        await writer.close()
        #expect(try database.losses().map(\.count) == [2])
    }

    @Test("a count at the end of its range stays there")
    func largest() async throws {
        let database = try TemporaryDatabase()
        try await database.store(delivery(EventBatch(), tally("bad", times: [1])))
        try database.execute("UPDATE losses SET count = 9223372036854775806")
        for _ in 1...2 { try await database.store(delivery(EventBatch(), tally("bad", count: 3))) }
        #expect(try database.losses().map(\.count) == [.max])
    }
}
