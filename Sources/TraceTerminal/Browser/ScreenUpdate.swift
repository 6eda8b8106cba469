/// What has to be written to a terminal so that it shows other lines than it does.
package struct ScreenUpdate: Sendable {
    private var shown: [String] = []

    package init() {}

    /// From now on nothing is known of what the terminal shows.
    package mutating func forget() { shown = [] }

    /// What turns the lines shown last into these, each of them written whole where it differs; empty where none does.
    /// No line may be wider than the terminal, nor may there be more of them than it has rows.
    package mutating func show(_ lines: [String]) -> String {
        var text = ""
        if shown.count != lines.count {
            // Of the rows below nothing may stay either.
            text = "\u{1B}[0m\u{1B}[2J"
            shown = []
        }
        for (row, line) in lines.enumerated() where shown.isEmpty || shown[row] != line {
            if shown.isEmpty, line.isEmpty { continue }
            // Erased first: behind a line of the whole width the cursor still stands on its last column.
            text += "\u{1B}[\(row + 1);1H\u{1B}[2K"
            text += line
        }
        shown = lines
        // Terminals that know of it show all of it at once; others leave these two out.
        return text.isEmpty ? "" : "\u{1B}[?2026h" + text + "\u{1B}[?2026l"
    }
}
