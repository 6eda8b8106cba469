import ArgumentParser

/// `benchmark browse`.
struct BrowseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "browse",
        abstract: "Opens a large run in the browser on a terminal of 120x40, and types: how long until it is drawn.",
        discussion: """
            A time is that from a key's being sent to the end of what is drawn because of it, seen from the other end of \
            the terminal. Opening is the time from the program's start to its first screen.
            """)

    @OptionGroup var measuring: MeasuringOptions

    @Option(help: "How many transactions and spans the run has; rounded up to whole recordings.")
    var items = Amount(50_000)

    @Option(help: "The recording that the run is made of. Default: the sample trace of the package.")
    var trace: String?

    @Option(help: "How often each key is typed, and the run opened.")
    var rounds = Rounds(5)

    /// Keys, and what leads to where they mean something and back.
    private static let steps: [(name: String, before: String, key: String, after: String)] = [
        ("unfold all (c)", "", "c", "c"), ("row down (j)", "", "j", "k"),
        ("row down, all unfolded (j)", "c", "j", "kc"), ("half a screen (Ctrl-d)", "c", "\u{04}", "\u{15}c"),
        ("last row (G)", "c", "G", "gc"), ("closer (+)", "", "+", "-"), ("later (])", "+", "]", "0"),
        ("waits off (w)", "", "w", "w"), ("lanes (L)", "", "L", "L"), ("order (s)", "", "s", "sss"),
        ("order, all unfolded (s)", "c", "s", "sssc"), ("next waiter (W)", "c", "W", "gc"),
        ("a letter of a search (/)", "/", "P", "\u{1B}"), ("next match (n)", "c/POST\r", "n", "gc"),
        ("a letter of a filter (f)", "f", "P", "\u{1B}"), ("a letter that nothing has (f)", "fP", "~", "\u{1B}"),
        ("details (Tab)", "j", "\t", "\u{1B}k"), ("help (?)", "", "?", "q"),
    ]

    func run() throws {
        let run = try LargeRun(Recording(path: trace ?? Recording.sample))
        let scratch = try Scratch(in: measuring.folder)
        defer { scratch.remove() }
        let (program, database) = (try measuring.program, scratch.file("events.db"))
        let recording = scratch.file("run.ndjson.gz")
        // A task of the sample trace has five spans.
        let copies = (items.count + run.tasksPerCopy * 6 - 1) / (run.tasksPerCopy * 6)
        let events = try run.write(copies: copies, to: recording)
        _ = try Execution(
            [program, "import", recording, "--database", database], as: "waitline import", scratch: scratch)
        Platform.setVariable("TERM", to: "xterm-256color")
        var (opening, memory) = ([Double](), [Double]())
        var times = Self.steps.map { _ in [Double]() }
        for round in 1...rounds.count {
            let screen = try BrowsedScreen([program, "browse", "latest", "--database", database], scratch: scratch)
            opening.append(screen.opening)
            for (index, step) in Self.steps.enumerated() {
                try screen.settle(after: step.before)
                times[index].append(try screen.time(of: step.key, named: step.name))
                try screen.settle(after: step.after)
            }
            memory.append(Double(try screen.quit()))
            progress("round \(round) of \(rounds.count)")
        }
        let keys = zip(Self.steps, times).compactMap { step, times in
            Spread(times).map { BrowseReport.Key(name: step.name, ms: $0) }
        }
        try measuring.report(
            BrowseReport(
                events: events, rounds: rounds.count, openingMs: Spread(opening) ?? Spread(0), keys: keys,
                peakMemoryBytes: Spread(memory) ?? Spread(0)))
    }
}

/// What the browser takes: from a key to what is drawn.
struct BrowseReport: Measurement {
    struct Key: Encodable {
        var name: String
        var ms: Spread
    }

    var events: Int
    var rounds: Int
    var openingMs: Spread
    var keys: [Key]
    var peakMemoryBytes: Spread

    var text: String {
        var table = TextTable(["", "ms"])
        table.add(["open", openingMs.text(Figure.milliseconds)])
        for key in keys { table.add([key.name, key.ms.text(Figure.milliseconds)]) }
        table.add(["peak MiB", Figure.mebibytes(peakMemoryBytes.max)])
        return """
            browse: a run of \(Figure.whole(events)) events on 120x40; \(rounds) rounds, median (least–most)
            \(table.text)
            """
    }
}

/// `waitline browse`, seen from the other end of its terminal.
struct BrowsedScreen {
    private let child: ChildProcess
    private let controller: Int32
    /// Milliseconds from the program's start to its first screen.
    let opening: Double

    /// What ends each drawing.
    private static let end = Array("\u{1B}[?2026l".utf8)

    init(_ arguments: [String], scratch: Scratch) throws {
        guard let terminal = Platform.makeTerminal(columns: 120, rows: 40) else {
            throw Failure("cannot make a terminal: \(Platform.lastError)")
        }
        controller = terminal.controller
        let start = Platform.now()
        child = try ChildProcess(
            arguments, input: terminal.path, output: terminal.path, errors: scratch.file("browse-errors.txt"))
        try Self.readFrame(controller, "its first screen", child)
        opening = (Platform.now() - start) * 1_000
        Self.drain(controller)
    }

    /// Types something, and waits until nothing more is drawn.
    func settle(after keys: String) throws {
        for key in keys.unicodeScalars {
            try send(String(key))
            Self.drain(controller)
        }
    }

    /// Milliseconds from a key to the end of what is drawn.
    func time(of key: String, named name: String) throws -> Double {
        let start = Platform.now()
        try send(key)
        try Self.readFrame(controller, name, child)
        let time = (Platform.now() - start) * 1_000
        Self.drain(controller)
        return time
    }

    /// Leaves the browser; the most memory that it held, bytes.
    func quit() throws -> Int {
        // Where it has ended, this is not known any more.
        let memory = Platform.peakMemory(of: child.processID)
        try send("q")
        Self.drain(controller)
        _ = try child.succeed(as: "waitline browse")
        Platform.closeFile(controller)
        return memory
    }

    private func send(_ key: String) throws {
        guard Platform.writeAll(Array(key.utf8), to: controller) else {
            throw Failure("the browser's terminal is gone: \(child.said)")
        }
    }

    private static func readFrame(_ controller: Int32, _ name: String, _ child: ChildProcess) throws {
        var last: [UInt8] = []
        while let bytes = Platform.readSoon(controller, milliseconds: 20_000) {
            last = last.suffix(end.count) + bytes
            if last.firstRange(of: end) != nil { return }
        }
        throw Failure("\(name): nothing was drawn; it said: \(child.said)")
    }

    /// An ESC is the escape key only when nothing follows for a while.
    private static func drain(_ controller: Int32) {
        while Platform.readSoon(controller, milliseconds: 120) != nil {}
    }
}
