/// Finds events of a list by their kind and id.
///
/// A table of its own: of a large trace most of the time of assembling would go into hashing ids otherwise.
struct EventsByID {
    /// Open addressing: 0 is free, else the event's index + 1 below the high half of its hash.
    private var slots: [UInt64]

    /// A table for so many events at most.
    init(capacity: Int) {
        precondition(capacity < Int(Int32.max), "more events than a trace can number")
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
    }

    /// A table of events of which none has the kind and id of another.
    init(_ events: [Event]) {
        self.init(capacity: events.count)
        for index in events.indices { _ = insert(events[index], at: index, of: events) }
    }

    /// Enters an event that is to stand at `index` of `events`, where none of its kind and id is known yet; whether it
    /// did.
    mutating func insert(_ event: borrowing Event, at index: Int, of events: [Event]) -> Bool {
        let hash = Self.hash(event.kind, event.id)
        let slot = slot(event.kind, event.id, hash: hash, in: events)
        guard slots[slot] == 0 else { return false }
        slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(index + 1)
        return true
    }

    /// The index of the event of a kind and id; nil where there is none.
    func find(_ kind: Event.Kind, _ id: Identifier, in events: [Event]) -> Int? {
        let entry = slots[slot(kind, id, hash: Self.hash(kind, id), in: events)]
        return entry == 0 ? nil : Self.index(entry)
    }

    /// The event that a parent id names. Ids are unique within a kind; where a transaction and a span share one, the
    /// transaction is meant.
    func parent(_ id: Identifier, in events: [Event]) -> Int? {
        find(.transaction, id, in: events) ?? find(.span, id, in: events)
    }

    /// The slot of an event, or the free one that it would get.
    private func slot(_ kind: Event.Kind, _ id: Identifier, hash: UInt64, in events: [Event]) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return slot }
            if entry >> 32 == hash >> 32 {
                let index = Self.index(entry)
                if events[index].kind == kind, events[index].id == id { return slot }
            }
            slot = (slot + 1) & mask
        }
    }

    private static func index(_ entry: UInt64) -> Int { Int(entry & 0xFFFF_FFFF) - 1 }

    /// Differs from run to run of the program, so that nobody can send ids that all fall into one slot.
    private static func hash(_ kind: Event.Kind, _ id: Identifier) -> UInt64 {
        let start = seed &+ UInt64(kind.rawValue)
        switch id {
        case .short(let value): return mix(start ^ value)
        case .long(let high, let low): return mix(mix(start ^ high) ^ low)
        case .text(let bytes):
            var hasher = Hasher()
            hasher.combine(kind)
            hasher.combine(bytes)
            return UInt64(bitPattern: Int64(hasher.finalize()))
        }
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    private static let seed = UInt64.random(in: .min ... .max)
}
