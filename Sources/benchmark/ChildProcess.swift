import Dispatch
import Synchronization

/// A program that we started. Whatever happens to us, it does not outlive us.
struct ChildProcess: Sendable {
    let processID: Int32
    private let errors: String
    private let started = Platform.now()

    /// Starts a program, which is looked for in `PATH` where it is no path. What it says on standard output and on
    /// standard error goes to files; its output to none where no file is named. Its input is empty, else a file.
    init(_ arguments: [String], input: String? = nil, output: String? = nil, errors: String) throws {
        self.errors = errors
        let processID = Belongings.all.withLock { belongings in
            let processID = Platform.spawn(arguments, input: input, output: output, errors: errors)
            if let processID { belongings.children.insert(processID) }
            return processID
        }
        guard let processID else { throw Failure("cannot start \(arguments[0]): \(Platform.lastError)") }
        self.processID = processID
    }

    /// The last that it said on standard error.
    var said: String {
        let text = String(decoding: Platform.contents(of: errors) ?? [], as: UTF8.self)
        return text.isEmpty ? "nothing" : text.split(separator: "\n").suffix(3).joined(separator: " / ")
    }

    /// How it ended, if it has.
    func ending() -> Platform.Ending? {
        Belongings.all.withLock { belongings in
            let ending = Platform.ending(of: processID)
            if ending != nil { belongings.children.remove(processID) }
            return ending
        }
    }

    /// Waits until it has ended.
    func end() throws -> Platform.Ending {
        let memory = Watch(every: 0.001) { Platform.peakMemory(of: processID) }
        Platform.waitForEnd(of: processID)
        let seen = memory.stop()
        guard var ending = ending() else { throw Failure("lost sight of process \(processID)") }
        // The system's figure begins at what we held ourselves when the child was started. Where it says no more than
        // that, what was seen from outside every millisecond is nearer to the truth, if there was time to see it.
        let isLong = Platform.now() - started > 0.05
        if ending.peakMemory <= Platform.ownPeakMemory, isLong { ending.peakMemory = seen }
        return ending
    }

    /// Waits until it has ended, and throws where that was not in good order.
    func succeed(as name: String) throws -> Platform.Ending {
        let ending = try end()
        guard ending.code == 0 else {
            let how = ending.code.map { "with \($0)" } ?? "by a signal"
            throw Failure("\(name) ended \(how); it said: \(said)")
        }
        return ending
    }

    /// Asks it to end.
    func terminate() { Platform.send(Platform.terminate, toGroupOf: processID) }

    /// Kills it, if it has not been seen to end.
    func kill() {
        Belongings.all.withLock { belongings in
            guard belongings.children.remove(processID) != nil else { return }
            Platform.send(Platform.killNow, toGroupOf: processID)
        }
    }
}

/// What has to be gone when we end: children and temporary folders.
struct Belongings: Sendable {
    var children: Set<Int32> = []
    var folders: Set<String> = []

    static let all = Mutex(Belongings())

    /// Ends the children and removes the folders.
    static func clear() {
        all.withLock { belongings in
            for child in belongings.children { Platform.send(Platform.killNow, toGroupOf: child) }
            for folder in belongings.folders { Platform.removeFolder(folder) }
            belongings = Belongings()
        }
    }

    /// From now on, an interrupt clears everything before it ends the program.
    static func clearOnInterrupt() -> [any DispatchSourceSignal] {
        Platform.ignoreSignals()
        return Platform.interrupts.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                clear()
                Platform.exit(128 + number)
            }
            source.resume()
            return source
        }
    }
}
