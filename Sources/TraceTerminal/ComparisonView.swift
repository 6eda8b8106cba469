package import TraceCore

/// Two sets of runs side by side: their figures, their distributions, their users, and what follows from all that.
package struct ComparisonView {
    let comparison: Comparison
    let names: (a: String, b: String)
    let options: TerminalOptions
    let signs: Signs
    let prose: Prose

    /// How many users are shown where nobody says.
    package static let standardUsers = 5

    /// A comparison, to be drawn for a width and a terminal. `names` are what the sides were called by whoever asked.
    package init(_ comparison: Comparison, names: (a: String, b: String), _ options: TerminalOptions) {
        self.comparison = comparison
        self.names = names
        self.options = options
        signs = Signs(ascii: options.ascii)
        prose = Prose(width: options.width, ascii: options.ascii)
    }

    /// The comparison as text.
    package func lines() -> [String] {
        [head(), quantities(), distributions(), users(), notes(), verdict()]
            .filter { !$0.isEmpty }.map { $0.flatMap { $0.lines(options.colors) } }
            .joined(separator: [""]).map { $0 }
    }

    private func head() -> [Canvas] {
        let count =
            comparison.isPaired
            ? "n \(Prose.count(comparison.usersOnBothSides, "user", "users")), paired"
            : "n \(Prose.count(comparison.a.tasks)) and \(Prose.count(comparison.b.tasks, "task", "tasks")), unpaired"
        return side("A", names.a, comparison.a) + side("B", names.b, comparison.b)
            + prose.line([count, "inference \(comparison.inference.rawValue)"].map { (SafeText(own: $0), .plain) })
    }

    private func side(_ sign: String, _ name: String, _ side: Comparison.Side) -> [Canvas] {
        var parts: [(SafeText, Style)] = [
            (SafeText(own: sign), .bold),
            (SafeText(name: name, columns: max(12, options.width - 12), ascii: options.ascii), .plain),
        ]
        func add(_ text: String, _ style: Style = .plain) { parts.append((SafeText(own: text), style)) }
        add(Prose.count(side.runs, "run", "runs"))
        add(Prose.count(side.tasks, "task", "tasks"))
        if side.statistics.failed > 0 {
            add("failed " + Prose.count(side.statistics.failed), Style(foreground: .failed))
        }
        if side.incomplete > 0 { add("incomplete " + Prose.count(side.incomplete)) }
        if side.unsampled > 0 { add("excluded " + Prose.count(side.unsampled) + " unsampled") }
        if let slots = side.slots { add("slots " + (slots > 0 ? Prose.count(slots) : signs.none)) }
        add("wait share " + side.statistics.waitShare.text, Style(foreground: .wait))
        return prose.line(parts)
    }

    /// The percentiles of both sides, one quantity a line, each line in a unit of its own.
    private func quantities() -> [Canvas] {
        func column(_ title: String, of heading: String = "", right: Bool = true) -> Table.Column {
            Table.Column(
                heading: SafeText(own: heading), title: SafeText(own: title), isRightAligned: right)
        }
        let columns = [
            column("", right: false), column("A", of: "p50"), column("B", of: "p50"), column("A", of: "p95"),
            column("B", of: "p95"), column("change"), column("p"), column("", right: false),
            column("test", right: false),
        ]
        let rows = comparison.quantities.map(row)
        var left = Array(columns.indices)
        func table() -> Table {
            Table(columns: left.map { columns[$0] }, rows: rows.map { row in left.map { row[$0] } }, options: options)
        }
        // What goes first where there is little room: a side never without the other.
        for group in [8...8, 3...4, 6...6, 1...2] {
            let isEmpty = rows.allSatisfy { row in group.allSatisfy { ["", signs.none].contains(row[$0].text.text) } }
            if isEmpty || !fits(table()) { left.removeAll { group.contains($0) } }
        }
        return table().canvases()
    }

    private func fits(_ table: Table) -> Bool {
        let widths = table.columns.indices.map { index in
            table.rows.reduce(table.columns[index].title.width) { max($0, $1[index].text.width) }
        }
        return widths.reduce(2 * (widths.count - 1), +) <= options.width
    }

    private func row(_ quantity: Comparison.Quantity) -> [Table.Entry] {
        let (a, b) = (quantity.a, quantity.b)
        let form = DurationText(fitting: [a.p50, b.p50, a.p95, b.p95].max() ?? 0, ascii: options.ascii)
        let isDashed = quantity.quantity == .wait || quantity.quantity == .delay
        let style = quantity.quantity == .wait ? Style(foreground: .wait) : .plain
        func own(_ text: String, _ style: Style = .plain) -> Table.Entry {
            Table.Entry(text: SafeText(own: text), style: style)
        }
        func time(_ value: Int64, _ count: Int, hundredths: Int = 5_000) -> Table.Entry {
            let isShown = count >= Percentile.valuesNeeded(hundredths: hundredths) && (value > 0 || !isDashed)
            return isShown ? own(form.text(value), style) : own(signs.none, .faint)
        }
        let kind = quantity.test?.kind.text ?? ""
        return [
            own(quantity.quantity.rawValue, style),
            time(a.p50, quantity.counts.a), time(b.p50, quantity.counts.b),
            time(a.p95, quantity.counts.a, hundredths: 9_500), time(b.p95, quantity.counts.b, hundredths: 9_500),
            own(quantity.changeText ?? signs.none),
            own(quantity.testText, quantity.test == nil ? .faint : .plain),
            own(quantity.mark, quantity.isReal ? .bold : .faint), own(kind, .faint),
        ]
    }

    private func verdict() -> [Canvas] {
        let verdict = comparison.verdictText(ascii: options.ascii)
        return prose.sentence(SafeText(own: "verdict: \(verdict.claim): \(verdict.figures)"), .bold)
    }
}
