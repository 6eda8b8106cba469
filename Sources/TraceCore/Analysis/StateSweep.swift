/// Goes over the spans of tasks in order of time and tells their states. One sweep serves any number of tasks, one
/// after the other, so that what it needs is allocated once.
struct StateSweep {
    private struct Closing {
        var time: Int64
        var item: Int
    }

    private var open = OpenSpans()
    private var closings: [Closing] = []

    /// Tells the states of a task, one stretch behind the other, none of them empty; neighbours may be of one state.
    /// `inferredWait` is where the task waits as far as nothing is open.
    mutating func run(_ spans: TaskSpans, inferredWait: Interval?, _ tell: (TaskState, Interval) -> Void) {
        let items = spans.items
        open.begin(items.count)
        closings.removeAll(keepingCapacity: true)
        for index in items.indices { closings.append(Closing(time: items[index].interval.end, item: index)) }
        closings.sort { $0.time < $1.time }
        var wait = inferredWait?.clipped(to: spans.task) ?? Interval(start: .max, end: .max)
        if wait.isEmpty { wait = Interval(start: .max, end: .max) }

        // Openings come in order already.
        var (opening, closing) = (0, 0)
        var since = spans.task.start
        while true {
            var time = open.isInInferredWait ? wait.end : wait.start
            if opening < items.count { time = min(time, items[opening].interval.start) }
            if closing < items.count { time = min(time, closings[closing].time) }
            if time == .max { break }
            if since < time { tell(open.state, Interval(start: since, end: time)) }
            since = time
            while opening < items.count, items[opening].interval.start == time {
                open.set(opening, true, in: items)
                opening += 1
            }
            while closing < items.count, closings[closing].time == time {
                open.set(closings[closing].item, false, in: items)
                closing += 1
            }
            if wait.start == time {
                open.isInInferredWait = true
            } else if open.isInInferredWait, wait.end == time {
                open.isInInferredWait = false
                wait = Interval(start: .max, end: .max)
            }
        }
        if since < spans.task.end { tell(open.state, Interval(start: since, end: spans.task.end)) }
    }
}

/// The spans of a task that are open at one instant, and which of them are leaves.
///
/// A leaf is open and has no open child. Each count is kept up to date as spans open and close, so an instant
/// costs no walk over what is open. When all have closed, everything is as at the beginning.
private struct OpenSpans {
    private var isOpen: [Bool] = []
    private var openChildren: [Int32] = []
    private var open = 0
    private var openWork = 0
    private var leaves = 0
    private var workLeaves = 0
    var isInInferredWait = false

    /// Makes room for the items of a task.
    mutating func begin(_ count: Int) {
        guard count > isOpen.count else { return }
        isOpen += repeatElement(false, count: count - isOpen.count)
        openChildren += repeatElement(0, count: count - openChildren.count)
    }

    var state: TaskState {
        if open == 0 { return isInInferredWait ? .wait(.inferred) : .own }
        // Where a circle leaves no leaf, every open span is one.
        let working = leaves == 0 ? openWork : workLeaves
        return working > 0 ? .work : .wait(.span)
    }

    /// Opens or closes an item.
    mutating func set(_ index: Int, _ opens: Bool, in items: [TaskSpans.Item]) {
        let step = opens ? 1 : -1
        adjust(index, by: -1, in: items)
        if let parent = items[index].parent, parent != index { adjust(parent, by: -1, in: items) }
        isOpen[index] = opens
        if let parent = items[index].parent {
            openChildren[parent] += opens ? 1 : -1
            if parent != index { adjust(parent, by: 1, in: items) }
        }
        adjust(index, by: 1, in: items)
        open += step
        if !items[index].waits { openWork += step }
    }

    /// Counts an item, or takes it out of the count, where it is a leaf.
    private mutating func adjust(_ index: Int, by step: Int, in items: [TaskSpans.Item]) {
        guard isOpen[index], openChildren[index] == 0 else { return }
        leaves += step
        if !items[index].waits { workLeaves += step }
    }
}
