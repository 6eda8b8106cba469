import TraceTerminal

/// The whole terminal, from `begin` to `end`: keys come one by one, the screen is one of our own, and what was there
/// before comes back afterwards.
struct TerminalSession {
    /// What is there to be taken.
    enum Input {
        case bytes([UInt8])
        /// What the terminal was is gone.
        case closed
        case requests([TerminalSignals.Request])
        /// Nothing came in time.
        case nothing
    }

    private static let input: Int32 = 0
    private static let output: Int32 = 1

    /// A screen of our own, no cursor, no wrapping of lines; the mouse's presses in the newer form, pastes marked.
    private static let opening =
        "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[?1000h\u{1B}[?1006h\u{1B}[?2004h\u{1B}[0m\u{1B}[2J"
    /// All of that taken back, also what of a sequence may have been written.
    private static let closing =
        "\u{1B}[?2026l\u{1B}[?2004l\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?7h\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"

    private let modes: Platform.TerminalModes
    private let signals: Int32
    private var buffer = [UInt8](repeating: 0, count: 4_096)

    /// Takes the terminal. Throws where it cannot be had.
    init() throws(CommandFailure) {
        guard let modes = Platform.terminalModes(Self.input), let signals = TerminalSignals.catchAll() else {
            throw CommandFailure(.inputOutput, "the terminal cannot be set: \(Platform.lastError)")
        }
        self.modes = modes
        self.signals = signals
        TerminalSignals.restoreOnCrash(Self.closing, modes)
    }

    /// Shows our screen; once more after the program was stopped.
    func begin() {
        Platform.setTerminal(Self.input, to: Platform.raw(modes))
        _ = Platform.write(Self.opening)
    }

    /// Shows what was there before.
    func end() {
        _ = Platform.write(Self.closing)
        Platform.setTerminal(Self.input, to: modes)
    }

    /// Columns and rows; what terminals have where this one doesn't tell.
    var size: BrowserSize {
        let size = Platform.terminalSize(Self.output)
        return BrowserSize(width: size?.columns ?? 80, height: size?.rows ?? 24)
    }

    /// Writes to the screen; false where there is none any more.
    func write(_ text: String) -> Bool { text.isEmpty || Platform.write(text) }

    /// Puts a text into the clipboard, where the terminal lets programs do so.
    func copy(_ text: String) -> Bool { write("\u{1B}]52;c;" + Base64.text(Array(text.utf8)) + "\u{07}") }

    /// What comes next; waits no longer than so many milliseconds, for ever below 0.
    mutating func next(milliseconds: Int32) -> Input {
        let ready = Platform.waitForInput(Self.input, signals, milliseconds: milliseconds)
        if ready.second { return .requests(TerminalSignals.requests(signals)) }
        guard ready.first else { return .nothing }
        let count = buffer.withUnsafeMutableBytes { Platform.read(Self.input, into: $0) }
        guard let count, count > 0 else { return .closed }
        return .bytes(Array(buffer.prefix(count)))
    }
}

/// Bytes as letters, digits and two signs (RFC 4648).
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".unicodeScalars)

    static func text(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[start + $1]) : 0) }
            for place in 0..<4 {
                text.append(place <= group.count ? digits[number >> (18 - 6 * place) & 63] : "=")
            }
        }
        return String(text)
    }
}
