package import TraceCore

/// Percentiles of what tasks waited and worked: all of them together, then group by group.
package struct ReportView {
    let report: TaskReport
    let options: TerminalOptions
    let signs: Signs
    let prose: Prose

    /// How many groups are shown where nobody says.
    private static let standardRows = 20

    /// A report, to be drawn for a width and a terminal.
    package init(_ report: TaskReport, _ options: TerminalOptions) {
        self.report = report
        self.options = options
        signs = Signs(ascii: options.ascii)
        prose = Prose(width: options.width, ascii: options.ascii)
    }

    /// The report as text.
    package func lines() -> [String] {
        var blocks: [[Canvas]] = [header()]
        if report.overall.tasks > 0 {
            blocks.append(overall())
            blocks.append(groups())
        }
        blocks.append(notes())
        return blocks.filter { !$0.isEmpty }.map { $0.flatMap { $0.lines(options.colors) } }
            .joined(separator: [""]).map { $0 }
    }

    private func header() -> [Canvas] {
        let overall = report.overall
        var parts: [(SafeText, Style)] = [
            (SafeText(own: Prose.count(overall.tasks, "task", "tasks")), .bold),
            (SafeText(own: Prose.count(report.runs, "run", "runs")), .plain),
        ]
        if overall.failed > 0 {
            parts.append((SafeText(own: "failed " + Prose.count(overall.failed)), Style(foreground: .failed)))
        }
        if report.incomplete > 0 {
            parts.append((SafeText(own: "incomplete " + Prose.count(report.incomplete)), .plain))
        }
        if report.unsampled > 0 {
            parts.append((SafeText(own: "excluded " + Prose.count(report.unsampled) + " unsampled"), .plain))
        }
        parts.append((SafeText(own: "wait share " + overall.waitShare.text), Style(foreground: .wait)))
        parts.append((SafeText(own: "inference " + report.inference.rawValue), .plain))
        return prose.line(parts)
    }

    /// The percentiles of all tasks, one quantity a line.
    private func overall() -> [Canvas] {
        let statistics = report.overall
        let form = DurationText(
            fitting: ReportQuantity.allCases.map { $0.statistics(of: statistics).max }.max() ?? 0, ascii: options.ascii)
        let measures: [Measure] = [.p50, .p90, .p95, .p99, .max, .mean]
        var columns = [Table.Column(title: SafeText(own: ""), isRightAligned: false)]
        for measure in measures {
            columns.append(
                Table.Column(title: SafeText(own: measure.rawValue), isRightAligned: true, rank: measure.rank))
        }
        let rows = ReportQuantity.allCases.map { quantity in
            let values = quantity.statistics(of: statistics)
            return [Table.Entry(text: SafeText(own: quantity.rawValue), style: quantity.style)]
                + measures.map { entry($0.value(of: values, count: statistics.tasks), form, quantity) }
        }
        return Table(columns: columns, rows: rows, options: options).canvases()
    }

    private func groups() -> [Canvas] {
        let shown = options.rows.shown(of: report.groups.count, standard: Self.standardRows)
        guard shown > 0 else { return leftOut(shown) }
        let groups = report.groups[..<shown]
        let keys = ReportKeys(report, groups: groups, options: options)
        let table =
            report.groups.allSatisfy { $0.statistics.tasks == 1 }
            ? singles(groups, keys: keys) : percentiles(groups, keys: keys)
        return table.canvases() + leftOut(shown)
    }

    /// Groups of one task each: its own quantities, one column each.
    private func singles(_ groups: ArraySlice<TaskReport.Group>, keys: ReportKeys) -> Table {
        let quantities: [ReportQuantity] = [.total, .wait, .work, .delay]
        let longest = groups.flatMap { group in quantities.map { $0.statistics(of: group.statistics).max } }.max()
        let form = DurationText(fitting: longest ?? 0, ascii: options.ascii)
        let columns = quantities.map {
            Table.Column(title: SafeText(own: $0.rawValue), isRightAligned: true, rank: $0.rank)
        }
        let rows = groups.enumerated().map { place, group in
            keys.entries(place)
                + quantities.map { quantity in
                    entry(quantity.statistics(of: group.statistics).max, form, quantity)
                }
        }
        return Table(columns: keys.columns + columns, rows: rows, options: options)
    }

    /// Groups of several tasks: how many, and percentiles of each quantity, as many as there is room for.
    private func percentiles(_ groups: ArraySlice<TaskReport.Group>, keys: ReportKeys) -> Table {
        // Where no group has enough tasks for a p95, the longest of each says more.
        let hasTail = groups.contains { $0.statistics.tasks >= Percentile.valuesNeeded(hundredths: 9_500) }
        let measures: [Measure] = [.p50, hasTail ? .p95 : .max]
        let cells = ReportQuantity.allCases.flatMap { quantity in measures.map { (quantity, $0) } }
        let longest = groups.map { $0.statistics.total.max }.max() ?? 0
        let form = DurationText(fitting: longest, ascii: options.ascii)
        var columns = keys.columns + [Table.Column(title: SafeText(own: "tasks"), isRightAligned: true, rank: 90)]
        for (quantity, measure) in cells {
            columns.append(
                Table.Column(
                    heading: SafeText(own: quantity.rawValue), title: SafeText(own: measure.rawValue),
                    isRightAligned: true, rank: quantity.rank + (measure == .p50 ? 5 : 0)))
        }
        columns.append(Table.Column(title: SafeText(own: "wait share"), isRightAligned: true, rank: 40))
        let rows = groups.enumerated().map { place, group in
            let statistics = group.statistics
            return keys.entries(place) + [Table.Entry(text: SafeText(own: Prose.count(statistics.tasks)))]
                + cells.map { quantity, measure in
                    let value = measure.value(of: quantity.statistics(of: statistics), count: statistics.tasks)
                    return entry(value, form, quantity)
                }
                + [Table.Entry(text: SafeText(own: statistics.waitShare.text))]
        }
        var table = Table(columns: columns, rows: rows, options: options)
        // What no row has takes no room; the lines above have it.
        for index in columns.indices.reversed().dropFirst() where index > keys.columns.count {
            if rows.allSatisfy({ $0[index].text.text == signs.none }) { table.removeColumn(index) }
        }
        return table
    }

    /// A duration; a dash where there is none, or where a wait or a delay is nothing.
    private func entry(_ value: Int64?, _ form: DurationText, _ quantity: ReportQuantity) -> Table.Entry {
        guard let value, value > 0 || !quantity.isDashedWhenZero else {
            return Table.Entry(text: SafeText(own: signs.none), style: .faint)
        }
        return Table.Entry(text: SafeText(own: form.text(value)), style: quantity.style)
    }

    private func leftOut(_ shown: Int) -> [Canvas] {
        let count = report.groups.count
        guard shown < count else { return [] }
        let text = "\(signs.ellipsis) \(Prose.count(count - shown)) of \(Prose.count(count, "row", "rows")) not shown"
        return prose.sentence(SafeText(own: text + " (--rows all)"))
    }

    private func notes() -> [Canvas] {
        var sentences: [String] = []
        if report.overall.tasks == 0 { sentences.append("no tasks") }
        if report.overall.tasks > 0 { sentences.append("Percentiles of different quantities do not add up.") }
        if report.groups.contains(where: { $0.incomplete > 0 }) {
            sentences.append("\(signs.mark(.incomplete)) \(EventFlag.incomplete.meaning)")
        }
        if report.arriving > 0 {
            sentences.append(
                Prose.count(report.arriving, "run is", "runs are") + " still arriving: not all is counted yet")
        }
        sentences += Notes.meaning(of: report.inference)
        if report.runsWithoutGroups > 0, report.inference == .auto {
            let runs = report.runs == 1 ? "" : "in \(Prose.count(report.runsWithoutGroups, "run", "runs")): "
            sentences.append(runs + Notes.withoutGroups)
        }
        sentences += Notes.own(report.overall.own.sum, of: report.overall.work.sum)
        return sentences.flatMap { prose.sentence(SafeText(own: $0)) }
    }
}
