import TraceCore

/// The list of runs, as one walks through it.
struct BrowserRunList: Sendable {
    /// Nil until they were read.
    private(set) var runs: [RunSummary]?
    /// Those that are shown, as indices into `runs`.
    private(set) var shown: [Int] = []
    var cursor = ListCursor()
    /// What the shown ones have in their id, service or name.
    private(set) var filter = ""
    /// Whether also those without a group are shown.
    private(set) var showsAll = false

    /// The run that is selected.
    var selected: RunSummary? {
        guard let runs, shown.indices.contains(cursor.selected) else { return nil }
        return runs[shown[cursor.selected]]
    }

    /// How many are not shown since they have no group.
    var hidden: Int { showsAll ? 0 : (runs?.count { $0.group == nil } ?? 0) }

    /// Takes runs that were read; the selected one stays selected, and in its place.
    mutating func take(_ read: [RunSummary]) {
        let (isFirst, id) = (runs == nil, selected?.id)
        runs = read
        // Better these than none.
        if isFirst, !read.contains(where: { $0.group != nil }) { showsAll = true }
        choose(keeping: id)
    }

    mutating func setFilter(_ text: String) {
        let id = selected?.id
        filter = text
        choose(keeping: id)
    }

    mutating func toggleAll() {
        let id = selected?.id
        showsAll.toggle()
        choose(keeping: id)
    }

    /// Selects a run, where it is shown.
    mutating func select(_ id: Identifier) {
        guard let runs, let row = shown.firstIndex(where: { runs[$0].id == id }) else { return }
        cursor.select(row)
    }

    private mutating func choose(keeping id: Identifier?) {
        let runs = runs ?? []
        let needle = Needle(filter)
        shown = runs.indices.filter { index in
            let run = runs[index]
            guard showsAll || run.group != nil else { return false }
            return needle.isIn(run.id) || needle.isIn(run.name ?? "") || needle.isIn(run.service ?? "")
        }
        guard let id, let row = shown.firstIndex(where: { runs[$0].id == id }) else { return }
        cursor.replace(by: row)
    }
}
