import ArgumentParser
import TraceCore
import TraceTerminal

/// Where the database is.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The database file. Default: $WAITLINE_DATABASE, else $XDG_DATA_HOME/waitline/waitline.db.",
            valueName: "file"),
        completion: .file())
    var database: String?

    /// The path in force.
    var path: String {
        if let database { return database }
        if let named = Platform.environment["WAITLINE_DATABASE"], !named.isEmpty { return named }
        if let data = Platform.environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            return "\(data)/waitline/waitline.db"
        }
        return "\(Platform.environment["HOME"] ?? "")/.local/share/waitline/waitline.db"
    }
}

/// A choice of how an answer is written, text where nothing is said.
protocol AnswerFormat: ExpressibleByArgument, CaseIterable {
    static var text: Self { get }
}

/// Text for people, JSON for programs.
enum OutputFormat: String, AnswerFormat {
    case text
    case json
}

/// Text for people, JSON for programs, and what tables are taken along in.
enum TableFormat: String, AnswerFormat {
    case text
    case json
    case csv
    case markdown
}

extension AutomaticChoice: ExpressibleByArgument {}

extension RowLimit: ExpressibleByArgument {
    public init?(argument: String) {
        if argument == "all" {
            self = .all
        } else if let count = Int(argument), count >= 0 {
            self = .first(count)
        } else {
            return nil
        }
    }
}

/// How answers are drawn.
struct DrawingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Colour. auto: on a terminal, unless NO_COLOR is set.", valueName: "when"))
    var color: AutomaticChoice = .auto

    @Option(
        help: ArgumentHelp(
            "Plain ASCII instead of block characters. auto: in the C and POSIX locales.", valueName: "when"))
    var ascii: AutomaticChoice = .auto

    @Option(help: ArgumentHelp("Columns. Default: the terminal's, else $COLUMNS, else 100.", valueName: "n"))
    var width: Int?

    func validate() throws {
        if let width, !(30...2_000).contains(width) {
            throw ValidationError("--width takes a number of columns from 30 to 2000.")
        }
    }

    /// What the views are told that are written to standard output.
    var terminal: TerminalOptions { terminal(isFile: false) }

    /// What the views are told, written to standard output or to a file, which is no terminal.
    func terminal(isFile: Bool) -> TerminalOptions {
        let environment = Platform.environment
        return TerminalOptions(
            width: width ?? Self.surroundingWidth(isFile: isFile),
            colors: ColorMode(color, isTerminal: !isFile && Platform.isTerminal(1), environment: environment),
            ascii: TerminalOptions.isASCII(ascii, environment: environment))
    }

    private static func surroundingWidth(isFile: Bool) -> Int {
        let terminal = isFile ? nil : Platform.terminalWidth(1)
        let width = terminal ?? Platform.environment["COLUMNS"].flatMap { Int($0) } ?? 100
        return min(max(width, 30), 2_000)
    }
}

/// How answers with any number of rows are printed.
typealias OutputOptions = FormattedOutputOptions<OutputFormat>

/// How tables are printed.
typealias TableOutputOptions = FormattedOutputOptions<TableFormat>

/// How answers with any number of rows are printed, in one of some formats.
struct FormattedOutputOptions<Format: AnswerFormat>: ParsableArguments {
    @Option(help: "How the answer is written.")
    var format: Format = .text

    @OptionGroup var drawing: DrawingOptions

    @Option(help: ArgumentHelp("How many rows to show, or all.", valueName: "n|all"))
    var rows: RowLimit?

    @Flag(help: "Read and show times in UTC instead of the local zone.")
    var utc = false

    /// What the views are told that are written to standard output.
    var terminal: TerminalOptions { terminal(isFile: false) }

    /// What the views are told, written to standard output or to a file, which is no terminal.
    func terminal(isFile: Bool) -> TerminalOptions {
        var terminal = drawing.terminal(isFile: isFile)
        terminal.rows = rows ?? .standard
        terminal.utc = utc
        return terminal
    }

    /// What the views are told, so many rows where `--rows` is not given.
    func terminal(rows standard: Int) -> TerminalOptions {
        var terminal = terminal
        if terminal.rows == .standard { terminal.rows = .first(standard) }
        return terminal
    }

    /// At most so many rows for a program; nil is all.
    var jsonRows: Int? {
        switch rows {
        case .first(let count): count
        case .all, .standard, nil: nil
        }
    }

    /// What times are shown and read by.
    var clock: LocalClock { utc ? .utc : .local }
}
