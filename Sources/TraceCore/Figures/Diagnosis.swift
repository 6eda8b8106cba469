/// What there is to say about the waiting of some tasks in a sentence or two: "950 of 1 000 tasks waited for one of 50
/// slots; the recorded durations are 90 % waiting". Where no line is seen, why.
package struct Diagnosis: Sendable, Hashable {
    /// What the data shows of lines.
    package enum Finding: Sendable, Hashable {
        /// A line is seen, in some of the groups or in all, or within tasks.
        case seen
        /// Some tasks began after others had ended, but the best number of slots explains no more than so much of the
        /// gaps; of several groups, in the one where it explains most.
        case unexplained(slots: Int, Share)
        /// The best number of slots explains the gaps, but tasks took them no closer after others' ends than by chance.
        case loose(slots: Int)
        /// No task waited until another ended.
        case nobodyWaited
        /// No task has a work span, so that nothing shows when one began to work.
        case noSpans
        /// No two of the tasks share a parent transaction.
        case noGroup
        /// It was not looked for: waits are those of the settings. Whether a line would be seen is told all the same.
        case notInferred(Inference, isSeen: Bool)
        /// There are no tasks.
        case noTasks
    }

    /// Lines of one kind that are seen in groups.
    package struct Lines: Sendable, Hashable {
        /// How many tasks waited in them.
        package fileprivate(set) var waited = 0
        package fileprivate(set) var groups = 0
        /// What the groups' lines are, each once.
        package fileprivate(set) var forms: Set<Form> = []
        /// In how many groups a lag is told, and the shortest and longest of them, µs.
        package fileprivate(set) var lagging = 0
        package fileprivate(set) var lags: ClosedRange<Int64> = 0...0
        /// Of hand-overs, how many tasks worked at a time, in all groups.
        package fileprivate(set) var working: ClosedRange<Int>?

        fileprivate mutating func add(_ group: RunFigures.Group, waited: Int) {
            self.waited += waited
            groups += 1
            forms.insert(Form(slots: group.slots, rate: group.rate, processes: group.processes))
            let (low, high) = (group.working.lowerBound, group.working.upperBound)
            working = min(working?.lowerBound ?? low, low)...max(working?.upperBound ?? high, high)
            guard group.toldLag != 0 else { return }
            lags =
                lagging == 0
                ? group.toldLag...group.toldLag
                : min(lags.lowerBound, group.toldLag)...max(lags.upperBound, group.toldLag)
            lagging += 1
        }
    }

    /// What is said of the line of a group.
    package struct Form: Sendable, Hashable {
        package var slots: Int
        /// µs.
        package var rate: Int64
        /// See `RunFigures.Group`.
        package var processes: Int
    }

    /// A line within tasks.
    package struct LineWithin: Sendable, Hashable {
        /// Of the spans that stand in it.
        package var names: [String]
        package var slots: Int
    }

    package private(set) var tasks = 0
    /// How many of them waited by inference.
    package private(set) var inferred = 0
    /// How many of them waited in lines within them, and how long in all, µs.
    package private(set) var inLines = 0
    package private(set) var lineTime: Int128 = 0
    /// How many of them waited in wait spans.
    package private(set) var bySpan = 0
    /// How many of them waited in a queue for their message.
    package private(set) var byMessage = 0
    /// Summed, µs.
    package private(set) var durations: Int128 = 0
    /// What of these is waiting, µs: all but the time in queues, which comes before.
    package private(set) var waits: Int128 = 0
    /// The groups that the tasks are of.
    package private(set) var groups = 0
    /// The lines that are seen in groups, whatever the settings say of waits.
    package private(set) var lines: [LineKind: Lines] = [:]
    /// The lines within tasks in which some of the tasks waited, by names and slots.
    package private(set) var linesWithin: [LineWithin] = []
    /// How many tasks of these groups have no work span: nothing shows when such a task began to work.
    package private(set) var withoutWork = 0
    private var hasSpans = false
    private var best: Best?
    private var inference = Inference.auto

    /// The best number of slots of a group in which no line is seen.
    private struct Best: Hashable {
        var slots: Int
        var explained: Share
    }

    package init() {}

    /// Of the tasks of a run.
    package init(_ figures: RunFigures) {
        var chosen: [UInt32] = []
        TaskFilter().choose(from: figures, into: &chosen)
        if !chosen.isEmpty { add(chosen, of: figures) }
    }

    /// Adds some tasks of a run, at least one. Groups count whole.
    mutating func add(_ chosen: [UInt32], of figures: RunFigures) {
        tasks += chosen.count
        inference = figures.inference
        var waited = [Int](repeating: 0, count: figures.groups.count + 1)
        var isOfGroup = [Bool](repeating: false, count: figures.groups.count + 1)
        let linesBefore = inLines
        for task in chosen.lazy.map({ Int($0) }) {
            let (inferred, span) = (figures.tasks[.inferredWait, task], figures.tasks[.spanWait, task])
            let (inLine, group) = (figures.tasks[.lineWait, task], Int(figures.tasks[.group, task]))
            self.inferred += inferred > 0 ? 1 : 0
            inLines += inLine > 0 ? 1 : 0
            lineTime += Int128(inLine)
            bySpan += span > 0 ? 1 : 0
            byMessage += figures.tasks[.queued, task] > 0 ? 1 : 0
            waits += Int128(inferred + span)
            durations += Int128(figures.tasks[.duration, task])
            isOfGroup[group] = true
            waited[group] += inferred > inLine ? 1 : 0
        }
        for (place, group) in figures.groups.enumerated() where isOfGroup[place + 1] {
            add(group, waited: waited[place + 1])
        }
        guard inLines > linesBefore else { return }
        for line in figures.lines {
            let names = line.names.map { figures.texts[$0] ?? "" }
            let known = LineWithin(names: names, slots: line.slots)
            if !linesWithin.contains(known) { linesWithin.append(known) }
        }
    }

    private mutating func add(_ group: RunFigures.Group, waited: Int) {
        groups += 1
        withoutWork += group.withoutWork
        hasSpans = hasSpans || group.slots > 0 || group.explained != nil
        if let kind = group.kind {
            lines[kind, default: Lines()].add(group, waited: waited)
        } else if let explained = group.explained, explained.tenThousandths > best?.explained.tenThousandths ?? -1 {
            best = Best(slots: group.slots, explained: explained)
        }
    }

    /// How much of the recorded durations is waiting.
    package var waitShare: Share { Share(waits, of: durations) }

    /// The groups in which a line is seen.
    package var groupsSeen: Int { lines.values.reduce(0) { $0 + $1.groups } }

    package var finding: Finding {
        if tasks == 0 { return .noTasks }
        if inference != .auto { return .notInferred(inference, isSeen: !lines.isEmpty) }
        if !lines.isEmpty || !linesWithin.isEmpty { return .seen }
        if groups == 0 { return .noGroup }
        if !hasSpans { return .noSpans }
        guard let best else { return .nobodyWaited }
        return best.explained.tenThousandths < 9_000
            ? .unexplained(slots: best.slots, best.explained) : .loose(slots: best.slots)
    }
}
