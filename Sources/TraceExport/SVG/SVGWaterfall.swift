package import TraceCore

/// A run as a picture that stands alone: an SVG for light and dark surroundings, without scripts, fonts or anything
/// else from elsewhere. The same run gives the same bytes.
///
/// Each row is a `g` of the class `wl-row` with what a script may ask for: `data-id`, `data-kind`, `data-depth`, and
/// `data-start` (from the run's start) and `data-duration`, both in µs. A fold is one of the class `wl-fold` with
/// `data-count` and `data-depth`.
package struct SVGWaterfall {
    let outline: WaterfallOutline
    let options: SVGOptions
    /// How many entries of the outline are drawn.
    let shown: Int
    let lines: [SVGLine]
    let survey: SVGSurvey
    let geometry: SVGGeometry
    let scale: TimeScale
    /// The tasks that set how long their groups took, as indices into the trace's events.
    let criticalTasks: Set<Int>
    let lineWaits: LineWaits
    /// Of all tasks of the run.
    let totals: TaskTotals
    let diagnosis: DiagnosisText

    /// Looks at all lines that will be drawn, to find the widths and the units they have in common.
    package init(_ outline: WaterfallOutline, _ options: SVGOptions = SVGOptions()) {
        let analysis = outline.layout.analysis
        self.outline = outline
        self.options = options
        shown = min(outline.entries.count, max(0, options.rows ?? .max))
        lines = Self.lines(of: outline, entries: shown)
        survey = SVGSurvey(lines, of: outline, options)
        geometry = survey.geometry
        scale = survey.scale
        criticalTasks = analysis.criticalTasks
        lineWaits = LineWaits(analysis)
        totals = TaskTotals(analysis.tasks, of: analysis)
        diagnosis = DiagnosisText(Diagnosis(RunFigures(analysis)))
    }

    /// Whether a line is of a task on a critical chain.
    func isCritical(_ line: SVGLine) -> Bool { line.row.map { criticalTasks.contains($0.event) } ?? false }

    private static func lines(of outline: WaterfallOutline, entries: Int) -> [SVGLine] {
        var lines = (0..<entries).flatMap { SVGLine.lines(ofEntry: $0, in: outline) }
        let errors = ErrorPlaces(outline.layout.analysis.trace).errors(under: lines.lazy.compactMap { $0.row?.event })
        for place in lines.indices { lines[place].errors = lines[place].row.flatMap { errors[$0.event]?.count } ?? 0 }
        return lines
    }

    var analysis: TraceAnalysis { outline.layout.analysis }
    var trace: Trace { analysis.trace }

    /// The picture.
    package func text() -> String {
        var text = ""
        write { text += $0 }
        return text
    }

    /// Gives the picture to `output` in pieces.
    package func write(to output: (String) throws -> Void) rethrows {
        var head = XMLWriter()
        let (axisEnd, rowsStart) = writeHead(to: &head)
        let rowsEnd = lines.reduce(rowsStart) { $0 + $1.height + (isSetOff($1) ? Self.gap : 0) }
        var foot = XMLWriter()
        let height = (writeFoot(at: rowsEnd, to: &foot) + SVGGeometry.margin).rounded()
        var svg = XMLWriter()
        open(height: height, to: &svg)
        writeGrid(from: axisEnd, to: rowsEnd, &svg)
        svg.raw(head.take())
        var top = rowsStart
        for line in lines {
            if isSetOff(line) {
                writeRule(at: top + Self.gap / 2, to: &svg)
                top += Self.gap
            }
            write(line, at: top, to: &svg)
            top += line.height
            if svg.count > 1 << 16 { try output(svg.take()) }
        }
        svg.raw(foot.take())
        svg.close("svg")
        try output(svg.take())
    }

    /// What is not set in stands apart from what comes before it.
    private static let gap = 7.0

    private func isSetOff(_ line: SVGLine) -> Bool { line.depth == 0 }

    private func writeRule(at y: Double, to svg: inout XMLWriter) {
        let (left, right) = (px(SVGGeometry.margin), px(geometry.width - SVGGeometry.margin))
        svg.element("path", ["class": "wl-grid", "d": "M\(left) \(px(y.rounded(.down) + 0.5))H\(right)"])
    }

    private func open(height: Double, to svg: inout XMLWriter) {
        let (prefix, width) = (options.prefix, px(geometry.width))
        svg.open(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "wl-picture", "width": width, "height": px(height),
                "viewBox": "0 0 \(width) \(px(height))", "role": "img",
                "aria-labelledby": "\(prefix)-title \(prefix)-desc",
            ])
        svg.element("title", ["id": prefix + "-title"], text: title)
        svg.element("desc", ["id": prefix + "-desc"], text: description)
        if options.hasStyle { svg.element("style", text: SVGStyle.sheet) }
        SVGStyle.writePatterns(prefix: prefix, to: &svg)
        svg.element(
            "rect",
            [
                "class": "wl-page", "x": "0.5", "y": "0.5", "width": px(geometry.width - 1), "height": px(height - 1),
                "rx": "8",
            ])
    }
}
