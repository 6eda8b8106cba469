/// Sentences about what the numbers of tasks do not say.
package struct Notes: Sendable {
    /// In the order in which they are said.
    package private(set) var sentences: [String] = []

    /// Of the tasks of a run, whose totals are given.
    package init(_ analysis: TraceAnalysis, totals: TaskTotals) {
        sentences += Self.meaning(of: analysis.settings.inference)
        if analysis.groups.isEmpty, analysis.settings.inference == .auto {
            sentences.append(Self.withoutGroups(1, of: 1))
        }
        sentences += Self.own(totals.own, of: totals.work)
        if analysis.unsampled > 0 { sentences.append(Self.excluded(analysis.unsampled)) }
    }

    /// That waiting cannot be inferred in some runs, and the cure.
    package static func withoutGroups(_ count: Int, of runs: Int) -> String {
        let place = runs == 1 ? "" : "in \(CountText.text(count)) of \(CountText.text(runs, "run", "runs")) "
        let here = runs == 1 ? " here" : ""
        let tasks = count == 1 ? "its tasks" : "their tasks"
        return "\(place)waiting cannot be inferred\(here): \(tasks) have no parent transaction;"
            + " open one around them, or put a wait span around the acquire"
    }

    /// What counts as wait by a setting that is not the standard one.
    package static func meaning(of inference: Inference) -> [String] {
        switch inference {
        case .auto: []
        case .explicit: ["inference explicit: only wait spans and message age count as wait"]
        case .gap: ["inference gap: all time of a task before its first work span counts as wait"]
        }
    }

    package static func excluded(_ unsampled: Int) -> String {
        CountText.text(unsampled, "transaction was", "transactions were")
            + " not sampled: excluded from every statistic"
    }

    /// Where more than a tenth of work is the tasks' own code, spans are missing there.
    package static func own(_ own: Int128, of work: Int128) -> [String] {
        guard 10 * own > work else { return [] }
        return ["self is \(Share(own, of: work).text) of work: spans are missing there, or a wait that nobody told of"]
    }
}
