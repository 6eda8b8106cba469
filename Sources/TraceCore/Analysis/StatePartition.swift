/// What a task is doing at an instant (source: "States of a task").
package enum TaskState: Sendable, Hashable {
    case work
    case wait(WaitSource)
    /// The task's own code, or waiting that nobody told of.
    case own
}

/// How it is known that a task waited.
package enum WaitSource: UInt8, Sendable, Hashable, CaseIterable {
    /// From the slots of its group.
    case inferred
    /// From a wait span.
    case span
    /// From the age of the message that the task was done for.
    case message
}

/// The states of one task: a tiling of `[start, end)`, without hole or overlap, neighbours differing.
package struct StatePartition: Sendable {
    package struct Stretch: Sendable, Hashable {
        package var state: TaskState
        package var interval: Interval
    }

    package private(set) var stretches: [Stretch] = []

    /// The summed time in a state, µs.
    package func time(in state: TaskState) -> Int64 {
        stretches.reduce(0) { $0 + ($1.state == state ? $1.interval.length : 0) }
    }

    /// Sweeps over the task's spans. `inferredWait` is where the task waits as far as nothing is open.
    init(_ spans: TaskSpans, inferredWait: Interval?) {
        var sweep = OpenSpans(spans.items)
        let edges = Self.edges(spans, inferredWait: inferredWait)
        var position = 0
        var since = spans.task.start
        while position < edges.count {
            let time = edges[position].time
            append(sweep.state, Interval(start: since, end: time))
            since = time
            while position < edges.count, edges[position].time == time {
                sweep.apply(edges[position].change)
                position += 1
            }
        }
        append(sweep.state, Interval(start: since, end: spans.task.end))
    }

    private mutating func append(_ state: TaskState, _ interval: Interval) {
        guard !interval.isEmpty else { return }
        if let last = stretches.last, last.state == state {
            stretches[stretches.count - 1].interval.end = interval.end
        } else {
            stretches.append(Stretch(state: state, interval: interval))
        }
    }

    private struct Edge {
        var time: Int64
        var change: OpenSpans.Change
    }

    private static func edges(_ spans: TaskSpans, inferredWait: Interval?) -> [Edge] {
        var edges: [Edge] = []
        edges.reserveCapacity(spans.items.count * 2 + 2)
        for (index, item) in spans.items.enumerated() {
            edges.append(Edge(time: item.interval.start, change: .open(index)))
            edges.append(Edge(time: item.interval.end, change: .close(index)))
        }
        if let wait = inferredWait?.clipped(to: spans.task), !wait.isEmpty {
            edges.append(Edge(time: wait.start, change: .inferredWaitBegins))
            edges.append(Edge(time: wait.end, change: .inferredWaitEnds))
        }
        edges.sort { $0.time < $1.time }
        return edges
    }
}

/// The spans of a task that are open at one instant, and which of them are leaves.
///
/// A leaf is open and has no open child. Each count is kept up to date as spans open and close, so an instant
/// costs no walk over what is open.
private struct OpenSpans {
    enum Change {
        case open(Int)
        case close(Int)
        case inferredWaitBegins
        case inferredWaitEnds
    }

    private let items: [TaskSpans.Item]
    private var isOpen: [Bool]
    private var openChildren: [Int]
    private var open = 0
    private var openWork = 0
    private var leaves = 0
    private var workLeaves = 0
    private var isInInferredWait = false

    init(_ items: [TaskSpans.Item]) {
        self.items = items
        isOpen = [Bool](repeating: false, count: items.count)
        openChildren = [Int](repeating: 0, count: items.count)
    }

    var state: TaskState {
        if open == 0 { return isInInferredWait ? .wait(.inferred) : .own }
        // Where a circle leaves no leaf, every open span is one.
        let working = leaves == 0 ? openWork : workLeaves
        return working > 0 ? .work : .wait(.span)
    }

    mutating func apply(_ change: Change) {
        switch change {
        case .open(let index): setOpen(index, true)
        case .close(let index): setOpen(index, false)
        case .inferredWaitBegins: isInInferredWait = true
        case .inferredWaitEnds: isInInferredWait = false
        }
    }

    private mutating func setOpen(_ index: Int, _ opens: Bool) {
        let step = opens ? 1 : -1
        uncount(index)
        if let parent = items[index].parent, parent != index { uncount(parent) }
        isOpen[index] = opens
        if let parent = items[index].parent {
            openChildren[parent] += step
            if parent != index { count(parent) }
        }
        count(index)
        open += step
        if !items[index].waits { openWork += step }
    }

    private mutating func count(_ index: Int) { adjust(index, by: 1) }

    private mutating func uncount(_ index: Int) { adjust(index, by: -1) }

    private mutating func adjust(_ index: Int, by step: Int) {
        guard isOpen[index], openChildren[index] == 0 else { return }
        leaves += step
        if !items[index].waits { workLeaves += step }
    }
}
