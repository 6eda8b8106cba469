/// Walks the rows of a run from the top and writes the entries of an outline.
struct OutlineBuilder {
    private let layout: WaterfallLayout
    private let query: WaterfallQuery
    private let keeps: [Bool]
    private let opened: Set<Int>
    private let closed: Set<Int>
    private let openedFolds: Set<Int>
    /// The number of rows kept before each place.
    private let kept: [Int32]
    private let raised: Int
    /// By place, what siblings are ordered by; nil where that is to be worked out.
    private let values: [Int64]?

    /// An entry to be written, and what follows it and its ancestors.
    private struct Step {
        var entry: WaterfallOutline.Entry
        var followed: UInt64
    }

    /// A row below another, and what it is ordered by.
    private struct Sibling {
        var place: Int
        var value: Int64
    }

    init(
        _ layout: WaterfallLayout, _ query: WaterfallQuery, keeps: [Bool], opened: Set<Int>, closed: Set<Int>,
        openedFolds: Set<Int>
    ) {
        self.layout = layout
        self.query = query
        self.keeps = keeps
        self.opened = opened
        self.closed = closed
        self.openedFolds = openedFolds
        raised = layout.raised
        values = layout.orders[query.sort]
        var kept = [Int32](repeating: 0, count: keeps.count + 1)
        for place in keeps.indices { kept[place + 1] = kept[place] + (keeps[place] ? 1 : 0) }
        self.kept = kept
    }

    /// The number of rows kept below one.
    private func descendants(of place: Int) -> Int {
        Int(kept[place + layout.tree.rows[place].descendants + 1] - kept[place + 1])
    }

    func build(_ outline: inout WaterfallOutline) {
        if query.depth == nil, !query.folds {
            outline.entries.reserveCapacity(Int(kept.last ?? 0))
            outline.details.reserveCapacity(Int(kept.last ?? 0))
        }
        var stack: [Step] = []
        // One array for all: most rows have few siblings, and a large run has many of them.
        var siblings: [Sibling] = []
        collect(&siblings, from: 0, to: layout.count)
        push(siblings, below: 0, to: &stack, &outline)
        while let step = stack.popLast() {
            outline.entries.append(step.entry)
            switch step.entry {
            case .fold(let fold):
                let isOpen = openedFolds.contains(outline.folds[fold].key)
                outline.details.append(.init(followed: step.followed, hasChildren: true, isOpen: isOpen))
                if query.showsExemplars, !isOpen {
                    write(outline.folds[fold].exemplars, below: step.followed, &outline)
                }
            case .row(let place):
                let below = descendants(of: place)
                let isOpen = below > 0 && showsChildren(of: place)
                outline.details.append(.init(followed: step.followed, hasChildren: below > 0, isOpen: isOpen))
                if isOpen {
                    let end = place + layout.tree.rows[place].descendants + 1
                    collect(&siblings, from: place + 1, to: end)
                    push(siblings, below: step.followed, to: &stack, &outline)
                } else {
                    outline.closed += below
                }
            }
        }
    }

    private func write(
        _ exemplars: [WaterfallOutline.Fold.Exemplar], below followed: UInt64, _ outline: inout WaterfallOutline
    ) {
        for (number, exemplar) in exemplars.enumerated() {
            let isLast = number == exemplars.count - 1
            outline.entries.append(.row(exemplar.place))
            outline.details.append(
                .init(
                    followed: followed << 1 | (isLast ? 0 : 1), hasChildren: false, isOpen: false, rank: exemplar.rank))
        }
    }

    private func showsChildren(of place: Int) -> Bool {
        let row = layout.tree.rows[place]
        if closed.contains(row.event) { return false }
        guard let most = query.depth, !opened.contains(row.event) else { return true }
        return max(0, row.depth + 1 - raised) < most
    }

    /// Collects the rows kept of those that are siblings from one place on, in the order of the query.
    private func collect(_ siblings: inout [Sibling], from start: Int, to end: Int) {
        siblings.removeAll(keepingCapacity: true)
        let isByStart = query.sort == .start
        var place = start
        while place < end {
            if keeps[place] {
                let value = isByStart ? 0 : values?[place] ?? layout.value(query.sort, ofPlace: place)
                siblings.append(Sibling(place: place, value: value))
            }
            place += layout.tree.rows[place].descendants + 1
        }
        guard !isByStart, siblings.count > 1 else { return }
        siblings.sort { $0.value != $1.value ? $0.value > $1.value : $0.place < $1.place }
    }

    /// Puts siblings on the stack, the first on top.
    private func push(
        _ siblings: [Sibling], below followed: UInt64, to stack: inout [Step], _ outline: inout WaterfallOutline
    ) {
        guard query.folds, siblings.count >= WaterfallOutline.fewestFolded else {
            for number in siblings.indices.reversed() {
                let isLast = number == siblings.count - 1
                stack.append(Step(entry: .row(siblings[number].place), followed: followed << 1 | (isLast ? 0 : 1)))
            }
            return
        }
        let entries = folding(siblings.map(\.place), &outline)
        for (number, entry) in entries.enumerated().reversed() {
            let isLast = number == entries.count - 1
            stack.append(Step(entry: entry, followed: followed << 1 | (isLast ? 0 : 1)))
        }
    }

    /// Siblings, five or more, as entries: where five or more are equal, a fold stands in the place of the first of them.
    private func folding(_ siblings: [Int], _ outline: inout WaterfallOutline) -> [WaterfallOutline.Entry] {
        var numbers: [Likeness: Int] = [:]
        var groups: [[Int]] = []
        var group: [Int32] = []
        group.reserveCapacity(siblings.count)
        var last: (likeness: Likeness, number: Int)?
        for place in siblings {
            let likeness = Likeness(layout.analysis.trace, layout.tree.rows[place].event)
            if last?.likeness != likeness {
                let number = numbers[likeness] ?? groups.count
                if number == groups.count {
                    numbers[likeness] = number
                    groups.append([])
                }
                last = (likeness, number)
            }
            let number = last?.number ?? 0
            groups[number].append(place)
            group.append(Int32(truncatingIfNeeded: number))
        }
        var entries: [WaterfallOutline.Entry] = []
        var isTold = [Bool](repeating: false, count: groups.count)
        for (position, place) in siblings.enumerated() {
            let number = Int(group[position])
            if groups[number].count < WaterfallOutline.fewestFolded {
                entries.append(.row(place))
            } else if !isTold[number] {
                isTold[number] = true
                let fold = WaterfallOutline.Fold(groups[number], layout)
                entries.append(.fold(outline.folds.count))
                outline.folds.append(fold)
                if openedFolds.contains(fold.key) {
                    entries += fold.places.map { .row($0) }
                } else {
                    outline.folded += fold.places.reduce(0) { $0 + 1 + descendants(of: $1) }
                }
            }
        }
        return entries
    }
}

/// What makes siblings equal.
private struct Likeness: Hashable {
    private let kind: Event.Kind
    private let name: Symbol?
    private let type: Symbol
    private let subtype: Symbol?
    private let service: Symbol

    init(_ trace: Trace, _ index: Int) {
        let event = trace.events[index]
        (kind, name, type, subtype, service) = (event.kind, event.name, event.type, event.subtype, event.service)
    }
}

extension WaterfallOutline.Fold {
    /// Equal siblings of a run, by their places.
    fileprivate init(_ places: [Int], _ layout: WaterfallLayout) {
        let trace = layout.analysis.trace
        let first = layout.tree.rows[places[0]].event
        self.places = places
        depth = layout.depth(ofPlace: places[0])
        kind = trace.events[first].kind
        name = trace.events[first].name
        label = trace.symbols.text(name) ?? "(no name)"
        var key = first
        var (failed, total, wait, work) = (0, Int128(0), Int128(0), Int128(0))
        var firstFailed: Int?
        var totals: [(total: Int64, place: Int)] = []
        totals.reserveCapacity(places.count)
        for place in places {
            let event = layout.tree.rows[place].event
            key = Swift.min(key, event)
            if trace.events[event].outcome == .failure {
                failed += 1
                firstFailed = firstFailed ?? place
            }
            let length = layout.total(event)
            total += Int128(length)
            wait += Int128(layout.value(.wait, ofPlace: place))
            work += Int128(layout.value(.work, ofPlace: place))
            totals.append((length, place))
        }
        totals.sort { $0.total != $1.total ? $0.total < $1.total : $0.place < $1.place }
        func ranked(_ hundredths: Int) -> Int {
            totals[Percentile.position(hundredths: hundredths, of: totals.count)].place
        }
        self.key = key
        (self.failed, self.total, self.wait, self.work) = (failed, total, wait, work)
        max = ranked(10_000)
        var exemplars = [Exemplar(place: max, rank: .max)]
        for (place, rank) in [(ranked(9_900), Rank.p99), (ranked(5_000), .p50)]
        where !exemplars.contains(where: { $0.place == place }) {
            exemplars.insert(Exemplar(place: place, rank: rank), at: 0)
        }
        let hasFailed = exemplars.contains {
            trace.events[layout.tree.rows[$0.place].event].outcome == .failure
        }
        if let firstFailed, !hasFailed { exemplars.append(Exemplar(place: firstFailed, rank: .failed)) }
        self.exemplars = exemplars
    }
}
