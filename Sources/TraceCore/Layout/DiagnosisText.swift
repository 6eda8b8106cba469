/// What there is to say at the head about the waiting of some tasks.
package struct DiagnosisText: Sendable {
    private let diagnosis: Diagnosis

    package init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

    /// A sentence or two; nil where there are no tasks.
    package var text: String? {
        switch diagnosis.pool {
        case .noTasks: nil
        case .seen: waited([(diagnosis.inferred, "for \(slots)")] + told) + elsewhere
        case .slotsStoodFree(let occupancy):
            none("tasks began as others ended, but meanwhile slots stood free (full to \(occupancy.text))")
        case .nobodyWaited: none("no task waited while all slots were taken")
        case .noSpans: none("no task has a work span, so that nothing shows when one took its slot")
        case .noGroup: none("no two of the tasks share a parent transaction")
        case .notInferred(let inference, let isSeen):
            waited([(diagnosis.inferred, "before their first work span")].filter { $0.count > 0 } + told)
                + (isSeen ? ". A pool is seen, but by inference \(inference.rawValue) it does not count." : "")
        }
    }

    /// How many tasks nothing is known of: a note.
    package var withoutWork: String? {
        guard diagnosis.withoutWork > 0, diagnosis.pool != .noSpans else { return nil }
        return CountText.text(diagnosis.withoutWork, "task has", "tasks have")
            + " no work span: nothing shows when such a task took its slot"
    }

    private var slots: String {
        switch diagnosis.slots {
        case nil: "slots"
        case 1: "the one slot"
        case let slots?: "one of \(CountText.text(slots)) slots"
        }
    }

    /// Waits that the data tells of itself.
    private var told: [(count: Int, place: String)] {
        [(diagnosis.bySpan, "in wait spans"), (diagnosis.byMessage, "for their message in a queue")]
            .filter { $0.0 > 0 }
    }

    private func none(_ reason: String) -> String {
        "no pool is seen: \(reason)" + (told.isEmpty ? "" : ". " + waited(told))
    }

    private func waited(_ ways: [(count: Int, place: String)]) -> String {
        let of = CountText.text(diagnosis.tasks, "task", "tasks")
        guard let first = ways.first else { return "none of \(of) waited" }
        let rest = ways.dropFirst().map { ", \(CountText.text($0.count)) \($0.place)" }.joined()
        let share = diagnosis.waits > 0 ? "; the recorded durations are \(diagnosis.waitShare.text) waiting" : ""
        return "\(CountText.text(first.count)) of \(of) waited \(first.place)\(rest)\(share)"
    }

    private var elsewhere: String {
        let others = diagnosis.groups - diagnosis.groupsSeen
        return others == 0
            ? "" : ". In \(CountText.text(others)) of \(CountText.text(diagnosis.groups)) groups none is seen"
    }
}
