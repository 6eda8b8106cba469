package import TraceCore

/// What set the length of each group of a run: its critical chain, from the task that ended last to the one that
/// nobody released, with the time each held its slot; and how tasks flowed through the group.
package struct ChainView {
    private let view: WaterfallView
    private let options: TerminalOptions
    private let signs: Signs
    private let prose: Prose

    /// How many tasks of a chain are shown where nobody says.
    private static let standardRows = 20

    /// `isArriving` says that the run has no root yet and its events still come.
    package init(_ analysis: TraceAnalysis, _ options: TerminalOptions, isArriving: Bool = false) {
        // Only its header is drawn, whose legend is of the rows.
        var undrawn = options
        undrawn.rows = .first(0)
        view = WaterfallView(analysis, undrawn, isArriving: isArriving)
        self.options = options
        signs = Signs(ascii: options.ascii)
        prose = Prose(width: options.width, ascii: options.ascii)
    }

    /// The chains as text.
    package func lines() -> [String] {
        var header: [Canvas] = []
        view.writeHeader { header += $0 }
        let analysis = view.layout.analysis
        let blocks = [header] + analysis.groups.map { chain(of: $0, analysis) } + [notes(analysis)]
        return blocks.filter { !$0.isEmpty }.map { $0.flatMap { $0.lines(options.colors) } }
            .joined(separator: [""]).map { $0 }
    }

    private func notes(_ analysis: TraceAnalysis) -> [Canvas] {
        guard analysis.groups.isEmpty else { return [] }
        return prose.sentence(SafeText(own: "no critical chain: no two of the tasks share a parent transaction"))
    }

    private func chain(of group: TaskGroup, _ analysis: TraceAnalysis) -> [Canvas] {
        let flow = GroupFlow(group, of: analysis)
        let shown = options.rows.shown(of: flow.chain.count, standard: Self.standardRows)
        let title = [
            (view.name(group.name), Style.bold),
            (SafeText(own: "critical chain of " + Prose.count(flow.chain.count, "task", "tasks")), .plain),
            (SafeText(own: "slot time " + duration(flow.chainSlotTime)), .plain),
            (SafeText(own: flow.chainShare.text + " of the makespan"), .plain),
            (SafeText(own: "inference " + analysis.settings.inference.rawValue), .plain),
        ]
        var canvases = prose.line(title)
        if shown > 0 { canvases += table(group, flow, shown: shown, analysis).canvases() }
        if shown < flow.chain.count {
            let left = Prose.count(flow.chain.count - shown)
            let text = "\(signs.ellipsis) \(left) of \(Prose.count(flow.chain.count, "row", "rows")) not shown"
            canvases += prose.sentence(SafeText(own: text + " (--rows all)"))
        }
        return canvases + sentences(group, flow).flatMap { prose.sentence(SafeText(own: $0), indent: 2) }
    }

    /// A task of the chain in a row, from the one that ended last.
    private func table(_ group: TaskGroup, _ flow: GroupFlow, shown: Int, _ analysis: TraceAnalysis) -> Table {
        let trace = analysis.trace
        let form = DurationText(fitting: group.makespan, ascii: options.ascii)
        let times: [(title: String, rank: Int)] = [("admitted", 30), ("wait", 40), ("slot time", 60), ("share", 50)]
        let columns =
            [
                Table.Column(title: SafeText(own: "task"), isRightAligned: false, isFlexible: true),
                Table.Column(title: SafeText(own: "user"), isRightAligned: false, rank: 70, isFlexible: true),
            ] + times.map { Table.Column(title: SafeText(own: $0.title), isRightAligned: true, rank: $0.rank) }
        let rows = flow.chain.prefix(shown).map { place in
            let member = group.members[place]
            let event = trace.events[member.transaction]
            let slotTime = group.slotTime(of: place, in: analysis)
            let admission = trace.end(member.transaction) - slotTime - group.window.start
            let wait = analysis.breakdown(member.transaction)?.wait ?? 0
            let user = trace.symbols.text(event.user)
            return [
                Table.Entry(text: safe(event.id.text)),
                Table.Entry(text: user.map(safe) ?? SafeText(own: signs.none)),
                Table.Entry(text: SafeText(own: group.kind == .slots ? form.text(admission) : signs.none)),
                Table.Entry(
                    text: SafeText(own: wait > 0 ? form.text(wait) : signs.none), style: Style(foreground: .wait)),
                Table.Entry(text: SafeText(own: form.text(slotTime))),
                Table.Entry(text: SafeText(own: Share(Int128(slotTime), of: Int128(group.makespan)).text)),
            ]
        }
        let table = Table(columns: columns, rows: rows, options: options)
        return table
    }

    /// How tasks flowed through a group, a line each.
    private func sentences(_ group: TaskGroup, _ flow: GroupFlow) -> [String] {
        var sentences: [String] = []
        if let little = flow.little {
            let (rate, time) = DecimalText.rate(perSecond: little.arrivalsPerSecond)
            sentences.append(
                "Little's law: \(DecimalText.text(little.meanNumber)) in the group at a time;"
                    + " \(rate) come in \(time), each is in it for \(duration(Int128(little.meanTime.rounded())))"
                    + (little.holds ? "" : ": the terms do not agree"))
        }
        let slowdowns = flow.slowdowns
        if let fairness = slowdowns.fairness {
            let left = slowdowns.withoutWork
            sentences.append(
                "Jain's index over the slowdowns of \(Prose.count(slowdowns.tasks, "task", "tasks")):"
                    + " \(DecimalText.text(fairness)); 1 where all were slowed down alike"
                    + (left > 0 ? "; \(Prose.count(left)) did no work" : ""))
        }
        if let slots = group.knownSlots, slots > 0 {
            sentences.append("slots \(Prose.count(slots)): full \(flow.full.text) of the makespan")
        }
        return sentences
    }

    private func duration(_ duration: Int128) -> String {
        DurationText(fitting: duration, ascii: options.ascii).text(duration)
    }

    private func safe(_ text: String) -> SafeText {
        SafeText(name: text, columns: max(12, options.width / 3), ascii: options.ascii)
    }
}

/// Numbers that are neither counted nor times.
enum DecimalText {
    /// With two decimals, without any from a thousand on, with three below a tenth; a number of events or tasks over
    /// time is never too large. What is not zero is never rounded to it.
    static func text(_ number: Double) -> String {
        guard number.isFinite, number < 1e15 else { return "\(number)" }
        if number >= 1_000 { return Prose.count(Int(number.rounded())) }
        if number > 0, number < 0.0005 { return "<0.001" }
        let decimals = number > 0 && number < 0.0995 ? 3 : 2
        let digits = String(Int((number * (decimals == 3 ? 1_000 : 100)).rounded()))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// How many there are in a time, and in which: the shortest in which there is one.
    static func rate(perSecond rate: Double) -> (number: String, time: String) {
        let times: [(seconds: Double, name: String)] = [
            (1, "a second"), (60, "a minute"), (3_600, "an hour"), (86_400, "a day"),
        ]
        let time = times.first { rate * $0.seconds >= 0.995 } ?? times[0]
        return (text(rate * time.seconds), time.name)
    }
}
