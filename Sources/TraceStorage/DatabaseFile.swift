import GRDB

/// How a database file is opened: by its one writer, and by readers.
enum DatabaseFile {
    /// Takes the writer's lock of a database, making the folder where it isn't there.
    static func lock(_ path: String) throws(StorageError) -> DatabaseLock {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard Platform.makeFolder(folder) else {
            throw .cannotOpen(path: path, reason: "its folder cannot be made: \(Platform.lastError)")
        }
        if Platform.isFolder(path) { throw .cannotOpen(path: path, reason: "it is a folder, and a file is needed") }
        return try DatabaseLock(databasePath: path)
    }

    /// The writing connection: write-ahead log, every commit synced, the schema up to date.
    static func openForWriting(_ path: String, busySeconds: Double) throws -> DatabaseQueue {
        try checkUntouched(path)
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(busySeconds)
        configuration.label = "waitline writer"
        // The references in the schema say what belongs together and are checked on demand: checking each of a row's
        // dozen on every insert would cost more than the insert.
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { try prepare($0, path: path) }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            // Turning the log on lowers this to NORMAL, so it comes after.
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA wal_autocheckpoint = 0;
                    PRAGMA cache_size = -32768;
                    """)
        }
        try Schema.migrator.migrate(queue)
        // Not before: what a migration sorts may be as large as the database.
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
        return queue
    }

    /// Makes a new file ours with its very first page, so that one killed at any moment can be taken up again; checks
    /// any other. Comes before the log is turned on: all three settings have to stand before the first table.
    private static func prepare(_ db: Database, path: String) throws {
        if try isUnborn(db) {
            try db.execute(
                sql: """
                    PRAGMA page_size = \(pageSize);
                    PRAGMA auto_vacuum = INCREMENTAL;
                    PRAGMA application_id = \(Schema.applicationID);
                    """)
        } else {
            try checkWritable(db, path: path)
        }
    }

    /// A reading connection. It opens the file read-only, so that closing it last does not checkpoint.
    static func openForReading(_ path: String) throws -> DatabaseQueue {
        guard let size = Platform.fileSize(path) else { throw StorageError.missing(path: path) }
        if Platform.isFolder(path) {
            throw StorageError.cannotOpen(path: path, reason: "it is a folder, and a file is needed")
        }
        guard size > 0 else { throw StorageError.notOurs(path: path) }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.label = "waitline reader"
        do {
            return try read(path, configuration)
        } catch let error as DatabaseError
            where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) && !Platform.fileExists(path + "-wal")
        {
            // In a folder that cannot be written the log's index cannot be made; without a log none is needed.
            return try read(uri(path) + "?immutable=1", configuration)
        }
    }

    /// As `openForReading`, of any version up to this one.
    static func openOlderForReading(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { try checkWritable($0, path: path) }
        return queue
    }

    /// A new database without rows in an empty file, for who fills it at once and puts it on the disk: without a log,
    /// and useless where that is interrupted.
    static func openCopy(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            try prepare(db, path: path)
            try db.execute(
                sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try Schema.migrator.migrate(queue)
        return queue
    }

    /// Attaches a database that can be opened for reading to a connection, so that nothing of it is changed.
    static func attachForReading(_ path: String, as name: String, to db: Database) throws {
        do {
            try attach(uri(path) + "?mode=ro", as: name, to: db)
        } catch let error as DatabaseError
            where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) && !Platform.fileExists(path + "-wal")
        {
            try? db.execute(sql: "DETACH \(name)")
            try attach(uri(path) + "?immutable=1", as: name, to: db)
        }
    }

    private static func attach(_ uri: String, as name: String, to db: Database) throws {
        try db.execute(sql: "ATTACH ? AS \(name)", arguments: [uri])
        // Whether it can be read shows when it is.
        _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(name).sqlite_schema")
    }

    private static func read(_ path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { try check($0, path: path) }
        return queue
    }

    /// Refuses a file that is not ours or that a newer version wrote, opened so that nothing of it is changed.
    private static func checkUntouched(_ path: String) throws {
        guard let size = Platform.fileSize(path), size > 0 else { return }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { try checkWritable($0, path: path) }
            try queue.close()
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK {
            // A kill left a journal, which only a writer can roll back; it checks again.
        }
    }

    private static func checkWritable(_ db: Database, path: String) throws {
        try checkOwner(db, path: path)
        if try Schema.migrator.hasBeenSuperseded(db) { throw StorageError.newerSchema(path: path) }
    }

    private static func check(_ db: Database, path: String) throws {
        try checkWritable(db, path: path)
        guard try Schema.migrator.hasCompletedMigrations(db) else { throw StorageError.olderSchema(path: path) }
    }

    private static func checkOwner(_ db: Database, path: String) throws {
        let owner = try Int32.fetchOne(db, sql: "PRAGMA application_id")
        guard try owner == Schema.applicationID || isUnborn(db) else { throw StorageError.notOurs(path: path) }
    }

    /// Whether there is nothing yet, or only the first page as we begin it: SQLite writes that before the name of the
    /// owner, and a kill may come between the two.
    private static func isUnborn(_ db: Database) throws -> Bool {
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count")
        if pages == 0 { return true }
        guard pages == 1 else { return false }
        return try Int.fetchOne(db, sql: "PRAGMA application_id") == 0
            && Int.fetchOne(db, sql: "PRAGMA user_version") == 0
            && Int.fetchOne(db, sql: "PRAGMA page_size") == pageSize
            && Int.fetchOne(db, sql: "PRAGMA auto_vacuum") == 2
            && Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
    }

    private static let pageSize = 8_192

    private static func uri(_ path: String) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = Array("file:".utf8)
        for byte in path.utf8 {
            if plain.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
