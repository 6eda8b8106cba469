/// A trace told apart: its groups, and of every sampled transaction where its time went.
package struct TraceAnalysis: Sendable {
    package let trace: Trace
    /// What it was told apart by.
    package let settings: AnalysisSettings
    /// By (earliest start, parent, service, name).
    package let groups: [TaskGroup]
    /// By event; nil for spans and for transactions that were not sampled.
    private let breakdowns: [Breakdown?]
    /// By event: where the transaction stands in `groups`.
    private let places: [Place?]

    /// Where a transaction stands in the groups of its trace.
    package struct Place: Sendable, Hashable {
        package var group: Int
        package var member: Int
    }

    package init(_ trace: Trace, settings: AnalysisSettings = .standard) {
        let index = TaskSpansIndex(trace, words: settings.words)
        let groups = GroupKey.groups(of: trace).map { key, transactions in
            TaskGroup(key: key, transactions: transactions, trace: trace, index: index, inference: settings.inference)
        }
        var places = [Place?](repeating: nil, count: trace.events.count)
        for (group, tasks) in groups.enumerated() {
            for (member, task) in tasks.members.enumerated() {
                places[task.transaction] = Place(group: group, member: member)
            }
        }
        self.trace = trace
        self.settings = settings
        self.groups = groups
        self.places = places
        breakdowns = trace.events.indices.map { event in
            guard trace.isSampledTransaction(event) else { return nil }
            let group = places[event].map { groups[$0.group] }
            let member = places[event].map { groups[$0.group].members[$0.member] }
            let states = StatePartition(index.spans(of: event), of: member, inference: settings.inference)
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
        TaskSpansIndex(trace, words: settings.words).waiting
    }

    /// The states of every sampled transaction, by event, worked out anew: only a waterfall asks for them.
    package func partitions() -> [StatePartition?] {
        let index = TaskSpansIndex(trace, words: settings.words)
        return trace.events.indices.map { event in
            guard trace.isSampledTransaction(event) else { return nil }
            let member = places[event].map { groups[$0.group].members[$0.member] }
            return StatePartition(index.spans(of: event), of: member, inference: settings.inference)
        }
    }

    /// The group with the most tasks, of equals the first by (earliest start, parent, name), whatever their services;
    /// nil where there is none.
    package var largestGroup: TaskGroup? {
        groups.reduce(nil) { best, group in
            guard let best else { return group }
            if group.members.count != best.members.count {
                return group.members.count > best.members.count ? group : best
            }
            // What comes later in `groups` goes first only where its service kept it behind.
            guard group.window.start == best.window.start, group.parent == best.parent, group.name != best.name else {
                return best
            }
            return trace.symbols.precedes(ifAny: group.name, best.name) ? group : best
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

extension StatePartition {
    /// The states of a task, which may be a member of a group.
    fileprivate init(_ spans: TaskSpans, of member: TaskGroup.Member?, inference: Inference) {
        self.init(spans, inferredWait: inference.wait(of: spans, admitted: member?.inferredWait))
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
