import GRDB
import GRDBSQLite

/// Moves what commits wrote out of the write-ahead log into the database, and keeps the log short although readers come
/// and go. SQLite's own automatic does the first alone: as long as one reader begins before another ends, its log grows.
///
/// Confined to the queue of the writing connection.
final class Checkpoints: @unchecked Sendable {
    /// Pages in the log from which on they are moved, readers permitting.
    private static let passive: Int32 = 4_096
    /// Pages in the log from which on readers are waited for, so that the log begins anew.
    private static let restart: Int32 = 6_144
    /// Pages between one attempt and the next.
    private static let step: Int32 = 512
    /// How long readers are waited for, ms.
    private static let patience: Int32 = 1_000

    private let connection: OpaquePointer
    private let path: String
    private let busyTimeout: Int32
    /// The size of the database's file, which nobody else makes shorter.
    private var size = 0
    /// How many pages the log has, as SQLite says behind each commit.
    private let pages: UnsafeMutablePointer<Int32>
    private var next = passive
    /// How many pages more before readers are waited for again: more each time one did not end.
    private var restartNext = restart

    /// Of a connection to the database at a path; `busySeconds` is what it waits for locks at any other time.
    init(_ db: Database, path: String, busySeconds: Double) throws {
        guard let connection = db.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the connection is closed")
        }
        self.connection = connection
        self.path = path
        busyTimeout = Int32(busySeconds * 1_000)
        pages = .allocate(capacity: 1)
        pages.initialize(to: 0)
        sqlite3_wal_hook(
            connection,
            { pages, _, _, count in
                pages?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            }, pages)
        noteSize()
    }

    deinit {
        sqlite3_wal_hook(connection, nil, nil)
        pages.deallocate()
    }

    /// To be called behind each commit. What cannot be moved now is moved later.
    func commitEnded() {
        let count = pages.pointee
        guard (try? checkSize()) != nil else { return }
        if count < Self.passive {
            (next, restartNext) = (Self.passive, Self.restart)
            return
        }
        guard count >= next else { return }
        next = count + Self.step
        if count < restartNext {
            sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
            noteSize()
            return
        }
        restartNext = checkpoint(SQLITE_CHECKPOINT_RESTART) == SQLITE_OK ? Self.restart : count + count / 4
    }

    /// Moves all there is out of the log and leaves it empty, so that the database alone has everything; false where
    /// that was not possible, for want of room or because somebody reads.
    func emptyLog() -> Bool { checkpoint(SQLITE_CHECKPOINT_TRUNCATE) == SQLITE_OK }

    /// A checkpoint that waits for readers, but not for long.
    private func checkpoint(_ mode: Int32) -> Int32 {
        sqlite3_busy_timeout(connection, Self.patience)
        defer {
            sqlite3_busy_timeout(connection, busyTimeout)
            noteSize()
        }
        return sqlite3_wal_checkpoint_v2(connection, nil, mode, nil, nil)
    }

    /// Throws where the database's file is shorter than it was left: somebody cut it, and what is written now would not
    /// be found. A file that is gone is told by `OpenFiles`.
    func checkSize() throws(StorageError) {
        guard let now = Platform.fileSize(path), now < size else { return }
        throw .corrupt(path: path, reason: "its file was cut short while it was in use")
    }

    private func noteSize() { size = Platform.fileSize(path) ?? size }
}
