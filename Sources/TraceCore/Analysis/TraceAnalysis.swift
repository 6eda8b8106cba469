/// A trace told apart: its groups, and of every sampled transaction where its time went.
package struct TraceAnalysis: Sendable {
    package let trace: Trace
    /// By (earliest start, parent, service, name).
    package let groups: [TaskGroup]
    /// By event; nil for spans and for transactions that were not sampled.
    private let breakdowns: [Breakdown?]
    /// By event: where the transaction stands in `groups`.
    private let places: [Place?]
    private let words: WaitWords

    /// Where a transaction stands in the groups of its trace.
    package struct Place: Sendable, Hashable {
        package var group: Int
        package var member: Int
    }

    package init(_ trace: Trace, words: WaitWords = .standard) {
        let index = TaskSpansIndex(trace, words: words)
        let groups = GroupKey.groups(of: trace).map { key, transactions in
            TaskGroup(key: key, transactions: transactions, trace: trace, index: index)
        }
        var places = [Place?](repeating: nil, count: trace.events.count)
        for (group, tasks) in groups.enumerated() {
            for (member, task) in tasks.members.enumerated() {
                places[task.transaction] = Place(group: group, member: member)
            }
        }
        self.trace = trace
        self.words = words
        self.groups = groups
        self.places = places
        breakdowns = trace.events.indices.map { event in
            guard trace.isSampledTransaction(event) else { return nil }
            let place = places[event]
            let wait = place.flatMap { groups[$0.group].members[$0.member].inferredWait }
            let states = StatePartition(index.spans(of: event), inferredWait: wait)
            let group = place.map { groups[$0.group] }
            return Breakdown(trace.events[event], states: states, group: group)
        }
    }

    /// Where the time of a transaction went; nil for spans and for transactions that were not sampled.
    package func breakdown(_ event: Int) -> Breakdown? { breakdowns[event] }

    /// Where a transaction stands in the groups; nil where it is in none.
    package func place(_ event: Int) -> Place? { places[event] }

    /// The transaction that released this one.
    package func releaser(_ event: Int) -> Int? {
        guard let place = places[event] else { return nil }
        let members = groups[place.group].members
        return members[place.member].releaser.map { members[$0].transaction }
    }

    /// By event: whether it is a wait span, or a span or child transaction below one of the same task.
    package func waiting() -> [Bool] {
        TaskSpansIndex(trace, words: words).waiting
    }

    /// The states of every sampled transaction, by event, worked out anew: only a waterfall asks for them.
    package func partitions() -> [StatePartition?] {
        let index = TaskSpansIndex(trace, words: words)
        return trace.events.indices.map { event in
            guard trace.isSampledTransaction(event) else { return nil }
            let wait = places[event].flatMap { groups[$0.group].members[$0.member].inferredWait }
            return StatePartition(index.spans(of: event), inferredWait: wait)
        }
    }

    /// The group with the most tasks, of equals the first in the order of `groups`; nil where there is none.
    package var largestGroup: TaskGroup? {
        groups.reduce(nil) { best, group in
            guard let best else { return group }
            return group.members.count > best.members.count ? group : best
        }
    }

    /// The tasks of the run (source: "What is counted"): its grouped transactions; without a group, its sampled
    /// transactions that have a user; without those, its sampled transactions whose parent is absent or not in
    /// the run. As events, in order of (start, id).
    package var tasks: [Int] {
        let sampled = trace.events.indices.filter(trace.isSampledTransaction)
        if !groups.isEmpty { return sampled.filter { places[$0] != nil } }
        let withUser = sampled.filter { trace.events[$0].user != nil }
        if !withUser.isEmpty { return withUser }
        return sampled.filter { trace.parents[$0] == nil }
    }

    /// The number of transactions that were not sampled and are in no statistic.
    package var unsampled: Int {
        trace.events.count { $0.kind == .transaction && !$0.sampled }
    }
}

extension Trace {
    /// Whether an event is a transaction that was recorded.
    package func isSampledTransaction(_ index: Int) -> Bool {
        events[index].kind == .transaction && events[index].sampled
    }
}

extension Breakdown {
    init(_ event: Event, states: StatePartition, group: TaskGroup?) {
        duration = event.duration
        queued = event.messageAge
        spanWait = states.time(in: .wait(.span))
        inferredWait = states.time(in: .wait(.inferred))
        own = states.time(in: .own)
        delay = group?.delay(start: event.start) ?? 0
    }
}
