import ArgumentParser
import TraceCore
import TraceExport
import TraceStorage
import TraceTerminal

struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database", abstract: "Looks after the database.",
        subcommands: [
            DatabaseInfoCommand.self, DatabaseCheckCommand.self, DatabasePruneCommand.self, DatabaseBackupCommand.self,
        ])
}

struct DatabaseInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Says what is stored, how large it is, what the intake did not take, and which times are odd.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let information = try TraceReader(path: database.path).read { try $0.information() }
        switch output.format {
        case .json:
            try StandardOutput.write(DatabaseJSON.text(information, path: database.path))
        case .text:
            let view = DatabaseView(
                information, path: database.path, output.terminal, clock: output.clock)
            try StandardOutput.write(view.lines())
        }
    }
}

struct DatabaseCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks that the database is whole: its pages, what its rows refer to, every stored line.",
        discussion: """
            Reads everything, and decodes every body again to compare what is stored of its events with what was sent. \
            A server may go on writing meanwhile. Exit code 1 where something is wrong.
            """)

    @Option(help: "How the answer is written.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    /// Problems told in all.
    private static let limit = 100

    func run() throws {
        var problems: [String] = []
        var (bodies, events) = (0, 0)
        try TraceReader(path: database.path).read { snapshot in
            problems = snapshot.integrityProblems(limit: Self.limit)
            try snapshot.forEachBody { body in
                bodies += 1
                events += body.events.events.count + body.events.sideEvents.count
                guard problems.count < Self.limit else { return }
                problems += StoredBodyCheck.problems(of: body)
            }
        }
        problems = Array(problems.prefix(Self.limit))
        switch format {
        case .json:
            try StandardOutput.write(
                DatabaseJSON.check(problems: problems, bodies: bodies, events: events, path: database.path))
        case .text:
            for problem in problems { try StandardOutput.write(SafeLine.text(problem) + "\n") }
            if problems.isEmpty {
                let text = CountText.text(events, "event", "events") + " in " + CountText.text(bodies, "body", "bodies")
                try StandardOutput.write("ok: \(text) \(events == 1 ? "is as it was" : "are as they were") sent\n")
            }
        }
        if !problems.isEmpty {
            let count = CountText.text(problems.count, "problem", "problems")
            let more = problems.count < Self.limit ? "" : " or more"
            throw CommandFailure(
                .no, "\(count)\(more) in \(database.path): export the runs that matter and import them elsewhere")
        }
    }
}
