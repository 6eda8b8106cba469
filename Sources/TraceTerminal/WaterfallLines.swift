import TraceCore

/// What a waterfall draws from the top: each line is made when it is asked for, since of a long run few are shown.
struct WaterfallLines {
    enum Line {
        case row(WaterfallLayout.Row, isOpen: Bool)
        /// A fold, its number in the outline, and what its first member says.
        case fold(Int, WaterfallLayout.Row, isOpen: Bool)
        /// A member of a fold, and which it is.
        case exemplar(WaterfallOutline.Fold.Rank, WaterfallLayout.Row)
        /// The name of the group that the lanes below are of.
        case group(TaskGroup)
        case lane(WaterfallLanes.Lane)

        /// The row of one event, as far as the line is one.
        var row: WaterfallLayout.Row? {
            switch self {
            case .row(let row, _), .exemplar(_, let row): row
            case .fold, .group, .lane: nil
            }
        }
    }

    private enum Reference {
        case entry(Int)
        case exemplar(WaterfallOutline.Fold.Exemplar, entry: Int, isLast: Bool)
        case group(Int)
        case lane(Int)
    }

    let outline: WaterfallOutline
    /// Where lanes are drawn instead of the outline.
    let lanes: WaterfallLanes?
    /// The number of entries or lanes there are, and of those that are drawn.
    let entries: Int
    let shown: Int
    /// The number of exemplars drawn.
    let exemplars: Int
    private let references: [Reference]

    init(_ outline: WaterfallOutline, limit: RowLimit, standard: Int) {
        self.outline = outline
        lanes = nil
        entries = outline.entries.count
        shown = limit.shown(of: entries, standard: standard)
        var references: [Reference] = []
        var exemplars = 0
        for entry in 0..<shown {
            references.append(.entry(entry))
            guard case .fold(let fold) = outline.entries[entry], !outline.isOpen(at: entry) else { continue }
            let chosen = outline.folds[fold].exemplars
            exemplars += chosen.count
            for (number, exemplar) in chosen.enumerated() {
                references.append(.exemplar(exemplar, entry: entry, isLast: number == chosen.count - 1))
            }
        }
        self.references = references
        self.exemplars = exemplars
    }

    init(_ lanes: WaterfallLanes, outline: WaterfallOutline, limit: RowLimit, standard: Int) {
        self.outline = outline
        self.lanes = lanes
        entries = lanes.lanes.count
        shown = limit.shown(of: entries, standard: standard)
        exemplars = 0
        var references: [Reference] = []
        var group: Int?
        for number in 0..<shown {
            if lanes.lanes[number].group != group, lanes.layout.analysis.groups.count > 1 {
                references.append(.group(lanes.lanes[number].group))
            }
            group = lanes.lanes[number].group
            references.append(.lane(number))
        }
        self.references = references
    }

    /// The time that is drawn.
    var window: Interval { lanes?.window ?? outline.window }

    /// What the tasks of a lane worked together, µs.
    func work(of lane: WaterfallLanes.Lane) -> Int64 {
        let analysis = outline.layout.analysis
        let members = analysis.groups[lane.group].members
        let work = lane.members.reduce(Int128(0)) { sum, member in
            sum + Int128(analysis.breakdown(members[member].transaction)?.work ?? 0)
        }
        return Int64(clamping: work)
    }

    /// The number of lines.
    var count: Int { references.count }

    /// A line, from 0 at the top.
    subscript(_ index: Int) -> Line {
        switch references[index] {
        case .entry(let entry):
            let isOpen = outline.isOpen(at: entry)
            switch outline.entries[entry] {
            case .row: return .row(outline.row(at: entry), isOpen: isOpen)
            case .fold(let fold): return .fold(fold, outline.row(at: entry), isOpen: isOpen)
            }
        case .exemplar(let exemplar, let entry, let isLast):
            var row = outline.row(ofPlace: exemplar.place)
            row.depth += 1
            row.followed = outline.followed(at: entry) << 1 | (isLast ? 0 : 1)
            row.hasChildren = false
            return .exemplar(exemplar.rank, row)
        case .group(let group): return .group(outline.layout.analysis.groups[group])
        case .lane(let number):
            guard let lanes else { preconditionFailure("lanes are drawn without lanes") }
            return .lane(lanes.lanes[number])
        }
    }

    /// The events whose rows are drawn, as indices into the trace's events.
    var events: [Int] {
        references.compactMap { reference in
            switch reference {
            case .entry(let entry):
                guard case .row(let place) = outline.entries[entry] else { return nil }
                return outline.layout.tree.rows[place].event
            case .exemplar(let exemplar, _, _): return outline.layout.tree.rows[exemplar.place].event
            case .group, .lane: return nil
            }
        }
    }
}
