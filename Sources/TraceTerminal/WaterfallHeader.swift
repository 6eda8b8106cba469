import TraceCore

extension WaterfallView {
    /// The run and the legend, a line for each group, and what there is to say of their waiting.
    func writeHeader(_ write: ([Canvas]) throws -> Void) rethrows {
        let analysis = layout.analysis
        let trace = analysis.trace
        let prose = Prose(width: options.width, ascii: options.ascii)
        try write(title(prose))
        for group in analysis.groups { try write(prose.line(parts(of: group))) }
        if analysis.groups.isEmpty {
            let makespan = DurationText(fitting: trace.makespan, ascii: options.ascii).text(trace.makespan)
            let title = trace.namesake.map { name(trace.events[$0].name) } ?? SafeText(own: "(no transaction)")
            let parts: [(SafeText, Style)] = [
                (title, .bold),
                (SafeText(own: "makespan " + makespan), .plain),
            ]
            try write(prose.line(parts))
        }
        if let text = diagnosis.text { try write(prose.sentence(SafeText(own: text))) }
    }

    private func parts(of group: TaskGroup) -> [(SafeText, Style)] {
        let totals = TaskTotals(group.members.lazy.map(\.transaction), of: layout.analysis)
        let makespan = DurationText(fitting: group.makespan, ascii: options.ascii).text(group.makespan)
        // Work and wait are compared with one another: one unit.
        let form = DurationText(fitting: max(totals.work, totals.wait), ascii: options.ascii)
        let count = Prose.count(group.members.count) + " " + signs.times + " "
        let line = LineText.fact(group, ascii: options.ascii)
        var parts: [(SafeText, Style)] = [
            (parentName(of: group), .bold),
            (SafeText(own: count) + name(group.name), .plain),
            (SafeText(own: "makespan " + makespan), .plain),
            (SafeText(own: line.word + " " + line.value), .plain),
            (SafeText(own: "work " + form.text(totals.work)), .plain),
        ]
        if group.scope == .service {
            parts.insert((SafeText(own: Prose.count(group.processes, "process", "processes")), .plain), at: 4)
        }
        let wait = totals.wait == 0 ? signs.none : form.text(totals.wait)
        parts.append((SafeText(own: "wait " + wait), totals.wait == 0 ? .plain : Style(foreground: .wait)))
        if totals.failed > 0 {
            parts.append((SafeText(own: "failed " + Prose.count(totals.failed)), Style(foreground: .failed)))
        }
        return parts
    }

    /// The trace on the left, the legend on the right, or below where there is no room.
    private func title(_ prose: Prose) -> [Canvas] {
        let trace = layout.analysis.trace
        let inference = layout.analysis.settings.inference
        let id = SafeText(trace.id.text, ascii: options.ascii).truncated(to: 32, ascii: options.ascii)
        var left: [(SafeText, Style)] = [
            (SafeText(own: "trace ") + SafeText(own: String(id.text.prefix(8))), .faint)
        ]
        if isArriving { left.append((SafeText(own: "still arriving"), .bold)) }
        // The waits of the standard setting are told by the legend.
        if inference != .auto { left.append((SafeText(own: "inference " + inference.rawValue), .plain)) }
        if let zoom { left.append((SafeText(own: zoom), .plain)) }
        let legend = legend()
        let width = legend.reduce(-2) { $0 + $1.0.width + 2 }
        let leftWidth = left.reduce(0) { $0 + $1.0.width + 2 }
        guard !legend.isEmpty, leftWidth + width + 2 <= options.width else {
            return prose.line(left) + prose.line(legend)
        }
        guard var canvas = prose.line(left).first else { return [] }
        var column = options.width - width
        for (text, style) in legend { column = canvas.put(text, column: column, style) + 2 }
        return [canvas]
    }

    /// Which part of the run is drawn, where it is a part.
    private var zoom: String? {
        guard choice.query.window != nil else { return nil }
        let (run, window) = (content.outline.run, content.window)
        let form = DurationText(fitting: Int128(run.length), resolving: window.length, ascii: options.ascii)
        let (start, end) = (form.text(window.start - run.start), form.text(window.end - run.start))
        let whole = DurationText(fitting: run.length, ascii: options.ascii).text(run.length)
        return "from \(start) to \(end) of \(whole)"
    }

    /// What the textures of the bars mean, as far as they occur.
    private func legend() -> [(SafeText, Style)] {
        var parts: [(SafeText, Style)] = []
        func add(_ sign: String, _ words: String, _ ink: Ink) {
            parts.append((SafeText(own: sign + " " + words), Style(foreground: ink)))
        }
        if survey.fills.contains(.work) { add(signs.full(.work), "work", .work) }
        if survey.fills.contains(.own) { add(signs.full(.own), "self (own code)", .own) }
        if survey.fills.contains(.wait) {
            let sources = totals.waitSources.map(\.word).joined(separator: ", ")
            add(signs.full(.wait), sources.isEmpty ? "wait" : "wait (\(sources))", .wait)
        }
        if survey.fills.contains(.delay) { add(signs.full(.delay), "delay: before the task was opened", .faint) }
        if survey.flags.contains(.failed), geometry.cells > 0 { add(signs.failed, "failed", .failed) }
        guard geometry.cells > 0 else { return parts }
        if survey.hasStrips { add([2, 5, 8].map(signs.height).joined(), "how many work", .work) }
        if survey.hasBoundaries { add(signs.boundary, "then the next task", .work) }
        return parts
    }

    /// The name of the transaction that the group's tasks were started from.
    private func parentName(of group: TaskGroup) -> SafeText {
        let trace = layout.analysis.trace
        guard let first = group.members.first, let parent = trace.parents[first.transaction] else {
            return SafeText(own: "(parent never came)")
        }
        return name(trace.events[trace.owners[parent] ?? parent].name)
    }

    func name(_ symbol: Symbol?) -> SafeText {
        // Names take no more than a third of a line.
        let columns = max(12, options.width / 3)
        let text = layout.analysis.trace.symbols.text(symbol) ?? "(no name)"
        return SafeText(name: text, columns: columns, ascii: options.ascii)
    }
}

extension WaitSource {
    /// As it is called in output.
    var word: String {
        switch self {
        case .inferred: "inferred"
        case .span: "span"
        case .message: "message"
        }
    }
}
