package import TraceCore

/// What the browser wants to be done, since it does nothing itself.
package enum BrowserAction: Sendable, Hashable {
    case quit
    /// Stop as Ctrl-Z stops programs, and go on later.
    case suspend
    /// Draw everything anew.
    case redraw
    /// Put a text into the clipboard.
    case copy(String)
    /// Read the list of runs; answered by `BrowserNews.runs`.
    case readRuns
    /// Read a run; answered by `run`.
    case readRun(Identifier)
    /// Read what is stored about an event of the open run; answered by `page`.
    case readPage(EventKey)
    /// Work out the report of the open run, its distribution in so many bins; answered by `report`.
    case makeReport(bins: Int)
    /// Replay the open run's largest group; answered by `replay`.
    case makeReplay
    /// Watch the database, or no longer.
    case follow(Bool)
}

/// What the browser is told.
package enum BrowserNews: Sendable {
    /// The runs of the set that is browsed, newest first.
    case runs([RunSummary])
    case run(BrowsedRun)
    /// What is stored about an event.
    case page(EventKey, SpanPage)
    case report(TaskReport)
    /// The replay of the run's largest group; nil where it has none.
    case replay(SlotReplay?)
    /// Something could not be done: a sentence.
    case failure(String)
    /// What was read is no longer what is stored, or is gone: a sentence that stays until something is read.
    case stale(String)
}

/// An event of a run, known by what it was sent as: it stays the same when the run is read again.
package struct EventKey: Sendable, Hashable {
    package var kind: Event.Kind
    package var id: Identifier

    package init(_ event: Event) {
        kind = event.kind
        id = event.id
    }
}
