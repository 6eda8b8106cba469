/// What there is to say about the waiting of some tasks in a sentence or two: "950 of 1 000 tasks waited for one of 50
/// slots; the recorded durations are 90 % waiting". Where no pool is seen, why.
package struct Diagnosis: Sendable, Hashable {
    /// What the data shows of a pool of slots.
    package enum Pool: Sendable, Hashable {
        /// Tasks waited for slots, in some of the groups or in all.
        case seen
        /// Tasks started when others ended, but meanwhile slots stood free: the fullest group was as full as this while
        /// they did.
        case slotsStoodFree(occupancy: Share)
        /// Slots were held, and nobody came after another.
        case nobodyWaited
        /// No task has a work span, so that nothing shows when one took its slot.
        case noSpans
        /// No two of the tasks share a parent transaction.
        case noGroup
        /// It was not looked for: waits are those of the settings. Whether a pool would be seen is told all the same.
        case notInferred(Inference, isSeen: Bool)
        /// There are no tasks.
        case noTasks
    }

    package private(set) var tasks = 0
    /// How many of them waited for a slot: by inference.
    package private(set) var inferred = 0
    /// How many of them waited in wait spans.
    package private(set) var bySpan = 0
    /// How many of them waited in a queue for their message.
    package private(set) var byMessage = 0
    /// How many of them waited in any of these ways.
    package private(set) var waited = 0
    /// Summed, µs.
    package private(set) var durations: Int128 = 0
    /// What of these is waiting, µs: all but the time in queues, which comes before.
    package private(set) var waits: Int128 = 0
    /// The groups that the tasks are of.
    package private(set) var groups = 0
    /// The groups in which a pool is seen, whatever the settings say of waits.
    package private(set) var groupsSeen = 0
    /// How many tasks of these groups have no work span: nothing shows when such a task took its slot.
    package private(set) var withoutWork = 0
    /// How many slots the pools have that are seen; nil where they differ, or none is.
    package private(set) var slots: Int?
    private var isAnySlotHeld = false
    private var occupancy: Share?
    private var inference = Inference.auto

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
        var isOfGroup = [Bool](repeating: false, count: figures.groups.count + 1)
        for task in chosen.lazy.map({ Int($0) }) {
            let (inferred, span) = (figures.tasks[.inferredWait, task], figures.tasks[.spanWait, task])
            let queued = figures.tasks[.queued, task]
            self.inferred += inferred > 0 ? 1 : 0
            bySpan += span > 0 ? 1 : 0
            byMessage += queued > 0 ? 1 : 0
            waited += inferred > 0 || span > 0 || queued > 0 ? 1 : 0
            waits += Int128(inferred + span)
            durations += Int128(figures.tasks[.duration, task])
            isOfGroup[Int(figures.tasks[.group, task])] = true
        }
        for (place, group) in figures.groups.enumerated() where isOfGroup[place + 1] {
            groups += 1
            withoutWork += group.withoutWork
            isAnySlotHeld = isAnySlotHeld || group.slots > 0
            if group.isPoolSeen {
                groupsSeen += 1
                slots = groupsSeen == 1 || slots == group.slots ? group.slots : nil
            } else if let full = group.occupancy {
                occupancy = full.tenThousandths > occupancy?.tenThousandths ?? -1 ? full : occupancy
            }
        }
    }

    /// How much of the recorded durations is waiting.
    package var waitShare: Share { Share(waits, of: durations) }

    package var pool: Pool {
        if tasks == 0 { return .noTasks }
        if inference != .auto { return .notInferred(inference, isSeen: groupsSeen > 0) }
        if groups == 0 { return .noGroup }
        if groupsSeen > 0 { return .seen }
        if !isAnySlotHeld { return .noSpans }
        return occupancy.map { .slotsStoodFree(occupancy: $0) } ?? .nobodyWaited
    }
}
