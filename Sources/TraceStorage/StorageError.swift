import GRDB

/// Why a database cannot be used: what, where, and what to do, in one line.
package enum StorageError: Error, Sendable, Equatable {
    case missing(path: String)
    case cannotOpen(path: String, reason: String)
    case notOurs(path: String)
    case newerSchema(path: String)
    case olderSchema(path: String)
    case readOnly(path: String)
    case heldByServer(path: String, address: String?)
    case lockedByAnother(path: String)
    case corrupt(path: String, reason: String)
    case full(path: String)
    case failed(path: String, reason: String)

    package var message: String {
        switch self {
        case .missing(let path):
            "no database at \(path): start `waitline serve` or `waitline import FILE` first, or name one with --database"
        case .cannotOpen(let path, let reason):
            "cannot open the database \(path): \(reason)"
        case .notOurs(let path):
            "\(path) is not a Waitline database: name another with --database"
        case .newerSchema(let path):
            "the database \(path) was written by a newer Waitline: use that version, or name another with --database"
        case .olderSchema(let path):
            "the database \(path) was written by an older Waitline: run `waitline serve` or `waitline import` once to bring it up to date"
        case .readOnly(let path):
            "the database \(path) cannot be written: check the permissions of the file and its folder"
        case .heldByServer(let path, let address?):
            "the database \(path) is held by the server at \(address): stop it first, or name another with --database"
        case .heldByServer(let path, nil):
            "the database \(path) is held by another Waitline: wait for it, or name another with --database"
        case .lockedByAnother(let path):
            "the database \(path) is locked by another program: close that program and try again"
        case .corrupt(let path, let reason):
            "the database \(path) is damaged (\(reason)): restore a backup, or name another with --database"
        case .full(let path):
            "no room left to write the database \(path): free some space and try again"
        case .failed(let path, let reason):
            "the database \(path) failed: \(reason)"
        }
    }

    /// Translates what SQLite said.
    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self = (error as? StorageError) ?? .failed(path: path, reason: "\(error)")
            return
        }
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notOurs(path: path)
        case .SQLITE_CORRUPT: self = .corrupt(path: path, reason: error.message ?? "malformed")
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .lockedByAnother(path: path)
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_CANTOPEN: self = .cannotOpen(path: path, reason: error.message ?? "it cannot be read")
        default: self = .failed(path: path, reason: error.message ?? error.resultCode.description)
        }
    }
}
