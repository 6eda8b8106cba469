import TraceCore

extension WaterfallView {
    /// A line of the picture; two rows high where the name stands above the bar.
    func canvas(_ line: WaterfallLines.Line) -> Canvas {
        let isStacked = geometry.arrangement == .stacked
        var canvas = Canvas(width: options.width, height: isStacked ? 2 : 1)
        let hasBars = geometry.cells > 0
        names.name(line, lines: content, hasBars: hasBars)
            .put(on: &canvas, row: 0, column: geometry.nameColumn, width: geometry.nameWidth, ascii: options.ascii)
        switch line {
        case .row(let row, let isOpen):
            if row.hasChildren { canvas.put(isOpen ? signs.unfolded : signs.folded, column: 0, .faint) }
            put(row, on: &canvas)
        case .exemplar(_, let row): put(row, on: &canvas)
        case .fold(let number, let row, let isOpen):
            canvas.put(isOpen ? signs.unfolded : signs.folded, column: 0, .faint)
            put(fold: number, row, on: &canvas)
        case .group: break
        case .lane(let lane): put(lane, on: &canvas)
        }
        return canvas
    }

    private var barRow: Int { geometry.arrangement == .stacked ? 1 : 0 }

    private func put(_ row: WaterfallLayout.Row, on canvas: inout Canvas) {
        if criticalTasks.contains(row.event) { canvas.put(signs.critical, column: 1, .bold) }
        if geometry.cells > 0 {
            let endsFailed = row.showsEnd && row.flags.contains(.failed)
            BarPainter(options).paint(
                BarCoverage(row.stretches, on: scale), ink: ink(row.event), isFailed: endsFailed,
                on: &canvas, row: barRow, column: geometry.barColumn)
        }
        put(
            total: SafeText(own: survey.numbers.text(row.total)), wait: wait(row.breakdown?.wait),
            work: row.breakdown.map { SafeText(own: survey.numbers.text($0.work)) }, on: &canvas)
    }

    /// Of a fold, how many of its members work over time; where none does, that some wait.
    private func put(fold number: Int, _ row: WaterfallLayout.Row, on canvas: inout Canvas) {
        let numbers = FoldNumbers(content.outline.folds[number], ascii: options.ascii)
        put(total: numbers.total, wait: numbers.wait, work: numbers.work, on: &canvas)
        guard geometry.cells > 0 else { return }
        let density = content.outline.density(ofFold: number, on: scale)
        for cell in 0..<scale.cells {
            let (running, waiting) = (density.running.means[cell], density.waiting.means[cell])
            if running > 0 {
                canvas.put(
                    signs.height(of: running, peak: density.running.peak), row: barRow,
                    column: geometry.barColumn + cell, Style(foreground: ink(row.event)))
            } else if waiting > 0 {
                canvas.put(
                    signs.full(.wait), row: barRow, column: geometry.barColumn + cell, Style(foreground: .wait))
            }
        }
    }

    private func put(_ lane: WaterfallLanes.Lane, on canvas: inout Canvas) {
        for (index, quantity) in geometry.quantities.enumerated() {
            let text =
                quantity == .work ? survey.numbers.text(content.work(of: lane)) : Prose.count(lane.members.count)
            canvas.put(text, column: geometry.end(of: index) - text.count)
        }
        guard geometry.cells > 0, let drawn = content.lanes?.drawn(lane) else { return }
        LanePainter(options, scale: scale).paint(drawn, on: &canvas, row: barRow, column: geometry.barColumn)
    }

    private func put(total: SafeText, wait: SafeText?, work: SafeText?, on canvas: inout Canvas) {
        for (index, quantity) in geometry.quantities.enumerated() {
            let end = geometry.end(of: index)
            func put(_ text: SafeText, _ style: Style) { canvas.put(text, column: end - text.width, style) }
            switch quantity {
            case .total: put(total, .plain)
            case .wait:
                if let wait { put(wait, wait.text == signs.none ? .faint : Style(foreground: .wait)) }
            case .work: if let work { put(work, .plain) }
            case .tasks: break
            }
        }
    }

    private func wait(_ wait: Int64?) -> SafeText? {
        wait.map { SafeText(own: $0 == 0 ? signs.none : survey.numbers.text($0)) }
    }

    /// Tasks are drawn in the colours of their states, spans in the hue of their type.
    private func ink(_ event: Int) -> Ink {
        let trace = layout.analysis.trace
        let event = trace.events[event]
        guard event.kind == .span else { return .work }
        return .hue(of: trace.symbols[event.subtype ?? event.type])
    }
}
