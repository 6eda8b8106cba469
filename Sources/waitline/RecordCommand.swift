import ArgumentParser
import TraceCore
import TraceStorage
import TraceTerminal

struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Runs a command, takes in what its Elastic APM agent sends, and reports it.",
        usage: "waitline record [<options>] -- <command> ...",
        discussion: """
            The command finds ELASTIC_APM_SERVER_URL in its environment; it needs an agent, and nothing else. Its own \
            output comes before the report: --output keeps them apart. Exits with the command's status where that is \
            not 0, and with 1 where nothing was recorded or a --fail-if held.

            Examples:
              waitline record -- python3 runner.py
              waitline record --fail-if 'p95(wait) > 5s' -- make bill
            """)

    @Argument(parsing: .postTerminator, help: "The command with its arguments, after --.")
    var command: [String]

    @Option(
        name: .customLong("output"),
        help: ArgumentHelp("The file that the report is written to. Default: standard output.", valueName: "file"),
        completion: .file())
    var outputPath: String?

    @OptionGroup var report: ReportOptions
    @OptionGroup var budgets: BudgetOptions
    @OptionGroup var database: DatabaseOptions

    @Option(
        help: ArgumentHelp(
            "The secret token of the server, where one holds the database. Default: $WAITLINE_SECRET_TOKEN.",
            valueName: "token"))
    var secretToken: String?

    @OptionGroup var inference: InferenceOptions
    @OptionGroup var output: TableOutputOptions

    func run() async throws {
        // What was open before anything of ours is there for the command.
        let inherited = Platform.openDescriptors
        let request = try report.request(
            settings: try inference.settings(), budgets: try budgets.budgets(for: .report))
        let file = try OutputFile(outputPath)
        let recording = Recording(
            try await ImportDestination(
                databasePath: database.path, secretToken: secretToken ?? AccessOptions.ownSecretToken))
        let ended: Ended
        do {
            ended = try await RunningIntake.with(
                sink: { await recording.store($0) }, losses: { await recording.note($0) }
            ) { intake in
                try await Self.run(command, intake, inherited: inherited)
            }
        } catch {
            await recording.close()
            throw error
        }
        await recording.close()
        ForegroundSignals.releaseAll()
        do {
            try tell(of: await recording.contents, ended, request, file)
        } catch {
            if ended.status == 0 { throw error }
            if let message = CommandFailure(error)?.message { Self.say(message) }
        }
        if ended.status != 0 { throw RecordedCommand.Failed(status: ended.status) }
    }

    /// How the command and what it sent came to an end.
    private struct Ended {
        var status: Int32
        /// Whether anyone ever connected to the intake.
        var hadConnections: Bool
    }

    /// How long something that the command has started may stay connected after its end.
    private static let lastFlushLimit = Duration.seconds(10)

    private static func run(_ words: [String], _ intake: RunningIntake, inherited: Set<Int32>) async throws -> Ended {
        let command = try RecordedCommand(words, sendingTo: intake.address, inherited: inherited)
        let status = await command.end()
        // An agent sends what it has left before its process ends, but the command may have started others.
        let isQuiet = await intake.becomesQuiet(within: lastFlushLimit, or: { ForegroundSignals.hasCome })
        if !isQuiet {
            say("something that the command has started is still connected: what it sends from now on is not recorded")
        }
        return Ended(status: status, hadConnections: intake.hadConnections)
    }

    /// Reports what was recorded, and says what of it is missing.
    private func tell(
        of contents: Recording.Contents, _ ended: Ended, _ request: ReportRequest, _ file: consuming OutputFile
    ) throws {
        let runs = contents.traces.isEmpty ? [] : try runs(contents.traces)
        guard let newest = runs.first else {
            throw nothingRecorded(contents, ended)
        }
        Self.say(hint(newest, count: runs.count))
        for warning in contents.warnings { Self.say(warning) }
        var source = RunSource(
            selector: Selector(runs.map(\.trace)), databasePath: database.path, now: Platform.now())
        let report = try request.report(of: &source, bins: output.bins(isFile: isFile))
        do {
            try file.write(output.text(report, of: request, isFile: isFile))
            try file.finish()
        } catch is BrokenPipe where !request.budgets.isEmpty {
            // As when a report is written: the budgets are held against it all the same.
        }
        let check = BudgetCheck(request.budgets, report, ascii: output.terminal.ascii)
        check.tell()
        if let failure = contents.failure {
            throw CommandFailure(.inputOutput, "not all that was sent is stored: \(failure)")
        }
        if let rejections = contents.rejections { throw CommandFailure(.usage, rejections) }
        try check.end()
    }

    private var isFile: Bool { outputPath.map { $0 != "-" } ?? false }

    /// The recorded runs, newest first, and for the newest a text that names it.
    private func runs(_ traces: Set<Identifier>) throws -> [Recorded] {
        try TraceReader(path: database.path).read { snapshot in
            let runs = try traces.flatMap { trace in
                try snapshot.runs(.tracePrefix(trace.text)).filter { $0.trace == trace }
            }
            return try runs.sorted { $0.start != $1.start ? $0.start > $1.start : $0.trace < $1.trace }
                .enumerated().map { index, run in
                    let short = String(run.trace.text.prefix(8))
                    let isShort = index == 0 ? try snapshot.runs(.tracePrefix(short)).count == 1 : false
                    return Recorded(trace: run.trace, name: isShort ? short : run.trace.text)
                }
        }
    }

    private struct Recorded {
        var trace: Identifier
        /// What it is called on the command line.
        var name: String
    }

    private func hint(_ newest: Recorded, count: Int) -> String {
        let others = "recorded \(CountText.text(count)) runs, the newest \(newest.name)"
        let which = count == 1 ? "recorded run \(newest.name)" : others
        let place = database.database.map { " --database \($0)" } ?? ""
        return "\(which): see it with `waitline waterfall \(newest.name)\(place)`"
    }

    private func nothingRecorded(_ contents: Recording.Contents, _ ended: Ended) -> CommandFailure {
        if let failure = contents.failure { return CommandFailure(.inputOutput, "nothing was recorded: \(failure)") }
        if let rejections = contents.rejections { return CommandFailure(.usage, "nothing was recorded: \(rejections)") }
        let advice =
            ended.hadConnections
            ? "an agent connected and sent no transaction and no span: see whether it is set to record"
            : "nobody connected to ELASTIC_APM_SERVER_URL: see whether the agent is enabled, and told of no other server"
        return CommandFailure(.no, "nothing was recorded: \(advice)")
    }

    private static func say(_ message: String) { Platform.writeError("waitline: \(SafeLine.text(message))\n") }
}
