/// The spans of a task: its spans and its child transactions, clipped to the task, without the empty ones
/// (source: "Words" of the definitions of wait and work).
struct TaskSpans {
    struct Item {
        var interval: Interval
        /// A wait span, or below one of the same task.
        var waits: Bool
        /// The item that its `parent_id` names, as an index into `items`; nil where that is no item of the task.
        var parent: Int?
    }

    let task: Interval
    let items: [Item]

    /// From the task's start to its first work; the whole task where it has none.
    var leadingGap: Interval {
        let firstWork = items.lazy.filter { !$0.waits }.map(\.interval.start).min()
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
        for item in items.sorted(by: { $0.interval.start < $1.interval.start }) {
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
struct TaskSpansIndex {
    private let trace: Trace
    /// By event: whether it is a wait span, or a span or child transaction below one of the same task.
    let waiting: [Bool]
    /// The members of every transaction, one behind the other, each in order of (start, id).
    private let members: [Int]
    /// Where the members of each event stand in `members`.
    private let bounds: [Int]

    init(_ trace: Trace, words: WaitWords) {
        self.trace = trace
        var waitSpans = WaitSpans(words, symbols: trace.symbols)
        let isWait = trace.events.map { waitSpans.contains($0) }
        let owners = trace.events.indices.map { Self.task(of: $0, in: trace) }
        let isBelow = WaitDescent(trace, tasks: owners, isWait: isWait).isBelow
        waiting = zip(isWait, isBelow).map { $0 || $1 }

        var counts = [Int](repeating: 0, count: trace.events.count + 1)
        for case let owner? in owners { counts[owner + 1] += 1 }
        for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
        var next = counts
        var members = [Int](repeating: 0, count: counts[trace.events.count])
        for (index, owner) in owners.enumerated() {
            guard let owner else { continue }
            members[next[owner]] = index
            next[owner] += 1
        }
        self.members = members
        self.bounds = counts
    }

    /// The task that an event is a span of: of a span its transaction; of a transaction the one that its
    /// parent is, or is a span of. No transaction is a span of itself.
    private static func task(of index: Int, in trace: Trace) -> Int? {
        switch trace.events[index].kind {
        case .span:
            return trace.owners[index]
        case .transaction:
            guard let parent = trace.parents[index], let owner = trace.owners[parent], owner != index else {
                return nil
            }
            return owner
        }
    }

    func spans(of task: Int) -> TaskSpans {
        let whole = Interval(start: trace.events[task].start, end: trace.end(task))
        let candidates = members[bounds[task]..<bounds[task + 1]]
        var positions: [Int: Int] = [:]
        var items: [TaskSpans.Item] = []
        var indices: [Int] = []
        items.reserveCapacity(candidates.count)
        for index in candidates {
            let interval = Interval(start: trace.events[index].start, end: trace.end(index)).clipped(to: whole)
            if interval.isEmpty { continue }
            positions[index] = items.count
            indices.append(index)
            items.append(TaskSpans.Item(interval: interval, waits: waiting[index], parent: nil))
        }
        for (position, index) in indices.enumerated() {
            items[position].parent = trace.parents[index].flatMap { positions[$0] }
        }
        return TaskSpans(task: whole, items: items)
    }
}
