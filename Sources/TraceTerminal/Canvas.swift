/// Rows of cells that texts are put on; what goes over its edges is cut.
package struct Canvas: Sendable {
    private struct Cell {
        /// A character; empty behind a wide one.
        var text: String
        var style: Style

        static let blank = Cell(text: " ", style: .plain)

        /// Whether nothing of it shows, whatever its foreground.
        var isBlank: Bool { text == " " && style.background == nil && !style.isReversed }
    }

    /// Columns.
    package let width: Int
    private var rows: [[Cell]]

    /// A canvas of blanks.
    package init(width: Int, height: Int = 1) {
        self.width = width
        rows = [[Cell]](repeating: [Cell](repeating: .blank, count: width), count: height)
    }

    /// The number of rows.
    package var height: Int { rows.count }

    /// Puts a text on a row, from a column on; the column behind it.
    @discardableResult
    package mutating func put(_ text: SafeText, row: Int = 0, column: Int, _ style: Style = .plain) -> Int {
        var column = column
        for character in text.text {
            let columns = CharacterWidth.columns(character)
            if columns == 0 { continue }
            if column >= 0, column + columns <= width {
                clear(row, column..<column + columns)
                rows[row][column] = Cell(text: String(character), style: style)
                for next in column + 1..<column + max(1, columns) { rows[row][next] = Cell(text: "", style: style) }
            }
            column += columns
        }
        return column
    }

    /// Puts signs of our own on a row.
    @discardableResult
    package mutating func put(_ sign: String, row: Int = 0, column: Int, _ style: Style = .plain) -> Int {
        put(SafeText(own: sign), row: row, column: column, style)
    }

    /// Half of a wide character that is written over becomes blank.
    private mutating func clear(_ row: Int, _ columns: Range<Int>) {
        var first = columns.lowerBound
        while first > 0, rows[row][first].text.isEmpty { first -= 1 }
        var last = columns.upperBound
        while last < width, rows[row][last].text.isEmpty { last += 1 }
        for column in first..<last { rows[row][column] = .blank }
    }

    /// The rows as text with as few escape sequences as do, none at all without colours, and no blanks at the end.
    package func lines(_ mode: ColorMode) -> [String] {
        rows.map { cells in
            let end = cells.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? 0
            var line = ""
            var style = Style.plain
            for cell in cells[..<end] {
                // A blank shows no foreground: it takes that of its neighbour, and no sequence.
                let takesOver = cell.isBlank && style.background == nil && !style.isReversed
                if !cell.text.isEmpty, !takesOver {
                    line += cell.style.sequence(from: style, mode)
                    style = cell.style
                }
                line += cell.text
            }
            return line + Style.plain.sequence(from: style, mode)
        }
    }
}
