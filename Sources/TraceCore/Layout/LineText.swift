/// The line of a group of tasks in a few words.
package enum LineText {
    /// The line as one of several facts: `slots 50`, `rate one every 100ms`, `hand-overs 4 to 12 at a time`.
    package static func fact(_ group: TaskGroup, ascii: Bool) -> (word: String, value: String) {
        switch group.kind {
        case .rate: ("rate", every(group.rate ?? 0, ascii: ascii))
        case .handover: ("hand-overs", "\(range(group.working)) at a time")
        case .slots, nil: ("slots", CountText.text(group.slots))
        }
    }

    /// What the line says of how full it was; `full` is the share of the makespan in which all slots were taken.
    package static func fullness(_ group: TaskGroup, full: Share, ascii: Bool) -> String {
        switch group.kind {
        case .slots: "slots \(CountText.text(group.slots)): full \(full.text) of the makespan"
        case .rate: "tasks were started \(every(group.rate ?? 0, ascii: ascii)): a rate, not slots"
        case .handover: "no one number of slots fits: \(range(group.working)) worked at a time"
        case nil: "slots \(CountText.text(group.slots)): no line is seen, so no wait for slots is inferred"
        }
    }

    /// Why a group cannot be replayed on other numbers of slots; nil where it can.
    package static func noReplay(_ group: TaskGroup, ascii: Bool) -> String? {
        switch group.kind {
        case .slots, nil: nil
        case .rate:
            "its tasks were started \(every(group.rate ?? 0, ascii: ascii)): that is a rate, and more slots would not "
                + "change it"
        case .handover:
            "its tasks begin just as others end, but no one number of slots fits "
                + "(\(range(group.working)) worked at a time), so that there is none to be changed"
        }
    }

    /// `one every 100ms`.
    static func every(_ rate: Int64, ascii: Bool) -> String { "one every " + DurationText.alone(rate, ascii: ascii) }

    /// `4 to 12`, or one number where both are the same.
    static func range(_ working: ClosedRange<Int>) -> String {
        let (low, high) = (CountText.text(working.lowerBound), CountText.text(working.upperBound))
        return low == high ? high : "\(low) to \(high)"
    }

    /// What stands in a line within tasks, and how many of it at a time: `SELECT FROM t, 3 at a time`.
    package static func within(_ names: [String], slots: Int) -> String {
        "\(names.joined(separator: " and ")), \(CountText.text(slots)) at a time"
    }
}
