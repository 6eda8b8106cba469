/// Which rows of a run a query leaves in.
struct WaterfallFilter {
    /// By place: whether the row matches or is above one that does.
    let keeps: [Bool]
    /// The number of rows that match, without those above them.
    let matches: Int

    /// Looks at every row once.
    init(_ layout: WaterfallLayout, _ query: WaterfallQuery, clocks: ClockAlignment) {
        let rows = layout.tree.rows
        guard query.filters || query.window != nil else {
            keeps = [Bool](repeating: true, count: rows.count)
            matches = rows.count
            return
        }
        let trace = layout.analysis.trace
        var conditions = Conditions(query, trace)
        var keeps = [Bool](repeating: false, count: rows.count)
        var matches = 0
        var parents = [Int32](repeating: -1, count: rows.count)
        var above: [Int] = []
        for place in rows.indices {
            while let last = above.last, last + rows[last].descendants < place { above.removeLast() }
            parents[place] = above.last.map { Int32(truncatingIfNeeded: $0) } ?? -1
            if rows[place].descendants > 0 { above.append(place) }
            let event = rows[place].event
            guard conditions.hold(event, layout, shift: clocks.shift(of: event)) else { continue }
            keeps[place] = true
            matches += 1
        }
        // What is below comes later: going backwards, a row is told before it tells the one above it.
        for place in rows.indices.reversed() where keeps[place] && parents[place] >= 0 {
            keeps[Int(parents[place])] = true
        }
        self.keeps = keeps
        self.matches = matches
    }
}

/// What a query asks of a row, with what is known of symbols.
private struct Conditions {
    let query: WaterfallQuery
    /// The user's symbol; nil where nobody asks, or nobody in the run has it.
    let user: Symbol?
    let needle: Needle
    /// By symbol: whether it has the needle; -1 is not known yet.
    var found: [Int8]

    init(_ query: WaterfallQuery, _ trace: Trace) {
        self.query = query
        user = query.user.flatMap { trace.symbols.symbol(of: $0) }
        needle = Needle(query.text ?? "")
        found = [Int8](repeating: -1, count: needle.isEmpty ? 0 : trace.symbols.count)
    }

    mutating func hold(_ index: Int, _ layout: WaterfallLayout, shift: Int64) -> Bool {
        let trace = layout.analysis.trace
        if query.failedOnly, trace.events[index].outcome != .failure { return false }
        if let least = query.minDuration, layout.total(index) < least { return false }
        if let window = query.window, !meets(window, layout.extent(index).moved(by: shift), trace.end) { return false }
        let owner = trace.owners[index].flatMap { trace.events[$0].user }
        if query.user != nil, user == nil || owner != user { return false }
        return needle.isEmpty || hasNeedle(trace.events[index], user: owner, trace.symbols)
    }

    private func meets(_ window: Interval, _ extent: Interval, _ end: Int64) -> Bool {
        if extent.isEmpty { return extent.start >= window.start && extent.start <= window.end }
        return extent.start < window.end && extent.end > window.start
    }

    private mutating func hasNeedle(_ event: borrowing Event, user: Symbol?, _ symbols: SymbolTable) -> Bool {
        if has(event.type, symbols) || has(event.service, symbols) { return true }
        if has(event.name, symbols) || has(user, symbols) { return true }
        if has(event.subtype, symbols) || has(event.action, symbols) { return true }
        return needle.isIn(event.id)
    }

    private mutating func has(_ symbol: Symbol?, _ symbols: SymbolTable) -> Bool {
        guard let symbol else { return false }
        let place = Int(symbol.rawValue)
        if found[place] < 0 { found[place] = needle.isIn(symbols[symbol]) ? 1 : 0 }
        return found[place] == 1
    }
}
