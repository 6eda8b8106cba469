import TraceCore

/// A line of a picture: an entry of the outline, or an exemplar of a fold.
struct SVGLine {
    enum Content {
        case row(WaterfallLayout.Row)
        /// As an index into the outline's folds.
        case fold(Int)
        /// A member of a fold, and which one it is: `p50`.
        case exemplar(WaterfallLayout.Row, WaterfallOutline.Fold.Rank)
    }

    let content: Content
    /// How far it is set in.
    let depth: Int
    /// Bit 0: whether a sibling follows; bit n: whether one follows of its n-th ancestor.
    let followed: UInt64
    let height: Double
    /// How many errors were recorded in its event, and in spans of it that are not drawn.
    var errors = 0

    static let rowHeight = 20.0
    /// Of the strip that says how many members of a fold are open when.
    static let stripHeight = 24.0
    /// The most lines of a carpet, a px high or more each.
    static let mostThreads = 160

    /// The lines of an entry: of a closed fold also some of its members.
    static func lines(ofEntry index: Int, in outline: WaterfallOutline) -> [SVGLine] {
        let followed = outline.followed(at: index)
        guard case .fold(let number) = outline.entries[index] else {
            let row = outline.row(at: index)
            return [SVGLine(content: .row(row), depth: row.depth, followed: followed, height: rowHeight)]
        }
        let fold = outline.folds[number]
        let height = stripHeight + 6 + carpetHeight(of: fold)
        var lines = [SVGLine(content: .fold(number), depth: fold.depth, followed: followed, height: height)]
        if outline.isOpen(at: index) { return lines }
        for (number, exemplar) in fold.exemplars.enumerated() {
            let isLast = number == fold.exemplars.count - 1
            lines.append(
                SVGLine(
                    content: .exemplar(outline.row(ofPlace: exemplar.place), exemplar.rank), depth: fold.depth + 1,
                    followed: followed << 1 | (isLast ? 0 : 1), height: rowHeight))
        }
        return lines
    }

    /// The members of a fold of tasks are drawn below its strip, a thread each: so many px high; else 0.
    static func carpetHeight(of fold: WaterfallOutline.Fold) -> Double {
        guard fold.kind == .transaction else { return 0 }
        return Double(threads(of: fold)) * threadHeight(of: fold) + 6
    }

    static func threads(of fold: WaterfallOutline.Fold) -> Int { min(fold.count, mostThreads) }

    /// Of each thread of a carpet: few are thicker.
    static func threadHeight(of fold: WaterfallOutline.Fold) -> Double {
        Double(max(1, min(5, mostThreads / max(1, fold.count))))
    }
}
