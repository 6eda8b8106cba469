import TraceCore

/// A part of a line: a text, the class that it is drawn with, and px before it.
typealias SVGPart = (text: String, style: String, gap: Int)

extension SVGWaterfall {
    /// The most groups that the head tells of; the others are said to be left out.
    static let mostGroups = 3

    /// The largest groups, in their order.
    var toldGroups: [TaskGroup] {
        let groups = analysis.groups
        let largest = groups.indices.sorted { left, right in
            let (a, b) = (groups[left].members.count, groups[right].members.count)
            return a != b ? a > b : left < right
        }
        return largest.prefix(Self.mostGroups).sorted().map { groups[$0] }
    }

    /// What the picture is called where it is not seen.
    var title: String { "Waterfall of " + runName(columns: 60) }

    /// What the picture shows, in words.
    var description: String {
        let facts = analysis.groups.isEmpty ? [wholeFacts] : toldGroups.map(facts)
        let lines =
            facts.map { parts in parts.map(\.text).joined(separator: ", ") } + [diagnosis.text].compactMap(\.self)
        return lines.joined(separator: ". ") + "."
    }

    private func runName(columns: Int) -> String {
        trace.namesake.map { options.text(trace.symbols.text(trace.events[$0].name), columns: columns).text }
            ?? "(no transaction)"
    }

    /// Draws all above the rows; where the axis ends and where the rows begin.
    func writeHead(to svg: inout XMLWriter) -> (axisEnd: Double, rowsStart: Double) {
        var y = SVGGeometry.margin + 17
        writeTitle(at: y, to: &svg)
        y += 25
        for parts in analysis.groups.isEmpty ? [wholeFacts] : toldGroups.map(facts) {
            y = flow(parts, at: y, column: 7.2, height: 20, to: &svg)
        }
        if analysis.groups.count > Self.mostGroups {
            let left = CountText.text(analysis.groups.count - Self.mostGroups)
            let text = "… \(left) of \(CountText.text(analysis.groups.count, "group", "groups")) not shown"
            y = flow([(text, "wl-words wl-faint", 0)], at: y, column: 7.2, height: 20, to: &svg)
        }
        if let sentence = diagnosis.text {
            y = write(
                sentence: sentence, style: "wl-words wl-says wl-strong", at: y + 4, column: 8, height: 20, to: &svg)
        }
        y = writeLegend(at: y + 6, to: &svg)
        y += 16
        writeAxis(at: y, to: &svg)
        let axisEnd = y + 6
        let hasActivity = !analysis.groups.isEmpty
        y += hasActivity ? 10 : 0
        for group in hasActivity ? toldGroups : [] { y = writeActivity(of: group, at: y, to: &svg) }
        y += hasActivity ? 8 : 0
        writeNumberTitles(at: y, to: &svg)
        return (axisEnd, y + 4)
    }

    private func writeTitle(at y: Double, to svg: inout XMLWriter) {
        var notes = ["trace " + PictureText.escaped(String(trace.id.text.prefix(8)), characters: 8)]
        if let namesake = trace.namesake {
            notes.insert(options.text(trace.symbols[trace.events[namesake].service], columns: 30).text, at: 0)
        }
        let inference = analysis.settings.inference
        if inference != .auto { notes.append("inference " + inference.rawValue) }
        if options.isArriving { notes.append("still arriving") }
        let text = notes.joined(separator: " · ")
        svg.element(
            "text",
            [
                "class": "wl-words wl-faint", "x": px(geometry.width - SVGGeometry.margin), "y": px(y),
                "text-anchor": "end",
            ],
            text: text)
        let room = geometry.width - 3 * SVGGeometry.margin - Double(PictureText(own: text).columns) * 7
        svg.element(
            "text", ["class": "wl-words wl-title", "x": px(SVGGeometry.margin), "y": px(y)],
            text: runName(columns: max(8, Int(room / 11))))
    }

    private func facts(of group: TaskGroup) -> [SVGPart] {
        let totals = TaskTotals(group.members.lazy.map(\.transaction), of: analysis)
        let name = options.text(trace.symbols.text(group.name), columns: 30).text
        var parts: [SVGPart] = [("\(CountText.text(group.members.count)) × \(name)", "wl-strong", 0)]
        let line = LineText.fact(group, ascii: false)
        parts.append((line.word + " " + line.value, "wl-fact", 16))
        return parts + times(makespan: group.makespan, totals)
    }

    /// Of a run without groups.
    private var wholeFacts: [SVGPart] {
        [(CountText.text(totals.tasks, "task", "tasks"), "wl-strong", 0)] + times(makespan: trace.makespan, totals)
    }

    private func times(makespan: Int64, _ totals: TaskTotals) -> [SVGPart] {
        // Work and wait are compared with one another: one unit.
        let form = DurationText(fitting: max(totals.work, totals.wait), ascii: false)
        var parts: [SVGPart] = [
            ("makespan " + DurationText(fitting: makespan, ascii: false).text(makespan), "wl-fact", 16),
            ("work " + form.text(totals.work), "wl-fact", 16),
        ]
        parts.append(
            totals.wait == 0
                ? ("wait –", "wl-faint", 16) : ("wait " + form.text(totals.wait), "wl-late wl-strong", 16))
        if totals.failed > 0 { parts.append(("failed " + CountText.text(totals.failed), "wl-bad wl-strong", 16)) }
        return parts
    }

    /// Parts of a line, on further lines what has no room; where the next line stands. A character takes `column` px.
    func flow(
        _ parts: [SVGPart], at y: Double, column: Double, height: Double, to svg: inout XMLWriter
    ) -> Double {
        var (y, line, x) = (y, [SVGPart](), SVGGeometry.margin)
        func put(to svg: inout XMLWriter) {
            svg.line(["class": "wl-words", "x": px(SVGGeometry.margin), "y": px(y)], line)
            y += height
        }
        for part in parts {
            let width = Double(PictureText(own: part.text).columns) * column + Double(part.gap)
            if !line.isEmpty, x + width > geometry.width - SVGGeometry.margin {
                put(to: &svg)
                (line, x) = ([], SVGGeometry.margin)
            }
            line.append(line.isEmpty ? (part.text, part.style, 0) : part)
            x += width
        }
        put(to: &svg)
        return y
    }

    /// A sentence, word by word; where the next line stands. A character takes `column` px.
    func write(
        sentence: String, style: String, at y: Double, column: Double, height: Double, to svg: inout XMLWriter
    ) -> Double {
        let room = Int((geometry.width - 2 * SVGGeometry.margin) / column)
        var lines: [String] = []
        for word in sentence.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= room {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        for (number, line) in lines.enumerated() {
            let y = px(y + Double(number) * height)
            svg.element("text", ["class": style, "x": px(SVGGeometry.margin), "y": y], text: line)
        }
        return y + Double(lines.count) * height
    }
}
