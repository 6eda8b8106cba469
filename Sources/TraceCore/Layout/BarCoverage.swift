/// A bar on a scale: what stands in each eighth of each cell.
///
/// Every edge stands at the nearest eighth. What is not empty is never lost: a stretch too short for an eighth
/// takes one where nothing else stands, and wait and work that a bar has are both found in it. The task's own code
/// gives way to other work, of which it is a part.
package struct BarCoverage: Sendable {
    /// Eight for each cell.
    package let eighths: [BarFill?]
    package let cells: [BarCell]

    /// `stretches` do not overlap, apart from delays, which all others go over.
    package init(_ stretches: [BarStretch], on scale: TimeScale) {
        let eighths = Self.paint(stretches, on: scale, parts: 8)
        var cells = (0..<scale.cells).map { BarCell(eighths[$0 * 8..<$0 * 8 + 8]) }
        var fills = cells.map(\.fill)
        Self.keepVisible(&fills, stretches: stretches, on: scale, parts: 1)
        for cell in cells.indices { cells[cell].fill = fills[cell] }
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
        // Of wait and of work, how many slots show it.
        var counts = [true, false].map { isWork in slots.count { Self.isOfClass($0, isWork) } }
        for sliver in slivers {
            let slot = scale.position(sliver.interval.start, parts: parts)
            let isWork = sliver.fill.isWork
            switch slots[slot] {
            case nil, .delay: break
            case let fill? where fill.isWork == isWork: if isWork { continue }
            case _ where counts[isWork ? 0 : 1] > 0: continue
            default: counts[isWork ? 1 : 0] -= 1
            }
            if !Self.isOfClass(slots[slot], isWork) { counts[isWork ? 0 : 1] += 1 }
            slots[slot] = sliver.fill
        }
        keepVisible(&slots, stretches: stretches, on: scale, parts: parts)
        return slots
    }

    private static func isOfClass(_ fill: BarFill?, _ isWork: Bool) -> Bool {
        fill.map { $0 != .delay && $0.isWork == isWork } ?? false
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
