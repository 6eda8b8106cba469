import TraceServer

/// A command that runs in the foreground, with our input, output and errors, and is told by its environment where to
/// send its traces.
struct RecordedCommand {
    /// It ended with something else than 0, which is what we end with then.
    struct Failed: Error {
        /// Its exit code, 128 + N where signal N ended it.
        var status: Int32
    }

    private let processID: Int32
    private let terminal: Platform.TerminalSettings?

    /// Starts it. From now on until `ForegroundSignals.releaseAll` signals do not end us.
    /// - Parameters:
    ///   - words: The command, which is the last of our own command line.
    ///   - inherited: The descriptors it is given besides input, output and errors: those that were given to us.
    init(_ words: [String], sendingTo server: ServerAddress, inherited: Set<Int32>) throws(CommandFailure) {
        Platform.keepToOurselves(allBut: inherited)
        terminal = Platform.terminalSettings
        ForegroundSignals.catchAll()
        let started = Platform.startProgram(
            lastWords: words.count, setting: "ELASTIC_APM_SERVER_URL", to: "\(server)")
        guard let started else {
            let reason = Platform.lastError
            ForegroundSignals.releaseAll()
            throw CommandFailure(
                .usage,
                "cannot run `\(words.first ?? "")`: \(reason): give a program's path, or its name on the search path")
        }
        processID = started
        ForegroundSignals.passOn(to: started)
    }

    /// Waits for its end, and sets the terminal as it was; its exit code, 128 + N where signal N ended it.
    func end() async -> Int32 {
        let status = await Platform.end(of: processID)
        if let terminal { Platform.restore(terminal) }
        return status
    }
}
