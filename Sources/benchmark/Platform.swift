#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Calls to the system: this program and the machine here, files, processes and sockets in the extensions.
enum Platform {
    static func exit(_ code: Int32) -> Never {
        #if canImport(Glibc)
            Glibc.exit(code)
        #elseif canImport(Musl)
            Musl.exit(code)
        #else
            Darwin.exit(code)
        #endif
    }

    /// Writing into a closed connection fails with an error instead of ending the program; the signals that end it are
    /// taken by other means.
    static func ignoreSignals() { for number in [SIGPIPE, SIGINT, SIGTERM] { _ = signal(number, SIG_IGN) } }

    /// Takes a variable out of the environment that programs are started with.
    static func removeVariable(_ name: String) { unsetenv(name) }

    /// Sets a variable of the environment that programs are started with.
    static func setVariable(_ name: String, to value: String) { setenv(name, value, 1) }

    static let interrupts: [Int32] = [SIGINT, SIGTERM]

    static func writeError(_ text: String) { _ = writeAll(Array(text.utf8), to: 2) }

    /// What the last call that failed says of why.
    static var lastError: String { String(cString: strerror(errno)) }

    /// Seconds since some moment in the past, whatever becomes of the clock on the wall.
    static func now() -> Double { seconds(of: CLOCK_MONOTONIC) ?? 0 }

    static func seconds(of clock: clockid_t) -> Double? {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func sleep(seconds: Double) {
        guard seconds > 0 else { return }
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
        var rest = timespec()
        while nanosleep(&time, &rest) != 0, errno == EINTR { time = rest }
    }

    /// Where this program lies, links followed; nil where the system does not tell.
    static var programPath: String? {
        #if canImport(Darwin)
            var size: UInt32 = 4_096
            var link = [CChar](repeating: 0, count: Int(size))
            guard _NSGetExecutablePath(&link, &size) == 0 else { return nil }
        #else
            let link = Array("/proc/self/exe".utf8CString)
        #endif
        guard let path = realpath(link, nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    static let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    /// What the processor calls itself; nil where the system does not tell.
    static var processorName: String? {
        #if canImport(Darwin)
            var name = [CChar](repeating: 0, count: 256)
            var size = name.count
            guard sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return nil }
            return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #else
            guard let bytes = contents(of: "/proc/cpuinfo") else { return nil }
            let line = bytes.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "model name".utf8) }
            guard let line, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return String(decoding: line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
        #endif
    }
}
