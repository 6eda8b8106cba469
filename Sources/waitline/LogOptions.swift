import ArgumentParser
import Logging

/// What is said on standard error, and how.
struct LogOptions: ParsableArguments {
    enum Level: String, ExpressibleByArgument, CaseIterable {
        case error
        case warning
        case info
        case debug
    }

    @Option(
        help: ArgumentHelp(
            "What is logged: info has totals once a minute, debug a line for each request.", valueName: "level"))
    var logLevel: Level = .warning

    @Option(help: ArgumentHelp("How log lines on standard error look.", valueName: "format"))
    var logFormat: ProgramLog.Format = .text

    var logger: Logger {
        let level: Logger.Level =
            switch logLevel {
            case .error: .error
            case .warning: .warning
            case .info: .info
            case .debug: .debug
            }
        return ProgramLog.logger(level, logFormat)
    }
}

extension ProgramLog.Format: ExpressibleByArgument {}
