import GRDB
import TraceCore

/// Copies a database to a file of its own while a server goes on writing to it.
///
/// SQLite's own ways hold one moment of the database for as long as they take, which keeps its log from beginning anew,
/// or begin again with every commit of another process. So the copy is made row by row, a little at one moment, and what
/// makes it whole is the order in which things are stored: each request that was stored brought a body with the next
/// number, and nothing that refers to a body comes later than it. The copy is what the requests up to the last one at
/// its beginning brought, but for runs that were removed meanwhile.
package enum DatabaseBackup {
    /// What a copy holds.
    package struct Summary: Sendable, Equatable {
        package var runs = 0
        package var transactions = 0
        package var bodies = 0
        /// Of the file.
        package var bytes = 0
    }

    /// Copies the database to a file that must not be there yet, readable by this user alone, and checks the copy; the
    /// file is there whole or not at all. `progress` is called between one moment and the next.
    package static func make(
        of path: String, to file: String, progress: @escaping () -> Void = {}
    ) throws(StorageError) -> Summary {
        for taken in [file, file + "-wal", file + "-journal"] where Platform.fileExists(taken) {
            throw .exists(path: taken)
        }
        let partPath = "\(file).part-\(Platform.processID)"
        guard Platform.createFile(partPath) else { throw .cannotWrite(path: file, reason: Platform.lastError) }
        defer { Platform.removeFile(partPath) }
        var summary: Summary
        do {
            do {
                summary = try copyRows(of: path, to: partPath, progress)
            } catch let error as StorageError where error == .olderSchema(path: path) {
                summary = try copyPages(of: path, to: partPath)
            }
        } catch {
            throw StorageError(error, path: path)
        }
        guard Platform.synchronize(partPath) else { throw .cannotWrite(path: file, reason: Platform.lastError) }
        guard Platform.link(partPath, as: file) else {
            throw Platform.fileExists(file)
                ? .exists(path: file) : .cannotWrite(path: file, reason: Platform.lastError)
        }
        Platform.synchronizeFolder(of: file)
        summary.bytes = Platform.fileSize(file) ?? 0
        return summary
    }

    /// The copy of a database that an older version wrote, as it is. Nobody may write to it meanwhile.
    private static func copyPages(of path: String, to partPath: String) throws -> Summary {
        let lock = try DatabaseFile.lock(path)
        return try withExtendedLifetime(lock) {
            let source = try DatabaseFile.openOlderForReading(path)
            let copy = try DatabaseQueue(path: partPath)
            try source.backup(to: copy)
            try copy.inDatabase { db in
                // A copy that is one file: without a log of its own.
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                try check(db, path: partPath)
            }
            let summary = try copy.read { try self.summary($0) }
            try copy.close()
            return summary
        }
    }

    private static func copyRows(of path: String, to partPath: String, _ progress: @escaping () -> Void) throws
        -> Summary
    {
        // Says what is wrong with it as any reader does.
        _ = try TraceReader(path: path)
        let copy = try DatabaseFile.openCopy(partPath)
        let summary = try copy.inDatabase { db in
            try DatabaseFile.attachForReading(path, as: "source", to: db)
            var rows = BackupRows(db, progress: progress)
            try rows.copy()
            try db.execute(sql: "DETACH source")
            try check(db, path: partPath)
            for (table, count) in rows.counts.sorted(by: { $0.key < $1.key }) {
                let there = try Statement("SELECT count(*) FROM \(table)", on: db).firstInteger()
                guard there == count else {
                    let rows = CountText.text(Int(count), "row", "rows")
                    throw StorageError.corrupt(path: partPath, reason: "of \(rows) of \(table) it has \(there ?? 0)")
                }
            }
            return try self.summary(db)
        }
        try copy.close()
        return summary
    }

    private static func check(_ db: Database, path: String) throws {
        let check = try Statement("PRAGMA quick_check(1)", on: db)
        try check.forEachRow {
            let text = check.text(0) ?? ""
            if text != "ok" { throw StorageError.corrupt(path: path, reason: text) }
        }
    }

    private static func summary(_ db: Database) throws -> Summary {
        func count(_ table: String) throws -> Int {
            Int(try Statement("SELECT count(*) FROM \(table)", on: db).firstInteger() ?? 0)
        }
        return Summary(
            runs: try count("runs"), transactions: try count("transactions"), bodies: try count("bodies"))
    }
}
