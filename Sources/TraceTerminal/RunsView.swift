package import TraceCore

/// A list of runs.
package struct RunsView {
    let summaries: [RunSummary]
    let options: TerminalOptions
    private let clock: LocalClock

    /// Takes the runs in the order to be shown, and the clock that shows when they started.
    package init(_ summaries: [RunSummary], _ options: TerminalOptions, clock: LocalClock = .utc) {
        self.summaries = summaries
        self.options = options
        self.clock = clock
    }

    /// The list as text.
    package func lines() -> [String] {
        let shown = options.rows.shown(of: summaries.count, standard: .max)
        var canvases = table(of: summaries[..<shown]).canvases()
        if shown < summaries.count {
            let left = "\(Signs(ascii: options.ascii).ellipsis) \(Prose.count(summaries.count - shown)) of "
            let text = left + Prose.count(summaries.count, "row", "rows") + " not shown (--rows all)"
            canvases += Prose(width: options.width, ascii: options.ascii).sentence(SafeText(own: text))
        }
        let trends = trends()
        let blocks = trends.isEmpty ? [canvases] : [canvases, trends]
        return blocks.map { $0.flatMap { $0.lines(options.colors) } }.joined(separator: [""]).map { $0 }
    }

    /// The titles and some of the rows, in columns that all of them have a part in.
    func canvases(of rows: Range<Int>) -> [Canvas] { table(of: summaries[...]).canvases(of: rows) }

    private func table(of summaries: ArraySlice<RunSummary>) -> Table {
        let signs = Signs(ascii: options.ascii)
        let length = SafeText.identifierLength(of: self.summaries.map(\.id.text))
        let starts = LocalTimeText(summaries.map(\.start), on: clock)
        let rows = summaries.map { row($0, starts, signs, identifierLength: length) }
        var table = Table(columns: columns(), rows: rows, options: options)
        if !summaries.contains(where: \.isArriving) { table.removeColumn(table.columns.count - 1) }
        return table
    }

    private func columns() -> [Table.Column] {
        func column(_ title: String, right: Bool = true, rank: Int? = nil, isFlexible: Bool = false) -> Table.Column {
            Table.Column(title: SafeText(own: title), isRightAligned: right, rank: rank, isFlexible: isFlexible)
        }
        return [
            column("run", right: false),
            column(options.utc ? "start (UTC)" : "start", right: false, rank: 6),
            column("service", right: false, rank: 2, isFlexible: true),
            column("name", right: false, isFlexible: true),
            column("tasks", rank: 5),
            column("failed", rank: 1),
            column("slots", rank: 3),
            column("makespan", rank: 7),
            column("wait share", rank: 8),
            column("", right: false),
        ]
    }

    private func row(
        _ summary: RunSummary, _ starts: LocalTimeText, _ signs: Signs, identifierLength length: Int
    ) -> [Table.Entry] {
        func own(_ text: String?, _ style: Style = .plain) -> Table.Entry {
            guard let text else { return Table.Entry(text: SafeText(own: signs.none), style: .faint) }
            return Table.Entry(text: SafeText(own: text), style: style)
        }
        func foreign(_ text: String?) -> Table.Entry {
            guard let text else { return own(nil) }
            return Table.Entry(text: SafeText(name: text, columns: options.width, ascii: options.ascii))
        }
        let group = summary.group
        let failed = group.map { $0.failed } ?? 0
        return [
            Table.Entry(text: SafeText(String(summary.id.text.prefix(length)), ascii: options.ascii)),
            own(starts.text(summary.start)),
            foreign(summary.service),
            foreign(summary.name),
            own(group.map { Prose.count($0.tasks) }),
            own(group.map { Prose.count($0.failed) }, failed > 0 ? Style(foreground: .failed) : .plain),
            own(group?.slots.flatMap { $0 > 0 ? Prose.count($0) : nil }),
            own(DurationText(fitting: summary.makespan, ascii: options.ascii).text(summary.makespan)),
            own(group.map { $0.waitShare.text }, Style(foreground: .wait)),
            own(summary.isArriving ? "arriving" : "", .bold),
        ]
    }
}
