#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A program that was started, with everything it says. Reading and writing happen together, so that neither side ever
/// waits for the other.
final class ChildProcess {
    /// How a child ended.
    enum Ending: Equatable {
        case exit(Int32)
        case signal(Int32)
        /// It took too long and was killed.
        case timeout
    }

    let processID: pid_t
    private(set) var output: [UInt8] = []
    private(set) var errors: [UInt8] = []
    private var outputEnd: Int32?
    private var errorEnd: Int32?
    private var inputEnd: Int32?
    private var input: ArraySlice<UInt8>
    private var ending: Ending?

    init(
        _ program: String, _ arguments: [String], environment: [String: String], input: [UInt8] = [],
        output: Spawn.Output = .pipes
    ) throws {
        self.input = input[...]
        let started = try Spawn.run(program, arguments, environment: environment, output: output)
        processID = started.processID
        inputEnd = started.input
        outputEnd = started.output
        errorEnd = started.errors
        if input.isEmpty { closeInput() }
    }

    deinit {
        if ending == nil { end(.timeout) }
        for end in [inputEnd, outputEnd, errorEnd] { if let end { Descriptors.close(end) } }
    }

    /// Reads and writes until `condition` holds or the child has nothing more to say; false where that took too long.
    func pump(seconds: Int = 240, until condition: (ChildProcess) -> Bool = { _ in false }) -> Bool {
        let deadline = Deadline(seconds: seconds)
        while !condition(self), outputEnd != nil || errorEnd != nil {
            guard let left = deadline.millisecondsLeft else { return false }
            step(milliseconds: left)
        }
        return true
    }

    /// Waits for the end, with everything that is said until then.
    func finish(seconds: Int = 240) -> Ending {
        if let ending { return ending }
        guard pump(seconds: seconds) else { return end(.timeout) }
        // Nothing is open any more, so the child is ending.
        return end(nil)
    }

    /// Stops listening, as `head` does once it has enough.
    func closeOutput() {
        if let outputEnd { Descriptors.close(outputEnd) }
        outputEnd = nil
    }

    func signal(_ number: Int32) { kill(processID, number) }

    private func step(milliseconds: Int32) {
        var polled: [pollfd] = []
        for end in [outputEnd, errorEnd] {
            if let end { polled.append(pollfd(fd: end, events: Int16(POLLIN), revents: 0)) }
        }
        if let inputEnd { polled.append(pollfd(fd: inputEnd, events: Int16(POLLOUT), revents: 0)) }
        guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return }
        for entry in polled where entry.revents != 0 {
            if entry.fd == inputEnd {
                writeInput(entry.fd)
            } else if let piece = Descriptors.readSome(entry.fd) {
                if entry.fd == outputEnd { output += piece } else { errors += piece }
            } else {
                Descriptors.close(entry.fd)
                if entry.fd == outputEnd { outputEnd = nil } else { errorEnd = nil }
            }
        }
    }

    private func writeInput(_ end: Int32) {
        guard let count = Descriptors.writeSome(end, input) else { return closeInput() }
        input = input.dropFirst(count)
        if input.isEmpty { closeInput() }
    }

    private func closeInput() {
        if let inputEnd { Descriptors.close(inputEnd) }
        inputEnd = nil
    }

    /// Reaps the child, after killing it and all it started where its time is over.
    @discardableResult
    private func end(_ reason: Ending?) -> Ending {
        if reason != nil { kill(-processID, SIGKILL) }
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        let ended = reason ?? (signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal))
        ending = ended
        return ended
    }
}

/// A point in time by which something has to have happened.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(seconds: Int) { end = ContinuousClock.now + .seconds(seconds) }

    /// Nil where it is over.
    var millisecondsLeft: Int32? {
        let left = ContinuousClock.now.duration(to: end)
        guard left > .zero else { return nil }
        return Int32(left / .milliseconds(1)) + 1
    }
}
