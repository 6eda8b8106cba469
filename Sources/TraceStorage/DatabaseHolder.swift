/// Which server holds a database, as the lock file beside it tells whoever may read that.
package enum DatabaseHolder {
    /// The address of the server that holds a database. One that was killed has left its own behind, and one that ended
    /// too; nil where none ever held it, or where its file cannot be read.
    package static func address(ofDatabase path: String) -> String? {
        guard let descriptor = Platform.openForReading(DatabaseLock.path(path)) else { return nil }
        defer { Platform.close(descriptor) }
        return DatabaseLock.address(Platform.contents(of: descriptor))
    }

    /// Whether a server holds a database now. Where none does, one that starts in this very moment would be refused: to
    /// be asked only after something else says that none does.
    package static func isHeld(database path: String) -> Bool {
        guard let descriptor = Platform.openForReading(DatabaseLock.path(path)) else { return false }
        defer { Platform.close(descriptor) }
        return Platform.isLocked(descriptor)
    }
}
