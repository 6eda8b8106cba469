import TraceCore

/// Writes a page from top to bottom: headings, wrapped texts, pairs of a name and a value, tables. Nothing is wider
/// than the page, and nothing is cut without a mark.
struct PageWriter {
    let options: TerminalOptions
    let signs: Signs
    private(set) var canvases: [Canvas] = []

    init(_ options: TerminalOptions) {
        self.options = options
        signs = Signs(ascii: options.ascii)
    }

    /// A blank line, then a heading; what is said behind it goes to the next line where there is no room.
    mutating func section(_ title: String, note: String = "") {
        canvases.append(Canvas(width: options.width))
        let heading = SafeText(own: title)
        let remark = SafeText(own: note)
        let isOneLine = heading.width + 2 + remark.width <= options.width
        line([(heading, .bold)] + (isOneLine ? [(remark, .faint)] : []))
        if !isOneLine { text(remark, .faint, indent: 2) }
    }

    /// Parts of one line; see `Prose.line`.
    mutating func line(_ parts: [(SafeText, Style)], indent: Int = 0) {
        canvases += Prose(width: options.width, ascii: options.ascii).line(parts, indent: indent)
    }

    /// A whole text from elsewhere, wrapped; every line but the first set in by `hanging` more.
    mutating func text(_ raw: String, _ style: Style = .plain, indent: Int = 0, hanging: Int = 0) {
        let lines = Wrapping.lines(raw, width: options.width - indent - hanging, ascii: options.ascii)
        for (number, line) in lines.enumerated() { put(line, style, indent: indent + (number == 0 ? 0 : hanging)) }
    }

    /// A safe text, wrapped.
    mutating func text(_ text: SafeText, _ style: Style = .plain, indent: Int = 0) {
        for line in Wrapping.lines(text, width: options.width - indent) { put(line, style, indent: indent) }
    }

    private mutating func put(_ line: SafeText, _ style: Style, indent: Int) {
        var canvas = Canvas(width: options.width)
        canvas.put(line, column: indent, style)
        canvases.append(canvas)
    }

    mutating func append(_ canvas: Canvas) { canvases.append(canvas) }

    /// Names and values below one another, values in a column of their own. A name too long for its column has a
    /// line to itself.
    mutating func pairs(_ pairs: [(name: String, value: String)], indent: Int = 2) {
        let names = pairs.map { SafeText($0.name, ascii: options.ascii) }
        let most = max(8, (options.width - indent) / 3)
        let widest = names.reduce(0) { $1.width > most ? $0 : max($0, $1.width) }
        let column = indent + widest + 2
        for (name, pair) in zip(names, pairs) {
            let isBlank = pair.value.unicodeScalars.allSatisfy { $0.properties.isWhitespace }
            let value = isBlank ? "\"\(pair.value)\"" : pair.value
            var lines = Wrapping.lines(value, width: options.width - column, ascii: options.ascii)
            if name.width > most || widest == 0 {
                text(name, .faint, indent: indent)
            } else {
                var canvas = Canvas(width: options.width)
                canvas.put(name, column: indent, .faint)
                canvas.put(lines.removeFirst(), column: column)
                canvases.append(canvas)
            }
            for line in lines { put(line, .plain, indent: column) }
        }
    }

    /// A table two columns in.
    mutating func table(_ columns: [Table.Column], _ rows: [[Table.Entry]]) {
        // An empty first column takes nothing but the gap behind it.
        let margin = Table.Column(title: SafeText(own: ""), isRightAligned: false)
        let blank = Table.Entry(text: SafeText(own: ""))
        var table = Table(columns: [margin] + columns, rows: rows.map { [blank] + $0 }, options: options)
        for index in columns.indices.reversed()
        where !columns[index].isRightAligned && rows.allSatisfy({ $0[index].text.width == 0 }) {
            table.removeColumn(index + 1)
        }
        canvases += table.canvases()
    }

    /// The first of a list, as many as are shown; how many were left out is told by `left`.
    func shown<Element>(of list: [Element], standard: Int) -> ArraySlice<Element> {
        list.prefix(options.rows.shown(of: list.count, standard: standard))
    }

    /// Says how many of a list were not shown, where there are any.
    mutating func left(_ count: Int, indent: Int = 2) {
        guard count > 0 else { return }
        let text = "\(signs.ellipsis) \(Prose.count(count)) more not shown (--rows all)"
        canvases += Prose(width: options.width, ascii: options.ascii)
            .sentence(SafeText(own: text), .faint, indent: indent)
    }

    /// A duration by itself, in the unit that fits it.
    func duration(_ duration: Int64) -> String {
        DurationText(fitting: Int128(duration.magnitude), ascii: options.ascii).text(duration)
    }

    /// A point in time by its distance from another: `+1.20s`.
    func distance(_ distance: Int64) -> String { (distance < 0 ? "" : "+") + duration(distance) }

    /// A name from elsewhere for a line that others stand on too.
    func name(_ text: String?) -> SafeText {
        SafeText(name: text ?? "(no name)", columns: max(12, options.width - 12), ascii: options.ascii)
    }
}
