import TraceCore

/// Numbers ids in the order they are met. Made to be emptied and filled again many times: ids of eight bytes take no
/// memory of their own, and emptying costs nothing.
struct IdentifierTable: ~Copyable {
    private struct Slot {
        /// The slot is free where this is not that of the table.
        var generation: UInt32
        var number: UInt32
    }

    private var slots: UnsafeMutablePointer<Slot>
    private var slotCount: Int
    private var generation: UInt32 = 1
    private let seed = UInt64.random(in: .min ... .max)
    /// The id of each number; 0 for those that are not of eight bytes.
    private(set) var words: [UInt64] = []
    /// Those that are not of eight bytes, with their numbers, in order.
    private(set) var others: [(number: Int, id: Identifier)] = []
    private var otherNumbers: [Identifier: Int] = [:]

    init() {
        slotCount = 16
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: Slot(generation: 0, number: 0), count: slotCount)
    }

    deinit { slots.deallocate() }

    var count: Int { words.count }

    /// The number of an id, and whether it was met for the first time.
    @inline(__always)
    mutating func number(of id: Identifier) -> (number: Int, isNew: Bool) {
        if case .short(let word) = id { return number(ofWord: word) }
        return number(ofOther: id)
    }

    mutating func removeAll() {
        if generation == .max {
            slots.update(repeating: Slot(generation: 0, number: 0), count: slotCount)
            generation = 0
        }
        generation += 1
        words.removeAll(keepingCapacity: true)
        if !others.isEmpty {
            others.removeAll()
            otherNumbers.removeAll()
        }
    }

    private mutating func number(ofWord word: UInt64) -> (number: Int, isNew: Bool) {
        let mask = slotCount - 1
        var slot = slot(of: word) & mask
        while slots[slot].generation == generation {
            let number = Int(slots[slot].number)
            if words[number] == word { return (number, false) }
            slot = (slot + 1) & mask
        }
        slots[slot] = Slot(generation: generation, number: UInt32(words.count))
        words.append(word)
        if words.count * 2 > slotCount { grow() }
        return (words.count - 1, true)
    }

    private mutating func number(ofOther id: Identifier) -> (number: Int, isNew: Bool) {
        if let known = otherNumbers[id] { return (known, false) }
        let number = words.count
        words.append(0)
        others.append((number, id))
        otherNumbers[id] = number
        return (number, true)
    }

    /// Ids are random already where agents make them; multiplied by a secret they are also where somebody else does.
    private func slot(of word: UInt64) -> Int {
        let product = (word ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return Int(truncatingIfNeeded: product.high ^ product.low)
    }

    private mutating func grow() {
        slots.deallocate()
        slotCount *= 2
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: Slot(generation: 0, number: 0), count: slotCount)
        let mask = slotCount - 1
        var other = 0
        for number in words.indices {
            if other < others.count, others[other].number == number {
                other += 1
                continue
            }
            var slot = slot(of: words[number]) & mask
            while slots[slot].generation == generation { slot = (slot + 1) & mask }
            slots[slot] = Slot(generation: generation, number: UInt32(number))
        }
    }
}
