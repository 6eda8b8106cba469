import ArgumentParser
import TraceTerminal

/// Where the database is.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "The database file. Default: $WAITLINE_DATABASE, else $XDG_DATA_HOME/waitline/waitline.db.")
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

/// Text for people, JSON for programs.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
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

/// What a table can be printed as as well.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case csv
    case markdown
}

/// How answers are printed.
struct OutputOptions: ParsableArguments {
    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var display: DisplayOptions

    var utc: Bool { display.utc }
    var terminal: TerminalOptions { display.terminal }
    var jsonRows: Int? { display.jsonRows }
    func terminal(isFile: Bool) -> TerminalOptions { display.terminal(isFile: isFile) }
    func terminal(rows standard: Int) -> TerminalOptions { display.terminal(rows: standard) }
    func secondsFromUTC(at time: Int64) -> Int { display.secondsFromUTC(at: time) }
}

/// How answers are printed that are tables.
struct TableOutputOptions: ParsableArguments {
    @Option(help: "text, json, csv or markdown.")
    var format: TableFormat = .text

    @OptionGroup var display: DisplayOptions
}

/// What views are drawn for.
struct DisplayOptions: ParsableArguments {
    @Option(help: "Colour: auto, always or never. auto: on a terminal, unless NO_COLOR is set.")
    var color: AutomaticChoice = .auto

    @Option(help: "Plain ASCII instead of block characters: auto, always or never. auto: in the C and POSIX locales.")
    var ascii: AutomaticChoice = .auto

    @Option(help: "Columns. Default: the terminal's, else $COLUMNS, else 100.")
    var width: Int?

    @Option(help: "How many rows to show, or all.")
    var rows: RowLimit?

    @Flag(help: "Show times in UTC instead of the local zone.")
    var utc = false

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
            ascii: TerminalOptions.isASCII(ascii, environment: environment),
            rows: rows ?? .standard,
            utc: utc)
    }

    /// What the views are told, so many rows where `--rows` is not given.
    func terminal(rows standard: Int) -> TerminalOptions {
        var terminal = terminal
        if terminal.rows == .standard { terminal.rows = .first(standard) }
        return terminal
    }

    /// At most so many rows of JSON; nil is all.
    var jsonRows: Int? {
        switch rows {
        case .first(let count): count
        case .all, .standard, nil: nil
        }
    }

    private static func surroundingWidth(isFile: Bool) -> Int {
        let terminal = isFile ? nil : Platform.terminalWidth(1)
        let width = terminal ?? Platform.environment["COLUMNS"].flatMap { Int($0) } ?? 100
        return min(max(width, 30), 2_000)
    }

    /// Seconds ahead of UTC of the zone that times are shown in, at a point in time.
    func secondsFromUTC(at time: Int64) -> Int { utc ? 0 : Platform.localOffset(at: time) }
}
