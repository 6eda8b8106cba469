/// The entries of a waterfall from the top: what a query leaves of a run's rows, equal siblings folded.
///
/// To make one goes over all rows a few times and no more; what stands on a row is worked out when it is asked for.
package struct WaterfallOutline: Sendable {
    package enum Entry: Sendable, Hashable {
        /// An event, by its place in `layout.tree.rows`.
        case row(Int)
        /// Equal siblings, as an index into `folds`. Where the fold is open, its members are the rows behind it, on
        /// the same level.
        case fold(Int)
    }

    package let layout: WaterfallLayout
    package let query: WaterfallQuery
    /// The time that is drawn: the query's, else the whole run, after clocks were aligned.
    package let window: Interval
    /// The whole run, after clocks were aligned: what times are counted from.
    package let run: Interval
    package let clocks: ClockAlignment
    package internal(set) var entries: [Entry] = []
    package internal(set) var folds: [Fold] = []
    /// The number of rows that match the query's conditions, without those above them.
    package let matches: Int
    /// The number of rows that the query's conditions and its window leave out.
    package let leftOut: Int
    /// The number of rows left that stand in closed folds, what is below them included.
    package internal(set) var folded = 0
    /// The number of rows left that stand below closed rows, or too deep.
    package internal(set) var closed = 0
    var details: [Detail] = []

    /// Equal siblings need to be so many to be folded: a fold shows three of them beside itself.
    package static let fewestFolded = 5

    /// What is known of an entry beside what it shows.
    struct Detail: Sendable {
        /// Bit 0: whether a sibling follows; bit n: whether one follows of its n-th ancestor.
        var followed: UInt64
        var hasChildren: Bool
        var isOpen: Bool
        var rank: Fold.Rank?
    }

    /// `opened` and `closed` are the events whose children are shown, or not, whatever the query's depth;
    /// `openedFolds` are the folds shown with their members, by `Fold.key`.
    package init(
        _ layout: WaterfallLayout, query: WaterfallQuery = WaterfallQuery(), opened: Set<Int> = [],
        closed: Set<Int> = [], openedFolds: Set<Int> = []
    ) {
        let clocks = query.alignsClocks ? layout.clocks : .none
        let filter = WaterfallFilter(layout, query, clocks: clocks)
        self.layout = layout
        self.query = query
        self.clocks = clocks
        run = layout.window(clocks)
        window = query.window ?? run
        matches = filter.matches
        leftOut = filter.keeps.count { !$0 }
        let builder = OutlineBuilder(
            layout, query, keeps: filter.keeps, opened: opened, closed: closed, openedFolds: openedFolds)
        builder.build(&self)
    }

    /// What an entry's row says, as far as it lies in the window; of a fold, what its first member says.
    package func row(at index: Int) -> WaterfallLayout.Row {
        let place =
            switch entries[index] {
            case .row(let place): place
            case .fold(let fold): folds[fold].places[0]
            }
        var row = row(ofPlace: place)
        row.followed = details[index].followed
        row.hasChildren = details[index].hasChildren
        row.depth = depth(at: index)
        return row
    }

    /// What a row says, by its place in `layout.tree.rows`, as far as it lies in the window: also one that is no
    /// entry, as the exemplars of folds are.
    package func row(ofPlace place: Int) -> WaterfallLayout.Row {
        var row = layout.row(place)
        let shift = clocks.shift(of: row.event)
        row.isMoved = shift != 0
        row.showsEnd = window.touches(layout.analysis.trace.end(row.event) + shift)
        row.stretches = row.stretches.compactMap { stretch in
            let interval = stretch.interval.moved(by: shift)
            let isInside = interval.isEmpty ? window.touches(interval.start) : window.meets(interval)
            return isInside ? BarStretch(stretch.fill, interval.clipped(to: window)) : nil
        }
        return row
    }

    /// How far an entry is set in.
    package func depth(at index: Int) -> Int {
        switch entries[index] {
        case .row(let place): layout.depth(ofPlace: place) + (details[index].rank == nil ? 0 : 1)
        case .fold(let fold): folds[fold].depth
        }
    }

    /// What the row of an entry stands for as an exemplar of the closed fold above it; nil where it is none.
    package func rank(at index: Int) -> Fold.Rank? { details[index].rank }

    /// Whether what is below an entry is shown, or the members of a fold.
    package func isOpen(at index: Int) -> Bool { details[index].isOpen }

    /// Whether something is below an entry, shown or not; every fold has something.
    package func hasChildren(at index: Int) -> Bool { details[index].hasChildren }

    /// Bit 0: whether a sibling follows an entry; bit n: whether one follows of its n-th ancestor.
    package func followed(at index: Int) -> UInt64 { details[index].followed }
}

extension WaterfallOutline {
    /// Equal siblings: events of one kind, name, type and service below one parent.
    package struct Fold: Sendable, Hashable {
        /// The members, in the order of the query, as places in `layout.tree.rows`.
        package internal(set) var places: [Int]
        /// How far it is set in: as far as its members.
        package let depth: Int
        /// What it is known by when the outline is made again: the event of its earliest member.
        package let key: Int
        /// What its members have in common, the name nil where they have none.
        package let kind: Event.Kind
        package let name: Symbol?
        /// Their name as it was sent, without their number.
        package let label: String
        /// The members that stand for the others, the longest last of those by rank; each member once.
        package let exemplars: [Exemplar]
        /// The longest of its members, as a place.
        package let max: Int
        /// The number of members that failed.
        package let failed: Int
        /// Of all members, µs.
        package let total: Int128
        package let wait: Int128
        package let work: Int128

        package var count: Int { places.count }

        /// A member that stands for the others.
        package struct Exemplar: Sendable, Hashable {
            /// As a place in `layout.tree.rows`.
            package let place: Int
            /// What it is of them; where it is several, the highest.
            package let rank: Rank
        }

        /// Members by their totals, nearest rank (see `Percentile`); and the first that failed in the order of the
        /// query, where none of those did.
        package enum Rank: String, Sendable {
            case p50
            case p99
            case max
            case failed
        }
    }

    /// How many members of a fold work, and how many wait, over time.
    package func density(ofFold fold: Int, on scale: TimeScale) -> (
        running: GroupActivity.Series, waiting: GroupActivity.Series
    ) {
        var activity = ActivityStretches()
        for place in folds[fold].places {
            let event = layout.tree.rows[place].event
            activity.add(event, waits: layout.waiting[event], of: layout.analysis, shift: clocks.shift(of: event))
        }
        activity.sort()
        return activity.series(on: scale)
    }
}

extension Interval {
    /// Whether two stretches, neither of them empty, have a part in common.
    package func meets(_ other: Interval) -> Bool { other.start < end && other.end > start }

    /// Whether an instant lies in it or at its end.
    func touches(_ time: Int64) -> Bool { time >= start && time <= end }
}
