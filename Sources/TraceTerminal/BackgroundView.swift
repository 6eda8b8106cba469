package import TraceCore

/// What else the processes of a run did while it ran: a row for each kind of transaction, and of those that start at a
/// regular interval how late they were, and how that goes with the number of running tasks.
package struct BackgroundView {
    private let background: BackgroundTasks
    private let options: TerminalOptions
    private let signs: Signs
    private let prose: Prose

    /// How many kinds are shown where not all rows are asked for.
    private static let mostKinds = 10

    package init(_ background: BackgroundTasks, _ options: TerminalOptions) {
        self.background = background
        self.options = options
        signs = Signs(ascii: options.ascii)
        prose = Prose(width: options.width, ascii: options.ascii)
    }

    /// The view as text, with an empty line in front; nothing where nothing else ran.
    package func lines() -> [String] {
        guard !background.kinds.isEmpty else { return [] }
        let count = background.kinds.count
        let shown = options.rows == .all ? count : min(count, Self.mostKinds)
        let kinds = background.kinds[..<shown]
        var canvases = prose.sentence(
            SafeText(own: "background: what else the process did during the run"), .bold)
        canvases += table(kinds).canvases()
        if shown < count {
            canvases += prose.sentence(
                SafeText(
                    own: "\(signs.ellipsis) \(Prose.count(count - shown)) of \(Prose.count(count, "row", "rows"))"
                        + " not shown (--rows all)"))
        }
        canvases += kinds.flatMap(sentence)
        if background.isCut {
            canvases += prose.sentence(
                SafeText(own: "not all was looked at: too much is stored of the time around this run"), .faint)
        }
        return [""] + canvases.flatMap { $0.lines(options.colors) }
    }

    private func table(_ kinds: ArraySlice<BackgroundTasks.Kind>) -> Table {
        func column(_ title: String, rank: Int, heading: String = "") -> Table.Column {
            Table.Column(
                heading: SafeText(own: heading), title: SafeText(own: title), isRightAligned: true, rank: rank)
        }
        var columns = [Table.Column(title: SafeText(own: ""), isRightAligned: false, isFlexible: true)]
        let hasSeveral = Set(kinds.map(\.process)).count > 1
        if hasSeveral { columns.append(column("pid", rank: 10)) }
        columns += [
            column("count", rank: 90), column("p50", rank: 40, heading: "duration"),
            column("max", rank: 30, heading: "duration"), column("every", rank: 60),
            column("p50", rank: 80, heading: "late"), column("max", rank: 70, heading: "late"),
        ]
        let rows = kinds.map { kind in
            var row = [Table.Entry(text: name(of: kind))]
            if hasSeveral { row.append(Table.Entry(text: SafeText(own: String(kind.process.pid)))) }
            row.append(Table.Entry(text: SafeText(own: Prose.count(kind.count))))
            return row
                + [
                    kind.durations.p50, kind.durations.max, kind.rhythm?.interval, kind.rhythm?.late?.median,
                    kind.rhythm?.late?.greatest,
                ].map(entry)
        }
        return Table(columns: columns, rows: rows, options: options)
    }

    private func name(of kind: BackgroundTasks.Kind) -> SafeText {
        SafeText(name: kind.name ?? "(no name)", columns: max(12, options.width / 3), ascii: options.ascii)
    }

    private func entry(_ duration: Int64?) -> Table.Entry {
        guard let duration else { return Table.Entry(text: SafeText(own: signs.none), style: .faint) }
        return Table.Entry(text: SafeText(own: text(duration)))
    }

    private func text(_ duration: Int64) -> String {
        DurationText(fitting: duration, ascii: options.ascii).text(duration)
    }

    /// Whether the run starves it: how late it was while few tasks ran, against while the slots were taken.
    private func sentence(_ kind: BackgroundTasks.Kind) -> [Canvas] {
        guard let load = kind.rhythm?.load else { return [] }
        let longest = [load.few, load.taken].compactMap { $0?.median }.max() ?? 0
        let form = DurationText(fitting: longest, ascii: options.ascii)
        var parts: [String] = []
        func add(_ late: BackgroundTasks.Lateness?, _ when: String) {
            guard let late else { return }
            parts.append("\(form.text(late.median)) (median of \(Prose.count(late.starts))) \(when)")
        }
        add(load.few, load.fewBelow == 1 ? "while no task ran" : "while under \(Prose.count(load.fewBelow)) tasks ran")
        add(load.taken, "while \(Prose.count(load.takenFrom)) or more ran")
        guard !parts.isEmpty else { return [] }
        let what = name(of: kind) + SafeText(own: ": late by " + parts.joined(separator: ", "))
        return prose.sentence(what, indent: 2)
    }
}
