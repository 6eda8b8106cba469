/// What else the processes of a run's groups did while it ran: transactions, sampled or not, that belong to none of its
/// groups. Of the run's own trace these are neither above nor below a task of a group, nor one of its tasks that was not
/// sampled; of other traces, all. A process whose metadata names no pid has none: it cannot be told from others.
package struct BackgroundTasks: Sendable {
    /// Transactions of one process with the same service and name, of which some overlap the run's window.
    package struct Kind: Sendable {
        package var process: ProcessName
        package var service: String
        package var name: String?
        /// How many overlap the window.
        package var count: Int
        /// Their durations, µs.
        package var durations: Statistics
        /// Nil where they do not start at a regular interval.
        package var rhythm: Rhythm?
    }

    /// Starts at a regular interval, and how late they are.
    ///
    /// Of all starts known, those before and after the run among them (`BackgroundReach`), the *interval* is the median
    /// (nearest rank) of the times from each to the next. They are regular where there are at least five starts, the
    /// interval is not 0, and at least three quarters of the times are within a fifth of it. A start is *due* one
    /// interval after the start before it, and *late* by as much as it comes after that; one that comes early is late by
    /// 0. The first has no due time. Where each waits for the one before it, as in `while true: sleep; beat`, this is
    /// the delay. Where they keep to a clock, the one after a late one is due too late, so a delay that lasts is told
    /// too small: never too large, but for what the median itself was delayed.
    package struct Rhythm: Sendable, Hashable {
        /// µs.
        package var interval: Int64
        /// Of the starts inside the run's window; nil where none of them was due.
        package var late: Lateness?
        /// How it goes with the number of running tasks; nil where no slot of the group is ever held.
        package var load: Load?
    }

    /// How late some starts were.
    package struct Lateness: Sendable, Hashable {
        package var starts: Int
        /// µs; nearest rank.
        package var median: Int64
        /// µs.
        package var greatest: Int64
    }

    /// How late starts were that were due while few tasks of the process's largest group ran, and while its slots were
    /// taken. A task runs while it does not wait. What was due outside of the run counts too: no task ran then.
    package struct Load: Sendable, Hashable {
        /// Fewer running tasks than these are few: half of the slots, rounded up.
        package var fewBelow: Int
        /// From so many on the slots are taken: nine tenths of them, rounded up.
        package var takenFrom: Int
        /// Nil where none was due.
        package var few: Lateness?
        package var taken: Lateness?
    }

    /// The most frequent first, then by service, name and process.
    package let kinds: [Kind]
    /// Whether more may have run than was looked at.
    package let isCut: Bool

    /// `others` are transactions of other traces as `BackgroundReach` finds them.
    package init(of analysis: TraceAnalysis, others: [OtherTransaction], isCut: Bool = false) {
        let trace = analysis.trace
        let window = Interval(start: trace.start, end: trace.end)
        var pools: [ProcessName: TaskGroup] = [:]
        for group in analysis.groups {
            guard let first = group.members.first,
                let process = ProcessName(
                    trace.processes[trace.events[first.transaction].process], trace.symbols)
            else { continue }
            if pools[process].map({ $0.members.count < group.members.count }) ?? true { pools[process] = group }
        }
        self.isCut = isCut && !pools.isEmpty
        let all = analysis.transactionsBesideGroups() + others
        var activities: [ProcessName: GroupActivity] = [:]
        var kinds: [Kind] = []
        for (key, transactions) in Dictionary(grouping: all, by: Key.init) {
            guard let pool = pools[key.process] else { continue }
            let inside = transactions.filter { $0.overlaps(window) }
            guard !inside.isEmpty else { continue }
            var kind = Kind(
                process: key.process, service: key.service, name: key.name, count: inside.count,
                durations: Statistics(inside.map(\.duration)))
            if let starts = RegularStarts(transactions.map(\.start)) {
                let activity = activities[key.process] ?? GroupActivity(pool, of: analysis)
                activities[key.process] = activity
                kind.rhythm = Rhythm(
                    starts, window: window, slots: pool.knownSlots ?? 0, running: activity.stretches.running)
            }
            kinds.append(kind)
        }
        self.kinds = kinds.sorted { $0.precedes($1) }
    }

    private struct Key: Hashable {
        var process: ProcessName
        var service: String
        var name: String?

        init(_ transaction: OtherTransaction) {
            process = transaction.process
            service = transaction.service
            name = transaction.name
        }
    }
}

extension BackgroundTasks.Kind {
    fileprivate func precedes(_ other: Self) -> Bool {
        if count != other.count { return count > other.count }
        if service != other.service { return service < other.service }
        if name != other.name { return (name ?? "") < (other.name ?? "") }
        if process.pid != other.process.pid { return process.pid < other.process.pid }
        let (ours, theirs) = (process, other.process)
        return (ours.host ?? "", ours.node ?? "", ours.container ?? "")
            < (theirs.host ?? "", theirs.node ?? "", theirs.container ?? "")
    }
}

extension OtherTransaction {
    /// Whether some of it, or its start where it took no time, is inside.
    fileprivate func overlaps(_ window: Interval) -> Bool {
        start < window.end && (end > window.start || start >= window.start)
    }
}

/// Starts at a regular interval (source: `BackgroundTasks.Rhythm`).
private struct RegularStarts {
    let interval: Int64
    /// Each start but the first, when it was due, and how late it was.
    let lateness: [(start: Int64, due: Int64, late: Int64)]

    /// Nil where they are not regular.
    init?(_ starts: [Int64]) {
        guard starts.count >= 5 else { return nil }
        let starts = starts.sorted()
        let times = zip(starts, starts.dropFirst()).map { $1 - $0 }
        guard let median = Percentile.value(hundredths: 5_000, ofSorted: times.sorted()), median > 0 else { return nil }
        let near = times.count { 5 * (Int128($0) - Int128(median)).magnitude <= UInt128(median) }
        guard 4 * near >= 3 * times.count else { return nil }
        interval = median
        lateness = zip(starts, starts.dropFirst()).map { before, start in
            (start, before + median, max(0, start - before - median))
        }
    }
}

extension BackgroundTasks.Rhythm {
    fileprivate init(_ starts: RegularStarts, window: Interval, slots: Int, running: OpenStretches) {
        interval = starts.interval
        late = BackgroundTasks.Lateness(
            starts.lateness.filter { window.start <= $0.start && $0.start < window.end }.map(\.late))
        guard slots > 0 else { return }
        var load = BackgroundTasks.Load(fewBelow: (slots + 1) / 2, takenFrom: (9 * slots + 9) / 10)
        let counted = starts.lateness.map { (late: $0.late, running: running.count(at: $0.due)) }
        load.few = BackgroundTasks.Lateness(counted.filter { $0.running < load.fewBelow }.map(\.late))
        load.taken = BackgroundTasks.Lateness(counted.filter { $0.running >= load.takenFrom }.map(\.late))
        self.load = load
    }
}

extension BackgroundTasks.Lateness {
    /// Nil where there is none.
    fileprivate init?(_ late: [Int64]) {
        let sorted = late.sorted()
        guard let median = Percentile.value(hundredths: 5_000, ofSorted: sorted), let greatest = sorted.last else {
            return nil
        }
        self.init(starts: late.count, median: median, greatest: greatest)
    }
}

extension TraceAnalysis {
    /// The transactions of the trace that have nothing to do with its groups: neither above nor below a task of one,
    /// nor one of its tasks that was not sampled. None where the process is not known.
    fileprivate func transactionsBesideGroups() -> [OtherTransaction] {
        guard !groups.isEmpty else { return [] }
        let shared = Set(groups.map { SharedKey(parent: $0.parent, service: $0.service, name: $0.name) })
        // Above a task of a group, or such a task.
        var isAbove = [Bool](repeating: false, count: trace.events.count)
        for member in groups.lazy.flatMap(\.members) {
            var next: Int? = member.transaction
            while let event = next, !isAbove[event] {
                isAbove[event] = true
                next = trace.parents[event]
            }
        }
        /// By event: whether it is below a task of a group; nil where it is not known yet.
        var isBelow = [Bool?](repeating: nil, count: trace.events.count)
        return trace.events.indices.compactMap { index in
            let event = trace.events[index]
            guard event.kind == .transaction, !isAbove[index] else { return nil }
            if let parent = event.parent,
                shared.contains(SharedKey(parent: parent, service: event.service, name: event.name))
            {
                return nil
            }
            if isBelowTask(index, &isBelow) { return nil }
            guard let process = ProcessName(trace.processes[event.process], trace.symbols) else { return nil }
            return OtherTransaction(
                process: process, service: trace.symbols[event.service], name: trace.symbols.text(event.name),
                start: event.start, duration: event.duration)
        }
    }

    private func isBelowTask(_ index: Int, _ known: inout [Bool?]) -> Bool {
        var path: [Int] = []
        var next: Int? = index
        var answer = false
        while let event = next {
            if let told = known[event] {
                answer = told
                break
            }
            if place(event) != nil {
                answer = true
                break
            }
            // Where it goes in a circle, it ends here with what is known so far.
            known[event] = false
            path.append(event)
            next = trace.parents[event]
        }
        for event in path { known[event] = answer }
        return answer
    }

    /// What tasks of a group have in common that can be told of one that was not sampled.
    private struct SharedKey: Hashable {
        var parent: Identifier
        var service: Symbol
        var name: Symbol?
    }
}
