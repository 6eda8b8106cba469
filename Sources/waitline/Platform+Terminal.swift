import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Calls to the system for a program that has the whole terminal: its modes, its size, what comes from it.
extension Platform {
    /// Columns and rows of the terminal that a descriptor is; nil where it doesn't tell.
    static func terminalSize(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// How a terminal is set.
    typealias TerminalModes = termios

    static func terminalModes(_ descriptor: Int32) -> TerminalModes? {
        var modes = termios()
        return tcgetattr(descriptor, &modes) == 0 ? modes : nil
    }

    /// Sets a terminal, once it has shown what was written to it; what was typed and not read is left.
    static func setTerminal(_ descriptor: Int32, to modes: TerminalModes) {
        var modes = modes
        while tcsetattr(descriptor, TCSADRAIN, &modes) < 0, errno == EINTR {}
    }

    /// The same modes, but that every key comes at once, none of them is shown or means anything to the terminal.
    static func raw(_ modes: TerminalModes) -> TerminalModes {
        var modes = modes
        cfmakeraw(&modes)
        // What is written stays as it would be: lines end as they do.
        modes.c_oflag |= tcflag_t(OPOST)
        return modes
    }

    /// What can be read first, of two descriptors; waits no longer than so many milliseconds, for ever below 0.
    static func waitForInput(_ first: Int32, _ second: Int32, milliseconds: Int32) -> (first: Bool, second: Bool) {
        var entries = [first, second].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return (false, false) }
        return (entries[0].revents != 0, entries[1].revents != 0)
    }

    /// Ends us as a signal does that nobody catches.
    static func die(of signalNumber: Int32) -> Never {
        signal(signalNumber, SIG_DFL)
        kill(getpid(), signalNumber)
        exit(128 + signalNumber)
    }

    /// Stops us, and those we share the terminal with, as Ctrl-Z does. Returns when we go on.
    static func stop() {
        signal(SIGTSTP, SIG_DFL)
        kill(0, SIGTSTP)
        TerminalSignals.catchStop()
    }
}

/// The signals of a program that has the whole terminal: they come as bytes through a pipe, to be taken in turn.
enum TerminalSignals {
    /// What a byte from the pipe asks for.
    enum Request {
        /// To end, by this signal.
        case end(Int32)
        case stop
        /// We were stopped and go on.
        case goOn
        case otherSize
        /// Something else is there to be looked at: `wake` was called.
        case news
    }

    private static let writeEnd = Atomic<Int32>(-1)
    /// What a crash writes to the terminal, and how it sets it, before it ends us: the address of a `Restoring`.
    private static let restoring = Atomic<UInt>(0)

    private struct Restoring {
        var modes: termios
        var sequence: UnsafeMutablePointer<UInt8>
        var count: Int
    }

    private static let ending = [SIGINT, SIGQUIT, SIGTERM, SIGHUP]
    private static let crashing = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]
    private static let newsByte: UInt8 = 255

    /// From now on they come through a pipe, which is ours for good; its end to read from. Nil, with `Platform.lastError`,
    /// where it cannot be made.
    static func catchAll() -> Int32? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        writeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        for number in ending {
            let before = signal(number) { TerminalSignals.take($0) }
            // Who started us wanted it so.
            if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
        }
        for number in [SIGWINCH, SIGCONT] { signal(number) { TerminalSignals.take($0) } }
        catchStop()
        return ends[0]
    }

    static func catchStop() { signal(SIGTSTP) { TerminalSignals.take($0) } }

    /// From now on a crash puts the terminal right first: with these bytes, and in these modes.
    static func restoreOnCrash(_ text: String, _ modes: Platform.TerminalModes) {
        guard restoring.load(ordering: .sequentiallyConsistent) == 0 else { return }
        let bytes = Array(text.utf8)
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        copy.initialize(from: bytes, count: bytes.count)
        let whole = UnsafeMutablePointer<Restoring>.allocate(capacity: 1)
        whole.initialize(to: Restoring(modes: modes, sequence: copy, count: bytes.count))
        restoring.store(UInt(bitPattern: whole), ordering: .sequentiallyConsistent)
        for number in crashing { signal(number) { TerminalSignals.crash($0) } }
    }

    /// Makes who waits for the pipe look around.
    static func wake() { send(newsByte) }

    /// What came through the pipe.
    static func requests(_ readEnd: Int32) -> [Request] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = bytes.withUnsafeMutableBytes { Platform.read(readEnd, into: $0) } ?? 0
        return bytes.prefix(count).map { byte in
            switch Int32(byte) {
            case SIGWINCH: .otherSize
            case SIGTSTP: .stop
            case SIGCONT: .goOn
            case Int32(newsByte): .news
            default: .end(Int32(byte))
            }
        }
    }

    /// On the thread that the signal has interrupted: nothing may be done here but this.
    private static func take(_ number: Int32) {
        let error = errno
        send(UInt8(truncatingIfNeeded: number))
        errno = error
    }

    private static func send(_ byte: UInt8) {
        var byte = byte
        let end = writeEnd.load(ordering: .sequentiallyConsistent)
        if end >= 0 { _ = writeBytes(end, &byte, 1) }
    }

    /// As `take`: only calls that are safe in a signal.
    private static func crash(_ number: Int32) {
        let address = restoring.load(ordering: .sequentiallyConsistent)
        if let restoring = UnsafeMutablePointer<Restoring>(bitPattern: address) {
            _ = writeBytes(1, restoring.pointee.sequence, restoring.pointee.count)
            tcsetattr(0, TCSANOW, &restoring.pointee.modes)
        }
        signal(number, SIG_DFL)
        raise(number)
    }

    private static func writeBytes(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes, count)
        #elseif canImport(Musl)
            Musl.write(descriptor, bytes, count)
        #else
            Darwin.write(descriptor, bytes, count)
        #endif
    }
}
