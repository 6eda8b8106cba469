/// A file of credentials, one a line. Empty lines, and those that begin with `#`, do not count.
struct CredentialFile {
    let lines: ArraySlice<String>
    /// What is wrong with the file itself.
    let warnings: [String]

    /// More than any such file has.
    private static let mostBytes = 1 << 18

    init(_ path: String) throws(CommandFailure) {
        guard let descriptor = Platform.openFile(path) else { throw Self.unreadable(path) }
        defer { Platform.close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            guard let count = buffer.withUnsafeMutableBytes({ Platform.read(descriptor, into: $0) }) else {
                throw Self.unreadable(path)
            }
            if count == 0 { break }
            bytes += buffer.prefix(count)
            guard bytes.count <= Self.mostBytes else {
                throw CommandFailure(.usage, "\(path) is too long for a file of credentials: name another")
            }
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let lines = bytes.split(whereSeparator: { $0 == 10 || $0 == 13 })
            .map { String(decoding: Self.withoutBlanks($0), as: UTF8.self) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !lines.isEmpty else {
            throw CommandFailure(.usage, "\(path) has no credential in it: put one there, or leave the file out")
        }
        self.lines = lines[...]
        warnings =
            Platform.isReadableByOthers(descriptor)
            ? ["everyone on this machine can read \(path): take that away with chmod o-r"] : []
    }

    /// The secret token that a command shows to a server: any of the server's own will do, so the first.
    static func secretToken(_ path: String) throws(CommandFailure) -> String {
        guard let token = try CredentialFile(path).lines.first, token.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw CommandFailure(.usage, "\(path) holds no secret token: a line of visible ASCII is needed")
        }
        return token
    }

    private static func withoutBlanks(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank: (UInt8) -> Bool = { $0 == 32 || $0 == 9 }
        guard let last = line.lastIndex(where: { !isBlank($0) }) else { return [] }
        return line[...last].drop(while: isBlank)
    }

    private static func unreadable(_ path: String) -> CommandFailure {
        CommandFailure(.inputOutput, "cannot read the credentials in \(path): \(Platform.lastError)")
    }
}
