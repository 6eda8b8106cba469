/// What a stretch of a bar says.
package enum BarFill: Sendable, Hashable, CaseIterable {
    case work
    /// The task's own code, a part of its work.
    case own
    case wait
    /// Before the task was opened.
    case delay

    /// Whether it is work, the task's own code included.
    package var isWork: Bool { self == .work || self == .own }
}

/// A stretch of a bar.
package struct BarStretch: Sendable, Hashable {
    package var fill: BarFill
    package var interval: Interval

    /// A stretch of one fill; an empty interval is an instant, which is seen all the same.
    package init(_ fill: BarFill, _ interval: Interval) {
        self.fill = fill
        self.interval = interval
    }
}
