import TraceTerminal

/// Text on its way to standard error, where names of files and traces may stand in it.
enum SafeLine {
    /// One line without control characters.
    static func text(_ text: String) -> String { SafeText(text).text }
}
