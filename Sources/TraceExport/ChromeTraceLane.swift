import TraceCore

/// What stands on one thread: slices one behind the other, each with what nests in it, and threads beside it for what
/// does not.
struct ChromeTraceLane {
    /// A transaction, or a span of no transaction.
    struct Item {
        var event: Int
        /// Where it is drawn in the lane; nil where it is drawn beside.
        var interval: Interval?
        /// The thread and the time from which an arrow leads to it, of the one that released it.
        var releaser: (thread: Int, time: Int64)?
    }

    var service: Symbol
    var name: String
    var thread: Int
    /// Where its threads stand among those of the process.
    var sortIndex: Int
    /// Whether its items stand on its own thread, one behind the other, and all else in them.
    var hasItems = true
    var items: [Item]
}

/// Finds for each slice of a lane a thread on which it nests.
///
/// On the lane's own thread a slice stands in a transaction's; below another only if that is its parent, so that nothing
/// looks like a part of what it merely coincides with. On the threads beside it may stand alone as well.
struct ChromeTraceStacks {
    /// So many threads; what finds no place is told of in another way.
    static let most = 64
    /// Viewers show so much, and a little more.
    private static let deepest = 256

    private struct Stack {
        /// What is open: events with their ends.
        var open: [(event: Int, end: Int64)] = []
        var lastStart = Int64.min
    }

    /// Whether items stand on the lane's own thread, and nothing else but in them.
    private let hasItems: Bool
    /// That of the lane's own thread first.
    private var stacks = [Stack()]

    init(hasItems: Bool) { self.hasItems = hasItems }

    /// Begins an item of the lane, which comes behind all that stands on the lane's own thread.
    mutating func begin(_ event: Int, _ interval: Interval) {
        stacks[0] = Stack(open: [(event, interval.end)], lastStart: interval.start)
    }

    /// Nothing more nests on the lane's own thread until the next item begins.
    mutating func close() { stacks[0].open = [] }

    /// The thread, 0 for the lane's own, on which a slice stands; nil where there is none. `above` are the events that it
    /// may stand below. The slices of an item come in order of their starts.
    mutating func place(_ event: Int, _ interval: Interval, above: [Int]) -> Int? {
        for number in stacks.indices {
            if insert(event, interval, above: above, at: number) { return number }
        }
        guard stacks.count < Self.most else { return nil }
        stacks.append(Stack())
        return insert(event, interval, above: above, at: stacks.count - 1) ? stacks.count - 1 : nil
    }

    private mutating func insert(_ event: Int, _ interval: Interval, above: [Int], at number: Int) -> Bool {
        let isInItem = number == 0 && hasItems
        // Slices of another item may begin before those that stand here.
        guard interval.start >= stacks[number].lastStart else { return false }
        while let last = stacks[number].open.last,
            last.end < interval.start || (last.end == interval.start && !interval.isEmpty)
        {
            // Behind an item stands nothing but the next.
            if isInItem, stacks[0].open.count == 1 { return false }
            stacks[number].open.removeLast()
            stacks[number].lastStart = interval.start
        }
        if let last = stacks[number].open.last {
            // An empty slice overlaps with nothing, whatever it stands in.
            let fits =
                last.end >= interval.end && above.contains(last.event) && stacks[number].open.count < Self.deepest
            guard fits || interval.isEmpty else { return false }
        } else if isInItem {
            return false
        }
        stacks[number].lastStart = interval.start
        if !interval.isEmpty { stacks[number].open.append((event, interval.end)) }
        return true
    }
}
