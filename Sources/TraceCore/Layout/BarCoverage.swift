/// What a stretch of a bar says.
package enum BarFill: Sendable, Hashable {
    case work
    /// The task's own code, a part of its work.
    case own
    case wait
    /// Before the task was opened.
    case delay

    /// Whether it is work, the task's own code included.
    package var isWork: Bool { self == .work || self == .own }
}

/// A stretch of a bar.
package struct BarStretch: Sendable, Hashable {
    package var fill: BarFill
    package var interval: Interval

    package init(_ fill: BarFill, _ interval: Interval) {
        self.fill = fill
        self.interval = interval
    }
}

/// A bar on a scale: what stands in each eighth of each cell.
///
/// Every edge stands at the nearest eighth. What is not empty is never lost: a stretch too short for an eighth
/// takes one where nothing else stands, and wait and work that a bar has are both found in it. The task's own code
/// gives way to other work, of which it is a part.
package struct BarCoverage: Sendable {
    /// Eight for each cell.
    package let eighths: [BarFill?]
    /// One for each cell: what most of it says, nil where most of it is empty; again with nothing lost.
    package let cells: [BarFill?]

    /// `stretches` do not overlap, apart from delays, which all others go over.
    package init(_ stretches: [BarStretch], on scale: TimeScale) {
        let eighths = Self.paint(stretches, on: scale, parts: 8)
        var cells = (0..<scale.cells).map { Self.majority(eighths[$0 * 8..<$0 * 8 + 8]) }
        Self.keepVisible(&cells, stretches: stretches, on: scale, parts: 1)
        self.eighths = eighths
        self.cells = cells
    }

    private static func paint(_ stretches: [BarStretch], on scale: TimeScale, parts: Int) -> [BarFill?] {
        var slots = [BarFill?](repeating: nil, count: scale.cells * parts)
        var slivers: [BarStretch] = []
        for stretch in stretches.filter({ $0.fill == .delay }) + stretches.filter({ $0.fill != .delay }) {
            let first = scale.edge(stretch.interval.start, parts: parts)
            let last = scale.edge(stretch.interval.end, parts: parts)
            for slot in first..<max(first, last) { slots[slot] = stretch.fill }
            if last <= first, stretch.fill != .delay { slivers.append(stretch) }
        }
        for sliver in slivers {
            let slot = scale.position(sliver.interval.start, parts: parts)
            switch slots[slot] {
            case nil, .delay: slots[slot] = sliver.fill
            case let fill? where fill.isWork && sliver.fill.isWork: continue
            case _ where slots.contains { $0.map { $0.isWork == sliver.fill.isWork } ?? false }: continue
            default: slots[slot] = sliver.fill
            }
        }
        keepVisible(&slots, stretches: stretches, on: scale, parts: parts)
        return slots
    }

    private static func majority(_ eighths: ArraySlice<BarFill?>) -> BarFill? {
        var best: (fill: BarFill?, count: Int) = (nil, 0)
        for fill: BarFill? in [.wait, .work, .own, .delay, nil] {
            let count = eighths.count { $0 == fill }
            if count > best.count { best = (fill, count) }
        }
        // Work and own code together may outweigh what neither does alone.
        let work = eighths.count { $0?.isWork ?? false }
        if work > best.count { return eighths.count { $0 == .own } * 2 > work ? .own : .work }
        return best.fill
    }

    /// Gives wait, or work, a slot where the bar has some and none shows it: the one it stands in, or where that is
    /// the only one that shows the other, its neighbour.
    private static func keepVisible(
        _ slots: inout [BarFill?], stretches: [BarStretch], on scale: TimeScale, parts: Int
    ) {
        for isWork in [true, false] {
            func isOfClass(_ fill: BarFill?) -> Bool { fill.map { $0 != .delay && $0.isWork == isWork } ?? false }
            func isOther(_ fill: BarFill?) -> Bool { fill.map { $0 != .delay && $0.isWork != isWork } ?? false }
            guard !slots.contains(where: isOfClass) else { continue }
            guard
                let longest = stretches.filter({ isOfClass($0.fill) })
                    .max(by: { $0.interval.length < $1.interval.length })
            else { continue }
            let middle = longest.interval.start + longest.interval.length / 2
            var slot = scale.position(middle, parts: parts)
            if isOther(slots[slot]), slots.count(where: isOther) == 1 {
                let other = stretches.first { isOther($0.fill) }
                let isBefore = other.map { longest.interval.start < $0.interval.start } ?? false
                let neighbour = isBefore ? slot - 1 : slot + 1
                slot = slots.indices.contains(neighbour) ? neighbour : (isBefore ? slot + 1 : slot - 1)
                if !slots.indices.contains(slot) { continue }
            }
            slots[slot] = longest.fill
        }
    }
}
