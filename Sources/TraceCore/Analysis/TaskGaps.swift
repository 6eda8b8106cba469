/// For the leaf work spans of one task, where each may have stood in a line of its own before it began (source: "Lines
/// within tasks" of the definitions of wait and work).
///
///     task    |------------------------|
///     above   | |-------------------|  |      open: it stands idle in the gap
///     before  | |---|                  |
///     span    |         |--------|     |      its gap: from the end of `before` to its start
///
/// In a gap nothing is open but what is above the span. The gap is empty where something else is.
struct TaskGaps {
    /// So many spans above one are looked at one after the other; where there are more, all are counted in one walk.
    static let mostSteps = 64

    private let items: [TaskSpans.Item]
    private let task: Interval
    /// By item: the nearest item above it.
    private let above: [Int32]
    /// When the items end, ascending.
    private let ends: [Int64]
    /// How many items were opened, and how many had ended, at the time the last gap was asked for.
    private var opened = 0
    private var ended = 0
    private var walked: AncestorCounts?
    /// How many items were looked at one after the other, above others.
    private(set) var stepsTaken = 0
    private let mostSteps: Int

    /// `above` has for each item of the task the nearest item above it, -1 where there is none.
    init(_ spans: TaskSpans, above: [Int32], mostSteps: Int = Self.mostSteps) {
        items = spans.items
        task = spans.task
        self.above = above
        self.mostSteps = mostSteps
        ends = spans.items.map(\.interval.end).sorted()
    }

    /// The gap of an item; asked for in order of the items' starts. `wait` is where the task waited in the line of its
    /// group.
    mutating func gap(of item: Int, after wait: Interval?) -> Interval {
        let start = items[item].interval.start
        while opened < items.count, items[opened].interval.start < start { opened += 1 }
        while ended < ends.count, ends[ended] <= start { ended += 1 }
        let empty = Interval(start: start, end: start)
        guard let (latest, open) = ancestors(of: item, openAround: opened - ended) else { return empty }
        guard latest < start, open == opened - ended else { return empty }
        var from = max(task.start, latest)
        if ended > 0 { from = max(from, ends[ended - 1]) }
        if let wait, from <= wait.end, wait.end <= start { from = wait.end }
        return Interval(start: from, end: start)
    }

    /// The latest start of the items above one, and how many of them are open just before and just after its start,
    /// where all of them begin before that. Nil where one does not.
    private mutating func ancestors(of item: Int, openAround: Int) -> (latest: Int64, open: Int)? {
        let start = items[item].interval.start
        var (latest, open, steps) = (task.start, 0, 0)
        var next = Int(above[item])
        while next >= 0, next != item {
            let interval = items[next].interval
            if interval.start >= start { return nil }
            latest = max(latest, interval.start)
            open += interval.end > start ? 1 : 0
            steps += 1
            stepsTaken += 1
            if steps > mostSteps { return walk(item) }
            next = Int(above[next])
        }
        return (latest, open)
    }

    /// As `ancestors`, with the counts of all items.
    private mutating func walk(_ item: Int) -> (latest: Int64, open: Int)? {
        if walked == nil { walked = AncestorCounts(items, above: above) }
        guard let walked, walked.latest[item] < items[item].interval.start else { return nil }
        return (walked.latest[item], Int(walked.open[item]))
    }
}

/// For every item of a task, the latest start of those above it and how many of them end after it starts, found in one
/// walk down from above. In a circle every item is above every other, and above what hangs on it.
struct AncestorCounts {
    /// `Int64.min` where nothing is above.
    private(set) var latest: [Int64]
    private(set) var open: [Int32]
    private let items: [TaskSpans.Item]
    private let children: LinkedEvents
    private let ends: [Int64]
    /// How many of the items above the one at hand end when, by place in `ends`.
    private var counts: FenwickTree
    private var isVisited: [Bool]

    init(_ items: [TaskSpans.Item], above: [Int32]) {
        var links = EventLinks(count: items.count)
        for (item, parent) in above.enumerated() where parent >= 0 { links[item] = Int(parent) }
        self.items = items
        children = LinkedEvents(links)
        ends = items.map(\.interval.end).sorted()
        counts = FenwickTree(count: items.count)
        latest = [Int64](repeating: .min, count: items.count)
        open = [Int32](repeating: 0, count: items.count)
        isVisited = [Bool](repeating: false, count: items.count)
        for item in items.indices where links[item] == nil { descend(from: item, latest: .min) }
        for item in items.indices where !isVisited[item] { goRound(circle(above: item, links)) }
    }

    private mutating func descend(from top: Int, latest: Int64) {
        var steps = [(item: top, latest: latest, isLeaving: false)]
        while let step = steps.popLast() {
            let (start, end) = (items[step.item].interval.start, items[step.item].interval.end)
            if step.isLeaving {
                counts.add(-1, at: place(of: end))
                continue
            }
            visit(step.item, latest: step.latest)
            guard !children.range(of: step.item).isEmpty else { continue }
            counts.add(1, at: place(of: end))
            steps.append((step.item, step.latest, true))
            for child in children[step.item] where !isVisited[Int(child)] {
                steps.append((Int(child), max(step.latest, start), false))
            }
        }
    }

    private mutating func visit(_ item: Int, latest: Int64) {
        isVisited[item] = true
        self.latest[item] = latest
        open[item] = Int32(counts.total - counts.sum(before: firstPlace(after: items[item].interval.start)))
    }

    private mutating func goRound(_ circle: [Int]) {
        let starts = circle.map { items[$0].interval.start }.sorted()
        let latest = starts[starts.count - 1]
        for item in circle {
            isVisited[item] = true
            counts.add(1, at: place(of: items[item].interval.end))
        }
        for item in circle {
            // Above it is every other, but not itself, which is open when it starts.
            let isLast = items[item].interval.start == latest
            visit(item, latest: isLast ? starts[starts.count - 2] : latest)
            open[item] -= 1
            for child in children[item] where !isVisited[Int(child)] { descend(from: Int(child), latest: latest) }
        }
        for item in circle { counts.add(-1, at: place(of: items[item].interval.end)) }
    }

    private func circle(above item: Int, _ links: EventLinks) -> [Int] {
        var path: [Int] = []
        var seen: Set<Int> = []
        var next: Int? = item
        while let current = next, seen.insert(current).inserted {
            path.append(current)
            next = links[current]
        }
        return Array(path.drop { $0 != next })
    }

    /// Any place of an end among all: items that end together count together.
    private func place(of end: Int64) -> Int { firstPlace(after: end) - 1 }

    private func firstPlace(after time: Int64) -> Int {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Numbers that can be added to and summed up in steps of their count's logarithm.
private struct FenwickTree {
    private var sums: [Int]
    private(set) var total = 0

    init(count: Int) { sums = [Int](repeating: 0, count: count + 1) }

    mutating func add(_ value: Int, at place: Int) {
        total += value
        var node = place + 1
        while node < sums.count {
            sums[node] += value
            node += node & -node
        }
    }

    func sum(before place: Int) -> Int {
        var (node, sum) = (place, 0)
        while node > 0 {
            sum += sums[node]
            node -= node & -node
        }
        return sum
    }
}
