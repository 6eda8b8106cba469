import TraceCore

extension ReportView {
    /// The percentiles of all tasks, one quantity a line.
    func overall() -> Table {
        let statistics = report.overall
        let form = DurationText(
            fitting: ReportQuantity.allCases.map { $0.statistics(of: statistics).max }.max() ?? 0, ascii: options.ascii)
        let ranks = report.percentiles.isEmpty ? PercentileRank.standard : report.percentiles.sorted()
        let figures = ranks.map { StatisticFigure.percentile($0) } + [.max, .mean]
        var columns = [Table.Column(title: SafeText(own: ""), isRightAligned: false)]
        for (place, figure) in figures.enumerated() {
            let rank = report.percentiles.isEmpty ? figure.columnRank : -place
            columns.append(Table.Column(title: SafeText(own: figure.text), isRightAligned: true, rank: rank))
        }
        let rows = ReportQuantity.allCases.map { quantity in
            let values = quantity.statistics(of: statistics)
            return [Table.Entry(text: SafeText(own: quantity.rawValue), style: quantity.style)]
                + figures.map { entry($0.shown(of: values, count: statistics.tasks), form, quantity) }
        }
        return Table(columns: columns, rows: rows, options: options)
    }

    /// How the work of all is split by kind; nil where it was not asked for.
    func kinds() -> Table? {
        guard let work = report.work else { return nil }
        let form = DurationText(fitting: work.parts.map(\.time).max() ?? 0, ascii: options.ascii)
        let columns = [
            Table.Column(title: SafeText(own: "work"), isRightAligned: false, isFlexible: true),
            Table.Column(title: SafeText(own: "sum"), isRightAligned: true),
            Table.Column(title: SafeText(own: "share"), isRightAligned: true),
        ]
        let rows = work.parts.map { part in
            [
                Table.Entry(text: name(of: part.kind)), Table.Entry(text: SafeText(own: form.text(part.time))),
                Table.Entry(text: SafeText(own: Share(part.time, of: work.total).text)),
            ]
        }
        return Table(columns: columns, rows: rows, options: options)
    }

    /// The groups that are shown: one table, or none.
    func groups() -> [Table] {
        guard shown > 0 else { return [] }
        let groups = report.groups[..<shown]
        let keys = ReportKeys(report, groups: groups, options: options)
        if let work = report.work { return [kinds(groups, keys: keys, of: work)] }
        if report.dimensions == [.run] { return [runs(groups)] }
        let isSingle = report.percentiles.isEmpty && report.groups.allSatisfy { $0.statistics.tasks == 1 }
        return [isSingle ? singles(groups, keys: keys) : percentiles(groups, keys: keys)]
    }

    /// Groups of one task each: its own quantities, one column each.
    private func singles(_ groups: ArraySlice<TaskReport.Group>, keys: ReportKeys) -> Table {
        let quantities: [ReportQuantity] = [.total, .wait, .work, .delay]
        let longest = groups.flatMap { group in quantities.map { $0.statistics(of: group.statistics).max } }.max()
        let form = DurationText(fitting: longest ?? 0, ascii: options.ascii)
        let columns =
            quantities.map { Table.Column(title: SafeText(own: $0.rawValue), isRightAligned: true, rank: $0.rank) }
            + [Self.slowdownColumn]
        let rows = groups.enumerated().map { place, group in
            keys.entries(place)
                + quantities.map { quantity in
                    entry(quantity.statistics(of: group.statistics).max, form, quantity)
                } + [slowdown(of: group.statistics)]
        }
        return Table(columns: keys.columns + columns, rows: rows, options: options)
    }

    /// Groups of several tasks: how many, and percentiles of each quantity, as many as there is room for.
    private func percentiles(_ groups: ArraySlice<TaskReport.Group>, keys: ReportKeys) -> Table {
        let figures = figures(of: groups)
        let cells = ReportQuantity.allCases.flatMap { quantity in figures.map { (quantity, $0) } }
        let longest = groups.map { $0.statistics.total.max }.max() ?? 0
        let form = DurationText(fitting: longest, ascii: options.ascii)
        var columns = keys.columns + [Self.tasksColumn]
        for (quantity, figure) in cells {
            columns.append(
                Table.Column(
                    heading: SafeText(own: quantity.rawValue), title: SafeText(own: figure.text),
                    isRightAligned: true, rank: quantity.rank + (figure == figures.first ? 5 : 0)))
        }
        columns.append(Table.Column(title: SafeText(own: "wait share"), isRightAligned: true, rank: 40))
        columns.append(Self.slowdownColumn)
        let rows = groups.enumerated().map { place, group in
            let statistics = group.statistics
            return keys.entries(place) + [Table.Entry(text: SafeText(own: Prose.count(statistics.tasks)))]
                + cells.map { quantity, figure in
                    let value = figure.shown(of: quantity.statistics(of: statistics), count: statistics.tasks)
                    return entry(value, form, quantity)
                }
                + [Table.Entry(text: SafeText(own: statistics.waitShare.text)), slowdown(of: statistics)]
        }
        var table = Table(columns: columns, rows: rows, options: options)
        // What no row has takes no room; the lines above have it.
        for index in columns.indices.reversed().dropFirst() where index > keys.columns.count {
            if rows.allSatisfy({ $0[index].text.text == signs.none }) { table.removeColumn(index) }
        }
        return table
    }

    /// What was asked for; else the median and the tail.
    func figures(of groups: ArraySlice<TaskReport.Group>) -> [StatisticFigure] {
        guard report.percentiles.isEmpty else { return report.percentiles.sorted().map { .percentile($0) } }
        // Where no group has enough tasks for a p95, the longest of each says more.
        let hasTail = groups.contains { $0.statistics.tasks >= Percentile.valuesNeeded(hundredths: 9_500) }
        return [.p50, hasTail ? .p95 : .max]
    }

    /// The work of each group, summed, and how it is split: the kinds in the order they have in all.
    private func kinds(_ groups: ArraySlice<TaskReport.Group>, keys: ReportKeys, of work: WorkSplit) -> Table {
        let kinds = work.parts.map(\.kind)
        let longest = groups.map(\.statistics.work.sum).max() ?? 0
        let form = DurationText(fitting: longest, ascii: options.ascii)
        var columns =
            keys.columns + [Self.tasksColumn, Table.Column(title: SafeText(own: "work"), isRightAligned: true)]
        for (place, kind) in kinds.enumerated() {
            columns.append(
                Table.Column(title: name(of: kind), isRightAligned: true, rank: kind == .own ? 80 : 70 - place))
        }
        let rows = groups.enumerated().map { place, group in
            let times = Dictionary(
                (group.work?.parts ?? []).map { ($0.kind, $0.time) }, uniquingKeysWith: { first, _ in first })
            return keys.entries(place) + [
                Table.Entry(text: SafeText(own: Prose.count(group.statistics.tasks))),
                Table.Entry(text: SafeText(own: form.text(group.statistics.work.sum))),
            ]
                + kinds.map { kind in
                    times[kind].map { Table.Entry(text: SafeText(own: form.text($0))) }
                        ?? Table.Entry(text: SafeText(own: signs.none), style: .faint)
                }
        }
        return Table(columns: columns, rows: rows, options: options)
    }

    static let tasksColumn = Table.Column(title: SafeText(own: "tasks"), isRightAligned: true, rank: 90)
    private static let slowdownColumn = Table.Column(title: SafeText(own: "slowdown"), isRightAligned: true, rank: 35)

    private func name(of kind: WorkKind) -> SafeText {
        switch kind {
        case .spans(let part): SafeText(name: part, columns: max(12, options.width / 4), ascii: options.ascii)
        case .others, .own: SafeText(own: kind.text)
        }
    }

    private func slowdown(of statistics: TaskStatistics) -> Table.Entry {
        guard let slowdown = statistics.slowdown else {
            return Table.Entry(text: SafeText(own: signs.none), style: .faint)
        }
        return Table.Entry(text: SafeText(own: slowdown.text(signs)))
    }

    /// A duration; a dash where there is none, or where a wait or a delay is nothing.
    func entry(_ value: Int64?, _ form: DurationText, _ quantity: ReportQuantity) -> Table.Entry {
        guard let value, value > 0 || !quantity.isDashedWhenZero else {
            return Table.Entry(text: SafeText(own: signs.none), style: .faint)
        }
        return Table.Entry(text: SafeText(own: form.text(value)), style: quantity.style)
    }
}
