/// What stands in one cell of a bar.
package struct BarCell: Sendable, Hashable {
    /// How many of its eighths wait.
    package private(set) var wait = 0
    /// How many of its eighths work, the task's own code included.
    package private(set) var work = 0
    /// How many of its eighths are the task's own code.
    package private(set) var own = 0
    private var delay = 0
    /// Whether wait comes before work.
    package private(set) var startsWithWait = false
    /// Whether what it has stands at its right edge and not at its left one.
    package private(set) var isRightAligned = false
    /// What most of it says, nil where most of it is empty; where a bar would else lose what it has, that.
    package internal(set) var fill: BarFill?

    init(_ eighths: ArraySlice<BarFill?>) {
        for fill in eighths {
            switch fill {
            case .wait:
                if work == 0 { startsWithWait = true }
                wait += 1
            case .work: work += 1
            case .own: (work, own) = (work + 1, own + 1)
            case .delay: delay += 1
            case nil: break
            }
        }
        isRightAligned = Self.isBusy(eighths.last) && !Self.isBusy(eighths.first)
        fill = majority
    }

    /// Whether both wait and work stand in it.
    package var isMixed: Bool { wait > 0 && work > 0 }

    /// Whether it says what a neighbour, too full to show all it has, had no room for.
    package var standsForNeighbour: Bool {
        fill.map { $0 != .delay && ($0.isWork ? work : wait) == 0 } ?? false
    }

    /// Whether it shows work or wait; nil where it shows neither.
    package var says: BarFill? {
        if standsForNeighbour { return fill }
        return wait + work == 0 ? nil : wait > work ? .wait : .work
    }

    private var majority: BarFill? {
        let empty = 8 - wait - work - delay
        if wait > 0, wait >= max(work, delay, empty) { return .wait }
        if work > 0, work >= max(delay, empty) { return own * 2 > work ? .own : .work }
        return delay > 0 && delay >= empty ? .delay : nil
    }

    private static func isBusy(_ eighth: BarFill??) -> Bool {
        switch eighth {
        case .work?, .own?, .wait?: true
        default: false
        }
    }
}
