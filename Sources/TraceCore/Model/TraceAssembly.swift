/// The steps from the events of one trace, in any order, to the same events once each, ordered, with the
/// parents and owners they name.
struct TraceAssembly {
    private(set) var events: [Event] = []
    private(set) var parents: [Int?] = []
    private(set) var owners: [Int?] = []

    private var transactions: [Identifier: Int] = [:]
    private var spans: [Identifier: Int] = [:]

    init(_ input: [Event]) {
        keepFirst(of: input)
        parents = events.map { event in event.parent.flatMap(find) }
        owners = findOwners()
        settleStarts()
        sort()
    }

    /// Of two events with the same id and kind the first counts.
    private mutating func keepFirst(of input: [Event]) {
        events.reserveCapacity(input.count)
        for event in input {
            let isNew: Bool
            switch event.kind {
            case .transaction:
                isNew = transactions.updateIfAbsent(event.id, events.count)
            case .span:
                isNew = spans.updateIfAbsent(event.id, events.count)
            }
            if isNew { events.append(event) }
        }
    }

    /// The event that a parent id names. Ids are unique within a kind; where a transaction and a span share
    /// one, the transaction is meant.
    private func find(_ id: Identifier) -> Int? { transactions[id] ?? spans[id] }

    private func findOwners() -> [Int?] {
        var owners = [Int?](repeating: nil, count: events.count)
        var isSettled = [Bool](repeating: false, count: events.count)
        for index in events.indices {
            switch (events[index].kind, events[index].transaction) {
            case (.transaction, _): owners[index] = index
            case (.span, let named?): owners[index] = transactions[named]
            case (.span, nil): continue
            }
            isSettled[index] = true
        }
        // Spans without a transaction_id go up until a transaction is met: not to the owner of a span on the
        // way, which may have named a transaction of its own.
        var found = [Int?](repeating: nil, count: events.count)
        var mark = [Int](repeating: -1, count: events.count)
        var isKnown = [Bool](repeating: false, count: events.count)
        for index in events.indices where !isSettled[index] {
            var path: [Int] = []
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

    private mutating func sort() {
        let order = events.indices.sorted { left, right in
            let (a, b) = (events[left], events[right])
            if a.start != b.start { return a.start < b.start }
            if a.id != b.id { return a.id < b.id }
            return a.kind.rawValue < b.kind.rawValue
        }
        var position = [Int](repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { position[old] = new }
        events = order.map { events[$0] }
        parents = order.map { old in parents[old].map { position[$0] } }
        owners = order.map { old in owners[old].map { position[$0] } }
    }
}

extension Dictionary {
    /// Sets a value where the key has none yet; whether it did.
    fileprivate mutating func updateIfAbsent(_ key: Key, _ value: Value) -> Bool {
        guard self[key] == nil else { return false }
        self[key] = value
        return true
    }
}
