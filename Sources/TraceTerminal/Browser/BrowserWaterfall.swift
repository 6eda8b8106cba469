import TraceCore

/// The timeline of a run, as one walks through it: what is selected, folded, left out, and over which time it is drawn.
struct BrowserWaterfall: Sendable {
    private(set) var run: BrowsedRun
    private(set) var outline: WaterfallOutline
    private(set) var query = WaterfallQuery()
    var cursor = ListCursor()
    /// The time that is drawn.
    private(set) var window: Interval
    /// Whether bars show waits.
    var showsWaits = true
    /// The lanes of the largest group; nil where rows are shown.
    var lanes: BrowserLanes?
    /// What was searched last.
    var search = ""
    var searched: EventSearch?
    /// Where the search began that is typed.
    var origin: (folds: Folds, cursor: ListCursor)?
    /// The events that `b` led away from.
    var origins: [Int] = []
    var folds = Folds()
    /// By place: the entry that shows it; -1 where none does.
    private var entries: [Int32] = []
    /// How many tasks of the largest group run and wait, where they are drawn; nil without one.
    private(set) var activity: GroupActivity?
    /// What is drawn once for a window and a width.
    var drawn = DrawnOnce()

    /// What is folded and unfolded by hand: events, and folds of equal siblings by their keys.
    struct Folds: Sendable, Hashable {
        var opened: Set<Int> = []
        var closed: Set<Int> = []
        var openedFolds: Set<Int> = []

        mutating func set(_ event: Int, isOpen: Bool) {
            if isOpen { opened.insert(event) } else { opened.remove(event) }
            if isOpen { closed.remove(event) } else { closed.insert(event) }
        }

        mutating func set(fold: Int, isOpen: Bool) {
            if isOpen { openedFolds.insert(fold) } else { openedFolds.remove(fold) }
        }
    }

    init(_ run: BrowsedRun) {
        self.run = run
        window = run.layout.window
        query.showsExemplars = true
        // What a few screens show needs no folding.
        if run.layout.count <= Self.mostUnfolded { query.folds = false } else { query.depth = run.taskLevels }
        outline = WaterfallOutline(run.layout, query: query)
        activity = run.tasks?.activity
        place()
    }

    static let mostUnfolded = 200

    var trace: Trace { run.analysis.trace }

    // MARK: What is selected

    /// The entry that is selected; nil where nothing is shown.
    var selectedEntry: WaterfallOutline.Entry? {
        outline.entries.indices.contains(cursor.selected) ? outline.entries[cursor.selected] : nil
    }

    /// The event that is selected, of a fold the first.
    var selectedEvent: Int? {
        if let lanes { return lanes.selectedEvent }
        return selectedEntry.map { run.layout.tree.rows[place(of: $0)].event }
    }

    var selectedKey: EventKey? { selectedEvent.map { EventKey(trace.events[$0]) } }

    /// Whether what is selected stands for the closed fold above it.
    var isExemplarSelected: Bool { selectedEntry != nil && outline.rank(at: cursor.selected) != nil }

    /// Whether Enter has nothing to fold or unfold.
    var isLeafSelected: Bool {
        guard lanes == nil, case .row(let place)? = selectedEntry, !isExemplarSelected else { return false }
        return run.layout.tree.rows[place].descendants == 0
    }

    /// The place in the tree of a row, of a fold that of its first row.
    func place(of entry: WaterfallOutline.Entry) -> Int {
        switch entry {
        case .row(let place): place
        case .fold(let fold): outline.folds[fold].places[0]
        }
    }

    /// Whether what is below an entry is shown.
    func isUnfolded(_ index: Int) -> Bool { outline.entries.indices.contains(index) && outline.isOpen(at: index) }

    // MARK: What is shown

    /// Works out the entries anew; what is selected stays selected, in its row on the screen, and where it is no longer
    /// shown what is above it.
    private mutating func refresh() {
        let selection = selection
        outlineAnew()
        if let selection { restore(selection) }
    }

    /// What is selected, by what it is known by when the entries are made anew.
    private struct Selection {
        enum Kind {
            case row
            case exemplar
            case fold
        }

        let kind: Kind
        /// Of a fold, its key.
        let event: Int
    }

    private var selection: Selection? {
        switch selectedEntry {
        case .row(let place)?:
            Selection(kind: isExemplarSelected ? .exemplar : .row, event: run.layout.tree.rows[place].event)
        case .fold(let fold)?: Selection(kind: .fold, event: outline.folds[fold].key)
        case nil: nil
        }
    }

    private mutating func restore(_ selection: Selection) {
        let place = Int(run.places[selection.event])
        let index: Int? =
            switch selection.kind {
            case .row: nil
            case .exemplar:
                outline.entries.indices.first { outline.rank(at: $0) != nil && outline.entries[$0] == .row(place) }
            case .fold:
                outline.entries.firstIndex { entry in
                    if case .fold(let fold) = entry { outline.folds[fold].key == selection.event } else { false }
                }
            }
        if let index { cursor.replace(by: index) } else { select(place: place) }
    }

    mutating func outlineAnew() {
        outline = WaterfallOutline(
            run.layout, query: query, opened: folds.opened, closed: folds.closed, openedFolds: folds.openedFolds)
        place()
    }

    private mutating func place() {
        entries = [Int32](repeating: -1, count: run.layout.count)
        for (index, entry) in outline.entries.enumerated() {
            let number = Int32(truncatingIfNeeded: index)
            switch entry {
            // An exemplar's fold shows it.
            case .row(let place): if outline.rank(at: index) == nil { entries[place] = number }
            // Where it is open, its members' own rows come behind it.
            case .fold(let fold): for place in outline.folds[fold].places { entries[place] = number }
            }
        }
    }

    /// Selects the entry that shows a place, or the nearest above it.
    private mutating func select(place: Int) {
        var place: Int? = place
        while let current = place {
            if entries[current] >= 0 { return cursor.replace(by: Int(entries[current])) }
            place = parent(of: current)
        }
    }

    /// The place above one.
    private func parent(of place: Int) -> Int? {
        let rows = run.layout.tree.rows
        return rows[..<place].lastIndex { $0.depth < rows[place].depth }
    }

    /// Shows an event, unfolding what it is in; false where the filters leave it out.
    mutating func reveal(_ event: Int) -> Bool {
        let target = Int(run.places[event])
        if shows(target) { return true }
        let before = folds
        var place: Int? = target
        while let current = place {
            folds.set(run.layout.tree.rows[current].event, isOpen: true)
            place = parent(of: current)
        }
        // What is in a fold may stand in further folds.
        outlineAnew()
        while !shows(target), let fold = fold(over: target) {
            guard folds.openedFolds.insert(outline.folds[fold].key).inserted else { break }
            outlineAnew()
        }
        if shows(target) { return true }
        folds = before
        refresh()
        return false
    }

    /// Whether a place has a row of its own.
    private func shows(_ place: Int) -> Bool {
        guard entries[place] >= 0, case .row = outline.entries[Int(entries[place])] else { return false }
        return true
    }

    /// The fold that a place, or one above it, is in.
    private func fold(over place: Int) -> Int? {
        var place: Int? = place
        while let current = place {
            if entries[current] >= 0 {
                if case .fold(let fold) = outline.entries[Int(entries[current])] { return fold }
                return nil
            }
            place = parent(of: current)
        }
        return nil
    }

    /// Selects an event, showing it where it is folded away.
    @discardableResult
    mutating func go(to event: Int) -> Bool {
        guard reveal(event) else { return false }
        cursor.select(Int(entries[Int(run.places[event])]))
        return true
    }

    // MARK: Folding

    /// Folds or unfolds what is selected, of an exemplar its fold.
    mutating func toggle() {
        if isExemplarSelected { showExemplar() } else { setUnfolded(!isUnfolded(cursor.selected)) }
    }

    /// Shows what is selected among its siblings.
    private mutating func showExemplar() { if let event = selectedEvent { go(to: event) } }

    private mutating func setUnfolded(_ isUnfolded: Bool) {
        switch selectedEntry {
        case .row(let place)?: folds.set(run.layout.tree.rows[place].event, isOpen: isUnfolded)
        case .fold(let fold)?: folds.set(fold: outline.folds[fold].key, isOpen: isUnfolded)
        case nil: return
        }
        refresh()
    }

    /// Unfolds, or goes to the first child.
    mutating func goIn() {
        guard selectedEntry != nil else { return }
        if isExemplarSelected {
            showExemplar()
        } else if isUnfolded(cursor.selected) {
            cursor.select(cursor.selected + 1)
        } else if outline.hasChildren(at: cursor.selected) {
            setUnfolded(true)
        }
    }

    /// Folds, or goes to what it is in: a fold or the parent.
    mutating func goOut() {
        guard let entry = selectedEntry else { return }
        if isUnfolded(cursor.selected) { return setUnfolded(false) }
        if isExemplarSelected { return cursor.select(Int(entries[place(of: entry)])) }
        if case .row(let place) = entry, let fold = fold(with: place) { return cursor.select(fold) }
        if let parent = parent(of: place(of: entry)), entries[parent] >= 0 { cursor.select(Int(entries[parent])) }
    }

    /// The entry of the open fold that a row is a member of; the row is none itself.
    private func fold(with place: Int) -> Int? {
        outline.entries[..<cursor.selected].indices.last { index in
            guard case .fold(let fold) = outline.entries[index], outline.isOpen(at: index) else { return false }
            return outline.folds[fold].places.contains(place)
        }
    }

    // MARK: What is left out

    mutating func change(_ change: (inout WaterfallQuery) -> Void) {
        let before = query
        change(&query)
        if query != before { refresh() }
    }

    mutating func setFilter(_ text: String) { change { $0.text = text.isEmpty ? nil : text } }

    /// Takes away what narrows the view; false where nothing does.
    mutating func clearNarrowing() -> Bool {
        if lanes != nil {
            lanes = nil
            return true
        }
        if query.filters {
            change { ($0.text, $0.minDuration, $0.failedOnly, $0.user) = (nil, nil, false, nil) }
            return true
        }
        guard window != outline.run else { return false }
        window = outline.run
        return true
    }

    // MARK: Time

    mutating func setWindow(_ wanted: Interval) {
        let whole = outline.run
        let length = min(max(wanted.length, 10), max(1, whole.length))
        let start = min(max(wanted.start, whole.start), whole.end - length)
        window = Interval(start: start, end: start + length)
    }

    /// Moves what other processes did into the span that it was done for, or back. What there is to say.
    mutating func alignClocks() -> String? {
        let isWhole = window == outline.run
        change { $0.alignsClocks.toggle() }
        redraw(wholeRun: isWhole)
        lanes = lanes.flatMap { $0.renewed(run, outline.clocks, selecting: $0.selectedEvent) }
        guard query.alignsClocks else { return "times as they were sent" }
        let moved = outline.clocks.moved
        return moved == 0
            ? "nothing of another process lies outside of the span it was done for"
            : Prose.count(moved, "row was", "rows were") + " moved into the span above; figures are as they were sent"
    }

    /// After the times changed that things are drawn at.
    private mutating func redraw(wholeRun: Bool) {
        if wholeRun { window = outline.run } else { setWindow(window) }
        let clocks = outline.clocks
        activity =
            clocks.moved == 0
            ? run.tasks?.activity
            : run.tasks.map { GroupActivity($0.group, of: run.analysis, shift: clocks.shift) }
        drawn = DrawnOnce()
    }

    // MARK: Other news of the run

    /// Takes the run as it is by now: what is selected, folded and drawn stays as far as it is there.
    mutating func replaceRun(_ other: BrowsedRun) {
        var kept = folds.opened.union(folds.closed).union(folds.openedFolds).union(origins)
        var (selection, task) = (selection, lanes?.selectedEvent)
        kept.formUnion([selection?.event, task].compactMap(\.self))
        let keys = Set(kept.map { EventKey(trace.events[$0]) })
        var events: [EventKey: Int] = [:]
        for (index, event) in other.analysis.trace.events.enumerated() {
            let key = EventKey(event)
            if keys.contains(key) { events[key] = index }
        }
        func renamed(_ event: Int) -> Int? { events[EventKey(trace.events[event])] }
        func renamed(_ set: Set<Int>) -> Set<Int> { Set(set.compactMap(renamed)) }
        selection = selection.flatMap { kept in renamed(kept.event).map { Selection(kind: kept.kind, event: $0) } }
        task = task.flatMap(renamed)
        let isWhole = window == outline.run
        folds = Folds(
            opened: renamed(folds.opened), closed: renamed(folds.closed), openedFolds: renamed(folds.openedFolds))
        origins = origins.compactMap(renamed)
        run = other
        if !search.isEmpty { searched = EventSearch(search, in: other.analysis.trace) }
        outlineAnew()
        redraw(wholeRun: isWhole)
        lanes = lanes.flatMap { $0.renewed(other, outline.clocks, selecting: task) }
        if let selection { restore(selection) }
    }
}
