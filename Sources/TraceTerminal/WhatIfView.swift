package import TraceCore

/// A group replayed on other numbers of slots: a row for each, with its makespan as a bar; where the knee is, how the
/// replay compares with what was recorded, and what is assumed.
package struct WhatIfView {
    private let replay: SlotReplay
    private let run: Run
    private let options: TerminalOptions
    private let signs: Signs
    private let prose: Prose
    /// Those asked for, the recorded number, the knee, and what is enough.
    private let rows: [SlotReplay.Row]
    private let knee: Int
    private let enough: Int

    /// What is said of the run.
    package struct Run: Sendable {
        package var trace: Identifier
        /// By which the waits of its tasks were inferred.
        package var inference: Inference
        /// Whether it has no root yet and its events still come.
        package var isArriving: Bool

        package init(trace: Identifier, inference: Inference, isArriving: Bool) {
            self.trace = trace
            self.inference = inference
            self.isArriving = isArriving
        }
    }

    /// `slots` are each at least 1.
    package init(_ replay: SlotReplay, slots: [Int], of run: Run, _ options: TerminalOptions) {
        self.replay = replay
        self.run = run
        self.options = options
        signs = Signs(ascii: options.ascii)
        prose = Prose(width: options.width, ascii: options.ascii)
        knee = replay.knee
        enough = replay.enough
        let told = [knee, enough] + (replay.slots > 0 ? [replay.slots] : [])
        rows = Set(slots + told).sorted().map { replay.row(slots: $0) }
    }

    /// The view as text.
    package func lines() -> [String] {
        let blocks = [header(), table(), notes()]
        return blocks.map { $0.flatMap { $0.lines(options.colors) } }.joined(separator: [""]).map { $0 }
    }

    private func header() -> [Canvas] {
        let id = SafeText(run.trace.text, ascii: options.ascii).truncated(to: 32, ascii: options.ascii)
        var head: [(SafeText, Style)] = [(SafeText(own: "trace " + id.text.prefix(8)), .faint)]
        if run.isArriving { head.append((SafeText(own: "still arriving"), .bold)) }
        let name = SafeText(
            name: replay.name ?? "(no name)", columns: max(12, options.width / 3), ascii: options.ascii)
        var parts: [(SafeText, Style)] = [
            (SafeText(own: Prose.count(replay.tasks) + " " + signs.times + " ") + name, .bold),
            (SafeText(own: "makespan " + duration(Int128(replay.makespan))), .plain),
            (SafeText(own: "slots " + Prose.count(replay.slots)), .plain),
            (SafeText(own: "inference " + run.inference.rawValue), .plain),
        ]
        if !replay.isReliable {
            parts.append((SafeText(own: "unreliable"), Style(foreground: .failed, isBold: true)))
        }
        return prose.line(head) + prose.line(parts)
    }

    private func table() -> [Canvas] {
        let longest = rows.map(\.makespan).max() ?? 0
        let form = DurationText(fitting: longest, ascii: options.ascii)
        func column(_ title: String, _ rank: Int?, heading: String = "") -> Table.Column {
            Table.Column(
                heading: SafeText(own: heading), title: SafeText(own: title), isRightAligned: true, rank: rank)
        }
        let columns = [
            column("slots", nil), column("makespan", nil),
            Table.Column(title: SafeText(own: ""), isRightAligned: false, rank: 70),
            column("p50", 60, heading: "wait"), column("p95", 40, heading: "wait"),
            column("p99", 30, heading: "wait"), column("max", 50, heading: "wait"), column("utilisation", 45),
        ]
        let entries = rows.map { row in
            [
                Table.Entry(text: SafeText(own: Prose.count(row.slots))),
                Table.Entry(text: SafeText(own: form.text(row.makespan))),
                Table.Entry(text: SafeText(own: mark(row)), style: .bold),
                wait(row.p50, .p50, form), wait(row.p95, .p95, form), wait(row.p99, .p99, form),
                wait(row.max, nil, form),
                Table.Entry(text: SafeText(own: row.utilisation.text)),
            ]
        }
        var table = Table(columns: columns, rows: entries, options: options)
        let cells = max(12, min(48, options.width - table.naturalWidth - 2))
        let bar = Table.Column(title: SafeText(own: ""), isRightAligned: false, rank: 55)
        table.appendColumn(
            bar,
            rows.map { row in
                let bar = signs.bar(row.makespan, of: longest, cells: cells)
                return Table.Entry(text: SafeText(own: bar), style: Style(foreground: .work))
            })
        return table.canvases()
    }

    /// What a row is beside one of many.
    private func mark(_ row: SlotReplay.Row) -> String {
        let marks = [(replay.slots, "recorded"), (enough, "enough"), (knee, "knee")]
            .filter { $0.0 == row.slots }.map(\.1)
        return marks.joined(separator: ", ")
    }

    /// A dash where nobody waits, and where it is a percentile of fewer values than it needs.
    private func wait(_ value: Int128, _ rank: PercentileRank?, _ form: DurationText) -> Table.Entry {
        let needed = rank.map { Percentile.valuesNeeded(hundredths: $0.hundredths) } ?? 1
        guard value > 0, replay.tasks >= needed else {
            return Table.Entry(text: SafeText(own: signs.none), style: .faint)
        }
        return Table.Entry(text: SafeText(own: form.text(value)), style: Style(foreground: .wait))
    }

    private func notes() -> [Canvas] {
        let atKnee = rows.first { $0.slots == knee }?.makespan ?? 0
        let makespan = rows.first { $0.slots == enough }?.makespan ?? 0
        var sentences = [
            "enough: \(Prose.count(enough, "slot", "slots")), with a makespan of \(duration(makespan)). Twice as many"
                + " would save less than a tenth of the \(duration(Int128(replay.makespan))) that were recorded.",
            "knee: \(Prose.count(knee, "slot", "slots")). Their makespan of \(duration(atKnee)) is within 5 % of"
                + " \(duration(replay.leastMakespan)), which no number of slots goes below: more hardly shorten the run.",
        ]
        if let replayed = rows.first(where: { $0.slots == replay.slots })?.makespan, let check = replay.check {
            sentences.append(
                "replay check: recorded \(duration(check.from)), replayed on as many slots \(duration(replayed)),"
                    + " \(change(check)). It is nearly nothing by construction: it shows that the replay is"
                    + " consistent, not that it foretells.")
        }
        if !replay.isReliable {
            sentences.append(
                "unreliable: the replay misses what was recorded by more than 10 %, so these figures mean little.")
        }
        sentences.append("Assumed: slot times do not grow with more slots.")
        if replay.isBacklogAssumed {
            let reason = replay.showsSlots ? "waits are under 1 % of the durations" : "no line is seen"
            sentences.append(
                "Assumed: a full backlog. When tasks arrived is not known here (\(reason)), so all are taken to arrive"
                    + " when the group starts.")
        }
        if !replay.showsSlots { sentences.append("Without a line, a task's slot time is its work.") }
        return sentences.flatMap { prose.sentence(SafeText(own: $0)) }
    }

    /// A duration by itself, in the unit it reads well in.
    private func duration(_ duration: Int128) -> String {
        DurationText(fitting: duration, ascii: options.ascii).text(duration)
    }

    private func change(_ change: Change) -> String {
        guard change.to != change.from else { return "0.0 %" }
        return (change.to > change.from ? "+" : "-")
            + Share(Int128((change.to - change.from).magnitude), of: change.from).text
    }
}

extension Signs {
    /// A bar from the left, as long as a value is of the longest, which takes all cells; what is not nothing is seen.
    func bar(_ value: Int128, of longest: Int128, cells: Int) -> String {
        guard value > 0, longest > 0 else { return "" }
        let parts = ascii ? 1 : 8
        let all = Int128(cells * parts)
        let filled = max(1, Int((2 * value * all + longest) / (2 * longest)))
        let whole = String(repeating: full(.work), count: filled / parts)
        return filled % parts == 0 ? whole : whole + left(filled % parts)
    }
}
