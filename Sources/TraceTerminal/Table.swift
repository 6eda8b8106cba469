/// A table that fits a width: columns that matter less are left out, then texts are cut.
struct Table {
    struct Column {
        /// Above the title, where a column next to it belongs to the same; once above all of them.
        var heading = SafeText(own: "")
        var title: SafeText
        var isRightAligned: Bool
        /// Where there is no room for all, those of a higher rank get it first; those without a rank always do.
        var rank: Int?
        /// Whether its texts may be cut; to no less than `leastWidth`.
        var isFlexible = false

        static let leastWidth = 12
    }

    struct Entry {
        var text: SafeText
        var style = Style.plain
    }

    var columns: [Column]
    var rows: [[Entry]]
    let options: TerminalOptions
    private let gap = 2

    init(columns: [Column], rows: [[Entry]], options: TerminalOptions) {
        self.columns = columns
        self.rows = rows
        self.options = options
    }

    /// Adds a column at the right, with an entry for each row.
    mutating func appendColumn(_ column: Column, _ entries: [Entry]) {
        columns.append(column)
        for row in rows.indices { rows[row].append(entries[row]) }
    }

    /// How wide it is where nothing is cut or left out.
    var naturalWidth: Int { natural.reduce(0, +) + gap * max(0, columns.count - 1) }

    private var natural: [Int] {
        columns.indices.map { index in
            rows.reduce(max(columns[index].title.width, columns[index].heading.width)) { max($0, $1[index].text.width) }
        }
    }

    /// Where a column begins; nil where there is no room for it.
    func start(ofColumn index: Int) -> Int? {
        let widths = widths()
        guard widths[index] != nil else { return nil }
        return widths[..<index].reduce(0) { $0 + ($1.map { $0 + gap } ?? 0) }
    }

    /// The whole table in Markdown.
    func markdown() -> [String] {
        let titles = columns.map { column in
            let isTitled = column.heading.width > 0 && column.title.width > 0
            return column.heading.markdown + (isTitled ? " " : "") + column.title.markdown
        }
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        return [line(titles), line(columns.map { $0.isRightAligned ? "--:" : ":--" })]
            + rows.map { line($0.map(\.text.markdown)) }
    }

    /// Leaves out a column whatever the width.
    mutating func removeColumn(_ index: Int) {
        columns.remove(at: index)
        for row in rows.indices { rows[row].remove(at: index) }
    }

    /// The headings where there are any, the titles and the rows.
    func canvases() -> [Canvas] { canvases(of: rows.indices) }

    /// As `canvases()`, only some of the rows.
    func canvases(of shown: Range<Int>) -> [Canvas] {
        let widths = widths()
        let titles = columns.map { Entry(text: $0.title, style: .faint) }
        var headings: [Entry] = []
        var last = SafeText(own: "")
        for (index, column) in columns.enumerated() {
            let isRepeated = widths[index] == nil || column.heading == last
            headings.append(Entry(text: isRepeated ? SafeText(own: "") : column.heading, style: .faint))
            if widths[index] != nil { last = column.heading }
        }
        let hasHeadings = headings.contains { $0.text.width > 0 }
        return ((hasHeadings ? [headings] : []) + [titles] + rows[shown]).map { line($0, widths) }
    }

    private func line(_ entries: [Entry], _ widths: [Int?]) -> Canvas {
        var canvas = Canvas(width: options.width)
        var column = 0
        for (index, entry) in entries.enumerated() {
            guard let width = widths[index] else { continue }
            let text = entry.text.truncated(to: width, ascii: options.ascii)
            let indent = columns[index].isRightAligned ? width - text.width : 0
            canvas.put(text, column: column + indent, entry.style)
            column += width + gap
        }
        return canvas
    }

    /// The width of each column; nil for those left out.
    private func widths() -> [Int?] {
        let natural = natural
        let least = columns.indices.map { columns[$0].isFlexible ? min(natural[$0], Column.leastWidth) : natural[$0] }
        var kept = Set(columns.indices.filter { columns[$0].rank == nil })
        func needed() -> Int { kept.reduce(0) { $0 + least[$1] } + gap * max(0, kept.count - 1) }
        let ranked = columns.indices.filter { columns[$0].rank != nil }
        for index in ranked.sorted(by: { (columns[$1].rank ?? 0, $0) < (columns[$0].rank ?? 0, $1) }) {
            kept.insert(index)
            if needed() > options.width { kept.remove(index) }
        }
        return share(
            options.width - needed(), among: columns.indices.map { kept.contains($0) ? least[$0] : nil }, natural)
    }

    /// Gives what is left to the texts that want more, the shortest first; what is missing is taken from them.
    private func share(_ spare: Int, among widths: [Int?], _ natural: [Int]) -> [Int?] {
        var (spare, widths) = (spare, widths)
        let flexible = columns.indices.filter { columns[$0].isFlexible && widths[$0] != nil }
        while spare != 0 {
            let step = spare.signum()
            let candidates = flexible.filter { index in
                widths[index].map { step > 0 ? $0 < natural[index] : $0 > 1 } ?? false
            }
            guard
                let next = candidates.min(by: { left, right in
                    ((widths[left] ?? 0) * step, left) < ((widths[right] ?? 0) * step, right)
                }), let width = widths[next]
            else { break }
            widths[next] = width + step
            spare -= step
        }
        return widths
    }
}
