import ArgumentParser
import TraceCore
import TraceExport
import TraceStorage
import TraceTerminal

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Lists the runs, newest first.",
        discussion: """
            For each: start, service, name, tasks, failed, slots, makespan, wait share, and the beginning of its trace \
            id, by which other commands take it.
            """)

    @Flag(help: "Also runs in which no tasks share a parent transaction.")
    var all = false

    @Flag(help: "Analyse every run anew instead of reading stored figures: the answer is the same.")
    var noCache = false

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        Platform.stepBack()
        let now = Platform.now()
        var source = RunSource(
            selector: try Selector(["all"], now: now, clock: output.clock), databasePath: database.path, now: now)
        let runs = try source.summaries(usesCache: !noCache).filter { all || $0.group != nil }
        switch output.format {
        case .json:
            // For a program an empty list is an answer.
            try StandardOutput.write(RunsJSON.text(Array(runs.prefix(output.jsonRows ?? .max))))
        case .text:
            guard !runs.isEmpty else {
                let (what, advice) = all ? ("no run", "") : ("no run with tasks under one parent", ": try --all")
                throw CommandFailure(.no, "\(what) in \(database.path)\(advice)")
            }
            let view = RunsView(runs, output.terminal(rows: 20), clock: output.clock)
            try StandardOutput.write(view.lines())
        }
    }
}
