/// Tells cheaply whether a database was written to, and whether its path still names the same file.
package struct DatabaseWatch: Sendable {
    /// What happened since the last look.
    package enum Change: Sendable, Hashable {
        case none
        case written
        /// The path names another file.
        case replaced
        /// The path names no file.
        case removed
    }

    private let path: String
    private let reader: TraceReader
    private let identity: FileIdentity?
    private var version: Int

    /// Throws as `TraceReader` does.
    package init(path: String) throws {
        self.path = path
        identity = Platform.identity(path)
        reader = try TraceReader(path: path)
        version = try reader.version()
    }

    /// What happened since the last look, or since the watch began. Throws where the database cannot be read.
    package mutating func look() throws -> Change {
        let change = change
        guard change == .none else { return change }
        let before = version
        version = try reader.version()
        return version == before ? .none : .written
    }

    /// Whether the file is still the one at its path; asks the system alone.
    package var change: Change {
        guard let now = Platform.identity(path) else { return .removed }
        return now == identity ? .none : .replaced
    }
}

extension TraceReader {
    /// A number that is another one after somebody else has written.
    fileprivate func version() throws -> Int { try read { try $0.version() } }
}
