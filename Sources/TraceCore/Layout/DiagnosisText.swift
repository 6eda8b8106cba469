/// What there is to say at the head about the waiting of some tasks.
package struct DiagnosisText: Sendable {
    private let diagnosis: Diagnosis
    private let ascii: Bool

    package init(_ diagnosis: Diagnosis, ascii: Bool = false) {
        self.diagnosis = diagnosis
        self.ascii = ascii
    }

    /// A sentence or two; nil where there are no tasks.
    package var text: String? {
        switch diagnosis.finding {
        case .noTasks: nil
        case .seen: waited(seen + told) + elsewhere + lag
        case .unexplained(let slots, let explained):
            none(
                "the best number of slots, \(CountText.text(slots)), explains "
                    + (diagnosis.groups > 1 ? "at most " : "")
                    + "\(explained.text) of the gaps in which tasks may have "
                    + "waited")
        case .loose(let slots):
            none(
                "\(CountText.text(slots, "slot", "slots")) would explain the gaps in which tasks may have waited, "
                    + "but they begin no closer after others' ends than by chance")
        case .nobodyWaited: none("no task waited until another ended")
        case .noSpans: none("no task has a work span, so that nothing shows when one began to work")
        case .noGroup: none("no two of the tasks share a parent transaction")
        case .notInferred(let inference, let isSeen):
            waited([(diagnosis.inferred, "waited before their first work span")].filter { $0.count > 0 } + told)
                + (isSeen ? ". A line is seen, but by inference \(inference.rawValue) it does not count." : "")
        }
    }

    /// How many tasks nothing is known of: a note.
    package var withoutWork: String? {
        guard diagnosis.withoutWork > 0, diagnosis.finding != .noSpans else { return nil }
        return CountText.text(diagnosis.withoutWork, "task has", "tasks have")
            + " no work span: nothing shows when such a task began to work"
    }

    /// The lines that are seen, each with how many tasks it concerns.
    private var seen: [(count: Int, clause: String)] {
        let inGroups = LineKind.allCases.compactMap { kind in
            diagnosis.lines[kind].map { (count: $0.waited, clause: clause(kind, $0)) }
        }
        // Where tasks wait in lines of their groups too, how long they waited within is said at the end.
        return inGroups.isEmpty ? [(diagnosis.inLines, "waited in line \(linesWithin)")] : inGroups
    }

    private func clause(_ kind: LineKind, _ lines: Diagnosis.Lines) -> String {
        let form = lines.forms.count == 1 ? lines.forms.first : nil
        switch kind {
        case .slots:
            return "waited for " + (form.map(slots) ?? "slots")
        case .rate:
            return form.map { form in
                "were started \(LineText.every(form.rate, ascii: ascii)): a rate, not slots"
            } ?? "were started at even intervals: rates, not slots"
        case .handover:
            return "waited: tasks begin just as others end, though no one number of slots fits: "
                + LineText.range(lines.working ?? 0...0) + " worked at a time"
        }
    }

    private func slots(_ form: Diagnosis.Form) -> String {
        let count = CountText.text(form.slots)
        let slots = form.slots == 1 ? "the one slot" : "one of \(count) slots"
        return form.processes > 1
            ? "\(slots) (one limit of \(count) over \(CountText.text(form.processes)) processes)" : slots
    }

    private var linesWithin: String {
        let shown = diagnosis.linesWithin.prefix(3).map { line in
            "for " + LineText.within(line.names, slots: line.slots)
        }
        let rest = diagnosis.linesWithin.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? ", and in \(CountText.text(rest)) more" : "")
    }

    /// Waits that the data tells of itself.
    private var told: [(count: Int, clause: String)] {
        [(diagnosis.bySpan, "in wait spans"), (diagnosis.byMessage, "for their message in a queue")]
            .filter { $0.0 > 0 }
    }

    private func none(_ reason: String) -> String {
        "no line is seen: \(reason)" + (told.isEmpty ? "" : ". " + waited(told))
    }

    private func waited(_ ways: [(count: Int, clause: String)]) -> String {
        let of = CountText.text(diagnosis.tasks, "task", "tasks")
        guard let first = ways.first else { return "none of \(of) waited" }
        let rest = ways.dropFirst().map { ", \(CountText.text($0.count)) \($0.clause)" }.joined()
        let share = diagnosis.waits > 0 ? "; the recorded durations are \(diagnosis.waitShare.text) waiting" : ""
        let verb = first.clause.hasPrefix("w") ? "" : "waited "
        return "\(CountText.text(first.count)) of \(of) \(verb)\(first.clause)\(rest)\(share)" + within
    }

    /// How much of the waiting is in lines within tasks, where tasks waited in the lines of their groups too.
    private var within: String {
        guard diagnosis.lineTime > 0, !diagnosis.lines.isEmpty else { return "" }
        return ", \(DurationText.alone(diagnosis.lineTime, ascii: ascii)) of it in line \(linesWithin)"
    }

    private var elsewhere: String {
        let others = diagnosis.groups - diagnosis.groupsSeen
        return others == 0 || diagnosis.lines.isEmpty
            ? "" : ". In \(CountText.text(others)) of \(CountText.text(diagnosis.groups)) groups none is seen"
    }

    /// What passes untold while slots are held, where it is much.
    private var lag: String {
        guard let lines = diagnosis.lines[.slots], lines.lagging > 0 else { return "" }
        let (low, high) = (lines.lags.lowerBound, lines.lags.upperBound)
        let place =
            low > 0
            ? "between taking a slot and the first work span"
            : high < 0 ? "between giving the slot back and the end" : "around the slots"
        func text(_ lag: Int64) -> String { DurationText.alone(lag.magnitude, ascii: ascii) }
        if lines.lagging == 1, lines.groups == 1 { return ". About \(text(low)) of each task passes untold \(place)" }
        let groups = "\(CountText.text(lines.lagging)) of \(CountText.text(lines.groups)) groups"
        return ". In \(groups) more than a tenth of the hold passes untold \(place)"
    }
}
