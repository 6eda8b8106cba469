import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Calls to the system for a program that is run in the foreground: its start and end, the signals meanwhile, and the
/// terminal it leaves behind.
extension Platform {
    // MARK: Start and end

    /// Starts the program that the last words of our own command line name, found as a shell would find it, with our
    /// input, output and errors, and our environment with one variable set; its process, nil, with `lastError`, where
    /// it cannot be started. The words and the environment are given byte for byte: text would not keep what is no
    /// UTF-8.
    static func startProgram(lastWords count: Int, setting name: String, to value: String) -> Int32? {
        var words = (max(0, Int(CommandLine.argc) - count)..<Int(CommandLine.argc)).map { CommandLine.unsafeArgv[$0] }
        guard let program = words.first.flatMap({ $0 }) else { return nil }
        words.append(nil)
        let variable = strdup("\(name)=\(value)")
        defer { free(variable) }
        let environment = environmentEntries(without: name) + [variable, nil]

        #if canImport(Darwin)
            var attributes: posix_spawnattr_t?
        #else
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // As a shell starts programs: no signal is blocked, as they are on this thread, and none is ignored because
        // we ignore it. Those that we catch are as they were before anyway.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

        // Where our parent ignores the end of children, ours would end without telling how.
        signal(SIGCHLD, SIG_DFL)
        var processID: pid_t = 0
        let code = posix_spawnp(&processID, program, nil, &attributes, words, environment)
        guard code == 0 else {
            errno = code
            return nil
        }
        return processID
    }

    /// The entries of our environment as they stand there, without those of a variable.
    private static func environmentEntries(without name: String) -> [UnsafeMutablePointer<CChar>?] {
        var entries: [UnsafeMutablePointer<CChar>?] = []
        var next = environ
        while let entry = next.pointee {
            if strncmp(entry, "\(name)=", name.utf8.count + 1) != 0 { entries.append(entry) }
            next += 1
        }
        return entries
    }

    /// Waits for the end of a program that we started, and takes signals no further; its exit code, 128 + N where
    /// signal N ended it.
    static func end(of child: Int32) async -> Int32 {
        // The threads of tasks, which the intake needs, must not wait for the system: it is asked now and then.
        while !hasEnded(child) { try? await Task.sleep(for: .milliseconds(5)) }
        // Until it is reaped, its number is nobody else's.
        ForegroundSignals.passOn(to: nil)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            if errno != EINTR { return 255 }
        }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }

    /// Whether a program that we started has ended, and waits to be reaped.
    private static func hasEnded(_ child: Int32) -> Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT | WNOHANG)
        return result < 0 ? errno != EINTR : information.si_signo != 0
    }

    // MARK: Descriptors

    /// What is open.
    static var openDescriptors: Set<Int32> {
        guard let folder = opendir("/dev/fd") else { return [] }
        defer { closedir(folder) }
        var descriptors: Set<Int32> = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let descriptor = Int32(name), descriptor != dirfd(folder) { descriptors.insert(descriptor) }
        }
        return descriptors
    }

    /// Keeps what is open from programs that are started, but for these: not everything that libraries open is marked
    /// so, and a program that stays would hold our port.
    static func keepToOurselves(allBut given: Set<Int32>) {
        for descriptor in openDescriptors.subtracting(given) where descriptor > 2 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    // MARK: The terminal

    /// How a terminal is set.
    struct TerminalSettings {
        fileprivate let descriptor: Int32
        fileprivate var modes: termios
    }

    /// How the terminal is set that we run on; nil where we run on none, or in the background.
    static var terminalSettings: TerminalSettings? {
        for descriptor: Int32 in 0...2 where isTerminal(descriptor) && isForeground(descriptor) {
            var modes = termios()
            if tcgetattr(descriptor, &modes) == 0 { return TerminalSettings(descriptor: descriptor, modes: modes) }
        }
        return nil
    }

    /// Sets the terminal as it was, where it is still ours to set.
    static func restore(_ settings: TerminalSettings) {
        guard isForeground(settings.descriptor) else { return }
        var modes = settings.modes
        tcsetattr(settings.descriptor, TCSADRAIN, &modes)
    }

    /// Whether a terminal is not another process group's.
    private static func isForeground(_ descriptor: Int32) -> Bool {
        let group = tcgetpgrp(descriptor)
        return group < 0 || group == getpgrp()
    }
}

/// The signals that ask a program to end. While one of ours runs in the foreground they do not end us: those of the
/// keyboard it gets itself, the others are passed on to it.
enum ForegroundSignals {
    private static let child = Atomic<Int32>(0)
    private static let last = Atomic<Int32>(0)
    private static let caught = [SIGINT, SIGQUIT, SIGTERM, SIGHUP]

    /// From now on they are caught, where they were not ignored.
    static func catchAll() {
        last.store(0, ordering: .sequentiallyConsistent)
        child.store(0, ordering: .sequentiallyConsistent)
        for number in caught { replace(number) { ForegroundSignals.take($0) } }
    }

    /// From now on they end us again.
    static func releaseAll() {
        for number in caught { replace(number, SIG_DFL) }
    }

    /// From now on they go to this process, and so does one that came since they are caught; with nil, to none.
    static func passOn(to process: Int32?) {
        child.store(process ?? 0, ordering: .sequentiallyConsistent)
        let waiting = last.exchange(0, ordering: .sequentiallyConsistent)
        if let process, waiting != 0 { kill(process, waiting) }
    }

    /// Whether one came since the child was there, or has ended.
    static var hasCome: Bool { last.load(ordering: .sequentiallyConsistent) != 0 }

    /// On the thread that the signal has interrupted: nothing may be done here but this.
    private static func take(_ number: Int32) {
        let error = errno
        last.store(number, ordering: .sequentiallyConsistent)
        let process = child.load(ordering: .sequentiallyConsistent)
        if process > 0, number != SIGINT, number != SIGQUIT { kill(process, number) }
        errno = error
    }

    private static func replace(_ number: Int32, _ handler: (@convention(c) (Int32) -> Void)?) {
        let before = signal(number, handler)
        if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
    }
}
