import TraceCore

/// The name of a line, cut to its room, and the signs of what is amiss.
struct SVGName {
    /// From the left edge of the picture, px.
    let start: Double
    /// Which of a fold's members it is, with the blank behind it; else empty.
    let rank: String
    let name: PictureText
    let signs: String
    /// Of all of it, the setting in included, px.
    let width: Double

    /// The sign of a row that is not drawn where its times say.
    static let moved = "⇄"

    /// `width` is the room from the edge of the column of names.
    init(_ line: SVGLine, of outline: WaterfallOutline, _ options: SVGOptions, width: Double) {
        let levels = min(line.depth, SVGGeometry.deepest)
        let indent = Double(levels) * SVGGeometry.indent
        start = SVGGeometry.margin + indent
        let label: String
        var (rank, prefix, signs) = ("", line.depth > levels ? "… " : "", "")
        switch line.content {
        case .fold(let number):
            let fold = outline.folds[number]
            label = fold.label
            prefix += CountText.text(fold.count) + " × "
            if fold.failed > 0 { signs = " ✕ " + CountText.text(fold.failed) }
        case .row(let row):
            label = row.label
            signs = line.signs(of: row)
        case .exemplar(let row, let place):
            label = row.label
            rank = place.rawValue + " "
            signs = line.signs(of: row)
        }
        (self.rank, self.signs) = (rank, signs)
        // What was measured fits again.
        let columns =
            min(120, (width - indent) / SVGGeometry.column + 0.01) - Double(rank.count + prefix.count + signs.count)
        name = PictureText(own: prefix + options.text(label, columns: max(3, Int(columns))).text)
        self.width = indent + Double(rank.count + name.columns + signs.count) * SVGGeometry.column
    }
}

extension SVGLine {
    /// Whether errors were recorded in an event that did not fail.
    var hasLooseErrors: Bool { errors > 0 && row.map { !$0.flags.contains(.failed) } ?? false }

    fileprivate func signs(of row: WaterfallLayout.Row) -> String {
        var signs = row.flags.filter { $0 != .failed }.map { $0.sign(ascii: false) }
        if hasLooseErrors { signs.append("✕") }
        if row.isMoved { signs.append(SVGName.moved) }
        return signs.map { " " + $0 }.joined()
    }
}
