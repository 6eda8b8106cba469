/// The files that a writer has open, known again by what they are: a path may come to name another file while SQLite
/// goes on writing to one that nobody will ever see.
struct OpenFiles {
    /// What became of them.
    enum Fault {
        /// The path of the database names no file, or another one.
        case database
        /// The log or its index is gone, or another file is in its place.
        case log
    }

    private let path: String
    private let logPath: String
    private let indexPath: String
    private let database: FileIdentity?
    private let log: FileIdentity?
    private let index: FileIdentity?
    private let folder: FileIdentity?

    /// The files of a database that was just opened, and written to or read.
    init(_ path: String) {
        self.path = path
        logPath = Self.log(path)
        indexPath = path + "-shm"
        database = Platform.identity(path)
        log = Platform.identity(logPath)
        index = Platform.identity(indexPath)
        folder = Platform.identity(Self.folder(path))
    }

    /// What of them is no longer where it was. Asks the system three things and reads nothing.
    var fault: Fault? {
        guard let database, Platform.identity(path) == database else { return .database }
        guard let log, Platform.identity(logPath) == log else { return .log }
        guard let index, Platform.identity(indexPath) == index else { return .log }
        return nil
    }

    /// What a fault is called.
    func error(_ fault: Fault) -> StorageError {
        switch fault {
        case .database: Platform.fileExists(path) ? .replaced(path: path) : .removed(path: path)
        case .log: .logRemoved(path: path)
        }
    }

    /// Whether the folder is the one that it was. Another one may be what a disk that is not there was mounted on.
    var isFolderTheSame: Bool { folder != nil && Platform.identity(Self.folder(path)) == folder }

    /// Removes the log and its index where they are still these: SQLite leaves them where the database is gone, and
    /// would put what the log holds into whatever database comes to stand there.
    func removeLog() {
        if let log, Platform.identity(logPath) == log { Platform.removeFile(logPath) }
        if let index, Platform.identity(indexPath) == index { Platform.removeFile(indexPath) }
    }

    /// Whether a commit may come to fail, as far as can be told without one: permissions, mounts, room.
    static func isDoubtful(_ path: String) -> Bool {
        let folder = folder(path)
        guard Platform.mayWrite(path), Platform.mayWrite(folder) else { return true }
        return Platform.room(folder).map { $0 < leastRoom } ?? true
    }

    /// With less room than this a commit may come to fail, bytes.
    static let leastRoom = 1 << 20

    static func log(_ path: String) -> String { path + "-wal" }

    /// The folder of a file.
    static func folder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
