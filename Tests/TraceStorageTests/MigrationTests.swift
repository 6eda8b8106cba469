import Foundation
import GRDB
import TestSupport
import Testing
import TraceCompression
import TraceCore

@testable import TraceStorage

/// Databases that were written by released versions are kept in `Tests/Databases`.
@Suite("Databases of earlier versions")
struct MigrationTests {
    /// What the database of version 1 holds.
    private static let rows = [
        "strings": 51, "processes": 7, "bodies": 7, "runs": 14, "transactions": 76, "parts": 14, "side_events": 10,
        "untraced_events": 42, "figures": 14, "losses": 1, "offenders": 1,
    ]

    private func kept(_ name: String) throws -> TemporaryDatabase {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let packed = try Data(contentsOf: folder.appending(path: "Databases/\(name).db.gz"))
        var inflater = try Inflater(.gzip)
        var bytes: [UInt8] = []
        try packed.withUnsafeBytes { try inflater.feed($0) { bytes += $0 } }
        let database = try TemporaryDatabase()
        try database.write(bytes)
        return database
    }

    @Test("the first is brought up to date with all its rows")
    func first() async throws {
        let database = try kept("version-1")
        #expect(throws: StorageError.olderSchema(path: database.path)) { try TraceReader(path: database.path) }
        let before = try database.rowCounts()
        await (try database.writer()).close()
        let after = try database.rowCounts()
        for (table, count) in Self.rows {
            // Figures are worked out anew.
            #expect(before[table] == count && after[table] == (table == "figures" ? 0 : count), "\(table)")
        }
        #expect(after["grdb_migrations"] == before["grdb_migrations", default: 0] + 2)
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
        let writer = try database.writer()
        #expect(await writer.store(EventBatch.run("new").delivery(at: 1 << 60)) == .stored(duplicates: 0))
        var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
        #expect(try await keeper.sweep(arrivedBefore: .max, now: .max).runs == 15)
        await writer.close()
    }

    @Test("the second is given the containers of its processes, which tells them apart")
    func second() async throws {
        let database = try kept("version-2")
        await (try database.writer()).close()
        let found = try await DatabaseQueue(path: database.path).read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT processes.id, identity, text FROM processes LEFT JOIN strings ON strings.id = container
                    WHERE processes.id >= 8 ORDER BY processes.id
                    """
            ).map { row in (row[0] as Int, row[1] as Int, row[2] as String?) }
        }
        #expect(found.map(\.0) == [8, 9, 10] && found.map(\.1) == [8, 9, 10])
        #expect(found[0].2 == nil && found[1].2 != nil && found[2].2 != nil && found[1].2 != found[2].2)
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
        let groups = try TraceReader(path: database.path).read { snapshot in
            try snapshot.runs(.all).map { TraceAnalysis(try snapshot.trace($0)).groups.map(\.members.count) }
        }
        #expect(groups.contains([30, 30]))
    }

    @Test("one that an older version wrote can be copied as it is")
    func backup() throws {
        let database = try kept("version-1")
        let file = database.folder + "/copy.db"
        let summary = try DatabaseBackup.make(of: database.path, to: file)
        #expect(summary.runs == 14 && summary.bodies == 7)
        #expect(throws: StorageError.olderSchema(path: file)) { try TraceReader(path: file) }
        let copied = try DatabaseQueue(path: file).read { db in
            try Dictionary(
                uniqueKeysWithValues: Self.rows.keys.map {
                    ($0, try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? -1)
                })
        }
        #expect(copied == Self.rows)
    }
}
