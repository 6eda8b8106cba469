/// What `report` and `runs` ask of one run, worked out once: small enough to be kept (`encoded`), and quick to read
/// again without the run's events.
///
/// Holds under one inference and one list of wait words; whoever keeps figures keeps them apart by both. The same
/// events give the same figures, byte for byte, however they arrived.
package struct RunFigures: Sendable, Equatable {
    /// The run's trace id.
    package var id: Identifier
    /// By which its waits were inferred.
    package var inference: Inference
    /// Whether a transaction without a parent came.
    package var hasRoot = false
    /// The earliest start of the whole trace, µs since the epoch.
    package var start: Int64 = 0
    /// To the latest end of the whole trace, µs.
    package var makespan: Int64 = 0
    package var transactions = 0
    package var spans = 0
    package var errors = 0
    /// Transactions that were not sampled.
    package var unsampled = 0
    /// Of the event that the run is named after, as a number of `texts`.
    package var name: UInt32 = 0
    /// As a number of `texts`.
    package var service: UInt32 = 0
    /// Nil where no tasks share a parent transaction.
    package var largestGroup: RunSummary.Group?
    package var texts = FigureTexts()
    package var labels = LabelSets()
    /// The labels of the root, as a number of `labels`.
    package var rootLabels: UInt32 = 0
    /// By (earliest start, parent, service, name).
    package var groups: [Group] = []
    /// Every sampled transaction.
    package var tasks = TaskColumns()

    /// The lines within tasks.
    package var lines: [Line] = []

    /// What a group's tasks share.
    package struct Group: Sendable, Hashable {
        /// How many slots foretell best when its tasks began to work, seen or not.
        package var slots: Int
        package var kind: LineKind?
        /// How much of the gaps the slots explain; nil where no task began after another ended while it waited. Where
        /// that is not enough, below nine tenths also when it is rounded.
        package var explained: Share?
        /// How many of its tasks have no work span, and did not wait as far as is known.
        package var withoutWork: Int
        /// Of a rate, µs; 0 where none is seen.
        package var rate: Int64 = 0
        /// The lag of slots that are seen, µs, where it is more than a tenth of what a slot is held for; else 0.
        package var toldLag: Int64 = 0
        /// How many processes the tasks of a line that is seen are of; 0 where they are of one alone.
        package var processes = 0
        /// How many tasks worked at a time, while others waited for hand-overs; 0 where none are seen.
        package var working: ClosedRange<Int> = 0...0
        /// From when the delays of its tasks are counted, µs since the epoch; nil where they have none.
        package var delaysFrom: Int64?

        /// How many slots there are, as far as a line of another kind does not say that there is no such number.
        package var knownSlots: Int? { kind == .rate || kind == .handover ? nil : slots }
    }

    /// A line within tasks.
    package struct Line: Sendable, Hashable {
        package var slots: Int
        /// The names of its spans, as numbers of `texts`.
        package var names: [UInt32]
    }

    /// Figures of nothing, to decode into.
    package init() {
        id = .text([])
        inference = .auto
    }

    /// Whether the run has tasks that share a parent transaction.
    package var hasGroups: Bool { largestGroup != nil }

    /// Where the time of a task went.
    package func breakdown(_ task: Int) -> Breakdown {
        var breakdown = Breakdown()
        breakdown.duration = tasks[.duration, task]
        breakdown.queued = tasks[.queued, task]
        breakdown.spanWait = tasks[.spanWait, task]
        breakdown.inferredWait = tasks[.inferredWait, task]
        breakdown.lineWait = tasks[.lineWait, task]
        breakdown.own = tasks[.own, task]
        breakdown.delay = tasks[.delay, task]
        return breakdown
    }

    /// The group of a task, as an index into `groups`; nil where it is in none.
    package func group(_ task: Int) -> Int? {
        tasks[.group, task] == 0 ? nil : Int(tasks[.group, task]) - 1
    }

    /// The task that released this one, as an index into the columns of `tasks`.
    package func releaser(_ task: Int) -> Int? {
        tasks[.releaser, task] == 0 ? nil : Int(tasks[.releaser, task]) - 1
    }
}

/// Parts of a run's figures that can be left unread. What the run is as a whole is always read.
package struct FigureParts: OptionSet, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Times, groups and outcomes of its tasks, and which of its transactions are tasks.
    package static let states = FigureParts(rawValue: 1)
    package static let users = FigureParts(rawValue: 2)
    package static let names = FigureParts(rawValue: 4)
    package static let services = FigureParts(rawValue: 8)
    package static let versions = FigureParts(rawValue: 16)
    package static let labels = FigureParts(rawValue: 32)
    /// Ids and releasers of its tasks.
    package static let identities = FigureParts(rawValue: 64)

    package static let all: FigureParts = [.states, .users, .names, .services, .versions, .labels, .identities]
    /// Parts that name texts.
    static let textual: FigureParts = [.users, .names, .services, .versions, .labels]
}
