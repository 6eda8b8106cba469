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
    /// The number of rows.
    package let height: Int
    /// Row by row.
    private var cells: [Cell]

    /// A canvas of blanks.
    package init(width: Int, height: Int = 1) {
        self.width = width
        self.height = height
        cells = [Cell](repeating: .blank, count: width * height)
    }

    /// Puts a text on a row, from a column on; the column behind it.
    @discardableResult
    package mutating func put(_ text: SafeText, row: Int = 0, column: Int, _ style: Style = .plain) -> Int {
        put(text.text, row: row, column: column, style)
    }

    /// Puts signs of our own on a row.
    @discardableResult
    package mutating func put(_ sign: String, row: Int = 0, column: Int, _ style: Style = .plain) -> Int {
        var column = column
        for character in sign {
            let columns = CharacterWidth.columns(character)
            if columns == 0 { continue }
            if column >= 0, column + columns <= width {
                clear(row, column..<column + columns)
                let place = row * width + column
                cells[place] = Cell(text: String(character), style: style)
                for next in 1..<max(1, columns) { cells[place + next] = Cell(text: "", style: style) }
            }
            column += columns
        }
        return column
    }

    /// Half of a wide character that is written over becomes blank.
    private mutating func clear(_ row: Int, _ columns: Range<Int>) {
        let (start, end) = (row * width, (row + 1) * width)
        var first = start + columns.lowerBound
        while first > start, cells[first].text.isEmpty { first -= 1 }
        var last = start + columns.upperBound
        while last < end, cells[last].text.isEmpty { last += 1 }
        // What is between is written over by the caller.
        for place in first..<start + columns.lowerBound { cells[place] = .blank }
        for place in start + columns.upperBound..<last { cells[place] = .blank }
    }

    /// Turns foreground and background round in all of a row.
    package mutating func reverse(row: Int = 0) {
        for place in row * width..<(row + 1) * width { cells[place].style.isReversed.toggle() }
    }

    /// The rows as text with as few escape sequences as do, none at all without colours, and no blanks at the end.
    package func lines(_ mode: ColorMode) -> [String] {
        (0..<height).map { row in
            let cells = cells[row * width..<(row + 1) * width]
            let end = cells.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? cells.startIndex
            var line = ""
            line.reserveCapacity(2 * width)
            guard mode != .none else {
                for place in cells.startIndex..<end { line += cells[place].text }
                return line
            }
            var style = Style.plain
            for place in cells.startIndex..<end {
                let cell = cells[place]
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
