#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What differs from system to system, and how files are held.
enum Platform {
    /// Opens a file for reading and writing, made with 0600 where it isn't there; nil with `errno` where it fails.
    static func openLockFile(_ path: String) -> Int32? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        return descriptor >= 0 ? descriptor : nil
    }

    /// Opens a file that is there for reading; nil with `errno` where it fails.
    static func openForReading(_ path: String) -> Int32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        return descriptor >= 0 ? descriptor : nil
    }

    /// Whether another process has the file for itself. Holds it together with other readers for a moment where none has.
    static func isLocked(_ descriptor: Int32) -> Bool {
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else {
            flock(descriptor, LOCK_UN)
            return false
        }
        return errno == EWOULDBLOCK
    }

    /// Whether the file is ours now; false where another process has it.
    static func tryLock(_ descriptor: Int32) -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Gives the lock of a file back, also where a process that was just begun still has the descriptor.
    static func unlock(_ descriptor: Int32) { _ = flock(descriptor, LOCK_UN) }

    static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
            _ = Musl.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
    }

    /// Replaces what the file holds.
    static func replaceContents(of descriptor: Int32, with text: String) {
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = Array(text.utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// The first bytes of the file, as text.
    static func contents(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Which file that is, whatever its name; nil where there is none.
    static func identity(_ path: String) -> FileIdentity? {
        var status = stat()
        return stat(path, &status) == 0 ? FileIdentity(status) : nil
    }

    /// Which file is open.
    static func identity(of descriptor: Int32) -> FileIdentity? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? FileIdentity(status) : nil
    }

    /// What a file looks like without being read: whatever writes to it changes that. Nil where there is none.
    static func appearance(_ path: String) -> FileAppearance? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return FileAppearance(
            identity: FileIdentity(status), size: Int64(status.st_size), changedSeconds: Int64(time.tv_sec),
            changedNanoseconds: Int64(time.tv_nsec))
    }

    /// Whether this process may write there, as far as permissions and mounts tell.
    static func mayWrite(_ path: String) -> Bool { faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 }

    /// Bytes that this user may still write where a path lies; nil where that cannot be told.
    static func room(_ path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail)
            .multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }

    /// Makes an empty file for this user alone; false with `errno` where it is there already or cannot be made.
    static func createFile(_ path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }

    /// Puts what was written to a file on the disk; false with `errno` where that fails.
    static func synchronize(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    /// Puts the names in a file's folder on the disk.
    static func synchronizeFolder(of path: String) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        _ = synchronize(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder)
    }

    /// Gives a file a second name; false with `errno` where that is taken or cannot be.
    static func link(_ path: String, as other: String) -> Bool {
        #if canImport(Glibc)
            Glibc.link(path, other) == 0
        #elseif canImport(Musl)
            Musl.link(path, other) == 0
        #else
            Darwin.link(path, other) == 0
        #endif
    }

    static func removeFile(_ path: String) { unlink(path) }

    static var processID: Int32 { getpid() }

    static func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func fileSize(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Makes a folder and those above it, for this user alone; false with `errno` where it fails.
    static func makeFolder(_ path: String) -> Bool {
        if path.isEmpty || fileExists(path) { return true }
        let above = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard above.isEmpty || makeFolder(above) else { return false }
        return mkdir(path, 0o700) == 0 || errno == EEXIST
    }

    /// The time, µs since the epoch.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// What the last call that failed says of why.
    static var lastError: String { String(cString: strerror(errno)) }
}

/// Which file it is, whatever its name.
struct FileIdentity: Hashable {
    var device: UInt64
    var number: UInt64

    fileprivate init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }
}

/// What a file looks like from outside.
struct FileAppearance: Hashable {
    var identity: FileIdentity
    var size: Int64
    var changedSeconds: Int64
    var changedNanoseconds: Int64
}
