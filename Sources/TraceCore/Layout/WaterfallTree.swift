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
        cycle = Set(circles.joined())
        var parents = trace.parents
        for circle in circles { parents[circle[0]] = nil }
        Self.hang(&parents, under: trace.owners)
        rows = Self.depthFirst(parents)
    }

    /// The circles that following `parents` ends in, each from its first event.
    private static func circles(in parents: EventLinks) -> [[Int]] {
        var circles: [[Int]] = []
        var visit = [Int32](repeating: -1, count: parents.count)
        for start in parents.indices where visit[start] < 0 {
            let mark = Int32(truncatingIfNeeded: start)
            var next: Int? = start
            while let current = next, visit[current] < 0 {
                visit[current] = mark
                next = parents[current]
            }
            // Where the way ends in an event of its own, that stands in a circle.
            guard let first = next, visit[first] == mark else { continue }
            var circle = [first]
            while let current = parents[circle[circle.count - 1]], current != first { circle.append(current) }
            circles.append(circle.sorted())
        }
        return circles
    }

    /// Hangs each event without a parent, in order, under its transaction, where that is known and not below it.
    private static func hang(_ parents: inout EventLinks, under owners: EventLinks) {
        let loose = parents.indices.filter { event in
            parents[event] == nil && owners[event].map { $0 != event } ?? false
        }
        guard !loose.isEmpty else { return }
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
        for event in loose {
            guard let owner = owners[event], top(of: owner) != event else { continue }
            parents[event] = owner
            shortcuts[event] = owner
        }
    }

    private static func depthFirst(_ parents: EventLinks) -> [Row] {
        let children = LinkedEvents(parents)
        var stack: [(event: Int32, depth: Int32)] = []
        for index in parents.indices.reversed() where parents[index] == nil {
            stack.append((Int32(truncatingIfNeeded: index), 0))
        }
        var rows: [Row] = []
        rows.reserveCapacity(parents.count)
        while let (event, depth) = stack.popLast() {
            rows.append(Row(event: Int(event), depth: Int(depth), descendants: 0))
            for child in children[Int(event)].reversed() { stack.append((child, depth + 1)) }
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
        trace.flags(of: index, isInCycle: !cycle.isEmpty && cycle.contains(index))
    }
}

extension Trace {
    /// The flags of an event, in the order of `EventFlag`.
    func flags(of index: Int) -> [EventFlag] { flags(of: index, isInCycle: isInCycle(index)) }

    /// Whether going up from an event leads back to it.
    private func isInCycle(_ index: Int) -> Bool {
        var next = parents[index]
        // Without leading back, a way as long as there are events goes round another circle.
        for _ in events.indices {
            guard let current = next, current != index else { break }
            next = parents[current]
        }
        return next == index
    }

    fileprivate func flags(of index: Int, isInCycle: Bool) -> [EventFlag] {
        let parent = parents[index]
        var flags: [EventFlag] = []
        if parent == nil, events[index].parent != nil { flags.append(.orphan) }
        if events[index].dropped > 0 { flags.append(.incomplete) }
        if events[index].compressed { flags.append(.compressed) }
        if !events[index].sampled { flags.append(.unsampled) }
        if let parent, end(index) > end(parent) { flags.append(.outlivesParent) }
        if let parent, events[index].start < events[parent].start { flags.append(.beforeParent) }
        if events[index].outcome == .failure { flags.append(.failed) }
        if isInCycle { flags.append(.cycle) }
        return flags
    }
}
