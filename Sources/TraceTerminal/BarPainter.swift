import TraceCore

/// Draws bars: eighth blocks at the edges of work, textures for what is not work.
struct BarPainter {
    let signs: Signs
    let hasColors: Bool

    init(_ options: TerminalOptions) {
        signs = Signs(ascii: options.ascii)
        hasColors = options.colors.hasColors && !options.ascii
    }

    /// Draws a bar from a column on; work in `ink`. The sign of a failure takes the bar's last cell, or the one
    /// behind it where nothing else would show what stood there.
    func paint(
        _ coverage: BarCoverage, ink: Ink, isFailed: Bool, on canvas: inout Canvas, row: Int, column: Int
    ) {
        let hasMixed = coverage.cells.contains(where: \.isMixed)
        var busy: [Int] = []
        for (place, cell) in coverage.cells.enumerated() {
            guard let drawn = drawn(cell, ink: ink, hasMixed: hasMixed) else { continue }
            canvas.put(drawn.sign, row: row, column: column + place, drawn.style)
            if cell.says != nil { busy.append(place) }
        }
        guard isFailed, let last = busy.last else { return }
        let isShownBefore = busy.count > 1 && coverage.cells[busy[busy.count - 2]].says == coverage.cells[last].says
        let place = isShownBefore && !coverage.cells[last].isMixed ? last : last + 1
        canvas.put(signs.failed, row: row, column: column + place, Style(foreground: .failed, isBold: true))
    }

    private func drawn(_ cell: BarCell, ink: Ink, hasMixed: Bool) -> (sign: String, style: Style)? {
        if hasColors, cell.isMixed { return boundary(cell, ink) }
        // Where a mixed cell shows both, no neighbour has to.
        if hasColors, cell.standsForNeighbour, hasMixed { return nil }
        let isOnlyWork = cell.work > 0 && cell.own == 0 && cell.wait == 0
        if !signs.ascii, isOnlyWork, !cell.standsForNeighbour, cell.work < 8 { return edge(cell, ink) }
        return cell.fill.map { (signs.full($0), style($0, ink)) }
    }

    /// Where wait and work meet in a cell, both show.
    private func boundary(_ cell: BarCell, _ ink: Ink) -> (sign: String, style: Style) {
        let work = cell.own * 2 > cell.work ? Ink.own : ink
        let (first, all) = (cell.startsWithWait ? cell.wait : cell.work, cell.wait + cell.work)
        let eighths = min(7, max(1, (16 * first + all) / (2 * all)))
        let style = Style(
            foreground: cell.startsWithWait ? .wait : work, background: cell.startsWithWait ? work : .wait)
        return (signs.left(eighths), style)
    }

    /// The left or right edge of work. There are no blocks that fill a cell from the right: reverse video makes
    /// them of those from the left; without colours there are only an eighth, a half and the whole.
    private func edge(_ cell: BarCell, _ ink: Ink) -> (sign: String, style: Style) {
        guard cell.isRightAligned else { return (signs.left(cell.work), Style(foreground: ink)) }
        if hasColors { return (signs.left(8 - cell.work), Style(foreground: ink, isReversed: true)) }
        return (cell.work < 3 ? "▕" : cell.work < 7 ? "▐" : signs.left(8), Style(foreground: ink))
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
