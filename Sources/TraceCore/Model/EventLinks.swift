/// For each event of a trace another event of it, or none; four bytes each, so that a long trace's fit a cache.
package struct EventLinks: Sendable, Hashable {
    /// -1 where there is none.
    private var targets: [Int32]

    /// So many events, none of them linked.
    init(count: Int) {
        precondition(count < Int(Int32.max), "more events than a trace can number")
        targets = [Int32](repeating: -1, count: count)
    }
}

extension EventLinks: RandomAccessCollection, MutableCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { targets.count }

    /// The event that one is linked to, both as indices into the trace's events.
    package subscript(_ index: Int) -> Int? {
        get {
            let target = targets[index]
            return target < 0 ? nil : Int(target)
        }
        set { targets[index] = newValue.map { Int32(truncatingIfNeeded: $0) } ?? -1 }
    }
}

/// The events that are linked to each event, in order: all of them in one list, and where each one's begin.
package struct LinkedEvents: Sendable {
    private let events: [Int32]
    private let bounds: [Int32]

    package init(_ links: EventLinks) {
        var bounds = [Int32](repeating: 0, count: links.count + 1)
        for case let target? in links { bounds[target + 1] += 1 }
        for index in bounds.indices.dropFirst() { bounds[index] += bounds[index - 1] }
        var next = bounds
        var events = [Int32](repeating: 0, count: Int(bounds[links.count]))
        for index in links.indices {
            guard let target = links[index] else { continue }
            events[Int(next[target])] = Int32(truncatingIfNeeded: index)
            next[target] += 1
        }
        self.events = events
        self.bounds = bounds
    }

    /// The events that are linked to one, as indices into the trace's events.
    package subscript(_ target: Int) -> ArraySlice<Int32> { events[range(of: target)] }

    /// Where the events that are linked to one stand in the list of all.
    func range(of target: Int) -> Range<Int> { Int(bounds[target])..<Int(bounds[target + 1]) }

    /// The number of all links.
    var count: Int { events.count }
}
