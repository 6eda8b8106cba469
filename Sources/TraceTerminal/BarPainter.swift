import TraceCore

/// Draws bars: eighth blocks at the edges of work, textures for what is not work.
struct BarPainter {
    let signs: Signs
    let hasColors: Bool

    init(_ options: TerminalOptions) {
        signs = Signs(ascii: options.ascii)
        hasColors = options.colors != .none && !options.ascii
    }

    /// Draws a bar from a column on; work in `ink`. The sign of a failure takes the bar's last cell, or the one
    /// behind it where nothing else would show what stood there.
    func paint(
        _ coverage: BarCoverage, ink: Ink, isFailed: Bool, on canvas: inout Canvas, row: Int, column: Int
    ) {
        let counts = coverage.cells.indices.map { Count(coverage, $0) }
        let hasMixed = counts.contains(where: \.isMixed)
        var busy: [Int] = []
        for cell in coverage.cells.indices {
            guard let drawn = drawn(coverage, cell, counts[cell], ink: ink, hasMixed: hasMixed) else { continue }
            canvas.put(drawn.sign, row: row, column: column + cell, drawn.style)
            if counts[cell].says != nil { busy.append(cell) }
        }
        guard isFailed, let last = busy.last else { return }
        let isShownBefore = busy.count > 1 && counts[busy[busy.count - 2]].says == counts[last].says
        let place = isShownBefore && !counts[last].isMixed ? last : last + 1
        canvas.put(
            signs.failed, row: row, column: column + place, Style(foreground: .failed, isBold: true))
    }

    /// How many eighths of a cell are what.
    private struct Count {
        var wait: Int
        var work: Int
        var own: Int
        var forced: Bool
        /// What the whole cell says.
        let fill: BarFill?

        init(_ coverage: BarCoverage, _ cell: Int) {
            let eighths = coverage.eighths[cell * 8..<cell * 8 + 8]
            fill = coverage.cells[cell]
            let (wait, own) = (eighths.count { $0 == .wait }, eighths.count { $0 == .own })
            let work = eighths.count { $0 == .work } + own
            // A cell that stands for a neighbour too full to show both of what it has.
            forced = coverage.cells[cell].map { $0 != .delay && ($0.isWork ? work : wait) == 0 } ?? false
            (self.wait, self.own, self.work) = (wait, own, work)
        }

        var isMixed: Bool { wait > 0 && work > 0 }

        /// Whether it is drawn as work or as wait; nil where it is neither.
        var says: BarFill? {
            if forced { return fill }
            return wait + work == 0 ? nil : wait > work ? .wait : .work
        }
    }

    private func drawn(
        _ coverage: BarCoverage, _ cell: Int, _ count: Count, ink: Ink, hasMixed: Bool
    ) -> (sign: String, style: Style)? {
        let fill = coverage.cells[cell]
        let eighths = coverage.eighths[cell * 8..<cell * 8 + 8]
        if hasColors, count.isMixed {
            return boundary(count, startsWithWait: eighths.first { $0 == .wait || $0?.isWork ?? false } == .wait, ink)
        }
        if hasColors, count.forced, hasMixed { return nil }
        let isOnlyWork = count.work > 0 && count.own == 0 && count.wait == 0
        if !signs.ascii, isOnlyWork, !count.forced, count.work < 8 {
            return edge(count.work, isSuffix: eighths.first != .work && eighths.last == .work, ink)
        }
        return fill.map { (signs.full($0), style($0, ink)) }
    }

    /// Where wait and work meet in a cell, both show.
    private func boundary(_ count: Count, startsWithWait: Bool, _ ink: Ink) -> (sign: String, style: Style) {
        let work = count.own * 2 > count.work ? Ink.own : ink
        let first = startsWithWait ? count.wait : count.work
        let eighths = min(7, max(1, (16 * first + count.wait + count.work) / (2 * (count.wait + count.work))))
        return (
            signs.left(eighths),
            Style(foreground: startsWithWait ? .wait : work, background: startsWithWait ? work : .wait)
        )
    }

    /// The left or right edge of work. There are no blocks that fill a cell from the right: reverse video makes
    /// them of those from the left; without colours there are only an eighth, a half and the whole.
    private func edge(_ eighths: Int, isSuffix: Bool, _ ink: Ink) -> (sign: String, style: Style) {
        guard isSuffix else { return (signs.left(eighths), Style(foreground: ink)) }
        if hasColors { return (signs.left(8 - eighths), Style(foreground: ink, isReversed: true)) }
        return (eighths < 3 ? "▕" : eighths < 7 ? "▐" : signs.left(8), Style(foreground: ink))
    }

    private func style(_ fill: BarFill, _ ink: Ink) -> Style {
        switch fill {
        case .work: Style(foreground: ink)
        case .own: Style(foreground: .own)
        case .wait: Style(foreground: .wait)
        case .delay: .faint
        }
    }
}
