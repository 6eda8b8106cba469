/// The steps from the events of one trace, in any order, to the same events once each, ordered, with the
/// parents and owners they name.
struct TraceAssembly {
    private(set) var events: [Event]
    private(set) var parents: EventLinks
    private(set) var owners: EventLinks
    /// Events that were left out and are not the first one with their id.
    private(set) var conflicts = 0

    /// The events stand in a batch, with what they name.
    init(_ input: [Event], of batch: EventBatch) {
        events = input
        parents = EventLinks(count: 0)
        owners = parents
        let known = keepFirst(batch)
        parents = EventLinks(count: events.count)
        for index in events.indices { parents[index] = events[index].parent.flatMap { known.parent($0, in: events) } }
        owners = findOwners(known)
        settleStarts()
        sort()
    }

    /// Of two events with the same id and kind the first counts.
    private mutating func keepFirst(_ batch: EventBatch) -> EventsByID {
        var known = EventsByID(capacity: events.count)
        var kept = 0
        for index in events.indices {
            if known.insert(events[index], at: kept, of: events) {
                if kept != index { events.swapAt(kept, index) }
                kept += 1
            } else if let first = known.find(events[index].kind, events[index].id, in: events) {
                let differences = batch.differences(
                    of: events[index], from: events[first], in: batch, requestTime: nil)
                if !differences.isEmpty { conflicts += 1 }
            }
        }
        if kept < events.count { events.removeLast(events.count - kept) }
        return known
    }

    private func findOwners(_ known: EventsByID) -> EventLinks {
        var owners = EventLinks(count: events.count)
        // Spans without a transaction_id go up until a transaction is met: not to the owner of a span on the
        // way, which may have named a transaction of its own.
        var climbing: [Int] = []
        for index in events.indices {
            switch (events[index].kind, events[index].transaction) {
            case (.transaction, _): owners[index] = index
            case (.span, let named?): owners[index] = known.find(.transaction, named, in: events)
            case (.span, nil): climbing.append(index)
            }
        }
        guard !climbing.isEmpty else { return owners }
        var found = EventLinks(count: events.count)
        var mark = EventLinks(count: events.count)
        var isKnown = [Bool](repeating: false, count: events.count)
        var path: [Int] = []
        for index in climbing {
            path.removeAll(keepingCapacity: true)
            var next: Int? = index
            var result: Int?
            while let current = next {
                if events[current].kind == .transaction {
                    result = current
                    break
                }
                if isKnown[current] {
                    result = found[current]
                    break
                }
                if mark[current] == index { break }
                mark[current] = index
                path.append(current)
                next = parents[current]
            }
            for step in path {
                found[step] = result
                isKnown[step] = true
            }
            owners[index] = result
        }
        return owners
    }

    /// A span that came with an offset starts that much after its transaction, where that came.
    private mutating func settleStarts() {
        for index in events.indices {
            guard let offset = events[index].offset, let owner = owners[index] else { continue }
            events[index].start = events[owner].start + offset
        }
    }

    /// By (start, id, kind). Events that stand in order already stay where they are, uncopied.
    private mutating func sort() {
        var keys = events.indices.map { SortKey(start: events[$0].start, id: events[$0].id.leading, event: $0) }
        keys.sort { left, right in
            if left.start != right.start { return left.start < right.start }
            if left.id != right.id { return left.id < right.id }
            let (a, b) = (events[left.event].id, events[right.event].id)
            return a != b ? a < b : events[left.event].kind.rawValue < events[right.event].kind.rawValue
        }
        guard keys.indices.contains(where: { keys[$0].event != $0 }) else { return }
        var position = [Int](repeating: 0, count: keys.count)
        for new in keys.indices { position[keys[new].event] = new }
        parents = moved(parents, keys, to: position)
        owners = moved(owners, keys, to: position)
        moveEvents(&keys)
    }

    private func moved(_ links: EventLinks, _ keys: [SortKey], to position: [Int]) -> EventLinks {
        var moved = EventLinks(count: links.count)
        for new in keys.indices { moved[new] = links[keys[new].event].map { position[$0] } }
        return moved
    }

    /// Moves each event to its place, going round the circles that the moves make: a second list of them all would be
    /// most of the memory that a trace takes.
    private mutating func moveEvents(_ keys: inout [SortKey]) {
        events.withUnsafeMutableBufferPointer { events in
            guard let base = events.baseAddress else { return }
            for start in keys.indices where keys[start].event != start {
                let first = (base + start).move()
                var hole = start
                while keys[hole].event != start {
                    let source = keys[hole].event
                    (base + hole).moveInitialize(from: base + source, count: 1)
                    keys[hole].event = hole
                    hole = source
                }
                (base + hole).initialize(to: first)
                keys[hole].event = hole
            }
        }
    }

    private struct SortKey {
        var start: Int64
        /// See `Identifier.leading`.
        var id: UInt64
        var event: Int
    }
}

extension Identifier {
    /// A number that is never larger than that of an id that goes behind: the first sixteen characters as hex digits,
    /// and what is none as the nearest that are.
    fileprivate var leading: UInt64 {
        switch self {
        case .short(let value), .long(let value, _): return value
        case .text(let bytes):
            var value: UInt64 = 0
            for place in 0..<16 {
                guard place < bytes.count else { return value << UInt64(4 * (16 - place)) }
                let rest = UInt64.max >> UInt64(4 * place)
                let room = UInt64(4 * (16 - place))
                switch bytes[place] {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(bytes[place] - 48)
                case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(bytes[place] - 87)
                case ..<UInt8(ascii: "0"): return value << room
                case ..<UInt8(ascii: "a"): return value << room | 0x9FFF_FFFF_FFFF_FFFF >> UInt64(4 * place)
                default: return value << room | rest
                }
            }
            return value
        }
    }
}
