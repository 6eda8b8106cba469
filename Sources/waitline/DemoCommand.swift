import ArgumentParser
import TraceCompression
import TraceCore
import TraceServer
import TraceStorage
import TraceTerminal

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows the whole story on recorded traces: before and after, drawn and reported.",
        discussion: "Uses an intake on a free port and a temporary database, and leaves nothing behind.")

    @Option(
        help: ArgumentHelp(
            "The folder of the recordings. Default: sample-traces of the project this program was built in.",
            valueName: "folder"),
        completion: .directory)
    var traces: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let recordings = try traces ?? SampleTraces.folder()
        guard let folder = Platform.makeTemporaryFolder() else {
            throw CommandFailure(.inputOutput, "cannot make a temporary folder: \(Platform.lastError)")
        }
        defer { Platform.removeFolder(folder) }
        let databasePath = "\(folder)/demo.db"
        var story = DemoStory(output: output, databasePath: databasePath)
        try await RunningIntake.with(databasePath: databasePath) { address in
            for name in SampleTraces.shown {
                let path = "\(recordings)/\(name)"
                story.traces[name] = try Self.trace(path)
                try await Self.post(path, to: address)
            }
        }
        try story.tell()
    }

    /// The trace that a recording holds.
    private static func trace(_ path: String) throws -> Identifier {
        guard let trace = try TraceFile.read(path).batch.traces.first else {
            throw CommandFailure(.usage, "\(path) holds no run")
        }
        return trace
    }

    /// Sends a recording as the Python agent would: one gzip body, then an empty one to flush.
    private static func post(_ path: String, to address: ServerAddress) async throws {
        let client = IntakeClient(address: address)
        var body = try Deflater(level: 5)
        let reader = try TraceFileReader(path)
        while try reader.next({ body.feed($0) }) {}
        let headers = [
            (name: "Content-Type", value: "application/x-ndjson"), (name: "Content-Encoding", value: "gzip"),
            (name: "User-Agent", value: "waitline demo"),
        ]
        let answer = try await client.post("/intake/v2/events", headers: headers, body: body.finish())
        guard answer.status == 202 else {
            throw CommandFailure(.usage, "\(path) was not accepted (\(answer.status)): \(answer.text)")
        }
        let flush = try await client.post("/intake/v2/events?flushed=true", headers: headers, body: [])
        guard flush.status == 202 else {
            throw CommandFailure(.inputOutput, "the intake answered \(flush.status): \(flush.text)")
        }
        await client.close()
    }
}

/// The recordings that come with the project.
enum SampleTraces {
    static let before = "before-3users.ndjson"
    static let after = "after-3users.ndjson"
    static let manyBefore = "before-1000users.ndjson.gz"
    static let manyAfter = "after-1000users.ndjson.gz"
    static let shown = [before, after, manyBefore, manyAfter]

    /// The folder they lie in: beside the program or above it, where the project was built, or here.
    static func folder() throws(CommandFailure) -> String {
        var places = [Platform.workingFolder]
        if let program = Platform.programPath {
            var parts = program.split(separator: "/", omittingEmptySubsequences: false)
            while parts.count > 1 {
                parts.removeLast()
                places.append(parts.joined(separator: "/"))
            }
        }
        for place in places where Platform.fileExists("\(place)/sample-traces/\(before)") {
            return "\(place)/sample-traces"
        }
        throw CommandFailure(
            .inputOutput,
            "the sample traces are not here: run `waitline demo` in the project's folder, or name theirs with --traces")
    }
}

/// The words between the pictures.
struct DemoStory {
    let output: OutputOptions
    let databasePath: String
    /// The trace of each recording, by its file name.
    var traces: [String: Identifier] = [:]

    func tell() throws {
        try TraceReader(path: databasePath).read { snapshot in
            let before = try analysis(SampleTraces.before, snapshot)
            try say(
                """
                A billing job makes one task per user, all at once, behind a semaphore with \(slots(before)) permits. Each \
                task opens its transaction before it has its permit. What the agent recorded, told apart:
                """)
            try show(before)
            if let task = longestWait(before) {
                try say(
                    """
                    The agent says \(task.total) for \(task.user). Of that, \(task.wait) is waiting for a permit, and \
                    \(task.work) is work. Nobody instrumented the semaphore: a permit is seen to be handed on when one \
                    task ends and the next begins to work.
                    """)
            }
            try say("The same job after a refactoring to a queue with as many workers:")
            try show(try analysis(SampleTraces.after, snapshot))
            try say(
                """
                Now the transactions begin when a worker takes the user, and say what was done for the user. The waiting \
                is still there, before the transactions: `·`, the delay.
                """)
            for name in [SampleTraces.manyBefore, SampleTraces.manyAfter] {
                let many = try analysis(name, snapshot)
                let tasks = many.largestGroup?.members.count ?? 0
                try say("\(tasks) users, \(name == SampleTraces.manyBefore ? "before" : "after"):")
                var builder = TaskReportBuilder(by: [.user])
                builder.add(many, isArriving: false)
                try StandardOutput.write(ReportView(builder.report(), output.terminal(rows: 5)).lines() + [""])
            }
            try tellDifference(snapshot)
        }
    }

    private func tellDifference(_ snapshot: TraceReader.Snapshot) throws {
        try say("Both side by side:")
        var builder = ComparisonBuilder()
        builder.add(try analysis(SampleTraces.manyBefore, snapshot), to: .a, isArriving: false)
        builder.add(try analysis(SampleTraces.manyAfter, snapshot), to: .b, isArriving: false)
        let comparison = builder.comparison(bins: ComparisonView.bins(width: output.terminal.width))
        let view = ComparisonView(comparison, names: ("before", "after"), output.terminal)
        try StandardOutput.write(view.lines())
    }

    private func analysis(_ name: String, _ snapshot: TraceReader.Snapshot) throws -> TraceAnalysis {
        let runs = try traces[name].map { try snapshot.runs(.tracePrefix($0.text)) } ?? []
        guard let run = runs.first else {
            throw CommandFailure(.inputOutput, "the run of \(name) was sent and is not in the database")
        }
        return TraceAnalysis(try snapshot.trace(run))
    }

    private func show(_ analysis: TraceAnalysis) throws {
        try StandardOutput.write(WaterfallView(analysis, output.terminal))
        try StandardOutput.write("\n")
    }

    private func say(_ text: String) throws {
        try StandardOutput.write(Paragraph(text, output.terminal).lines() + [""])
    }

    private func slots(_ analysis: TraceAnalysis) -> Int { analysis.largestGroup?.knownSlots ?? 0 }

    private func longestWait(
        _ analysis: TraceAnalysis
    ) -> (user: String, total: String, wait: String, work: String)? {
        let trace = analysis.trace
        let tasks = analysis.tasks.compactMap { task in analysis.breakdown(task).map { (task, $0) } }
        guard let (task, breakdown) = tasks.max(by: { $0.1.wait < $1.1.wait }), breakdown.wait > 0 else { return nil }
        return (
            trace.symbols.text(trace.events[task].user) ?? "one user", DurationText.single(breakdown.total),
            DurationText.single(breakdown.wait), DurationText.single(breakdown.work)
        )
    }
}

extension DurationText {
    /// A duration by itself, in the unit it reads well in.
    fileprivate static func single(_ duration: Int64) -> String {
        DurationText(fitting: duration, ascii: true).text(duration)
    }
}
