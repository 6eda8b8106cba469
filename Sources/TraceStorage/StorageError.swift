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
    case removed(path: String)
    case replaced(path: String)
    case logRemoved(path: String)
    case folderReplaced(path: String)
    case exists(path: String)
    case cannotWrite(path: String, reason: String)
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
        case .removed(let path):
            "the file of the database \(path) was removed or renamed: put it back; a new one is made when its place was empty for a minute"
        case .replaced(let path):
            "another file was put in the place of the database \(path): it is used where it is a Waitline database"
        case .logRemoved(let path):
            "a file beside the database \(path) that belongs to it, -wal or -shm, was removed while it was in use"
        case .folderReplaced(let path):
            "the folder of the database \(path) was removed or replaced: put it back, or start the server anew"
        case .exists(let path):
            "\(path) is there already: name another file, or remove it first"
        case .cannotWrite(let path, let reason):
            "cannot write \(path): \(reason)"
        case .failed(let path, let reason):
            "the database \(path) failed: \(reason)"
        }
    }

    /// Translates what SQLite said.
    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self = (error as? StorageError) ?? .failed(path: path, reason: Self.line("\(error)"))
            return
        }
        let said = error.message.map(Self.line)
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notOurs(path: path)
        case .SQLITE_CORRUPT: self = .corrupt(path: path, reason: said ?? "malformed")
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .lockedByAnother(path: path)
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_CANTOPEN: self = .cannotOpen(path: path, reason: said ?? "it cannot be read")
        case .SQLITE_IOERR:
            // SQLite says the same of all of them; the number tells which.
            let code = error.extendedResultCode.rawValue
            self = .failed(path: path, reason: "\(said ?? "disk I/O error") (\(code))")
        default: self = .failed(path: path, reason: said ?? error.resultCode.description)
        }
    }

    /// One line of limited length: SQLite quotes what stands in a file, damaged or made to be quoted.
    private static func line(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars.prefix(300) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: line += " "
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}

extension StorageError {
    /// Whether an error of a transaction would meet every other just so: there is no room, the file is locked, cannot be
    /// written or read. Any other may be the fault of what was to be written.
    static func concernsAll(_ error: any Error) -> Bool {
        switch error {
        case let error as DatabaseError:
            [
                .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_BUSY, .SQLITE_LOCKED,
                .SQLITE_CANTOPEN, .SQLITE_NOTADB, .SQLITE_NOMEM, .SQLITE_PROTOCOL, .SQLITE_AUTH, .SQLITE_INTERRUPT,
            ].contains(error.resultCode)
        case is StorageError, is CancellationError: true
        default: false
        }
    }
}
