/// A run as rows of a waterfall: what each says, without how it is drawn.
package struct WaterfallLayout: Sendable {
    package struct Row: Sendable {
        /// As an index into the trace's events.
        package var event: Int
        /// How far the row is set in: its depth in the tree, one less where the run's tasks all hang under one
        /// root, whose name the heading has.
        package var depth: Int
        /// Bit 0: whether a sibling follows; bit n: whether one follows of its n-th ancestor.
        package var followed: UInt64
        package var hasChildren: Bool
        /// The user of a task that has one, else the name; as it was sent.
        package var label: String
        /// In order of time, but delays first.
        package var stretches: [BarStretch]
        /// µs.
        package var total: Int64
        /// Where the time of a transaction went; nil for spans and for transactions that were not sampled.
        package var breakdown: Breakdown?
        package var flags: [EventFlag]
        /// Whether it is not drawn where its times say: see `ClockAlignment`.
        package var isMoved = false
        /// Whether its end lies in the time that is drawn.
        package var showsEnd = true
    }

    /// The run.
    package let analysis: TraceAnalysis
    package let tree: WaterfallTree
    /// By event: see `TraceAnalysis.waiting`.
    let waiting: [Bool]
    private let isTask: [Bool]
    private let followed: [UInt64]
    /// 1 where the root stands beside its tasks.
    let raised: Int
    /// By place, what siblings are ordered by; empty unless `keepOrders` worked it out.
    private(set) var orders: [WaterfallQuery.Sort: [Int64]] = [:]

    /// Lays out the rows of a run; the work of each is done when it is asked for.
    package init(_ analysis: TraceAnalysis) {
        self.analysis = analysis
        tree = WaterfallTree(analysis.trace)
        waiting = analysis.waiting()
        var isTask = [Bool](repeating: false, count: analysis.trace.events.count)
        for task in analysis.tasks { isTask[task] = true }
        self.isTask = isTask
        followed = Self.followed(tree.rows)
        raised = tree.rows.count { $0.depth == 0 } == 1 && !analysis.groups.isEmpty ? 1 : 0
    }

    /// Works out what siblings are ordered by once and for all, where outlines are made again and again.
    package mutating func keepOrders() {
        let sorts = WaterfallQuery.Sort.allCases.filter { $0 != .start }
        var values = sorts.map { _ in [Int64](repeating: 0, count: count) }
        for place in 0..<count {
            for (index, sort) in sorts.enumerated() { values[index][place] = value(sort, ofPlace: place) }
        }
        orders = Dictionary(uniqueKeysWithValues: zip(sorts, values))
    }

    /// The number of rows.
    package var count: Int { tree.rows.count }

    /// The time that the rows are drawn over: from the run's start to its end.
    package var window: Interval { Interval(start: analysis.trace.start, end: analysis.trace.end) }

    /// A row by its place from the top; made when asked for, since of a long run few are shown.
    package func row(_ place: Int) -> Row {
        let row = tree.rows[place]
        let trace = analysis.trace
        let event = trace.events[row.event]
        let breakdown = analysis.breakdown(row.event)
        return Row(
            event: row.event,
            depth: depth(ofPlace: place),
            followed: followed[place],
            hasChildren: row.descendants > 0,
            label: trace.symbols.text(isTask[row.event] ? event.user ?? event.name : event.name) ?? "(no name)",
            stretches: stretches(row.event, breakdown: breakdown),
            total: breakdown?.total ?? event.duration,
            breakdown: breakdown,
            flags: tree.flags(of: row.event, in: trace))
    }

    /// How far a row is set in, by its place.
    package func depth(ofPlace place: Int) -> Int { max(0, tree.rows[place].depth - raised) }

    /// The alignment of clocks that the run asks for; worked out anew.
    package var clocks: ClockAlignment { ClockAlignment(analysis.trace, tree: tree) }

    /// From the earliest start to the latest end, after clocks were aligned.
    package func window(_ clocks: ClockAlignment) -> Interval {
        guard clocks.moved > 0 else { return window }
        let trace = analysis.trace
        var window = Interval(start: .max, end: .min)
        for index in trace.events.indices {
            let shift = clocks.shift(of: index)
            window.start = min(window.start, trace.events[index].start + shift)
            window.end = max(window.end, trace.end(index) + shift)
        }
        return window
    }

    /// What an event took together, its time in a queue included, µs.
    func total(_ event: Int) -> Int64 { analysis.breakdown(event)?.total ?? analysis.trace.events[event].duration }

    /// From when an event lay in its queue to its end.
    func extent(_ event: Int) -> Interval {
        let start = analysis.trace.events[event].start
        return Interval(start: start - (analysis.breakdown(event)?.queued ?? 0), end: analysis.trace.end(event))
    }

    /// What siblings are ordered by, µs; a span waits or works all the while, a transaction that was not sampled
    /// does neither.
    func value(_ sort: WaterfallQuery.Sort, ofPlace place: Int) -> Int64 {
        let index = tree.rows[place].event
        switch sort {
        case .start: return analysis.trace.events[index].start
        case .total: return total(index)
        case .wait: return analysis.breakdown(index)?.wait ?? spanTime(index, waits: true)
        case .work: return analysis.breakdown(index)?.work ?? spanTime(index, waits: false)
        }
    }

    /// The time of a span that waits, or works, as is asked for; 0 of anything else.
    private func spanTime(_ index: Int, waits: Bool) -> Int64 {
        guard analysis.trace.events[index].kind == .span, waiting[index] == waits else { return 0 }
        return analysis.trace.events[index].duration
    }

    private func stretches(_ index: Int, breakdown: Breakdown?) -> [BarStretch] {
        let trace = analysis.trace
        let event = trace.events[index]
        let whole = Interval(start: event.start, end: trace.end(index))
        guard let breakdown, !whole.isEmpty, let states = analysis.partition(index) else {
            return [BarStretch(waiting[index] ? .wait : .work, whole)]
        }
        var stretches: [BarStretch] = []
        if breakdown.delay > 0 {
            stretches.append(BarStretch(.delay, Interval(start: event.start - breakdown.delay, end: event.start)))
        }
        if breakdown.queued > 0 {
            stretches.append(BarStretch(.wait, Interval(start: event.start - breakdown.queued, end: event.start)))
        }
        for stretch in states.stretches { stretches.append(BarStretch(BarFill(stretch.state), stretch.interval)) }
        return stretches
    }

    /// For each row, which of itself and its ancestors a sibling follows.
    private static func followed(_ rows: [WaterfallTree.Row]) -> [UInt64] {
        var masks = [UInt64](repeating: 0, count: rows.count)
        var ancestors: [(depth: Int, mask: UInt64)] = []
        for place in rows.indices {
            let row = rows[place]
            while let last = ancestors.last, last.depth >= row.depth { ancestors.removeLast() }
            let next = place + row.descendants + 1
            let isFollowed = next < rows.count && rows[next].depth == row.depth
            masks[place] = (ancestors.last?.mask ?? 0) << 1 | (isFollowed ? 1 : 0)
            if row.descendants > 0 { ancestors.append((row.depth, masks[place])) }
        }
        return masks
    }
}

extension BarFill {
    /// What a state's stretch of a bar says.
    package init(_ state: TaskState) {
        switch state {
        case .work: self = .work
        case .own: self = .own
        case .wait: self = .wait
        }
    }
}
