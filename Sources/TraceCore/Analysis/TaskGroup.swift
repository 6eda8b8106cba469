/// Tasks that share a parent, a service, a process and a name, and the pool of slots that shows in them
/// (source: "The inferred wait" and "Delay and turnaround" of the definitions of wait and work).
package struct TaskGroup: Sendable {
    /// From where in a task its gap is read.
    package enum Reading: String, Sendable {
        /// The gap lies before the first work.
        case start
        /// The gap is the longest stretch in which nothing is open: a lookup came before the semaphore.
        case later
    }

    /// What the pool says of one member.
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
    /// How many slots there are, seen or not; 0 where nobody holds one.
    package var slots: Int
    package var isPoolSeen: Bool
    /// How full the slots were while tasks waited; nil where nobody waited.
    package var occupancy: Double?
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

    /// Reads the pool of the tasks of a group, twice, and takes the reading that explains more.
    init(key: GroupKey, transactions: [Int], trace: Trace, index: TaskSpansIndex, inference: Inference) {
        var leading: [AdmissionPool.Member] = []
        leading.reserveCapacity(transactions.count)
        var longest = leading
        longest.reserveCapacity(transactions.count)
        var window = Interval(start: .max, end: .min)
        for transaction in transactions {
            let (spans, id) = (index.spans(of: transaction), trace.events[transaction].id)
            leading.append(AdmissionPool.Member(task: spans.task, gap: spans.leadingGap, id: id))
            longest.append(AdmissionPool.Member(task: spans.task, gap: spans.longestGap, id: id))
            window.start = min(window.start, spans.task.start)
            window.end = max(window.end, spans.task.end)
        }
        let atStart = AdmissionPool(leading)
        let later = AdmissionPool(longest, enders: atStart.enders)
        let takesLater = Self.prefers(later, to: atStart)
        let taken = takesLater ? later : atStart

        parent = key.parent
        service = key.service
        name = key.name
        reading = takesLater ? .later : .start
        slots = taken.slots
        isPoolSeen = taken.isSeen
        occupancy = taken.occupancy
        members = transactions.indices.map { position in
            Member(
                transaction: transactions[position],
                gap: taken.members[position].gap,
                inferredWait: inference.wait(
                    of: index.spans(of: transactions[position]), admitted: taken.wait(of: position)),
                releaser: inference == .auto ? taken.releaser(of: position) : nil)
        }
        self.window = window
        isDense = slots > 0 && 2 * taken.held >= Int128(slots) * Int128(window.length)
    }

    /// The later reading is taken where it sees a pool and explains more than a tenth more, and at least a
    /// hundredth of the group's durations.
    private static func prefers(_ later: AdmissionPool, to atStart: AdmissionPool) -> Bool {
        guard later.isSeen else { return false }
        let explained = atStart.isSeen ? atStart.waited : 0
        let durations = later.members.reduce(Int128(0)) { $0 + Int128($1.task.length) }
        return 10 * later.waited > 11 * explained && 100 * later.waited >= durations
    }

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
