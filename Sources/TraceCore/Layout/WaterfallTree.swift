/// The events of a trace as the rows of a waterfall: depth first, siblings by (start, id).
///
/// Every event has exactly one row. An event without a parent in the trace hangs under its transaction where
/// that is known, else it stands at the top; a circle of parents is cut open at its first event.
package struct WaterfallTree: Sendable {
    package struct Row: Sendable, Hashable {
        /// As an index into the trace's events.
        package var event: Int
        /// 0 at the top.
        package var depth: Int
        /// The number of rows below it, all depths together.
        package var descendants: Int
    }

    package private(set) var rows: [Row] = []
    /// The events whose parents go in a circle.
    package let cycle: Set<Int>

    package init(_ trace: Trace) {
        let circles = Self.circles(in: trace.parents)
        cycle = Set(circles.flatMap { $0 })
        var parents = trace.parents
        for circle in circles { parents[circle[0]] = nil }
        Self.hang(&parents, under: trace.owners)
        rows = Self.depthFirst(parents)
    }

    /// The circles that following `parents` ends in, each from its first event.
    private static func circles(in parents: [Int?]) -> [[Int]] {
        var circles: [[Int]] = []
        var visit = [Int](repeating: -1, count: parents.count)
        for start in parents.indices where visit[start] < 0 {
            var path: [Int] = []
            var next: Int? = start
            while let current = next, visit[current] < 0 {
                visit[current] = start
                path.append(current)
                next = parents[current]
            }
            if let current = next, visit[current] == start, let first = path.firstIndex(of: current) {
                circles.append(path[first...].sorted())
            }
        }
        return circles
    }

    /// Hangs each event without a parent, in order, under its transaction, where that is known and not below it.
    private static func hang(_ parents: inout [Int?], under owners: [Int?]) {
        var shortcuts = parents
        /// The event at the top of the tree that one stands in, halving the way for the next to ask.
        func top(of event: Int) -> Int {
            var current = event
            while let parent = shortcuts[current] {
                shortcuts[current] = shortcuts[parent] ?? parent
                current = parent
            }
            return current
        }
        for event in parents.indices where parents[event] == nil {
            guard let owner = owners[event], owner != event, top(of: owner) != event else { continue }
            parents[event] = owner
            shortcuts[event] = owner
        }
    }

    private static func depthFirst(_ parents: [Int?]) -> [Row] {
        var children = [[Int]](repeating: [], count: parents.count)
        var stack: [(event: Int, depth: Int)] = []
        for index in parents.indices {
            if let parent = parents[index] { children[parent].append(index) } else { stack.append((index, 0)) }
        }
        stack.reverse()
        var rows: [Row] = []
        rows.reserveCapacity(parents.count)
        while let (event, depth) = stack.popLast() {
            rows.append(Row(event: event, depth: depth, descendants: 0))
            for child in children[event].reversed() { stack.append((child, depth + 1)) }
        }
        countDescendants(&rows)
        return rows
    }

    private static func countDescendants(_ rows: inout [Row]) {
        var open: [Int] = []
        for position in rows.indices {
            while let last = open.last, rows[last].depth >= rows[position].depth { close(&open, &rows, at: position) }
            open.append(position)
        }
        while !open.isEmpty { close(&open, &rows, at: rows.count) }
    }

    private static func close(_ open: inout [Int], _ rows: inout [Row], at end: Int) {
        guard let last = open.popLast() else { return }
        rows[last].descendants = end - last - 1
    }
}

/// What is amiss with an event, or to be known before reading its row.
package enum EventFlag: String, Sendable, CaseIterable {
    /// Its parent never came.
    case orphan
    /// The agent dropped some of its spans.
    case incomplete
    /// It stands for a run of equal spans.
    case compressed
    case unsampled
    /// It ends after its parent.
    case outlivesParent = "outlives-parent"
    /// It starts before its parent.
    case beforeParent = "before-parent"
    case failed
    /// Its parents go in a circle.
    case cycle
}

extension WaterfallTree {
    /// The flags of an event, in the order of `EventFlag`.
    package func flags(of index: Int, in trace: Trace) -> [EventFlag] {
        let event = trace.events[index]
        let parent = trace.parents[index]
        return EventFlag.allCases.filter { flag in
            switch flag {
            case .orphan: event.parent != nil && parent == nil
            case .incomplete: event.dropped > 0
            case .compressed: event.compressed
            case .unsampled: !event.sampled
            case .outlivesParent: parent.map { trace.end(index) > trace.end($0) } ?? false
            case .beforeParent: parent.map { event.start < trace.events[$0].start } ?? false
            case .failed: event.outcome == .failure
            case .cycle: cycle.contains(index)
            }
        }
    }
}
