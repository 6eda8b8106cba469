import Foundation
import GRDB
import GRDBSQLite
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Exactly one connection writes and checkpoints")
struct OneWriterTests {
    /// A database as a kill leaves it: with everything in the log.
    private func killed() async throws -> TemporaryDatabase {
        let (database, copy) = (try TemporaryDatabase(), try TemporaryDatabase())
        let writer = try database.writer()
        for number in 1...3 { _ = await writer.store(EventBatch.run("\(number)").delivery()) }
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: database.path + suffix, toPath: copy.path + suffix)
        }
        await writer.close()
        return copy
    }

    @Test("whatever a reader does, by every way in, the file and the log stay as they are when it closes last")
    func readers() async throws {
        let database = try await killed()
        let before = (database.bytes(), database.bytes(of: database.path + "-wal"))
        do {
            let reader = try TraceReader(path: database.path)
            #expect(try await reader.readAside { try $0.runs(.all).count } == 3)
            #expect(try reader.read { $0.integrityProblems() } == [])
            _ = try reader.read { try $0.information() }
            try reader.read { try $0.forEachBody { _ in } }
        }
        #expect(database.bytes() == before.0)
        #expect(database.bytes(of: database.path + "-wal") == before.1)
        #expect(before.1?.isEmpty == false)
    }

    @Test(
        "no statement of a reading connection writes or checkpoints",
        arguments: [
            "DELETE FROM runs", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode = DELETE", "VACUUM",
            "PRAGMA user_version = 5", "PRAGMA incremental_vacuum", "PRAGMA query_only = 0; DELETE FROM runs",
            "PRAGMA writable_schema = 1; DELETE FROM sqlite_master", "REINDEX", "ANALYZE",
        ])
    func statements(sql: String) async throws {
        let database = try await killed()
        let before = (database.bytes(), database.bytes(of: database.path + "-wal"))
        do {
            let queue = try DatabaseFile.openForReading(database.path)
            try? await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
            let isReadOnly = try await queue.writeWithoutTransaction {
                sqlite3_db_readonly($0.sqliteConnection, "main")
            }
            #expect(isReadOnly == 1)
            try queue.close()
        }
        #expect(database.bytes() == before.0)
        #expect(database.bytes(of: database.path + "-wal") == before.1)
    }

    @Test("a refused second writer leaves everything as it is")
    func refused() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        _ = await writer.store(EventBatch.run("a").delivery())
        let before = (database.bytes(), database.bytes(of: database.path + "-wal"))
        #expect(throws: StorageError.heldByServer(path: database.path, address: nil)) { try database.writer() }
        #expect(database.bytes() == before.0)
        #expect(database.bytes(of: database.path + "-wal") == before.1)
        await writer.close()
    }
}
