#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files and folders. What fails says why in `lastError`.
extension Platform {
    static func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Bytes; nil where there is no such file.
    static func fileSize(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Opens a file to be read; nil where it cannot be.
    static func openToRead(_ path: String) -> Int32? { descriptor(open(path, O_RDONLY | O_CLOEXEC)) }

    /// Makes a file, empty and ours alone, to be written and read; nil where it cannot be made.
    static func makeFile(_ path: String) -> Int32? {
        descriptor(open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
    }

    private static func descriptor(_ number: Int32) -> Int32? { number < 0 ? nil : number }

    static func closeFile(_ file: Int32) { close(file) }

    /// All bytes of a file; nil where it cannot be read.
    static func contents(of path: String) -> [UInt8]? {
        guard let file = openToRead(path) else { return nil }
        defer { closeFile(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 { bytes += buffer[..<count] } else if errno != EINTR { return nil }
        }
    }

    /// So many bytes of a file from an offset on; nil where they are not all there.
    static func bytes(of file: Int32, at offset: Int, count: Int) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let read = pread(file, base + filled, count - filled, off_t(offset + filled))
                if read > 0 { filled += read } else if read == 0 || errno != EINTR { return }
            }
        }
        return bytes.count == count ? bytes : nil
    }

    /// A number that differs from file to file as a rule (FNV-1a); nil where a file cannot be read.
    static func fingerprint(of path: String) -> UInt64? {
        guard let file = openToRead(path) else { return nil }
        defer { closeFile(file) }
        var (hash, buffer) = (UInt64(0xCBF2_9CE4_8422_2325), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = read(file, &buffer, buffer.count)
            if count == 0 { return hash }
            guard count > 0 else { return nil }
            for byte in buffer[..<count] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
    }

    /// Writes at the end of what has been written; false where that fails.
    static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
            }
            return true
        }
    }

    /// Writes to the disk what the system holds of a file in memory, and makes it forget it.
    static func dropFromCache(_ path: String) {
        guard let file = openToRead(path) else { return }
        defer { closeFile(file) }
        fsync(file)
        #if canImport(Darwin)
            _ = fcntl(file, F_NOCACHE, 1)
        #else
            posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
        #endif
    }

    /// Makes an empty folder with a name of its own in another one, that of temporary files by default; nil where it
    /// cannot be made.
    static func makeFolder(in parent: String?) -> String? {
        let temporary = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        var template = Array("\(parent ?? temporary ?? "/tmp")/waitline-benchmark-XXXXXX".utf8CString)
        return template.withUnsafeMutableBufferPointer { name in
            name.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
    }

    /// Removes a folder and the files in it, which has no folders below.
    static func removeFolder(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { unlink("\(path)/\(name)") }
            }
            closedir(folder)
        }
        rmdir(path)
    }

    static func removeFile(_ path: String) { unlink(path) }
}
