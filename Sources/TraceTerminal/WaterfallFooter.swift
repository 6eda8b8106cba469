import TraceCore

/// The lines that say how many tasks do what.
enum ActivityLabel: String, CaseIterable {
    case running
    case waiting
}

extension WaterfallView {
    /// How many tasks of each group run and wait over time, and what that says of its slots.
    func writeActivity(_ write: ([Canvas]) throws -> Void) rethrows {
        for group in layout.analysis.groups { try write(activity(of: group)) }
    }

    private func activity(of group: TaskGroup) -> [Canvas] {
        let analysis = layout.analysis
        let prose = Prose(width: options.width, ascii: options.ascii)
        let activity = GroupActivity(group, of: analysis)
        var canvases: [Canvas] = []
        if analysis.groups.count > 1 {
            canvases += prose.line([(name(group.name), .bold)], indent: 2)
        }
        if geometry.cells > 0 {
            let series = activity.series(on: scale)
            canvases += bar(.running, series.running, ink: .work)
            canvases += bar(.waiting, series.waiting, ink: .wait)
        }
        // Who runs by another setting says nothing of how full the slots were.
        guard analysis.settings.inference == .auto else { return canvases }
        return canvases + prose.sentence(SafeText(own: slots(of: group, activity)), .faint, indent: 2)
    }

    private func slots(of group: TaskGroup, _ activity: GroupActivity) -> String {
        let slots = "slots " + Prose.count(group.slots)
        guard group.isPoolSeen else {
            return slots + ": no pool is seen, so no wait is inferred"
        }
        return slots + ": full \(activity.full.text) of the makespan"
    }

    /// Numbers below ten are written, larger ones drawn as heights.
    private func bar(_ label: ActivityLabel, _ series: GroupActivity.Series, ink: Ink) -> [Canvas] {
        guard series.peak > 0 else { return [] }
        let isStacked = geometry.arrangement == .stacked
        var canvas = Canvas(width: options.width, height: isStacked ? 2 : 1)
        let text = label.rawValue + (series.peak < 10 ? "" : " " + Prose.count(series.peak))
        canvas.put(SafeText(own: text).truncated(to: geometry.nameWidth), column: geometry.nameColumn, .faint)
        for (cell, mean) in series.means.enumerated() where mean > 0 {
            let eighths = max(1, (16 * mean + series.peak) / (2 * series.peak))
            canvas.put(
                series.peak < 10 ? String(mean) : signs.height(eighths), row: isStacked ? 1 : 0,
                column: geometry.barColumn + cell, Style(foreground: ink))
        }
        return [canvas]
    }

    /// What was not drawn is said.
    func leftOut() -> [Canvas] {
        let left = Prose.count(layout.count - shown)
        let text = "\(signs.ellipsis) \(left) of \(Prose.count(layout.count, "row", "rows")) not shown (--rows all)"
        return Prose(width: options.width, ascii: options.ascii).sentence(SafeText(own: text))
    }

    /// What has to be known to read the picture right.
    func notes() -> [Canvas] {
        let prose = Prose(width: options.width, ascii: options.ascii)
        let analysis = layout.analysis
        let marks: [(SafeText, Style)] = EventFlag.allCases.filter(survey.flags.contains).compactMap { flag in
            if flag == .failed, geometry.cells > 0 { return nil }
            return (SafeText(own: signs.mark(flag) + " " + flag.meaning), .faint)
        }
        var canvases = prose.line(marks, indent: 2)
        for sentence in [diagnosis.withoutWork].compactMap(\.self) + Notes(analysis, totals: totals).sentences {
            canvases += prose.sentence(SafeText(own: sentence))
        }
        return canvases
    }
}

/// Sentences about what the numbers of tasks do not say.
struct Notes {
    private(set) var sentences: [String] = []

    init(_ analysis: TraceAnalysis, totals: TaskTotals) {
        sentences += Self.meaning(of: analysis.settings.inference)
        if analysis.groups.isEmpty, analysis.settings.inference == .auto { sentences.append(Self.withoutGroups) }
        sentences += Self.own(totals.own, of: totals.work)
        if analysis.unsampled > 0 { sentences.append(Self.excluded(analysis.unsampled)) }
    }

    /// That waiting cannot be inferred, and the cure.
    static let withoutGroups =
        "waiting cannot be inferred here: its tasks have no parent transaction;"
        + " open one around them, or put a wait span around the acquire"

    /// What counts as wait by a setting that is not the standard one.
    static func meaning(of inference: Inference) -> [String] {
        switch inference {
        case .auto: []
        case .explicit: ["inference explicit: only wait spans and message age count as wait"]
        case .gap: ["inference gap: all time of a task before its first work span counts as wait"]
        }
    }

    static func excluded(_ unsampled: Int) -> String {
        Prose.count(unsampled, "transaction was", "transactions were") + " not sampled: excluded from every statistic"
    }

    /// Where more than a tenth of work is the tasks' own code, spans are missing there.
    static func own(_ own: Int128, of work: Int128) -> [String] {
        guard 10 * own > work else { return [] }
        return ["self is \(Share(own, of: work).text) of work: spans are missing there, or a wait that nobody told of"]
    }
}
