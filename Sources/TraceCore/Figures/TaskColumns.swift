/// The sampled transactions of a run in order of (start, id), one column for each thing there is to know of them.
/// Columns that were not asked for are zeros.
package struct TaskColumns: Sendable, Equatable {
    /// Columns of numbers and of marks, which are 0 or 1.
    package enum Number: Int, CaseIterable, Sendable {
        /// Whether it is a task of the run (source: "What is counted").
        case isTask
        /// As a number of `RunFigures.texts`; name, service and version too.
        case user
        case name
        case service
        /// The raw value of an `Event.Outcome`.
        case outcome
        case version
        /// Whether the agent dropped spans of it.
        case isIncomplete
        /// The labels of its own, as a number of `RunFigures.labels`.
        case ownLabels
        /// The labels of the metadata it came under, as a number of `RunFigures.labels`.
        case sentLabels
        /// 0 where it is in none, else one more than an index into `RunFigures.groups`.
        case group
        /// 0 where there is none, else one more than the index of the task that released it.
        case releaser
    }

    /// Columns of µs: the parts of a `Breakdown`, and the start since the epoch.
    package enum Time: Int, CaseIterable, Sendable {
        case duration
        case own
        case start
        case queued
        case spanWait
        case inferredWait
        case lineWait
        case delay
    }

    package private(set) var count = 0
    /// Column behind column.
    var numbers: [UInt32] = []
    var times: [Int64] = []
    package var ids: [Identifier] = []

    package init() {}

    /// Makes room for so many tasks; what the columns hold then is of no account.
    mutating func resize(_ count: Int) {
        self.count = count
        numbers.resize(count * Number.allCases.count)
        times.resize(count * Time.allCases.count)
        if !ids.isEmpty { ids.removeAll(keepingCapacity: true) }
    }

    package subscript(_ column: Number, _ task: Int) -> UInt32 {
        get { numbers[column.rawValue &* count &+ task] }
        set { numbers[column.rawValue &* count &+ task] = newValue }
    }

    package subscript(_ column: Time, _ task: Int) -> Int64 {
        get { times[column.rawValue &* count &+ task] }
        set { times[column.rawValue &* count &+ task] = newValue }
    }
}
