import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("How a store is doing")
struct StatusTests {
    @Test("commits are counted and timed, what waits is told, and the files have their sizes")
    func figures() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer(limit: 1_000_000)
        var status = await writer.status
        #expect(status.commits == 0 && status.commitTimes.count == 0 && status.problem == nil)
        #expect(status.waitingLimit == 1_000_000)
        for number in 1...5 { _ = await writer.store(EventBatch.run("\(number)").delivery()) }
        status = await writer.status
        #expect(status.commits == 5 && status.failedCommits == 0 && status.commitTimes.count == 5)
        #expect(status.commitTimes.sum > 0)
        let counts = status.commitTimes.buckets.map(\.count)
        #expect(counts == counts.sorted() && counts.count == StoreStatus.Times.bounds.count)
        #expect(status.databaseBytes == database.bytes()?.count)
        #expect(status.logBytes == database.bytes(of: database.path + "-wal")?.count)
        #expect(status.waitingDeliveries == 0 && status.waitingBytes == 0)

        let stranger = try database.stranger()
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let delivery = EventBatch.run("late").delivery()
        async let outcome = writer.store(delivery)
        try await eventually("it waits") { await writer.status.waitingDeliveries == 1 }
        #expect(await writer.status.waitingBytes == delivery.weight)
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(await outcome == .stored(duplicates: 0))
        await writer.close()
    }

    @Test("times fall into every bucket whose bound they don't exceed")
    func buckets() {
        var times = StoreStatus.Times()
        for time in [0.0005, 0.001, 0.0011, 9, 60] { times.add(time) }
        #expect(times.count == 5)
        #expect(times.buckets.map(\.bound) == StoreStatus.Times.bounds)
        #expect(times.buckets.map(\.count) == [2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4])
    }

    @Test("the proof that it can write is a commit of its own in the log, and there is none while all is well")
    func proof() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.quickWriter(busySeconds: 0.05)
        #expect(await writer.store(EventBatch.run("a").delivery()) == .stored(duplicates: 0))
        let before = await writer.status.logBytes
        let rows = try database.rowCounts()
        for _ in 1...20 { _ = await writer.status }
        try await Task.sleep(for: .milliseconds(200))
        #expect(await writer.status.logBytes == before)
        let stranger = try database.stranger()
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        guard case .failed = await writer.store(EventBatch.run("b").delivery()) else {
            Issue.record("it was stored")
            return
        }
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try stranger.close()
        try await writer.recovers()
        let after = await writer.status.logBytes
        #expect(after > before && after <= before + 4 * (24 + 8_192), "a few pages, once")
        try await Task.sleep(for: .milliseconds(300))
        #expect(await writer.status.logBytes == after, "and no more when it works")
        #expect(try database.rowCounts() == rows)
        await writer.close()
        #expect(try database.problems() == [])
    }

    @Test("a delivery that brings nothing new is no proof that something can be written")
    func duplicates() async throws {
        let database = try TemporaryDatabase()
        let writer = try TraceWriter(path: database.path, retryInterval: .seconds(600))
        #expect(await writer.store(EventBatch.run("a").delivery()) == .stored(duplicates: 0))
        let pages = try #require(try await writer.pragma("page_count"))
        _ = try await writer.pragma("max_page_count = \(pages)")
        let large = EventBatch.run("b").delivery(body: [UInt8](repeating: 7, count: 300_000))
        #expect(await writer.store(large) == .failed(StorageError.full(path: database.path).message))
        #expect(await writer.store(EventBatch.run("a").delivery()) == .stored(duplicates: 2))
        #expect(await writer.problem != nil)
        _ = try await writer.pragma("max_page_count = 1000000")
        #expect(await writer.store(large) == .stored(duplicates: 0))
        #expect(await writer.problem == nil)
        await writer.close()
    }

    @Test("small commits that work between large ones that don't are not told in turns")
    func flapping() async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let writer = try TraceWriter(path: database.path, retryInterval: .seconds(60)) { told.note($0) }
        #expect(await writer.store(EventBatch.run("a").delivery()) == .stored(duplicates: 0))
        let pages = try #require(try await writer.pragma("page_count"))
        _ = try await writer.pragma("max_page_count = \(pages + 8)")
        let large = [UInt8](repeating: 7, count: 300_000)
        for number in 1...5 {
            guard case .failed = await writer.store(EventBatch.run("large \(number)").delivery(body: large)) else {
                Issue.record("it was stored")
                return
            }
            #expect(await writer.store(EventBatch.run("small \(number)").delivery()) == .stored(duplicates: 0))
            #expect(await writer.problem == nil)
        }
        #expect(told.messages == [StorageError.full(path: database.path).message])
        await writer.close()
        #expect(told.messages.count == 2, "at the end it worked")
    }

    @Test("a clock that jumps by a year, either way, while it runs: everything is stored, figures are worked out")
    func clock() async throws {
        let database = try TemporaryDatabase()
        let year: Int64 = 365 * 86_400 * 1_000_000
        let start: Int64 = 1_700_000_000_000_000
        let now = Mutex(start)
        let writer = try TraceWriter(path: database.path, lossInterval: .milliseconds(10), now: { now.withLock { $0 } })
        var keeper = FigureKeeper(writer, path: database.path)
        for (number, jump) in [0, year, -year, 0, -year, year, 0].enumerated() {
            now.withLock { $0 = start + jump }
            let outcome = await writer.store(EventBatch.run("\(number)").delivery(at: start + jump))
            #expect(outcome == .stored(duplicates: 0))
            var losses = LossTally()
            losses.note("a reason", .lines)
            await writer.note(losses)
            try await keeper.sweep(quietBefore: start + jump - 60_000_000)
        }
        now.withLock { $0 = start }
        try await keeper.sweep(quietBefore: start + 60_000_000)
        #expect(try database.rowCounts()["figures"] == 7, "those of another year don't hold them up")
        await writer.close()
        let losses = try database.losses()
        #expect(losses.map(\.count) == [7])
        #expect(losses[0].first == start - year && losses[0].last == start + year)
        #expect(try database.problems() == [])
    }
}
