/// A trace told apart: its groups, and of every sampled transaction where its time went.
package struct TraceAnalysis: Sendable {
    package let trace: Trace
    /// What it was told apart by.
    package let settings: AnalysisSettings
    /// By (earliest start, parent, service, name).
    package let groups: [TaskGroup]
    /// The lines within tasks, by (service, process, first type, first name). None under settings that infer no waits
    /// from the data.
    package let lines: [LineWithin]
    /// The tasks of the run (source: "What is counted"): its grouped transactions; without a group, its sampled
    /// transactions that have a user; without those, its sampled transactions whose parent is absent, or is neither a
    /// transaction of the run nor a span of one. As events, in order of (start, id).
    package let tasks: [Int]
    /// The number of transactions that were not sampled and are in no statistic.
    package let unsampled: Int
    let spans: TaskSpansIndex
    /// Of the sampled transactions, in order of (start, id).
    private let breakdowns: [Breakdown]
    /// Where each of them stands in `groups`; none has a group of -1.
    private let places: [Place]
    private let waitsWithin: WaitsWithin
    /// By event: where it stands in these three; -1 for spans and for transactions that were not sampled.
    private let rows: [Int32]

    /// Where a transaction stands in the groups of its trace.
    package struct Place: Sendable, Hashable {
        package var group: Int
        package var member: Int
    }

    package init(_ trace: Trace, settings: AnalysisSettings = .standard) {
        let spans = TaskSpansIndex(trace, words: settings.words)
        let groups = TaskGroup.groups(of: trace, index: spans, inference: settings.inference)
        let sampled = trace.events.indices.filter(trace.isSampledTransaction)
        var rows = [Int32](repeating: -1, count: trace.events.count)
        for (row, event) in sampled.enumerated() { rows[event] = Int32(truncatingIfNeeded: row) }
        var places = [Place](repeating: .none, count: sampled.count)
        for (group, tasks) in groups.enumerated() {
            for (member, task) in tasks.members.enumerated() {
                places[Int(rows[task.transaction])] = Place(group: group, member: member)
            }
        }
        func wait(_ event: Int) -> Interval? {
            let place = places[Int(rows[event])]
            return place == .none ? nil : groups[place.group].members[place.member].inferredWait
        }
        lines =
            settings.inference == .auto
            ? LinesWithin(trace, sampled: sampled, index: spans, waits: wait).lines : []
        let waitsWithin = WaitsWithin(lines, rows: rows, count: sampled.count)
        var sweep = StateSweep()
        breakdowns = sampled.indices.map { row in
            let (event, place) = (sampled[row], places[row])
            let items = spans.spans(of: event)
            let waits = InferredWaits(
                inGroup: settings.inference.wait(of: items, admitted: wait(event)), within: waitsWithin[row])
            return Breakdown(
                trace.events[event], spans: items, waits: waits,
                delay: place == .none ? 0 : groups[place.group].delay(start: items.task.start), sweep: &sweep)
        }
        self.waitsWithin = waitsWithin
        tasks = Self.tasks(of: trace, sampled: sampled, places: groups.isEmpty ? [] : places)
        unsampled = trace.events.count { $0.kind == .transaction && !$0.sampled }
        self.trace = trace
        self.settings = settings
        self.groups = groups
        self.spans = spans
        self.places = places
        self.rows = rows
    }

    /// `places` are empty where the run has no group.
    private static func tasks(of trace: Trace, sampled: [Int], places: [Place]) -> [Int] {
        if !places.isEmpty { return zip(sampled, places).filter { $0.1 != .none }.map(\.0) }
        let withUser = sampled.filter { trace.events[$0].user != nil }
        if !withUser.isEmpty { return withUser }
        return sampled.filter { task in
            guard let parent = trace.parents[task] else { return true }
            return trace.owners[parent] == nil
        }
    }

    /// Where the time of a transaction went; nil for spans and for transactions that were not sampled.
    package func breakdown(_ event: Int) -> Breakdown? {
        rows[event] < 0 ? nil : breakdowns[Int(rows[event])]
    }

    /// Where a transaction stands in the groups; nil where it is in none.
    package func place(_ event: Int) -> Place? {
        guard rows[event] >= 0 else { return nil }
        let place = places[Int(rows[event])]
        return place == .none ? nil : place
    }

    /// The transaction that released this one.
    package func releaser(_ event: Int) -> Int? {
        guard let place = place(event) else { return nil }
        let releaser = groups[place.group].members[place.member].releaser
        return releaser.map { groups[place.group].members[$0].transaction }
    }

    /// By event: whether it is a wait span, or a span or child transaction below one of the same task.
    package func waiting() -> [Bool] { spans.waiting }

    /// Whether some time of a transaction is covered by a work span of it.
    func hasWorkSpan(_ event: Int) -> Bool { spans.spans(of: event).items.contains { !$0.waits } }

    /// The states of every sampled transaction, by event, worked out anew.
    package func partitions() -> [StatePartition?] {
        var sweep = StateSweep()
        return trace.events.indices.map { partition($0, sweep: &sweep) }
    }

    /// The states of a sampled transaction, worked out anew; nil for other events.
    package func partition(_ event: Int) -> StatePartition? {
        var sweep = StateSweep()
        return partition(event, sweep: &sweep)
    }

    /// As `partition`, for many transactions one after the other.
    func partition(_ event: Int, sweep: inout StateSweep) -> StatePartition? {
        guard rows[event] >= 0 else { return nil }
        let items = spans.spans(of: event)
        return StatePartition(items, waits: inferredWaits(event, items), sweep: &sweep)
    }

    /// Tells the states of a sampled transaction, one stretch after the other; neighbours may be of one state.
    func tellStates(_ event: Int, sweep: inout StateSweep, _ tell: (TaskState, Interval) -> Void) {
        guard rows[event] >= 0 else { return }
        let items = spans.spans(of: event)
        sweep.run(items, waits: inferredWaits(event, items), tell)
    }

    /// Tells where a sampled transaction waits in lines within it, in order of time.
    func tellLineWaits(_ event: Int, _ tell: (Interval) -> Void) {
        guard rows[event] >= 0 else { return }
        let items = spans.spans(of: event)
        var sweep = StateSweep()
        sweep.runWithLines(items, waits: inferredWaits(event, items)) { state, isInLine, interval in
            if isInLine, state == .wait(.inferred) { tell(interval) }
        }
    }

    /// Where a sampled transaction waits that no span and no message tells of.
    func inferredWaits(_ event: Int, _ items: TaskSpans) -> InferredWaits {
        let admitted = place(event).flatMap { groups[$0.group].members[$0.member].inferredWait }
        return InferredWaits(
            inGroup: settings.inference.wait(of: items, admitted: admitted), within: waitsWithin[Int(rows[event])])
    }

    /// The group with the most tasks, of equals the first by (earliest start, parent, name), whatever their services;
    /// nil where there is none.
    package var largestGroup: TaskGroup? { largest(of: groups) }

    /// The largest of the groups whose tasks have this name, as `largestGroup` has it; nil where there is none.
    package func largestGroup(named name: String) -> TaskGroup? {
        largest(of: groups.filter { trace.symbols.text($0.name)?.utf8.elementsEqual(name.utf8) ?? false })
    }

    private func largest(of groups: [TaskGroup]) -> TaskGroup? {
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
}

extension Trace {
    /// Whether an event is a transaction that was recorded.
    package func isSampledTransaction(_ index: Int) -> Bool {
        events[index].kind == .transaction && events[index].sampled
    }
}

/// Where tasks wait in lines within them: for each ascending, and apart from one another.
private struct WaitsWithin: Sendable {
    private var intervals: [Interval] = []
    /// By row of a task: where its intervals begin. Empty where no task has any.
    private var bounds: [Int32] = []

    /// `rows` has the row of each task's event, one of `count`.
    init(_ lines: [LineWithin], rows: [Int32], count: Int) {
        guard !lines.isEmpty else { return }
        var waits = lines.flatMap { line in line.waits.map { (row: rows[$0.task], interval: $0.interval) } }
        waits.sort { ($0.row, $0.interval.start, $0.interval.end) < ($1.row, $1.interval.start, $1.interval.end) }
        var last: Int32 = -1
        bounds.reserveCapacity(count + 1)
        for (row, interval) in waits {
            if row == last, interval.start <= intervals[intervals.count - 1].end {
                intervals[intervals.count - 1].end = max(intervals[intervals.count - 1].end, interval.end)
                continue
            }
            fillBounds(upTo: Int(row))
            last = row
            intervals.append(interval)
        }
        fillBounds(upTo: count)
    }

    private mutating func fillBounds(upTo row: Int) {
        while bounds.count <= row { bounds.append(Int32(truncatingIfNeeded: intervals.count)) }
    }

    subscript(row: Int) -> ArraySlice<Interval> {
        bounds.isEmpty ? [] : intervals[Int(bounds[row])..<Int(bounds[row + 1])]
    }
}

extension TraceAnalysis.Place {
    /// In no group.
    fileprivate static let none = Self(group: -1, member: -1)
}

extension Breakdown {
    fileprivate init(
        _ event: borrowing Event, spans: TaskSpans, waits: InferredWaits, delay: Int64, sweep: inout StateSweep
    ) {
        duration = event.duration
        queued = event.messageAge
        self.delay = delay
        var times: (spanWait: Int64, inferredWait: Int64, lineWait: Int64, own: Int64) = (0, 0, 0, 0)
        sweep.runWithLines(spans, waits: waits) { state, isInLine, interval in
            switch state {
            case .wait(.span): times.spanWait += interval.length
            case .wait(.inferred):
                times.inferredWait += interval.length
                times.lineWait += isInLine ? interval.length : 0
            case .own: times.own += interval.length
            case .work, .wait(.message): break
            }
        }
        spanWait = times.spanWait
        inferredWait = times.inferredWait
        lineWait = times.lineWait
        own = times.own
    }
}
