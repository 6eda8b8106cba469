import ArgumentParser
import TraceServer
import TraceStorage

/// The program: reads its arguments, runs one command, and turns whatever went wrong into one line on standard error
/// and an exit code.
@main
struct Waitline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waitline",
        abstract: "Tells waiting from work in what Elastic APM agents send.",
        discussion: "What is measured, and how: `waitline help wait-and-work`.",
        version: Version.text,
        subcommands: [
            ServeCommand.self, ImportCommand.self, RunsCommand.self, WaterfallCommand.self, BrowseCommand.self,
            ReportCommand.self, CompareCommand.self, WhatIfCommand.self, SpanCommand.self, ExportCommand.self,
            RecordCommand.self,
            DatabaseCommand.self,
            DemoCommand.self,
            CheckIntakeCommand.self,
        ])

    static func main() async {
        Platform.ignoreBrokenPipes()
        if let topic = HelpTopic(CommandLine.arguments.dropFirst()) {
            _ = Platform.write(topic.text + "\n")
            return
        }
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Platform.exit(end(error))
        }
    }

    /// Says what went wrong; the exit code for it.
    private static func end(_ error: any Error) -> Int32 {
        if error is BrokenPipe { return 0 }
        if let ended = error as? RecordedCommand.Failed { return ended.status }
        if let failure = CommandFailure(error) {
            if let message = failure.message { Platform.writeError("waitline: \(SafeLine.text(message))\n") }
            return failure.code.rawValue
        }
        let code = exitCode(for: error)
        if code == .success {
            let columns = Platform.environment["COLUMNS"].flatMap { Int($0) } ?? Platform.terminalWidth(1) ?? 80
            _ = Platform.write(HelpText.wrapping(fullMessage(for: error), columns: max(columns, 30)) + "\n")
            return 0
        }
        guard code == .validationFailure else {
            Platform.writeError("waitline: \(SafeLine.text("\(error)"))\n")
            return CommandFailure.Code.inputOutput.rawValue
        }
        Platform.writeError("waitline: \(SafeLine.text(usageMessage(error)))\n")
        return CommandFailure.Code.usage.rawValue
    }

    /// What is wrong with the arguments and where to read more, in one line: the parser's own text has several.
    private static func usageMessage(_ error: any Error) -> String {
        let lines = fullMessage(for: error).split(separator: "\n")
        let pointer = lines.last { $0.contains("--help'") }?.split(separator: "'").dropFirst().first
        let message = message(for: error)
        return "\(message.hasSuffix(".") ? String(message.dropLast()) : message): see `\(pointer ?? "waitline --help")`"
    }
}

/// The program's own version.
enum Version {
    static let text = "0.1.0"
}
