/// Holds a database for one writing process: the file beside it, locked as long as this value lives. A server writes
/// its address into it, so that an import knows where to post.
final class DatabaseLock: Sendable {
    private let descriptor: Int32
    private let path: String
    private let identity: FileIdentity?

    /// Takes the lock of a database; throws where another process has it, with that one's address where it told.
    init(databasePath: String) throws(StorageError) {
        let path = Self.path(databasePath)
        guard let descriptor = Platform.openLockFile(path) else {
            throw .cannotOpen(path: databasePath, reason: "\(path): \(Platform.lastError)")
        }
        guard Platform.tryLock(descriptor) else {
            let address = Self.address(Platform.contents(of: descriptor))
            Platform.close(descriptor)
            throw .heldByServer(path: databasePath, address: address)
        }
        Platform.replaceContents(of: descriptor, with: "")
        self.descriptor = descriptor
        self.path = path
        identity = Platform.identity(of: descriptor)
    }

    /// Whether the file still stands where others look for it; where not, another process may hold the database as well.
    var isInPlace: Bool { Platform.identity(path) == identity }

    deinit {
        Platform.unlock(descriptor)
        Platform.close(descriptor)
    }

    /// Tells others where to post to.
    func announce(address: String) { Platform.replaceContents(of: descriptor, with: address + "\n") }

    static func path(_ databasePath: String) -> String { databasePath + ".lock" }

    static func address(_ contents: String) -> String? {
        contents.split(separator: "\n").first.map(String.init)
    }
}
