package import TraceCore

/// What of a run is drawn, and as what.
package struct WaterfallChoice: Sendable, Equatable {
    /// Its `folds` says nothing here: `folding` does.
    package var query = WaterfallQuery()
    /// Whether equal siblings are one entry; by itself, where there are more rows than are shown and no order was
    /// asked for.
    package var folding: AutomaticChoice = .auto
    /// Whether lanes of tasks are drawn instead of rows.
    package var showsLanes = false

    /// Rows of the whole run.
    package init() {}

    /// The outline of a run of which so many entries are shown.
    package func outline(of layout: WaterfallLayout, limit: Int) -> WaterfallOutline {
        var query = query
        query.folds = folding == .always
        let outline = WaterfallOutline(layout, query: query)
        guard folding == .auto, query.sort == .start, outline.entries.count > limit else { return outline }
        query.folds = true
        let folded = WaterfallOutline(layout, query: query)
        return folded.folds.isEmpty ? outline : folded
    }

    /// The options by which rows are left out, as they are given.
    var filterNames: [String] {
        let names: [(String, Bool)] = [
            ("--user", query.user != nil), ("--failed", query.failedOnly),
            ("--min-duration", query.minDuration != nil), ("--filter", !(query.text ?? "").isEmpty),
            ("--from, --to", query.window != nil),
        ]
        return names.filter(\.1).map(\.0)
    }
}
