/// Where a task waits that no span and no message tells of.
struct InferredWaits {
    /// In the line of its group, as far as none of its spans is open.
    var inGroup: Interval?
    /// In lines within it, as far as not every open leaf waits: ascending and apart from one another.
    var within: ArraySlice<Interval> = []
}

/// Goes over the spans of tasks in order of time and tells their states. One sweep serves any number of tasks, one
/// after the other, so that what it needs is allocated once.
struct StateSweep {
    private struct Closing {
        var time: Int64
        var item: Int
    }

    private var open = OpenSpans()
    private var closings: [Closing] = []

    /// Tells the states of a task, one stretch after the other, none of them empty; neighbours may be of one state.
    mutating func run(_ spans: TaskSpans, waits: InferredWaits, _ tell: (TaskState, Interval) -> Void) {
        sweep(spans, waits) { open, interval in tell(open.state, interval) }
    }

    /// As `run`, and tells whether the task is in a line within it.
    mutating func runWithLines(
        _ spans: TaskSpans, waits: InferredWaits, _ tell: (TaskState, Bool, Interval) -> Void
    ) {
        sweep(spans, waits) { open, interval in tell(open.state, open.isInWaitWithin, interval) }
    }

    /// As `run`, and tells of work which types its open leaves have, each once; none of own code. `types` are those of
    /// the task's items, from 0.
    mutating func run(
        _ spans: TaskSpans, types: ArraySlice<Int32>, waits: InferredWaits,
        _ tell: (TaskState, [Int32], Interval) -> Void
    ) {
        open.countTypes(types)
        sweep(spans, waits) { open, interval in tell(open.state, open.workTypes, interval) }
        open.countTypes([])
    }

    @inline(__always)
    private mutating func sweep(
        _ spans: TaskSpans, _ waits: InferredWaits, _ tell: (borrowing OpenSpans, Interval) -> Void
    ) {
        let items = spans.items
        open.begin(items.count)
        closings.removeAll(keepingCapacity: true)
        for index in items.indices { closings.append(Closing(time: items[index].interval.end, item: index)) }
        closings.sort { $0.time < $1.time }
        var wait = waits.inGroup?.clipped(to: spans.task) ?? Interval(start: .max, end: .max)
        if wait.isEmpty { wait = Interval(start: .max, end: .max) }

        // Openings come in order already.
        var (opening, closing) = (0, 0)
        var within = waits.within[...]
        var since = spans.task.start
        while true {
            var time = open.isInInferredWait ? wait.end : wait.start
            if opening < items.count { time = min(time, items[opening].interval.start) }
            if closing < items.count { time = min(time, closings[closing].time) }
            if let next = within.first { time = min(time, open.isInWaitWithin ? next.end : next.start) }
            if time == .max { break }
            if since < time { tell(open, Interval(start: since, end: time)) }
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
            if let next = within.first, time == (open.isInWaitWithin ? next.end : next.start) {
                if open.isInWaitWithin { within.removeFirst() }
                open.isInWaitWithin.toggle()
            }
        }
        if since < spans.task.end { tell(open, Interval(start: since, end: spans.task.end)) }
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
    var isInWaitWithin = false
    /// Of the items of the task, where they are counted; else empty.
    private var types: [Int32] = []
    private var openTypes = OpenTypes()
    private var leafTypes = OpenTypes()

    /// Counts the types of the task that comes next; of an empty one, none.
    mutating func countTypes(_ types: ArraySlice<Int32>) {
        self.types = Array(types)
        let count = types.max().map { Int($0) + 1 } ?? 0
        openTypes.begin(count)
        leafTypes.begin(count)
    }

    /// The types of the open leaves that work.
    var workTypes: [Int32] { leaves == 0 ? openTypes.open : leafTypes.open }

    /// Makes room for the items of a task.
    mutating func begin(_ count: Int) {
        guard count > isOpen.count else { return }
        isOpen += repeatElement(false, count: count - isOpen.count)
        openChildren += repeatElement(0, count: count - openChildren.count)
    }

    var state: TaskState {
        if open == 0 { return isInInferredWait || isInWaitWithin ? .wait(.inferred) : .own }
        // Where a circle leaves no leaf, every open span is one.
        let working = leaves == 0 ? openWork : workLeaves
        if working == 0 { return .wait(.span) }
        return isInWaitWithin ? .wait(.inferred) : .work
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
        guard !items[index].waits else { return }
        openWork += step
        if !types.isEmpty { openTypes.change(types[index], by: step) }
    }

    /// Counts an item, or takes it out of the count, where it is a leaf.
    private mutating func adjust(_ index: Int, by step: Int, in items: [TaskSpans.Item]) {
        guard isOpen[index], openChildren[index] == 0 else { return }
        leaves += step
        guard !items[index].waits else { return }
        workLeaves += step
        if !types.isEmpty { leafTypes.change(types[index], by: step) }
    }
}

/// Which types have anything open.
private struct OpenTypes {
    /// Each once, in no order that means anything.
    private(set) var open: [Int32] = []
    /// By type.
    private var counts: [Int32] = []
    /// By type: where it stands in `open`, if it does.
    private var places: [Int32] = []

    /// Makes room for so many types. Nothing is open then.
    mutating func begin(_ count: Int) {
        guard count > counts.count else { return }
        counts += repeatElement(0, count: count - counts.count)
        places += repeatElement(0, count: count - places.count)
    }

    mutating func change(_ type: Int32, by step: Int) {
        let index = Int(type)
        let before = counts[index]
        counts[index] += Int32(truncatingIfNeeded: step)
        if before == 0 {
            places[index] = Int32(truncatingIfNeeded: open.count)
            open.append(type)
        } else if counts[index] == 0 {
            let place = Int(places[index])
            open[place] = open[open.count - 1]
            places[Int(open[place])] = places[index]
            open.removeLast()
        }
    }
}
