import Foundation
import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Reading while another writes")
struct ReaderTests {
    @Test("a delivery is seen whole or not at all")
    func whole() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        let size = 40
        let writing = Task {
            for run in 0..<30 {
                let batch = EventBatch.filled { batch in
                    for id in 0..<size {
                        let event = batch.event(.transaction, "\(id)", start: Int64(run), duration: 1, of: "\(run)")
                        batch.events.append(event)
                    }
                }
                _ = await writer.store(batch.delivery())
            }
        }
        let reader = try TraceReader(path: database.path)
        var seen = 0
        while seen < 30 {
            let counts = try reader.read { snapshot in
                try snapshot.runs(.all).map { try snapshot.trace($0).events.count }
            }
            #expect(counts.allSatisfy { $0 == size })
            #expect(counts.count >= seen)
            seen = counts.count
            await Task.yield()
        }
        await writing.value
        await writer.close()
    }

    @Test("within one reading nothing moves")
    func snapshot() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        _ = await writer.store(EventBatch.run("a").delivery())
        let reader = try TraceReader(path: database.path)
        try reader.read { snapshot in
            #expect(try snapshot.runs(.all).count == 1)
            try database.execute("INSERT INTO runs (trace_id, start_us, request_us, parented) VALUES ('b', 1, 1, 0)")
            #expect(try snapshot.runs(.all).count == 1)
        }
        #expect(try reader.read { try $0.runs(.all) }.count == 2)
        await writer.close()
    }

    @Test("a reader cannot write")
    func readOnly() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("a").delivery())
        let queue = try DatabaseFile.openForReading(database.path)
        #expect {
            try queue.writeWithoutTransaction { try $0.execute(sql: "DELETE FROM transactions") }
        } throws: {
            StorageError($0, path: database.path) == .readOnly(path: database.path)
        }
        #expect(try database.rowCounts()["transactions"] == 2)
    }

    @Test("a reader that closes last leaves the log to the writer")
    func closingLast() async throws {
        let (database, copy) = (try TemporaryDatabase(), try TemporaryDatabase())
        let writer = try database.writer()
        _ = await writer.store(EventBatch.run("a").delivery())
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: database.path + suffix, toPath: copy.path + suffix)
        }
        await writer.close()
        let before = (copy.bytes(), copy.bytes(of: copy.path + "-wal"))
        #expect(before.1?.isEmpty == false)
        #expect(try copy.runs().map(\.trace.text) == ["a"])
        #expect(copy.bytes() == before.0)
        #expect(copy.bytes(of: copy.path + "-wal") == before.1)
    }

    @Test("readers come and go while the writer lives")
    func beside() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        for number in 1...5 {
            _ = await writer.store(EventBatch.run("\(number)").delivery())
            #expect(try database.runs().count == number)
        }
        await writer.close()
        #expect(try database.runs().count == 5)
    }
}
