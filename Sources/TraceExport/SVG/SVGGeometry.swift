import TraceCore

/// Where the columns of a picture stand, in px from its left edge.
struct SVGGeometry {
    /// Around everything.
    static let margin = 20.0
    /// Of a column of monospaced text at the size of names and numbers; a little more than in the widest such font.
    static let column = 7.4
    /// Of a level of the tree.
    static let indent = 14.0
    /// The most levels that rows are set in by.
    static let deepest = 8

    let width: Double
    /// The room for a name with its tree and marks.
    let nameWidth: Double
    let barStart: Double
    /// A whole number of the cells that bars are painted in.
    let barWidth: Double
    /// Where the columns of total, wait and work end.
    let numberEnds: [Double]

    /// `widestName` is the width of the widest name, `numberColumns` the columns of the widest number.
    init(width: Double, widestName: Double, numberColumns: Int) {
        self.width = width
        nameWidth = min(max(widestName, width * 0.12), width * 0.3).rounded(.up)
        let number = Double(max(5, numberColumns)) * Self.column + 14
        let right = width - Self.margin
        numberEnds = [right - 2 * number, right - number, right].map { $0.rounded() }
        barStart = Self.margin + nameWidth + 12
        barWidth = max(4, ((right - 3 * number - 6 - barStart) / 4).rounded(.down) * 4)
    }

    var barEnd: Double { barStart + barWidth }

    /// A scale with cells of four px, whose eighths are halves of a px.
    func scale(_ window: Interval) -> TimeScale { TimeScale(window, cells: Int(barWidth / 4)) }
}

/// Numbers of a picture, in px, with one decimal at most.
func px(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let (whole, tenth) = (tenths.magnitude / 10, tenths.magnitude % 10)
    return (tenths < 0 ? "-" : "") + "\(whole)" + (tenth == 0 ? "" : ".\(tenth)")
}
