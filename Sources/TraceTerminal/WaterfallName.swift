import TraceCore

/// The name column of a waterfall's row: guides of the tree, the name, and the marks of what is amiss.
struct WaterfallName {
    let guides: SafeText
    let name: SafeText
    let marks: SafeText

    init(_ row: WaterfallLayout.Row, signs: Signs, deepest: Int, hasBars: Bool, columns: Int) {
        guides = Self.guides(row, signs: signs, deepest: deepest)
        name = SafeText(name: row.label, columns: columns, ascii: signs.ascii)
        let flags = row.flags.filter { $0 != .failed || !hasBars }
        marks = SafeText(own: flags.map { " " + signs.mark($0) }.joined())
    }

    var width: Int { guides.width + name.width + marks.width }

    func put(on canvas: inout Canvas, row: Int, column: Int, width: Int, ascii: Bool) {
        var column = canvas.put(guides, row: row, column: column, .faint)
        let room = max(1, width - guides.width - marks.width)
        column = canvas.put(name.truncated(to: room, ascii: ascii), row: row, column: column)
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
    private static func guides(_ row: WaterfallLayout.Row, signs: Signs, deepest: Int) -> SafeText {
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
