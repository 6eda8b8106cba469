import ArgumentParser
import Foundation

/// `benchmark reads`.
struct ReadsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reads",
        abstract: "Runs each command that answers, as a whole process.",
        discussion: """
            Cold: the system has forgotten what it held of the database in memory. Warm: the same again right after. \
            The next round begins when every command has had its turn. What takes longer than 10 s is run once.
            """)

    @OptionGroup var measuring: MeasuringOptions

    @Option(help: "The database, as `growth --keep` leaves one.")
    var database: String

    @Option(help: "How often each command is run, cold and warm.")
    var rounds = Rounds(5)

    @Option(
        help: """
            A reference, by its command, that takes turns with the others; repeatable. {db} stands for the path of the \
            database.
            """)
    var against: [String] = []

    /// Milliseconds: what takes longer is run once.
    private static let long = 10_000.0

    func run() throws {
        guard Platform.fileExists(database) else { throw Failure("--database: there is no \(database)") }
        let scratch = try Scratch(in: measuring.folder)
        defer { scratch.remove() }
        let size = try DatabaseSize.read(database, waitline: measuring.program, scratch: scratch)
        let commands = try commands(scratch) + references()
        var executions = commands.map { _ in (cold: [Execution](), warm: [Execution]()) }
        for round in 0..<rounds.count {
            for (index, command) in commands.enumerated() {
                if round > 0, executions[index].cold[0].milliseconds > Self.long { continue }
                for suffix in ["", "-wal"] { Platform.dropFromCache(database + suffix) }
                func execute() throws -> Execution {
                    try Execution(command.arguments, as: command.name, scratch: scratch)
                }
                executions[index].cold.append(try execute())
                executions[index].warm.append(try execute())
            }
            progress("round \(round + 1) of \(rounds.count)")
        }
        let firstReference = against.isEmpty ? nil : executions[commands.count - against.count].warm
        let results = zip(commands, executions).map { ReadsReport.Command($0.name, $1.cold, $1.warm, firstReference) }
        try measuring.report(ReadsReport(events: size.storedEvents, runs: size.runs, commands: results))
    }

    private func references() throws -> [(name: String, arguments: [String])] {
        try against.map { command in
            let template = CommandTemplate(command)
            return (template.name, try template.arguments(["db": database]))
        }
    }

    /// Our commands. Those for one run are asked of the newest, and of one from the middle.
    private func commands(_ scratch: Scratch) throws -> [(name: String, arguments: [String])] {
        let program = try measuring.program
        struct Runs: Decodable {
            struct Run: Decodable { var traceId: String }
            var runs: [Run]
        }
        struct Waterfall: Decodable {
            struct Row: Decodable { var id: String? }
            var rows: [Row]
        }
        let runs: Runs = try answer([program, "runs", "--all", "--rows", "100"], scratch)
        guard !runs.runs.isEmpty else { throw Failure("\(database) holds no run") }
        let run = runs.runs[runs.runs.count / 2].traceId
        let ids = (try answer([program, "waterfall", run, "--rows", "100"], scratch) as Waterfall).rows.compactMap(\.id)
        guard !ids.isEmpty else { throw Failure("the run \(run) has no events") }
        let named = [("TRACE", run), ("ID", ids[ids.count / 2])]
        let commands = [
            ["--version"], ["runs"], ["waterfall", "latest"], ["waterfall", "TRACE"], ["report", "latest"],
            ["report", "TRACE"], ["report", "all", "--by", "user"], ["report", "all", "--by", "run"], ["span", "ID"],
            ["database", "info"],
        ]
        return commands.map { words in
            let arguments = words.map { word in named.first { $0.0 == word }?.1 ?? word }
            let target = words == ["--version"] ? [] : ["--database", database]
            return (words.joined(separator: " "), [program] + arguments + target)
        }
    }

    /// Asks for JSON, and reads what is needed of it.
    private func answer<Answer: Decodable>(_ arguments: [String], _ scratch: Scratch) throws -> Answer {
        let name = "waitline \(arguments[1])"
        let target = ["--database", database, "--format", "json"]
        _ = try Execution(arguments + target, as: name, scratch: scratch, files: "question")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            let text = Platform.contents(of: scratch.file("question.txt")) ?? []
            return try decoder.decode(Answer.self, from: Data(text))
        } catch {
            throw Failure("`\(name)` says what cannot be read: \(error)")
        }
    }
}
