import TraceCore

extension BrowserWaterfall {
    // MARK: Search

    /// Notes where a search begins that is typed.
    mutating func beginSearch() { origin = (folds, cursor) }

    /// Goes to the first match from where the search began; there where there is none.
    mutating func typeSearch(_ text: String) {
        returnToOrigin()
        searched = text.isEmpty ? nil : EventSearch(text, in: trace)
        if let searched { _ = seek(forward: true, includesHere: true) { searched.matches($0, in: $1) } }
    }

    /// Goes back to where the search began; the one before it is the last one again.
    mutating func cancelSearch() {
        returnToOrigin()
        searched = search.isEmpty ? nil : EventSearch(search, in: trace)
    }

    private mutating func returnToOrigin() {
        guard let origin else { return }
        if folds != origin.folds {
            folds = origin.folds
            outlineAnew()
        }
        cursor = origin.cursor
    }

    /// Keeps to a text that was typed, for `n` and `N`; nothing means the last one. What there is to say.
    mutating func keepSearch(_ text: String) -> String? {
        if text.isEmpty {
            cancelSearch()
            return search.isEmpty ? nil : searchAgain(forward: true)
        }
        search = text
        guard let searched, let selectedEvent, searched.matches(selectedEvent, in: trace) else {
            return "nothing has \u{201C}\(text)\u{201D} in it"
        }
        return nil
    }

    mutating func searchAgain(forward: Bool) -> String? {
        guard let searched else { return "nothing is searched for: / begins" }
        return seek(forward: forward) { searched.matches($0, in: $1) }
    }

    // MARK: From event to event

    /// Selects the next failure or error, or the one before.
    mutating func seekFault(forward: Bool) -> String? {
        let faulty = run.isFaulty
        return seek(forward: forward) { event, _ in faulty[event] }
    }

    /// Selects the next task that waited, or the one before.
    mutating func seekWaiter(forward: Bool) -> String? {
        let analysis = run.analysis
        return seek(forward: forward) { event, _ in (analysis.breakdown(event)?.wait ?? 0) > 0 }
    }

    /// Goes to the task that released the one that is selected, or that the selected span is of.
    mutating func goToReleaser() -> String? {
        guard let event = selectedEvent, let task = trace.owners[event] else { return "this belongs to no task" }
        guard let releaser = run.analysis.releaser(task) else { return "no task released this one" }
        guard go(to: releaser) else { return "the task that released this one is left out by the filter" }
        origins.append(event)
        return nil
    }

    /// Goes back to where `goToReleaser` came from last.
    mutating func goBack() -> String? {
        guard let event = origins.popLast() else { return "b leads to a releaser, B back" }
        return go(to: event) ? nil : "where b came from is left out by the filter"
    }

    /// Selects the next event that `holds`, in the order of the screen, going round at the end; one that is folded away
    /// is unfolded. What there is to say about it.
    mutating func seek(
        forward: Bool, includesHere: Bool = false, _ holds: (Int, Trace) -> Bool
    ) -> String? {
        let (count, start) = (outline.entries.count, cursor.selected)
        guard count > 0 else { return "nothing is shown" }
        let (trace, rows) = (self.trace, run.layout.tree.rows)
        // A filter can leave out what is folded away; so many are tried.
        var attempts = 32
        for step in 0...count {
            let index = ((forward ? start + step : start - step) % count + count) % count
            let places = hidden(in: index, forward: forward, includesOwn: step > 0 || includesHere)
            for place in places where holds(rows[place].event, trace) {
                if step == 0, !forward { continue }
                let isShown = if case .row(place) = outline.entries[index] { true } else { false }
                if isShown {
                    cursor.select(index)
                } else {
                    attempts -= 1
                    guard attempts > 0 else { return "none is shown: a filter leaves it out" }
                    guard go(to: rows[place].event) else { continue }
                }
                if step == count { return "this is the only one" }
                let isRound = forward ? start + step >= count : start - step < 0
                return isRound ? (forward ? "from the top on" : "from the end on") : nil
            }
        }
        return "there is none"
    }

    /// The places that an entry stands for, in the order asked: its own, and those below it that are folded away. What
    /// an exemplar shows, its fold stands for.
    private func hidden(in index: Int, forward: Bool, includesOwn: Bool) -> [Int] {
        if outline.rank(at: index) != nil { return [] }
        let rows = run.layout.tree.rows
        var places: [Int] = []
        switch outline.entries[index] {
        case .row(let place):
            if includesOwn { places.append(place) }
            if !outline.isOpen(at: index) { places += place + 1..<place + 1 + rows[place].descendants }
        case .fold(let fold):
            if outline.isOpen(at: index) { break }
            for place in outline.folds[fold].places { places += place...place + rows[place].descendants }
        }
        return forward ? places : places.reversed()
    }
}
