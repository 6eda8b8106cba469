import Foundation
import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Opening a database for writing")
struct OpeningTests {
    @Test("every commit is synced, the log is on, pages can be given back")
    func pragmas() async throws {
        let database = try TemporaryDatabase()
        for _ in ["new", "again"] {
            let writer = try database.writer()
            #expect(try await writer.pragma("synchronous") == 2)
            #expect(try await writer.pragma("auto_vacuum") == 2)
            #expect(try await writer.pragma("page_size") == 8_192)
            #expect(try await writer.pragma("application_id") == 0x5754_4C4E)
            let mode = try database.asStranger { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
            #expect(mode == "wal")
            await writer.close()
        }
    }

    @Test("a first start that was killed between the first page and the owner's name in it is taken up again")
    func killedFirstStart() async throws {
        let database = try TemporaryDatabase()
        let begun = try DatabaseQueue(path: database.path)
        try await begun.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL")
            #expect(try Int.fetchOne(db, sql: "PRAGMA page_count") == 1)
        }
        try begun.close()
        #expect(throws: StorageError.olderSchema(path: database.path)) { try TraceReader(path: database.path) }
        let writer = try database.writer()
        #expect(try await writer.pragma("auto_vacuum") == 2)
        #expect(try await writer.pragma("application_id") == 0x5754_4C4E)
        await writer.close()
        #expect(database.refusals().reader == nil)
    }

    @Test("the folders above are made, for this user alone")
    func folders() async throws {
        let database = try TemporaryDatabase()
        let folder = database.folder + "/a/b"
        let writer = try TraceWriter(path: folder + "/waitline.db")
        await writer.close()
        let permissions = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
        #expect(permissions == 0o700)
    }

    @Test("closing checkpoints, so that one file is left beside the lock")
    func closing() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("trace").delivery())
        let files = try FileManager.default.contentsOfDirectory(atPath: database.folder)
        #expect(files.sorted() == ["waitline.db", "waitline.db.lock"])
    }

    @Test("what a kill left, in the log or half made, is taken up")
    func afterKill() async throws {
        let (database, copy) = (try TemporaryDatabase(), try TemporaryDatabase())
        let writer = try database.writer()
        #expect(await writer.store(EventBatch.run("trace").delivery()) == .stored(duplicates: 0))
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: database.path + suffix, toPath: copy.path + suffix)
        }
        await writer.close()
        try await copy.store(EventBatch.run("other").delivery())
        #expect(try copy.runs().count == 2)
    }

    @Test("a database that was killed before its tables were made is taken up", arguments: [true, false])
    func halfMade(withLog: Bool) async throws {
        let database = try TemporaryDatabase()
        try database.execute("PRAGMA application_id = \(Schema.applicationID)")
        if withLog { try database.execute("PRAGMA journal_mode = WAL") }
        try await database.store(EventBatch.run("trace").delivery())
        #expect(try database.runs().count == 1)
    }

    @Test("from its first page on a database is known to be ours")
    func firstPage() async throws {
        let database = try TemporaryDatabase()
        // The log stays out of the main file until a checkpoint: what stands there was written first.
        let writer = try database.writer()
        let header = try #require(database.bytes()?.prefix(100))
        #expect(Array(header[68..<72]) == [0x57, 0x54, 0x4C, 0x4E])
        await writer.close()
    }

    @Test("a journal that a kill left is rolled back")
    func hotJournal() async throws {
        let (database, copy) = (try TemporaryDatabase(), try TemporaryDatabase())
        try database.execute(
            """
            PRAGMA application_id = \(Schema.applicationID);
            CREATE TABLE filler (text);
            INSERT INTO filler WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 500)
            SELECT hex(zeroblob(1000)) FROM n;
            """)
        try database.asStranger { db in
            try db.execute(sql: "PRAGMA cache_size = 5; BEGIN IMMEDIATE; UPDATE filler SET text = text || 'x'")
            for suffix in ["", "-journal"] {
                try FileManager.default.copyItem(atPath: database.path + suffix, toPath: copy.path + suffix)
            }
            try db.execute(sql: "ROLLBACK")
        }
        try await copy.store(EventBatch.run("trace").delivery())
        #expect(try copy.runs().count == 1)
        let changed = try copy.asStranger {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM filler WHERE text LIKE '%x'")
        }
        #expect(changed == 0)
    }

    @Test("an older schema is brought up to date by the writer, refused by a reader")
    func olderSchema() async throws {
        let database = try TemporaryDatabase()
        try database.execute("PRAGMA application_id = \(Schema.applicationID)")
        #expect(throws: StorageError.olderSchema(path: database.path)) { try TraceReader(path: database.path) }
        await (try database.writer()).close()
        #expect(try database.runs() == [])
    }
}
