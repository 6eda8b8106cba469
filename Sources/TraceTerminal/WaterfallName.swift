import TraceCore

/// The name column of a waterfall's line: guides of the tree, what stands before the name, the name, and the marks
/// of what is amiss.
struct WaterfallName {
    let guides: SafeText
    /// What is no part of the name: never cut as long as there is room for a part of the name behind it.
    let prefix: SafeText
    let name: SafeText
    private let signs: [String]

    init(
        guides: SafeText, prefix: String = "", name: String, marks: [String], columns: Int, ascii: Bool
    ) {
        self.guides = guides
        self.prefix = SafeText(own: prefix)
        self.name = SafeText(name: name, columns: columns, ascii: ascii)
        signs = marks
    }

    /// The marks, each with a blank before it.
    private var marks: SafeText { SafeText(own: signs.map { " " + $0 }.joined()) }

    var width: Int { guides.width + prefix.width + name.width + marks.width }

    func put(on canvas: inout Canvas, row: Int, column start: Int, width: Int, ascii: Bool) {
        var column = canvas.put(guides, row: row, column: start, .faint)
        let room = max(1, start + width - column)
        var marks = marks
        // Some letters of the name go before the blanks between the marks, and before the last of them.
        let least = min(4, prefix.width + name.width)
        if marks.width > 0, room - marks.width < least {
            marks = SafeText(own: " " + signs.joined()).truncated(to: max(1, room - least), ascii: ascii)
        }
        let left = max(1, room - marks.width)
        if prefix.width > 0, prefix.width < left {
            column = canvas.put(prefix, row: row, column: column)
            column = canvas.put(name.truncated(to: left - prefix.width, ascii: ascii), row: row, column: column)
        } else {
            column = canvas.put((prefix + name).truncated(to: left, ascii: ascii), row: row, column: column)
        }
        canvas.put(marks, row: row, column: column, Style(foreground: .failed))
    }

    /// The guides of a line that stands between a row and the rows below it.
    static func guides(below row: WaterfallLayout.Row, signs: Signs, deepest: Int) -> SafeText {
        let levels = min(row.depth, deepest)
        var text = row.depth > levels ? signs.deeper : ""
        for level in (0..<levels).reversed() where row.depth == levels || level != levels - 1 {
            let isFollowed = level < UInt64.bitWidth && row.followed >> UInt64(level) & 1 == 1
            text += isFollowed ? signs.guide : "  "
        }
        return SafeText(own: text + (row.hasChildren ? signs.guide : "  "))
    }

    /// Two columns for each level above; of very deep ones the nearest levels.
    static func guides(_ row: WaterfallLayout.Row, signs: Signs, deepest: Int) -> SafeText {
        guard row.depth > 0 else { return SafeText(own: "") }
        let levels = min(row.depth, deepest)
        var text = row.depth > levels ? signs.deeper : ""
        for level in (0..<levels).reversed() {
            let isFollowed = level < UInt64.bitWidth && row.followed >> UInt64(level) & 1 == 1
            if level == levels - 1, row.depth > levels { continue }
            switch (level, isFollowed) {
            case (0, true): text += signs.branch
            case (0, false): text += signs.lastBranch
            case (_, true): text += signs.guide
            case (_, false): text += "  "
            }
        }
        return SafeText(own: text)
    }
}
