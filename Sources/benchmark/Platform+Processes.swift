#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Starting programs, ending them, and what they cost.
extension Platform {
    /// Starts a program in a process group of its own; its id, or nil with `lastError`. Its input is a file, empty
    /// where none is named. Output and errors go to files, made anew; to none where no file is named.
    static func spawn(_ arguments: [String], input: String?, output: String?, errors: String) -> pid_t? {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY | O_NOCTTY, 0)
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
        // What we ignore the child has to find as a shell would give it.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETPGROUP))
        let copies = arguments.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var processID: pid_t = 0
        let code = posix_spawnp(&processID, arguments[0], &actions, &attributes, copies + [nil], environ)
        if code != 0 { errno = code }
        return code == 0 ? processID : nil
    }

    /// Sends a signal to a child and what it started itself.
    static func send(_ signal: Int32, toGroupOf processID: pid_t) { kill(-processID, signal) }

    static let terminate = SIGTERM
    static let killNow = SIGKILL

    /// How a child ended, and what it cost.
    struct Ending: Sendable {
        /// Nil where a signal ended it.
        var code: Int32?
        /// User and system, in seconds, with the children it waited for.
        var processorSeconds: Double
        /// Bytes. On Linux no less than our own was when the child was started.
        var peakMemory: Int
    }

    /// Waits until a child has ended, and leaves it for `ending(of:)`.
    static func waitForEnd(of processID: pid_t) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// How a child ended; nil while it runs. It can be told once.
    static func ending(of processID: pid_t) -> Ending? {
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(processID, &status, WNOHANG, &usage) == processID else { return nil }
        #if canImport(Darwin)
            let peak = Int(usage.ru_maxrss)
        #else
            let peak = Int(usage.ru_maxrss) * 1_024
        #endif
        return Ending(
            code: status & 0x7F == 0 ? status >> 8 & 0xFF : nil,
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakMemory: peak)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    /// The seconds of CPU, user and system, that a running child has used; 0 where it is gone.
    static func processorSeconds(of processID: pid_t) -> Double {
        #if canImport(Darwin)
            guard let usage = darwinUsage(processID) else { return 0 }
            var scale = mach_timebase_info_data_t()
            mach_timebase_info(&scale)
            let ticks = Double(usage.ri_user_time + usage.ri_system_time)
            return ticks * Double(scale.numer) / Double(scale.denom) / 1e9
        #else
            var clock = clockid_t()
            guard clock_getcpuclockid(processID, &clock) == 0 else { return 0 }
            return seconds(of: clock) ?? 0
        #endif
    }

    /// The most memory, in bytes, that a running process has held so far; 0 where it is gone.
    static func peakMemory(of processID: pid_t) -> Int {
        #if canImport(Darwin)
            return darwinUsage(processID).map { Int($0.ri_lifetime_max_phys_footprint) } ?? 0
        #else
            return field("VmHWM:", of: "/proc/\(processID)/status").map { $0 * 1_024 } ?? 0
        #endif
    }

    /// Our own.
    static var ownPeakMemory: Int { peakMemory(of: getpid()) }

    #if canImport(Darwin)
        private static func darwinUsage(_ processID: pid_t) -> rusage_info_v4? {
            var usage = rusage_info_v4()
            let status = withUnsafeMutablePointer(to: &usage) { pointer in
                pointer.withMemoryRebound(to: rusage_info_t?.self, capacity: 1) {
                    proc_pid_rusage(processID, RUSAGE_INFO_V4, $0)
                }
            }
            return status == 0 ? usage : nil
        }
    #endif

    /// The number in the line of a file that begins so.
    private static func field(_ name: String, of path: String) -> Int? {
        guard let bytes = contents(of: path) else { return nil }
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: name.utf8) {
            let digits = line.drop { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return Int(String(decoding: digits, as: UTF8.self))
        }
        return nil
    }
}
