import TraceCore

extension BrowserWaterfall {
    /// The lines above the rows: the run, the axis, and as far as there is room, the numbers of those who run and wait;
    /// where only a part of the run is drawn, which one.
    mutating func header(_ options: TerminalOptions, height: Int) -> [Canvas] {
        drawn.prepare(
            run, activity, extent: outline.run, window: window, width: options.width, numbers: numbers(options))
        var canvases = [heading(options), axis(options)]
        if window != outline.run, let map = minimap(options) { canvases.append(map) }
        if height >= 20, let activity = drawn.activity {
            let bars = [("running", activity.running, Ink.work), ("waiting", activity.waiting, .wait)]
            for (word, series, ink) in bars where drawn.whole != nil {
                canvases.append(count(word, series, ink, options))
            }
        }
        return canvases
    }

    /// One unit for all numbers beside bars that it tells.
    func numbers(_ options: TerminalOptions) -> DurationText {
        DurationText(fitting: run.longest, ascii: options.ascii)
    }

    private func heading(_ options: TerminalOptions) -> Canvas {
        var canvas = Canvas(width: options.width)
        var column = 0
        // What doesn't fit is left out rather than cut.
        for (text, style) in run.heading where column == 0 || column + text.width <= options.width {
            let cut = text.truncated(to: options.width - column, ascii: options.ascii)
            column = canvas.put(cut, column: column, style) + 2
        }
        return canvas
    }

    /// The titles of the numbers, and the times that the bars stand under.
    private func axis(_ options: TerminalOptions) -> Canvas {
        var canvas = Canvas(width: options.width)
        let geometry = drawn.geometry
        for (index, quantity) in geometry.quantities.enumerated() {
            canvas.put(quantity.rawValue, column: geometry.end(of: index) - quantity.rawValue.count, .faint)
        }
        guard geometry.cells > 0 else { return canvas }
        let origin = window.start - outline.run.start
        for tick in drawn.scale.ticks(from: origin, ascii: options.ascii) {
            canvas.put(tick.text, column: geometry.barColumn + tick.column, .faint)
        }
        return canvas
    }

    /// The whole run on the width of the bars, the part of it that is drawn in reverse.
    private func minimap(_ options: TerminalOptions) -> Canvas? {
        let geometry = drawn.geometry
        guard geometry.cells > 0 else { return nil }
        var canvas = Canvas(width: options.width)
        let signs = Signs(ascii: options.ascii)
        canvas.put(SafeText(own: "whole run").truncated(to: geometry.nameWidth), column: geometry.nameColumn, .faint)
        let scale = TimeScale(outline.run, cells: geometry.cells)
        let first = scale.position(window.start, parts: 1)
        let last = max(first, scale.position(window.end - 1, parts: 1))
        for cell in 0..<geometry.cells {
            let mean = drawn.whole?.means[cell] ?? 0
            let sign =
                mean > 0 ? signs.height(eighths(mean, of: drawn.whole?.peak ?? 1)) : options.ascii ? "-" : "\u{2500}"
            let isInside = cell >= first && cell <= last
            canvas.put(
                sign, column: geometry.barColumn + cell,
                Style(foreground: isInside ? nil : .faint, isReversed: isInside))
        }
        return canvas
    }

    private func eighths(_ mean: Int, of peak: Int) -> Int { min(8, max(1, (16 * mean + peak) / (2 * peak))) }

    /// Numbers below ten are written, larger ones drawn as heights.
    private func count(
        _ word: String, _ series: GroupActivity.Series, _ ink: Ink, _ options: TerminalOptions
    ) -> Canvas {
        let (geometry, signs) = (drawn.geometry, Signs(ascii: options.ascii))
        var canvas = Canvas(width: options.width)
        let text = word + (series.peak < 10 ? "" : " " + Prose.count(series.peak))
        canvas.put(SafeText(own: text).truncated(to: geometry.nameWidth), column: geometry.nameColumn, .faint)
        for (cell, mean) in series.means.enumerated() where mean > 0 {
            let sign = series.peak < 10 ? String(mean) : signs.height(eighths(mean, of: series.peak))
            canvas.put(sign, column: geometry.barColumn + cell, Style(foreground: ink))
        }
        return canvas
    }

    // MARK: Rows

    /// The rows that are seen, `height` of them, blank ones behind the last.
    mutating func rows(_ options: TerminalOptions, height: Int) -> [Canvas] {
        if lanes != nil { return laneRows(options, height: height) }
        cursor.settle(count: outline.entries.count, height: height)
        guard !outline.entries.isEmpty else {
            var canvas = Canvas(width: options.width)
            canvas.put("nothing is left by the filter: Esc takes it away", column: 2)
            return height > 0 ? [canvas] : []
        }
        return (cursor.top..<min(outline.entries.count, cursor.top + height)).map { index in
            var canvas = canvas(of: index, options)
            if index == cursor.selected { canvas.reverse() }
            return canvas
        }
    }

    private mutating func canvas(of index: Int, _ options: TerminalOptions) -> Canvas {
        let (geometry, signs) = (drawn.geometry, Signs(ascii: options.ascii))
        var canvas = Canvas(width: options.width)
        let row = outline.row(at: index)
        let fold: WaterfallOutline.Fold? =
            if case .fold(let number) = outline.entries[index] { outline.folds[number] } else { nil }
        if outline.hasChildren(at: index) {
            canvas.put(outline.isOpen(at: index) ? signs.unfolded : signs.folded, column: 0, .faint)
        }
        if fold == nil, run.criticalTasks.contains(row.event) { canvas.put(signs.critical, column: 1, .bold) }
        let deepest = max(2, options.width * 30 / 100 / 4)
        let hasBars = geometry.cells > 0
        WaterfallName(
            of: row, rank: outline.rank(at: index), fold: fold, signs: signs, deepest: deepest, hasBars: hasBars,
            columns: options.width
        )
        .put(on: &canvas, row: 0, column: geometry.nameColumn, width: geometry.nameWidth, ascii: options.ascii)
        if geometry.cells > 0 {
            if case .fold(let number) = outline.entries[index] {
                drawDensity(of: number, on: &canvas, options)
            } else {
                drawBar(row, on: &canvas, row: 0, ink: ink(row.event), options)
            }
        }
        drawNumbers(row, fold, on: &canvas, options)
        return canvas
    }

    /// Tasks are drawn in the colours of their states, spans in the hue of their type.
    private func ink(_ event: Int) -> Ink {
        guard trace.events[event].kind == .span else { return .work }
        return .hue(of: trace.symbols[trace.events[event].subtype ?? trace.events[event].type])
    }

    /// What of a row lies in the window; where nothing does, a sign that says on which side it lies.
    private func drawBar(
        _ row: WaterfallLayout.Row, on canvas: inout Canvas, row line: Int, ink: Ink, _ options: TerminalOptions
    ) {
        let geometry = drawn.geometry
        let stretches = row.stretches.filter { showsWaits || $0.fill != .wait }
        let seen = stretches.compactMap { stretch -> BarStretch? in
            let interval = stretch.interval
            let isSeen =
                interval.isEmpty
                ? interval.start >= window.start && interval.start <= window.end
                : interval.start < window.end && interval.end > window.start
            return isSeen ? BarStretch(stretch.fill, interval.clipped(to: window)) : nil
        }
        if seen.isEmpty, let first = row.stretches.first, !stretches.isEmpty {
            let isBefore = first.interval.start < window.start
            let sign = isBefore ? "<" : ">"
            let column = isBefore ? geometry.barColumn : geometry.barColumn + geometry.cells - 1
            canvas.put(sign, row: line, column: column, .faint)
            return
        }
        let end = trace.end(row.event) + outline.clocks.shift(of: row.event)
        let isFailed = row.flags.contains(.failed) && end <= window.end
        BarPainter(options).paint(
            BarCoverage(seen, on: drawn.scale), ink: ink, isFailed: isFailed, on: &canvas, row: line,
            column: geometry.barColumn)
    }

    /// How many of equal siblings work or wait: as heights, in the colour of what most of them do.
    private mutating func drawDensity(of fold: Int, on canvas: inout Canvas, _ options: TerminalOptions) {
        let density = drawn.density(of: fold, in: outline)
        let signs = Signs(ascii: options.ascii)
        let sums = zip(density.running.means, density.waiting.means).map { showsWaits ? $0 + $1 : $0 }
        let peak = sums.max() ?? 0
        for (cell, sum) in sums.enumerated() where sum > 0 {
            let isWait = showsWaits && density.waiting.means[cell] > density.running.means[cell]
            canvas.put(
                signs.height(eighths(sum, of: peak)), column: drawn.geometry.barColumn + cell,
                Style(foreground: isWait ? .wait : .work))
        }
    }

    private func drawNumbers(
        _ row: WaterfallLayout.Row, _ fold: WaterfallOutline.Fold?, on canvas: inout Canvas, _ options: TerminalOptions
    ) {
        let (geometry, signs, form) = (drawn.geometry, Signs(ascii: options.ascii), numbers(options))
        // Of equal siblings the longest is told: a sum of what overlaps says nothing beside an axis.
        let row = fold.map { outline.row(ofPlace: $0.max) } ?? row
        for (index, quantity) in geometry.quantities.enumerated() {
            let value: Int64?
            switch quantity {
            case .total: value = row.total
            case .wait: value = row.breakdown?.wait
            case .work: value = row.breakdown?.work
            case .tasks: value = nil
            }
            guard let value else { continue }
            let isNone = value == 0 && quantity != .total
            let prefix = fold != nil && quantity == .total ? (options.ascii ? "<=" : "\u{2264}") : ""
            let text = SafeText(own: isNone ? signs.none : prefix + form.text(value))
            let style: Style = isNone ? .faint : quantity == .wait ? Style(foreground: .wait) : .plain
            canvas.put(text, column: geometry.end(of: index) - text.width, style)
        }
    }
}
