#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Calls to the system: descriptors, files, the terminal, the clock and time zone.
enum Platform {
    // MARK: The process

    /// Writing into a closed pipe fails with an error instead of ending the program.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    static func exit(_ code: Int32) -> Never {
        #if canImport(Glibc)
            Glibc.exit(code)
        #elseif canImport(Musl)
            Musl.exit(code)
        #else
            Darwin.exit(code)
        #endif
    }

    static var processID: Int32 { getpid() }

    /// Lets other programs have the processor first, where it is wanted by several: what a question costs is not to
    /// be taken from the intake, or from what it measures.
    static func stepBack() { _ = nice(15) }

    /// The environment that the program was started with.
    static let environment: [String: String] = {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }()

    /// The time, µs since the epoch.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// Seconds east of UTC that the local time zone is at a point in time, given in µs since the epoch.
    static func localOffset(at time: Int64) -> Int {
        var seconds = time_t(time / 1_000_000 - (time % 1_000_000 < 0 ? 1 : 0))
        var fields = tm()
        guard localtime_r(&seconds, &fields) != nil else { return 0 }
        return Int(fields.tm_gmtoff)
    }

    static var workingFolder: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    /// Where the program lies, links followed; nil where the system does not tell.
    static var programPath: String? {
        #if canImport(Darwin)
            var size: UInt32 = 4_096
            var name = [CChar](repeating: 0, count: Int(size))
            guard _NSGetExecutablePath(&name, &size) == 0 else { return nil }
            let link = name
        #else
            let link = Array("/proc/self/exe".utf8CString)
        #endif
        guard let path = realpath(link, nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    /// A point in time, µs since the epoch, as RFC 3339 in UTC, to the second.
    static func utcText(_ time: Int64) -> String {
        var seconds = time_t(time / 1_000_000)
        var fields = tm()
        var text = [CChar](repeating: 0, count: 32)
        guard gmtime_r(&seconds, &fields) != nil else { return "1970-01-01T00:00:00Z" }
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &fields)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: Descriptors

    static let standardInput: Int32 = 0

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// The columns of the terminal that a descriptor is; nil where it is none.
    static func terminalWidth(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes all of a text to standard output; false where its reader is gone or it cannot be written.
    static func write(_ text: String) -> Bool { write(text, to: 1) }

    /// Writes a text to standard error, as well as it can be.
    static func writeError(_ text: String) { _ = write(text, to: 2) }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// Writes all of some bytes; false, with `lastError`, where that fails.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { write($0, to: descriptor) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            #if canImport(Glibc)
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            #elseif canImport(Musl)
                let count = Musl.write(descriptor, rest.baseAddress, rest.count)
            #else
                let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        return true
    }

    // MARK: Files

    static func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Opens a file for reading; nil, with `lastError`, where it cannot be.
    static func openFile(_ path: String) -> Int32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        return descriptor >= 0 ? descriptor : nil
    }

    /// Makes a file anew for writing, readable by all; nil, with `lastError`, where it cannot be.
    static func createFile(_ path: String) -> Int32? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        return descriptor >= 0 ? descriptor : nil
    }

    /// Whether there is something at a path that is no regular file: a device, a pipe, a folder.
    static func isSpecialFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    /// Puts what was written on the disk; false, with `lastError`, where that fails.
    static func synchronize(_ descriptor: Int32) -> Bool { fsync(descriptor) == 0 }

    /// Gives a file another name, in the place of what has that name; false, with `lastError`, where it cannot.
    static func move(_ path: String, to other: String) -> Bool { rename(path, other) == 0 }

    static func removeFile(_ path: String) { unlink(path) }

    /// Sets when a file was last changed, µs since the epoch.
    static func setModificationTime(_ descriptor: Int32, _ time: Int64) {
        let (seconds, rest) = time.quotientAndRemainder(dividingBy: 1_000_000)
        let moment = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest) * 1_000)
        let times = [moment, moment]
        _ = futimens(descriptor, times)
    }

    static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
            _ = Musl.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
    }

    /// Reads up to the buffer's size; 0 at the end, nil, with `lastError`, where it fails.
    static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #else
                let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 { return count }
            if errno != EINTR { return nil }
        }
    }

    /// When a file was last changed, µs since the epoch; nil for what is no regular file.
    static func modificationTime(_ descriptor: Int32) -> Int64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// Whether everyone on this machine may read an open file, if its folder lets them.
    static func isReadableByOthers(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IROTH != 0
    }

    /// Bytes of a regular file; nil for anything else.
    static func fileSize(_ descriptor: Int32) -> Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Bytes of the file at a path; nil where there is none.
    static func fileSize(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Makes an empty folder with a name of its own for temporary files; nil, with `lastError`, where it cannot.
    static func makeTemporaryFolder() -> String? {
        let parent = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(parent)/waitline-XXXXXX".utf8CString)
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

    /// What the last call that failed says of why.
    static var lastError: String { String(cString: strerror(errno)) }
}
