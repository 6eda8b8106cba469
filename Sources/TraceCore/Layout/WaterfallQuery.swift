/// What of a run is looked at, in which order, and over which time.
///
/// The conditions hold together: a row matches that meets all of them. What is above a match stays, as its context.
package struct WaterfallQuery: Sendable, Equatable {
    /// In which order siblings stand.
    package enum Sort: String, Sendable, CaseIterable {
        /// By (start, id).
        case start
        /// The largest first; equal ones by (start, id).
        case total
        case wait
        case work
    }

    /// Only what was done for this user: tasks, and the spans of them.
    package var user: String?
    /// Only what failed.
    package var failedOnly = false
    /// Only rows whose total is at least so long, µs.
    package var minDuration: Int64?
    /// Only rows that have this text in their name, user, type, subtype, action, service or id, whatever its case.
    package var text: String?
    /// How many levels of rows are shown, as they are drawn: 1 are those that are not set in. Nil is all.
    package var depth: Int?
    package var sort: Sort = .start
    /// The time that is drawn, µs since the epoch: what lies outside is left out, bars are cut at its edges. Nil is
    /// the whole run.
    package var window: Interval?
    /// Whether equal siblings, five or more, fold to one entry.
    package var folds = true
    /// Whether a closed fold is followed by rows of the members that stand for the others; they are counted as folded
    /// all the same.
    package var showsExemplars = false
    /// Whether events of another process that lie outside their parents are moved into them; see `ClockAlignment`.
    package var alignsClocks = false

    /// Everything of a run, equal siblings folded.
    package init() {}

    /// Whether some rows may be left out by what they are.
    package var filters: Bool { user != nil || failedOnly || minDuration != nil || !(text ?? "").isEmpty }
}
