import Foundation
import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("What fails while a server runs")
struct FaultTests {
    /// Runs that have texts, processes and spans of their own, and one that grows with each of them.
    private func batch(_ number: Int) -> EventBatch {
        var batch = EventBatch.random(seed: UInt64(number)).renamed("run \(number)")
        batch.keepFirstOfEach()
        let name = batch.symbols.intern("name \(number)")
        batch.processes[0].line = Array("line \(number)".utf8)
        var event = batch.event(.span, "shared \(number)", start: Int64(number), duration: 1, of: "shared")
        event.name = name
        batch.events.append(event)
        return batch
    }

    /// Expects the database to hold these batches, each once, and nothing else.
    private func expectStored(_ numbers: [Int], _ database: TemporaryDatabase) throws {
        var all = EventBatch()
        for number in numbers { all.absorb(batch(number)) }
        #expect(try database.traces().map(\.contents).sorted() == Trace.all(of: all).map(\.contents).sorted())
        #expect(try database.problems() == [])
    }

    @Test("no room: nothing of a commit is stored, reads go on, what comes after is right, and it comes back by itself")
    func full() async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let writer = try database.quickWriter(told)
        #expect(await writer.store(batch(1)) == .stored(duplicates: 0))
        let pages = try #require(try await writer.pragma("page_count"))
        _ = try await writer.pragma("max_page_count = \(pages)")
        let large = [UInt8](repeating: 7, count: 300_000)
        let message = StorageError.full(path: database.path).message
        for number in 2...6 {
            #expect(await writer.store(batch(number).delivery(body: large)) == .failed(message))
            #expect(await writer.problem == message)
            #expect(try database.runs().count == 2, "reads go on")
        }
        #expect(told.messages == [message], "once, not five times")
        try await Task.sleep(for: .milliseconds(300))
        #expect(await writer.status.problem == message, "still so, though nothing was sent")
        _ = try await writer.pragma("max_page_count = 1000000")
        try await writer.recovers()
        try await eventually("it was told") { told.messages == [message, nil] }
        for number in [3, 2, 7, 3] { _ = await writer.store(batch(number)) }
        await writer.close()
        try expectStored([1, 2, 3, 7], database)
    }

    #if os(Linux)
        @Test(
            "a log that cannot be written, for want of room or for an error of the disk",
            arguments: ["/dev/full", "read-only"])
        func log(device: String) async throws {
            let (database, told) = (try TemporaryDatabase(), Told())
            let writer = try database.quickWriter(told)
            #expect(await writer.store(batch(1)) == .stored(duplicates: 0))
            // What is in the log could not be read through the device.
            #expect(try await writer.checkpoint())
            let log = database.path + "-wal"
            let broken =
                device == "read-only"
                ? try BrokenFile(log, as: log, O_RDONLY) : try BrokenFile(log, as: device, O_RDWR)
            for number in 2...4 {
                guard case .failed(let reason) = await writer.store(batch(number)) else {
                    Issue.record("it was acknowledged")
                    continue
                }
                #expect(reason.contains(device == "read-only" ? "I/O" : "no room"), "\(reason)")
            }
            try await Task.sleep(for: .milliseconds(300))
            #expect(await writer.problem != nil)
            broken.mend()
            #expect(try database.runs().count == 2)
            try await writer.recovers()
            #expect(told.messages.count { $0 != nil } == 1)
            #expect(await writer.store(batch(3)) == .stored(duplicates: 0))
            #expect(await writer.store(batch(1)) != .stored(duplicates: 0))
            await writer.close()
            try expectStored([1, 3], database)
        }

        @Test("a checkpoint that cannot be made: commits and reads go on, and it is made later")
        func checkpoint() async throws {
            let database = try TemporaryDatabase()
            let writer = try database.quickWriter()
            #expect(await writer.store(batch(1)) == .stored(duplicates: 0))
            let broken = try BrokenFile(database.path, as: database.path, O_RDONLY)
            #expect(try await !writer.checkpoint())
            #expect(await writer.store(batch(2)) == .stored(duplicates: 0))
            #expect(try database.runs().count == 3)
            broken.mend()
            #expect(try await writer.checkpoint())
            #expect(await writer.status.logBytes == 0)
            await writer.close()
            try expectStored([1, 2], database)
        }
    #endif

    @Test("a file that may not be written any more: refused, told once, and stored again when it may")
    func readOnly() async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let writer = try database.quickWriter(told)
        #expect(await writer.store(batch(1)) == .stored(duplicates: 0))
        try await writer.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
        let message = StorageError.readOnly(path: database.path).message
        for number in 2...4 { #expect(await writer.store(batch(number)) == .failed(message)) }
        try await writer.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 0") }
        try await writer.recovers()
        try await eventually("it was told") { told.messages == [message, nil] }
        #expect(await writer.store(batch(4)) == .stored(duplicates: 0))
        await writer.close()
        try expectStored([1, 4], database)
    }

    @Test("a file that another program has locked: refused within a bounded time")
    func locked() async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let writer = try database.quickWriter(told, busySeconds: 0.1)
        #expect(await writer.store(batch(1)) == .stored(duplicates: 0))
        let stranger = try database.stranger()
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let message = StorageError.lockedByAnother(path: database.path).message
        for number in 2...3 { #expect(await writer.store(batch(number)) == .failed(message)) }
        #expect(try database.runs().count == 2)
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try stranger.close()
        try await writer.recovers()
        try await eventually("it was told") { told.messages == [message, nil] }
        #expect(await writer.store(batch(2)) == .stored(duplicates: 0))
        await writer.close()
        try expectStored([1, 2], database)
    }
}
