import TraceCore

extension SpanView {
    /// Where the time of a task went, in numbers and as a bar whose textures stand beside the numbers.
    func writeQuantities(of facts: EventFacts, to page: inout PageWriter) {
        guard let breakdown = facts.breakdown else { return writeLineWait(of: facts, to: &page) }
        let signs = page.signs
        func number(
            _ word: String, _ duration: Int64, _ fill: BarFill? = nil, _ style: Style = .plain, note: String = ""
        )
            -> (SafeText, Style)
        {
            let sign = fill.map { signs.full($0) + " " } ?? ""
            return (SafeText(own: sign + word + " " + page.duration(duration) + note), style)
        }
        var parts = [number("total", breakdown.total, nil, .bold)]
        if breakdown.wait > 0 {
            let share = Share(Int128(breakdown.wait), of: Int128(breakdown.total)).text
            let sources = breakdown.waitSources.map(\.word).joined(separator: ", ")
            parts.append(
                number("wait", breakdown.wait, .wait, Style(foreground: .wait), note: " (\(share), \(sources))"))
        } else {
            parts.append((SafeText(own: "wait " + signs.none), .plain))
        }
        parts.append(number("work", breakdown.work, .work, Style(foreground: .work)))
        if breakdown.own > 0 {
            parts.append(number("self", breakdown.own, .own, Style(foreground: .own), note: " of it"))
        }
        if breakdown.queued > 0 { parts.append(number("queued", breakdown.queued)) }
        if breakdown.delay > 0 {
            parts.append(number("delay", breakdown.delay))
            parts.append(number("turnaround", breakdown.turnaround))
        }
        let inference = facts.analysis.settings.inference
        if inference != .auto { parts.append((SafeText(own: "inference " + inference.rawValue), .faint)) }
        page.append(Canvas(width: options.width))
        page.line(parts)
        writeBar(of: facts, to: &page)
    }

    /// Of a span that waited in a line before it began, how long and for what.
    private func writeLineWait(of facts: EventFacts, to page: inout PageWriter) {
        guard facts.row.kind == .span else { return }
        for wait in facts.lineWaits {
            let time = page.duration(wait.interval.length)
            let text = SafeText(own: "\(page.signs.full(.wait)) in line \(time) before it began: ")
            page.append(Canvas(width: options.width))
            page.line([(text + page.name(wait.text), Style(foreground: .wait))])
        }
    }

    private func writeBar(of facts: EventFacts, to page: inout PageWriter) {
        let start = facts.row.start - (facts.breakdown?.queued ?? 0)
        let window = Interval(start: start, end: facts.trace.end(facts.event))
        guard !window.isEmpty else { return }
        // One column stays free behind the bar, for the sign of a failure.
        let scale = TimeScale(window, cells: options.width - 1)
        var canvas = Canvas(width: options.width)
        BarPainter(options).paint(
            BarCoverage(facts.stretches, on: scale), ink: .work, isFailed: facts.row.outcome == .failure, on: &canvas,
            row: 0, column: 0)
        page.append(canvas)
    }

    /// The states in order of time.
    func writeStates(of facts: EventFacts, to page: inout PageWriter) {
        guard let states = facts.states, states.count > 1 else { return }
        let shown = page.shown(of: states, standard: 12)
        page.section("states", note: Prose.count(states.count) + ", times from its start")
        let form = DurationText(fitting: facts.row.duration, ascii: options.ascii)
        page.table(
            [.right("start"), .right("duration"), .left("state")],
            shown.map { stretch in
                let (name, style): (String, Style) =
                    switch stretch.state {
                    case .work: ("work", .plain)
                    case .own: ("self", .plain)
                    case .wait(let source): ("wait (\(source.word))", Style(foreground: .wait))
                    }
                let isInLine = stretch.state == .wait(.inferred)
                let line = facts.lineWaits.first { isInLine && $0.interval.meets(stretch.interval) }
                let place = line.map { SafeText(own: " in line for ") + page.name($0.text) } ?? SafeText(own: "")
                return [
                    Table.Entry(text: SafeText(own: "+" + form.text(stretch.interval.start - facts.row.start))),
                    Table.Entry(text: SafeText(own: page.duration(stretch.interval.length))),
                    Table.Entry(
                        text: SafeText(own: page.signs.full(BarFill(stretch.state)) + " " + name) + place,
                        style: style),
                ]
            })
        page.left(states.count - shown.count)
    }
}

extension Table.Column {
    /// A column of numbers; see `Table.Column`.
    static func right(_ title: String, rank: Int? = nil, isFlexible: Bool = false) -> Self {
        Self(title: SafeText(own: title), isRightAligned: true, rank: rank, isFlexible: isFlexible)
    }

    /// A column of texts.
    static func left(_ title: String, rank: Int? = nil, isFlexible: Bool = false) -> Self {
        Self(title: SafeText(own: title), isRightAligned: false, rank: rank, isFlexible: isFlexible)
    }
}
