import ArgumentParser
import Foundation

/// `benchmark scale`.
struct ScaleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Imports one run of more and more tasks, and asks for it: how time and memory grow with its size.",
        discussion: """
            A task of the sample trace has six events, so that 167k tasks are a trace of a million. Time and memory that \
            grow by the power p from one size to the next: p is 1 where both double, a little more for n log n.
            """)

    @OptionGroup var measuring: MeasuringOptions

    @Option(help: "How many tasks; repeatable. Default: 1k, 5k, 50k and 167k. Rounded up to whole recordings.")
    var tasks: [Amount] = []

    @Option(help: "The recording that the run is made of. Default: the sample trace of the package.")
    var trace: String?

    @Option(help: "How often each command is run.")
    var rounds = Rounds(3)

    func run() throws {
        let run = try LargeRun(Recording(path: trace ?? Recording.sample))
        let counts = tasks.isEmpty ? [1_000, 5_000, 50_000, 167_000] : tasks.map(\.count)
        var sizes: [ScaleReport.Size] = []
        for count in counts.sorted() {
            let copies = (count + run.tasksPerCopy - 1) / run.tasksPerCopy
            sizes.append(try measure(run, copies: copies))
            progress("\(Figure.whole(copies * run.tasksPerCopy)) tasks measured")
        }
        try measuring.report(ScaleReport(rounds: rounds.count, sizes: sizes))
    }

    private func measure(_ run: LargeRun, copies: Int) throws -> ScaleReport.Size {
        let scratch = try Scratch(in: measuring.folder)
        defer { scratch.remove() }
        let program = try measuring.program
        let recording = scratch.file("run.ndjson.gz")
        let events = try run.write(copies: copies, to: recording)
        let database = scratch.file("events.db")
        var executions = ScaleReport.commands.map { _ in [Execution]() }
        for _ in 0..<rounds.count {
            for suffix in ["", "-wal", "-shm", ".lock"] { Platform.removeFile(database + suffix) }
            for (index, name) in ScaleReport.commands.enumerated() {
                let subject = name == "import" ? recording : "latest"
                executions[index].append(
                    try Execution(
                        [program, name, subject, "--database", database], as: "waitline \(name)", scratch: scratch))
            }
        }
        let size = try DatabaseSize.read(database, waitline: program, scratch: scratch)
        guard size.storedEvents == events else {
            throw Failure("\(events) events were imported, and \(size.storedEvents) are stored")
        }
        return ScaleReport.Size(
            tasks: copies * run.tasksPerCopy, events: events, commands: executions.map { ExecutionSpread($0) })
    }
}
