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

    @Option(help: "error, warning, info (totals once a minute) or debug (a line for each request).")
    var logLevel: Level = .warning

    @Option(help: "How log lines on standard error look: text or json.")
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
