import GRDB
import GRDBSQLite

/// A database that was opened for writing, with what a writer needs of it.
struct OpenDatabase: Sendable {
    let queue: DatabaseQueue
    let writer: EventWriter
    let checkpoints: Checkpoints
    let files: OpenFiles

    /// Opens it, made where it isn't there; a commit is to wait `busySeconds` for others that have the file locked.
    init(_ path: String, busySeconds: Double) throws(StorageError) {
        do {
            queue = try DatabaseFile.openForWriting(path, busySeconds: busySeconds)
            writer = try queue.write { try EventWriter($0) }
            checkpoints = try queue.writeWithoutTransaction {
                try Checkpoints($0, path: path, busySeconds: busySeconds)
            }
            files = OpenFiles(path)
            // What the path names is what was opened, unless another file was put there meanwhile.
            if try queue.writeWithoutTransaction(Self.hasMoved) { throw StorageError.replaced(path: path) }
        } catch {
            throw StorageError(error, path: path)
        }
        if let fault = files.fault { throw files.error(fault) }
    }

    private static func hasMoved(_ db: Database) throws -> Bool {
        var hasMoved: Int32 = 0
        sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        return hasMoved != 0
    }
}
