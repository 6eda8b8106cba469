import TraceCore

/// The lines that say how many tasks do what.
enum ActivityLabel: String, CaseIterable {
    case running
    case waiting
}

extension WaterfallView {
    /// How many tasks of each group run and wait over time, and what that says of its slots.
    func writeActivity(_ write: ([Canvas]) throws -> Void) rethrows {
        for group in layout.analysis.groups { try write(activity(of: group)) }
    }

    private func activity(of group: TaskGroup) -> [Canvas] {
        let analysis = layout.analysis
        let prose = Prose(width: options.width, ascii: options.ascii)
        let activity = GroupActivity(group, of: analysis, shift: content.outline.clocks.shift)
        var canvases: [Canvas] = []
        if analysis.groups.count > 1 {
            canvases += prose.line([(name(group.name), .bold)], indent: 2)
        }
        if geometry.cells > 0 {
            let series = activity.series(on: scale)
            canvases += bar(.running, series.running, ink: .work)
            canvases += bar(.waiting, series.waiting, ink: .wait)
        }
        // Who runs by another setting says nothing of how full the slots were.
        guard analysis.settings.inference == .auto else { return canvases }
        return canvases + prose.sentence(SafeText(own: slots(of: group, activity)), .faint, indent: 2)
    }

    private func slots(of group: TaskGroup, _ activity: GroupActivity) -> String {
        LineText.fullness(group, full: activity.full, ascii: options.ascii)
    }

    /// Numbers below ten are written, larger ones drawn as heights.
    private func bar(_ label: ActivityLabel, _ series: GroupActivity.Series, ink: Ink) -> [Canvas] {
        guard series.peak > 0 else { return [] }
        let isStacked = geometry.arrangement == .stacked
        var canvas = Canvas(width: options.width, height: isStacked ? 2 : 1)
        let text = label.rawValue + (series.peak < 10 ? "" : " " + Prose.count(series.peak))
        canvas.put(SafeText(own: text).truncated(to: geometry.nameWidth), column: geometry.nameColumn, .faint)
        for (cell, mean) in series.means.enumerated() where mean > 0 {
            canvas.put(
                series.peak < 10 ? String(mean) : signs.height(of: mean, peak: series.peak), row: isStacked ? 1 : 0,
                column: geometry.barColumn + cell, Style(foreground: ink))
        }
        return [canvas]
    }

    /// What was not drawn is said, and by which option it would be.
    func leftOut() -> [Canvas] {
        let prose = Prose(width: options.width, ascii: options.ascii)
        return leftOutTexts.flatMap { prose.sentence(SafeText(own: $0)) }
    }

    private var leftOutTexts: [String] {
        let outline = content.outline
        if choice.showsLanes { return lanesLeftOut }
        let filters = choice.filterNames.joined(separator: ", ")
        guard content.entries > 0 else {
            return filters.isEmpty ? [] : ["none of \(count(rows: layout.count)) is left (\(filters))"]
        }
        var texts: [String] = []
        func tell(_ left: Int, of all: Int, _ reason: String) {
            guard left > 0 else { return }
            texts.append("\(signs.ellipsis) \(Prose.count(left)) of \(count(rows: all)) not shown (\(reason))")
        }
        tell(content.entries - content.shown, of: content.entries, "--rows all")
        let unfolding = choice.folding == .always ? "--fold never" : "--rows all"
        tell(outline.folded - content.exemplars, of: layout.count, "in folds: \(unfolding)")
        tell(outline.closed, of: layout.count, "deeper: --depth")
        tell(outline.leftOut, of: layout.count, filters)
        return texts
    }

    private var lanesLeftOut: [String] {
        guard let lanes = content.lanes else { return [] }
        if lanes.tasks == 0 { return ["no lanes: no two of the tasks share a parent transaction"] }
        var texts: [String] = []
        if content.shown < content.entries {
            let left = Prose.count(content.entries - content.shown)
            let all = Prose.count(content.entries, "lane", "lanes")
            texts.append("\(signs.ellipsis) \(left) of \(all) not shown (--rows all)")
        }
        if lanes.leftOut > 0 {
            let (left, all) = (Prose.count(lanes.leftOut), Prose.count(lanes.tasks, "task", "tasks"))
            texts.append(
                "\(signs.ellipsis) \(left) of \(all) not shown (\(choice.filterNames.joined(separator: ", ")))")
        }
        return texts
    }

    private func count(rows: Int) -> String { Prose.count(rows, "row", "rows") }

    /// What has to be known to read the picture right.
    func notes() -> [Canvas] {
        let prose = Prose(width: options.width, ascii: options.ascii)
        let analysis = layout.analysis
        var marks: [(SafeText, Style)] = EventFlag.allCases.filter(survey.flags.contains).compactMap { flag in
            if flag == .failed, geometry.cells > 0 { return nil }
            return (SafeText(own: signs.mark(flag) + " " + flag.meaning), .faint)
        }
        if survey.hasMoved { marks.append((SafeText(own: signs.moved + " moved into its parent"), .faint)) }
        if content.events.contains(where: { facts.links[$0] != nil }) {
            marks.append((SafeText(own: signs.linked + " linked to spans of other traces"), .faint))
        }
        if content.events.contains(where: criticalTasks.contains) {
            marks.append((SafeText(own: signs.critical + " on the critical chain, which set the makespan"), .faint))
        }
        var canvases = prose.line(marks, indent: 2)
        for sentence in clockSentences { canvases += prose.sentence(SafeText(own: sentence)) }
        for sentence in [diagnosis.withoutWork].compactMap(\.self) + Notes(analysis, totals: totals).sentences {
            canvases += prose.sentence(SafeText(own: sentence))
        }
        return canvases
    }
}

extension WaterfallView {
    /// What was done about clocks that differ, or could be done.
    fileprivate var clockSentences: [String] {
        let clocks = content.outline.clocks
        if let range = clocks.range {
            let longest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
            let form = DurationText(fitting: Int128(longest), ascii: options.ascii)
            let (least, most) = (form.text(range.lowerBound), form.text(range.upperBound))
            let by = least == most ? "by \(most)" : "by \(least) to \(most)"
            return [
                Prose.count(clocks.moved, "row was", "rows were")
                    + " moved \(by): what another process did for a span lies in the middle of it;"
                    + " the figures are as they were sent"
            ]
        }
        let isSkewed = survey.flags.contains(.beforeParent) || survey.flags.contains(.outlivesParent)
        let moved = isSkewed ? layout.clocks.moved : 0
        guard moved > 0, !choice.query.alignsClocks else { return [] }
        return [
            "clocks seem to differ: \(Prose.count(moved, "row", "rows")) of other processes lie outside of their parents"
                + " (--align-clocks moves them into them)"
        ]
    }
}
