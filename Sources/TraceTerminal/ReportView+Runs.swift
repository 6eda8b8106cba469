import TraceCore

extension ReportView {
    /// The runs of a report by run, a row each.
    func runs(_ groups: ArraySlice<TaskReport.Group>) -> Table {
        let figures = figures(of: groups)
        let cells = [ReportQuantity.wait, .work].flatMap { quantity in figures.map { (quantity, $0) } }
        let length = SafeText.identifierLength(of: report.groups.compactMap { $0.key.first ?? nil })
        let longest = groups.map { $0.statistics.total.max }.max() ?? 0
        let form = DurationText(fitting: longest, ascii: options.ascii)
        let makespans = DurationText(fitting: groups.compactMap { $0.run?.makespan }.max() ?? 0, ascii: options.ascii)
        let hasJobs = Set(report.groups.map { [$0.run?.service, $0.run?.name] }).count > 1
        func column(_ title: String, rank: Int?, isRight: Bool = true, heading: String = "") -> Table.Column {
            Table.Column(
                heading: SafeText(own: heading), title: SafeText(own: title), isRightAligned: isRight, rank: rank)
        }
        var columns = [
            column("run", rank: nil, isRight: false),
            column(options.utc ? "start (UTC)" : "start", rank: 60, isRight: false),
        ]
        if hasJobs {
            columns.append(
                Table.Column(title: SafeText(own: "name"), isRightAligned: false, rank: 78, isFlexible: true))
        }
        columns += [Self.tasksColumn, column("slots", rank: 85), column("makespan", rank: 95)]
        columns += cells.map { quantity, figure in
            column(
                figure.text, rank: quantity.rank + (figure == figures.first ? 5 : 0), heading: quantity.rawValue)
        }
        columns.append(column("wait share", rank: 40))
        let starts = LocalTimeText(groups.compactMap { $0.run?.start }, on: clock)
        var rows: [[Table.Entry]] = []
        for group in groups {
            guard let run = group.run else { continue }
            let mark = SafeText(own: group.incomplete > 0 ? " " + signs.mark(.incomplete) : "")
            let id = SafeText(String(run.id.text.prefix(length)), ascii: options.ascii)
            var row = [Table.Entry(text: id + mark), Table.Entry(text: SafeText(own: starts.text(run.start)))]
            if hasJobs {
                row.append(
                    Table.Entry(
                        text: SafeText(name: run.name ?? "(no name)", columns: options.width, ascii: options.ascii)))
            }
            row.append(Table.Entry(text: SafeText(own: Prose.count(group.statistics.tasks))))
            row.append(slots(of: run))
            row.append(Table.Entry(text: SafeText(own: makespans.text(run.makespan))))
            row += cells.map { quantity, figure in
                let value = figure.shown(of: quantity.statistics(of: group.statistics), count: group.statistics.tasks)
                return entry(value, form, quantity)
            }
            row.append(Table.Entry(text: SafeText(own: group.statistics.waitShare.text)))
            rows.append(row)
        }
        var table = Table(columns: columns, rows: rows, options: options)
        if groups.contains(where: { $0.run?.isArriving ?? false }) {
            table.appendColumn(
                column("", rank: nil, isRight: false),
                groups.map { group in
                    let isArriving = group.run?.isArriving ?? false
                    return Table.Entry(text: SafeText(own: isArriving ? "arriving" : ""), style: .bold)
                })
        }
        return table
    }

    private func slots(of run: ReportedRun) -> Table.Entry {
        guard let slots = run.slots, slots > 0 else {
            return Table.Entry(text: SafeText(own: signs.none), style: .faint)
        }
        return Table.Entry(text: SafeText(own: Prose.count(slots)))
    }
}
