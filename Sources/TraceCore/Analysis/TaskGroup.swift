/// Tasks that share a parent, a service, a name and mostly a process, and the line that shows in them (source: "The
/// inferred wait" and "Delay and turnaround" of the definitions of wait and work).
package struct TaskGroup: Sendable {
    /// From where in a task its gap is read.
    package enum Reading: String, Sendable {
        /// The gap lies before the first work.
        case start
        /// The gap is the longest stretch in which nothing is open: a lookup came before the semaphore.
        case later
    }

    /// Whose tasks they are.
    package enum Scope: String, Sendable {
        /// Those of one process.
        case process
        /// Those of all processes of the service: one limit over several of them.
        case service
    }

    /// What the line says of one member.
    package struct Member: Sendable {
        /// The transaction, as an index into the trace's events.
        package var transaction: Int
        /// From here to the taking the task may have waited.
        package var gap: Interval
        /// Where the task waited as far as none of its spans was open; nil where it did not. From the gap's start to
        /// the admission, unless the settings say otherwise.
        package var inferredWait: Interval?
        /// The member that released this one, as an index into `members`.
        package var releaser: Int?

        /// When the task took its slot, µs since the epoch.
        package var taking: Int64 { gap.end }
    }

    package var parent: Identifier
    package var service: Symbol
    /// Nil where its transactions came without a name.
    package var name: Symbol?
    /// In order of (start, id).
    package var members: [Member]
    package var reading: Reading
    package var scope: Scope
    /// How many processes its tasks are of.
    package var processes: Int
    /// K: how many slots foretell best when tasks began to work, whether slots are seen or not; 0 where no number does.
    package var slots: Int
    /// The kind of line that is seen; nil where none is.
    package var kind: LineKind?
    /// The time between one task and the next, µs; nil where no rate is seen.
    package var rate: Int64?
    /// What tasks do untold between taking a slot and their first work or, below 0, between giving it back and their
    /// end, µs. Nil where no number of slots foretells anything.
    package var lag: Int64?
    /// How full the slots were while tasks waited; nil where nobody waited for one, and where a rate or hand-overs are
    /// seen.
    package var occupancy: Double?
    /// How much of the gaps the slots explain; nil where no task began after another ended while it waited. Where that is
    /// not enough for slots to be seen, below nine tenths also when it is rounded.
    package var explained: Share?
    /// The lag of slots that are seen, where it is more than a tenth of what a slot is held for; else nil.
    package var toldLag: Int64?
    /// How many tasks worked at a time while others waited for hand-overs, but for a twentieth of that time at either
    /// end; 0 where no hand-overs are seen.
    package var working: ClosedRange<Int>
    /// From the earliest start to the latest end.
    package var window: Interval
    /// Whether slots were held for at least half of the window: a batch, in which a delay means something.
    package var isDense: Bool

    /// The number of tasks that have an inferred wait.
    package var waited: Int { members.count { $0.inferredWait != nil } }

    /// From the earliest start to the latest end, µs.
    package var makespan: Int64 { window.length }

    /// Time before a task was opened, µs: its start minus the earliest of its group, where the group is dense.
    package func delay(start: Int64) -> Int64 { isDense ? start - window.start : 0 }

    /// The group of tasks that were read.
    init(key: GroupKey, _ group: GroupReading, index: TaskSpansIndex, inference: Inference) {
        let fit = group.fit
        parent = key.parent
        service = key.service
        name = key.name
        reading = group.reading
        scope = group.scope
        processes = group.processes
        slots = fit.slots
        kind = fit.kind
        rate = fit.rate
        lag = fit.lag
        occupancy = fit.occupancy
        explained = fit.explained
        toldLag = fit.toldLag
        working = fit.working
        var window = Interval(start: .max, end: .min)
        members = group.transactions.indices.map { position in
            let transaction = group.transactions[position]
            let task = index.interval(of: transaction)
            window.start = min(window.start, task.start)
            window.end = max(window.end, task.end)
            return Member(
                transaction: transaction,
                gap: group.gaps[position],
                inferredWait: inference.wait(of: index.spans(of: transaction), admitted: fit.waits[position]),
                releaser: inference == .auto ? fit.releasers[position] : nil)
        }
        self.window = window
        isDense = slots > 0 && 2 * fit.held >= Int128(slots) * Int128(window.length)
    }

    /// How many slots there are, as far as a line of another kind does not say that there is no such number.
    package var knownSlots: Int? { kind == .rate || kind == .handover ? nil : slots }

    /// How long tasks go on after they gave their slot back, µs.
    package var tail: Int64 { kind == .slots ? max(0, -(lag ?? 0)) : 0 }

    /// The critical chain, as indices into `members`: from the task that ended last, each followed by the one
    /// that released it (source: "Flow of a group").
    package func criticalChain(in trace: Trace) -> [Int] {
        var seen: Set<Int> = []
        var chain: [Int] = []
        var next = members.indices.max { left, right in
            let (a, b) = (members[left].transaction, members[right].transaction)
            return trace.end(a) != trace.end(b) ? trace.end(a) < trace.end(b) : trace.precedes(a, b)
        }
        while let current = next, seen.insert(current).inserted {
            chain.append(current)
            next = members[current].releaser
        }
        return chain
    }
}

extension TraceAnalysis {
    /// The tasks on the critical chains of the groups in which one task released another, as indices into the trace's
    /// events. Where nobody waited for anybody, there is nothing that a chain would tell.
    package var criticalTasks: Set<Int> {
        var tasks: Set<Int> = []
        for group in groups where group.members.contains(where: { $0.releaser != nil }) {
            for member in group.criticalChain(in: trace) { tasks.insert(group.members[member].transaction) }
        }
        return tasks
    }
}
