package import TraceCore

/// A run as a picture: what each of its tasks and spans did when, and for how long they waited and worked.
package struct WaterfallView {
    let layout: WaterfallLayout
    let options: TerminalOptions
    let choice: WaterfallChoice
    let isArriving: Bool
    let signs: Signs
    let content: WaterfallLines
    private(set) var names: WaterfallNames
    private(set) var survey: WaterfallSurvey
    /// Of all tasks of the run.
    let totals: TaskTotals
    /// The tasks that set how long their groups took, as indices into the trace's events.
    let criticalTasks: Set<Int>
    let diagnosis: DiagnosisText
    /// The errors told under the rows of events, in order of time; of several one is written, and how many there are.
    package var errors: [Int: [ErrorDetails]] = [:]
    /// What the lines of events say that is marked at their rows.
    package var facts = RowFacts() {
        didSet {
            names.facts = facts
            survey = WaterfallSurvey(content, names: names, options: options)
        }
    }

    /// What is known of events beside what the analysis knows of them.
    package struct RowFacts: Sendable, Equatable {
        /// Of a span that stands for several, of how many.
        package var composites: [Int: Int64] = [:]
        /// Of an event that is linked to spans of other traces, to how many.
        package var links: [Int: Int] = [:]

        /// Nothing more is known.
        package init() {}
    }

    /// How many rows are shown where nobody says.
    private static let standardRows = 200

    /// Looks at all rows that will be shown, to find the widths and the units they have in common.
    /// `isArriving` says that the run has no root yet and its events still come.
    package init(
        _ analysis: TraceAnalysis, _ options: TerminalOptions, isArriving: Bool = false,
        choice: WaterfallChoice = WaterfallChoice()
    ) {
        let layout = WaterfallLayout(analysis)
        self.layout = layout
        self.isArriving = isArriving
        self.options = options
        self.choice = choice
        signs = Signs(ascii: options.ascii)
        let limit = options.rows.shown(of: .max, standard: Self.standardRows)
        let outline = choice.outline(of: layout, limit: limit)
        if choice.showsLanes {
            let lanes = WaterfallLanes(layout, query: choice.query)
            content = WaterfallLines(lanes, outline: outline, limit: options.rows, standard: Self.standardRows)
        } else {
            content = WaterfallLines(outline, limit: options.rows, standard: Self.standardRows)
        }
        names = WaterfallNames(options)
        survey = WaterfallSurvey(content, names: names, options: options)
        totals = TaskTotals(analysis.tasks, of: analysis)
        criticalTasks = analysis.criticalTasks
        diagnosis = DiagnosisText(Diagnosis(RunFigures(analysis)))
    }

    var geometry: WaterfallGeometry { survey.geometry }
    var scale: TimeScale { survey.scale }

    /// Writes the picture line by line, so that a long one is never held.
    package func write(_ line: (String) throws -> Void) rethrows {
        func write(_ canvases: [Canvas]) throws {
            for canvas in canvases { for text in canvas.lines(options.colors) { try line(text) } }
        }
        // What does not show every row begins with what shows all of them together.
        let beginsWithSummary = content.shown < content.entries || survey.hasStrips || choice.showsLanes
        try writeHeader(write)
        if beginsWithSummary { try writeActivity(write) }
        if content.count > 0 { try write(axis()) }
        for index in 0..<content.count {
            let line = content[index]
            try write([canvas(line)])
            if let row = line.row { try write(error(of: row)) }
        }
        try write(leftOut())
        if !beginsWithSummary { try writeActivity(write) }
        try write(notes())
    }

    /// The events whose rows are drawn, from the top, as indices into the trace's events.
    package var shownEvents: [Int] { content.events }

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
        let origin = max(0, content.window.start - content.outline.run.start)
        for tick in scale.ticks(from: origin, ascii: options.ascii) {
            ticks.put(tick.text, column: geometry.barColumn + tick.column, .faint)
        }
        return geometry.arrangement == .beside ? [ticks] : [titles, ticks]
    }
}
