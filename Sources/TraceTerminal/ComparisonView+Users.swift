import TraceCore

extension ComparisonView {
    /// So many users of one side alone are named.
    private static let mostNamed = 5

    /// Who is on both sides, who came and who went, and whose figures changed most: by turnaround where the verdict is
    /// about that, else by work.
    func users() -> [Canvas] {
        guard comparison.a.users > 0 || comparison.b.users > 0 else { return [] }
        var canvases = prose.line([
            (SafeText(own: "users"), .bold),
            (SafeText(own: Prose.count(comparison.usersOnBothSides) + " on both sides"), .plain),
            (SafeText(own: "gained " + Prose.count(comparison.usersGained.count)), .plain),
            (SafeText(own: "lost " + Prose.count(comparison.usersLost.count)), .plain),
        ])
        canvases += named("gained", comparison.usersGained) + named("lost", comparison.usersLost)
        return canvases + mostChanged()
    }

    private func named(_ title: String, _ users: [String]) -> [Canvas] {
        guard !users.isEmpty else { return [] }
        var parts: [(SafeText, Style)] = [(SafeText(own: title), .faint)]
        parts += users.prefix(Self.mostNamed).map { user in
            (SafeText(name: user, columns: max(12, options.width - 12), ascii: options.ascii), .plain)
        }
        let rest = users.count - Self.mostNamed
        if rest > 0 { parts.append((SafeText(own: "\(signs.ellipsis) \(Prose.count(rest)) more"), .faint)) }
        return prose.line(parts, indent: 2)
    }

    private func mostChanged() -> [Canvas] {
        let isByTurnaround = comparison.verdict == .scheduling
        let users = isByTurnaround ? comparison.usersByTurnaround : comparison.usersByWork
        let shown = users.prefix(options.rows.shown(of: users.count, standard: Self.standardUsers))
        guard !shown.isEmpty else { return [] }
        let longest = shown.lazy.map { max($0.a, $0.b) }.max() ?? 0
        let form = DurationText(fitting: longest, ascii: options.ascii)
        let hasSeveral = shown.contains { $0.tasksOfA > 1 || $0.tasksOfB > 1 }
        let quantity = (hasSeveral ? "median " : "") + (isByTurnaround ? "turnaround" : "work")
        func column(_ title: String, rank: Int? = nil) -> Table.Column {
            Table.Column(title: SafeText(own: title), isRightAligned: true, rank: rank)
        }
        let columns = [
            Table.Column(
                title: SafeText(own: "changed most by \(quantity)"), isRightAligned: false, isFlexible: true),
            column("A"), column("B"), column("change", rank: 2), column("tasks A", rank: 1), column("tasks B", rank: 0),
        ]
        let rows = shown.map { user in
            [SafeText(name: user.user, columns: options.width, ascii: options.ascii)]
                + [
                    form.text(user.a), form.text(user.b), user.change.text ?? "from 0", Prose.count(user.tasksOfA),
                    Prose.count(user.tasksOfB),
                ].map { SafeText(own: $0) }
        }
        var table = Table(columns: columns, rows: rows.map { $0.map { Table.Entry(text: $0) } }, options: options)
        if !hasSeveral {
            table.removeColumn(5)
            table.removeColumn(4)
        }
        return table.canvases()
    }

    /// What has to be known to read the figures.
    func notes() -> [Canvas] {
        var sentences = ["real: p < 0.01 and the median moved by more than 5 %. Medians do not add up."]
        if comparison.isPaired, comparison.usersLeftOut > 0 {
            let users = Prose.count(comparison.usersLeftOut, "user is", "users are")
            sentences.append("\(users) on one side alone and left out of the tests")
        }
        if !comparison.isPaired, comparison.usersOnBothSides > 0, comparison.isTested {
            sentences.append("not paired: users are, where both sides have 8 or more and 9 in 10 in common")
        }
        sentences += overlap.map { [$0] } ?? []
        let makespan = comparison[.makespan]
        if makespan.test == nil, comparison.isTested {
            let groups = "\(Prose.count(makespan.counts.a)) and \(Prose.count(makespan.counts.b))"
            sentences.append("makespan is untested: of \(groups) groups, and a test takes 8 a side")
        }
        for (sign, side) in [("A", comparison.a), ("B", comparison.b)] {
            if side.arriving > 0 {
                let runs = Prose.count(side.arriving, "run", "runs")
                sentences.append("\(sign): \(runs) still arriving: not all is counted yet")
            }
            if side.runsWithoutGroups > 0, comparison.inference == .auto {
                sentences.append("\(sign): " + Notes.withoutGroups(side.runsWithoutGroups, of: side.runs))
            }
        }
        sentences += Notes.meaning(of: comparison.inference)
        return sentences.flatMap { prose.sentence(SafeText(own: $0)) }
    }

    /// That some runs are on both sides, in one line; nil where none is.
    package var overlap: String? {
        let count = comparison.runsOnBothSides
        guard count > 0 else { return nil }
        let isAll = count == comparison.a.runs && count == comparison.b.runs
        if isAll { return "both sides are the same runs" }
        return Prose.count(count, "run is", "runs are") + " on both sides: what is compared is partly the same"
    }
}
