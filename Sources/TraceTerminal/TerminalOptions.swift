/// What a view is drawn for.
package struct TerminalOptions: Sendable, Hashable {
    /// Columns; no line is wider. Widths under 20 are taken as 20.
    package var width: Int
    package var colors: ColorMode
    /// Whether only ASCII is written.
    package var ascii: Bool
    package var rows: RowLimit
    /// Whether times are said to be in UTC; which they are is the caller's.
    package var utc: Bool

    /// Plain text of 100 columns, where nothing else is said.
    package init(
        width: Int = 100, colors: ColorMode = .none, ascii: Bool = false, rows: RowLimit = .standard, utc: Bool = false
    ) {
        self.width = max(20, width)
        self.colors = colors
        self.ascii = ascii
        self.rows = rows
        self.utc = utc
    }
}

/// How many rows a view shows.
package enum RowLimit: Sendable, Hashable {
    /// What the view thinks right.
    case standard
    case first(Int)
    case all

    /// The number of rows shown of `count`, where the view's own limit is `standard`.
    func shown(of count: Int, standard: Int) -> Int {
        switch self {
        case .standard: min(count, standard)
        case .first(let limit): min(count, max(0, limit))
        case .all: count
        }
    }
}

/// `auto`, `always` or `never`, as `--color` and `--ascii` take it.
package enum AutomaticChoice: String, Sendable, CaseIterable {
    case auto
    case always
    case never
}

/// How many colours a terminal is given.
package enum ColorMode: Sendable, Hashable, CaseIterable {
    /// No escape sequences at all.
    case none
    /// Bold and reverse video, and the terminal's own colours: for screens where no colours are wanted.
    case monochrome
    case sixteen
    case indexed
    case direct

    /// Whether colours of ours are written.
    var hasColors: Bool { self != .none && self != .monochrome }

    /// From `--color`, from whether a terminal is written to, and from `NO_COLOR`, `TERM` and `COLORTERM` of the
    /// environment.
    package init(_ choice: AutomaticChoice, isTerminal: Bool, environment: [String: String]) {
        let term = environment["TERM"] ?? ""
        let isSilenced = !(environment["NO_COLOR"] ?? "").isEmpty || term.isEmpty || term == "dumb"
        switch choice {
        case .never:
            self = .none
        case .auto where !isTerminal || isSilenced:
            self = .none
        case .auto, .always:
            if ["truecolor", "24bit"].contains(environment["COLORTERM"]?.lowercased()) || term.hasSuffix("-direct") {
                self = .direct
            } else {
                self = term.hasSuffix("256color") ? .indexed : .sixteen
            }
        }
    }
}

extension TerminalOptions {
    /// Whether only ASCII is written: from `--ascii` and the first set of `LC_ALL`, `LC_CTYPE` and `LANG`. `C`,
    /// `POSIX` and a character set other than UTF-8 mean ASCII; where none is set, UTF-8 is taken.
    package static func isASCII(_ choice: AutomaticChoice, environment: [String: String]) -> Bool {
        switch choice {
        case .always: return true
        case .never: return false
        case .auto: break
        }
        let locales = ["LC_ALL", "LC_CTYPE", "LANG"].map { environment[$0] ?? "" }
        guard let locale = locales.first(where: { !$0.isEmpty }) else { return false }
        if locale == "C" || locale == "POSIX" { return true }
        let parts = locale.split(separator: "@")[...].first?.split(separator: ".", maxSplits: 1) ?? []
        guard parts.count == 2 else { return false }
        return parts[1].lowercased().filter { $0 != "-" && $0 != "_" } != "utf8"
    }
}
