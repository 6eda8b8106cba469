/// The spans of a task: its spans and its child transactions, clipped to the task, without the empty ones
/// (source: "Words" of the definitions of wait and work).
struct TaskSpans {
    struct Item {
        var interval: Interval
        /// The item that its `parent_id` names; -1 where that is no item of the task.
        private let above: Int32
        /// A wait span, or below one of the same task.
        var waits: Bool

        /// The item that its `parent_id` names, as an index into `items`; nil where that is no item of the task.
        var parent: Int? { above < 0 ? nil : Int(above) }

        init(interval: Interval, waits: Bool, parent: Int?) {
            self.interval = interval
            self.waits = waits
            above = parent.map { Int32(truncatingIfNeeded: $0) } ?? -1
        }
    }

    let task: Interval
    /// By start.
    let items: [Item]

    /// From the task's start to its first work; the whole task where it has none.
    var leadingGap: Interval {
        let firstWork = items.first { !$0.waits }?.interval.start
        return Interval(start: task.start, end: firstWork ?? task.end)
    }

    /// The longest stretch of the task in which nothing is open, the earliest of equals; empty at the task's
    /// start where there is none.
    var longestGap: Interval {
        var longest = Interval(start: task.start, end: task.start)
        var covered = task.start
        func consider(_ gap: Interval) {
            if gap.length > longest.length { longest = gap }
        }
        for item in items {
            consider(Interval(start: covered, end: item.interval.start))
            covered = max(covered, item.interval.end)
        }
        consider(Interval(start: covered, end: task.end))
        return longest
    }

    /// The leading gap of a task that has work; nil where it has none, or works at once.
    var gapBeforeWork: Interval? {
        guard items.contains(where: { !$0.waits }) else { return nil }
        let gap = leadingGap
        return gap.isEmpty ? nil : gap
    }
}

/// Finds the spans of each task of a trace.
struct TaskSpansIndex: Sendable {
    /// By event: whether it is a wait span, or a span or child transaction below one of the same task.
    let waiting: [Bool]
    private let intervals: [Interval]
    /// The items of every task, one task behind the other, each by start.
    private let items: [TaskSpans.Item]
    /// By item: the event that it is. Those of a task ascend.
    let events: [Int32]
    /// Where the items of each event begin in `items`.
    private let bounds: [Int32]

    init(_ trace: Trace, words: WaitWords) {
        var waitSpans = WaitSpans(words, symbols: trace.symbols, events: trace.events.count)
        let isWait = trace.events.map { waitSpans.contains($0) }
        let tasks = Self.tasks(of: trace)
        let intervals = trace.events.indices.map { Interval(start: trace.events[$0].start, end: trace.end($0)) }
        var waiting = isWait
        if isWait.contains(true) {
            let isBelow = WaitDescent(trace, tasks: tasks, isWait: isWait).isBelow
            for index in waiting.indices where isBelow[index] { waiting[index] = true }
        }
        /// The part of an event inside its task; nil where it has none.
        func clipped(_ index: Int) -> (interval: Interval, task: Int)? {
            guard let task = tasks[index] else { return nil }
            let interval = intervals[index].clipped(to: intervals[task])
            return interval.isEmpty ? nil : (interval, task)
        }
        var next = [Int32](repeating: 0, count: trace.events.count + 1)
        for index in trace.events.indices {
            if let task = clipped(index)?.task { next[task + 1] += 1 }
        }
        for index in next.indices.dropFirst() { next[index] += next[index - 1] }
        let bounds = next
        /// By event: its place in `items`; -1 where it is no item.
        var places = [Int32](repeating: -1, count: trace.events.count)
        for index in trace.events.indices {
            guard let task = clipped(index)?.task else { continue }
            places[index] = next[task]
            next[task] += 1
        }
        let none = TaskSpans.Item(interval: Interval(start: 0, end: 0), waits: false, parent: nil)
        var items = [TaskSpans.Item](repeating: none, count: Int(bounds[trace.events.count]))
        var events = [Int32](repeating: 0, count: items.count)
        for index in trace.events.indices where places[index] >= 0 {
            guard let (interval, task) = clipped(index) else { continue }
            let parent = trace.parents[index].flatMap { parent -> Int? in
                guard places[parent] >= 0, tasks[parent] == task else { return nil }
                return Int(places[parent] - bounds[task])
            }
            events[Int(places[index])] = Int32(truncatingIfNeeded: index)
            items[Int(places[index])] = TaskSpans.Item(interval: interval, waits: waiting[index], parent: parent)
        }
        self.waiting = waiting
        self.intervals = intervals
        self.items = items
        self.events = events
        self.bounds = bounds
    }

    /// By event, the task that it is a span of: of a span its transaction; of a transaction the one that its
    /// parent is, or is a span of. No transaction is a span of itself.
    static func tasks(of trace: Trace) -> EventLinks {
        var tasks = trace.owners
        for index in trace.events.indices where trace.events[index].kind == .transaction {
            let owner = trace.parents[index].flatMap { trace.owners[$0] }
            tasks[index] = owner == index ? nil : owner
        }
        return tasks
    }

    /// Where the items of a task stand among those of all.
    func items(of task: Int) -> Range<Int> { Int(bounds[task])..<Int(bounds[task + 1]) }

    /// One of the items of all tasks.
    @inline(__always)
    func item(_ place: Int32) -> TaskSpans.Item { items[Int(place)] }

    /// From the start of an event to its end.
    func interval(of event: Int) -> Interval { intervals[event] }

    func spans(of task: Int) -> TaskSpans {
        TaskSpans(task: intervals[task], items: Array(items[Int(bounds[task])..<Int(bounds[task + 1])]))
    }
}
