package import TraceCore

/// A run as a picture: what each of its tasks and spans did when, and for how long they waited and worked.
package struct WaterfallView {
    let layout: WaterfallLayout
    let options: TerminalOptions
    let isArriving: Bool
    let signs: Signs
    let shown: Int
    let survey: Survey
    /// Of all tasks of the run.
    let totals: TaskTotals
    let diagnosis: DiagnosisText
    let geometry: WaterfallGeometry
    let scale: TimeScale
    /// The errors told under the rows of events, in order of time; of several one is written, and how many there are.
    package var errors: [Int: [ErrorDetails]] = [:]

    /// How many rows are shown where nobody says.
    private static let standardRows = 200

    /// Looks at all rows that will be shown, to find the widths and the units they have in common.
    /// `isArriving` says that the run has no root yet and its events still come.
    package init(_ analysis: TraceAnalysis, _ options: TerminalOptions, isArriving: Bool = false) {
        self.isArriving = isArriving
        layout = WaterfallLayout(analysis)
        self.options = options
        signs = Signs(ascii: options.ascii)
        shown = options.rows.shown(of: layout.count, standard: Self.standardRows)
        survey = Survey(layout, rows: shown, options: options)
        totals = TaskTotals(analysis.tasks, of: analysis)
        diagnosis = DiagnosisText(diagnosis: Diagnosis(RunFigures(analysis)))
        geometry = survey.geometry
        scale = survey.scale
    }

    /// Writes the picture line by line, so that a long one is never held.
    package func write(_ line: (String) throws -> Void) rethrows {
        func write(_ canvases: [Canvas]) throws {
            for canvas in canvases { for text in canvas.lines(options.colors) { try line(text) } }
        }
        let isCut = shown < layout.count
        try writeHeader(write)
        if isCut { try writeActivity(write) }
        try write(axis())
        for place in 0..<shown {
            let row = layout.row(place)
            try write([canvas(row)] + error(of: row))
        }
        if isCut { try write(leftOut()) } else { try writeActivity(write) }
        try write(notes())
    }

    /// The events whose rows are drawn, from the top, as indices into the trace's events.
    package var shownEvents: [Int] { layout.tree.rows.prefix(shown).map(\.event) }

    /// The picture.
    package func lines() -> [String] {
        var lines: [String] = []
        write { lines.append($0) }
        return lines
    }

    /// The titles of the numbers, and the times that the bars stand under.
    private func axis() -> [Canvas] {
        var titles = Canvas(width: options.width)
        for (index, quantity) in geometry.quantities.enumerated() {
            let title = quantity.rawValue
            titles.put(title, column: geometry.end(of: index) - title.count, .faint)
        }
        guard geometry.cells > 0 else { return [titles] }
        var ticks = geometry.arrangement == .beside ? titles : Canvas(width: options.width)
        for tick in scale.ticks(ascii: options.ascii) {
            ticks.put(tick.text, column: geometry.barColumn + tick.column, .faint)
        }
        return geometry.arrangement == .beside ? [ticks] : [titles, ticks]
    }

    private func canvas(_ row: WaterfallLayout.Row) -> Canvas {
        let isStacked = geometry.arrangement == .stacked
        var canvas = Canvas(width: options.width, height: isStacked ? 2 : 1)
        if row.hasChildren { canvas.put(signs.unfolded, column: 0, .faint) }
        let hasBars = geometry.cells > 0
        WaterfallName(row, signs: signs, deepest: survey.deepestGuides, hasBars: hasBars, columns: options.width)
            .put(on: &canvas, row: 0, column: geometry.nameColumn, width: geometry.nameWidth, ascii: options.ascii)
        if geometry.cells > 0 {
            BarPainter(options).paint(
                BarCoverage(row.stretches, on: scale), ink: ink(row), isFailed: row.flags.contains(.failed),
                on: &canvas, row: isStacked ? 1 : 0, column: geometry.barColumn)
        }
        for (index, quantity) in geometry.quantities.enumerated() {
            guard let number = number(quantity, of: row) else { continue }
            canvas.put(number.text, column: geometry.end(of: index) - number.text.width, number.style)
        }
        return canvas
    }

    /// Tasks are drawn in the colours of their states, spans in the hue of their type.
    private func ink(_ row: WaterfallLayout.Row) -> Ink {
        let trace = layout.analysis.trace
        let event = trace.events[row.event]
        guard event.kind == .span else { return .work }
        return .hue(of: trace.symbols[event.subtype ?? event.type])
    }

    private func number(_ quantity: WaterfallGeometry.Quantity, of row: WaterfallLayout.Row) -> (
        text: SafeText, style: Style
    )? {
        switch quantity {
        case .total:
            return (SafeText(own: survey.numbers.text(row.total)), .plain)
        case .wait:
            guard let wait = row.breakdown?.wait else { return nil }
            if wait == 0 { return (SafeText(own: signs.none), .faint) }
            return (SafeText(own: survey.numbers.text(wait)), Style(foreground: .wait))
        case .work:
            guard let work = row.breakdown?.work else { return nil }
            return (SafeText(own: survey.numbers.text(work)), .plain)
        }
    }
}

/// What has to be known of all rows shown before the first is drawn.
struct Survey {
    let geometry: WaterfallGeometry
    let scale: TimeScale
    /// How the numbers beside the bars are shown: one unit for all.
    let numbers: DurationText
    let deepestGuides: Int
    /// What the bars show, and which flags occur.
    private(set) var fills: Set<BarFill> = []
    private(set) var flags: Set<EventFlag> = []

    init(_ layout: WaterfallLayout, rows: Int, options: TerminalOptions) {
        let signs = Signs(ascii: options.ascii)
        // Guides take half of the widest name column, so that a name is left beside them.
        deepestGuides = max(2, options.width * 30 / 100 / 4)
        var (widest, longest) = (0, Int64(0))
        var shortest = Int64.max
        for place in 0..<rows {
            let row = layout.row(place)
            let name = WaterfallName(
                row, signs: signs, deepest: deepestGuides, hasBars: true, columns: options.width)
            widest = max(widest, name.width)
            longest = max(longest, row.total)
            let parts = [row.total, row.breakdown?.wait ?? 0, row.breakdown?.work ?? 0]
            shortest = min(shortest, parts.filter { $0 > 0 }.min() ?? .max)
            flags.formUnion(row.flags)
        }
        for label in ActivityLabel.allCases where !layout.analysis.groups.isEmpty {
            widest = max(widest, label.rawValue.count + 5)
        }
        let numbers = DurationText(fitting: longest, ascii: options.ascii)
        self.numbers = numbers
        geometry = WaterfallGeometry(
            width: options.width, widestName: widest,
            numberWidth: [longest, min(shortest, longest)].map { numbers.text($0).count }.max() ?? 0)
        scale = TimeScale(layout.window, cells: geometry.cells)
        guard geometry.cells > 0 else { return }
        for place in 0..<rows where fills.count < BarFill.allCases.count {
            let stretches = layout.row(place).stretches
            if stretches.allSatisfy({ fills.contains($0.fill) }) { continue }
            // Work and wait are always seen; own code and delays only where they take most of a cell.
            if stretches.contains(where: { $0.fill == .own || $0.fill == .delay }) {
                fills.formUnion(BarCoverage(stretches, on: scale).cells.compactMap(\.fill))
            } else {
                fills.formUnion(stretches.map(\.fill))
            }
        }
    }
}
