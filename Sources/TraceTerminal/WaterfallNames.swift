import TraceCore

/// The name columns of a waterfall's lines.
struct WaterfallNames {
    let signs: Signs
    /// How many levels of guides are drawn: half of the widest name column, so that a name is left beside them.
    let deepest: Int
    let columns: Int
    var facts = WaterfallView.RowFacts()

    init(_ options: TerminalOptions) {
        signs = Signs(ascii: options.ascii)
        deepest = max(2, options.width * 30 / 100 / 4)
        columns = options.width
    }

    func name(_ line: WaterfallLines.Line, lines: WaterfallLines, hasBars: Bool) -> WaterfallName {
        switch line {
        case .row(let row, _): return name(row, prefix: "", hasBars: hasBars)
        case .exemplar(let rank, let row): return name(row, prefix: rank.rawValue + " ", hasBars: hasBars)
        case .fold(let number, let row, _):
            let fold = lines.outline.folds[number]
            return WaterfallName(
                guides: WaterfallName.guides(row, signs: signs, deepest: deepest),
                prefix: Prose.count(fold.count) + " " + signs.times + " ", name: fold.label,
                marks: fold.failed > 0 ? [signs.failed + Prose.count(fold.failed)] : [], columns: columns,
                ascii: signs.ascii)
        case .group(let group):
            let text = lines.outline.layout.analysis.trace.symbols.text(group.name) ?? "(no name)"
            return WaterfallName(
                guides: SafeText(own: ""), name: text, marks: [], columns: columns, ascii: signs.ascii)
        case .lane(let lane):
            return WaterfallName(
                guides: SafeText(own: ""), name: "lane " + Prose.count(lane.number + 1), marks: [], columns: columns,
                ascii: signs.ascii)
        }
    }

    private func name(_ row: WaterfallLayout.Row, prefix: String, hasBars: Bool) -> WaterfallName {
        // A failure has its sign where the bar ends.
        let flags = row.flags.filter { $0 != .failed || !hasBars || !row.showsEnd }
        var marks = flags.map { flag in
            signs.mark(flag)
                + (flag == .compressed ? facts.composites[row.event].map { Prose.count(Int($0)) } ?? "" : "")
        }
        if row.isMoved { marks.append(signs.moved) }
        if let count = facts.links[row.event] { marks.append(signs.linked + (count > 1 ? Prose.count(count) : "")) }
        return WaterfallName(
            guides: WaterfallName.guides(row, signs: signs, deepest: deepest), prefix: prefix, name: row.label,
            marks: marks, columns: columns, ascii: signs.ascii)
    }
}
