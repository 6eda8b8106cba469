/// A text of a `SymbolTable`: a name, a type, a service, a user.
///
/// Symbols of one table are equal exactly when their texts are the same bytes (Swift's own `String`
/// would also equate canonically equivalent ones, which are different users). Their order means nothing.
package struct Symbol: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The empty text, which every table holds from the start.
    package static let empty = Symbol(rawValue: 0)
}

/// Every distinct text of a set of events, kept once as UTF-8, so that an event is a row of integers.
package struct SymbolTable: Sendable {
    /// The texts, one behind the other.
    private var bytes: [UInt8] = []
    /// Where each text ends in `bytes`, by symbol.
    private var ends: [Int] = [0]
    /// Open addressing: 0 is free, else symbol + 1.
    private var slots: [UInt32]

    package init() {
        slots = [UInt32](repeating: 0, count: 64)
        insert(.empty, hash: Self.hash(UnsafeBufferPointer(start: nil, count: 0)))
    }

    /// The number of distinct texts.
    package var count: Int { ends.count }

    /// Every symbol of the table, in order of first use.
    package var symbols: some Sequence<Symbol> { (0..<UInt32(count)).lazy.map(Symbol.init(rawValue:)) }

    /// The bytes that all texts take together.
    package var byteCount: Int { bytes.count }

    /// The symbol of a text, a new one where the table has none yet.
    package mutating func intern(_ text: String) -> Symbol {
        var text = text
        return text.withUTF8 { intern(utf8: $0) }
    }

    /// The symbol of a text given as UTF-8, a new one where the table has none yet.
    package mutating func intern(utf8 text: UnsafeBufferPointer<UInt8>) -> Symbol {
        let hash = Self.hash(text)
        if let known = find(text, hash: hash) { return known }
        precondition(ends.count < Int(UInt32.max), "more distinct texts than a symbol can number")
        let symbol = Symbol(rawValue: UInt32(ends.count))
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        if ends.count * 4 > slots.count * 3 { grow() } else { insert(symbol, hash: hash) }
        return symbol
    }

    /// The symbol of a text, nil where the table has none.
    package func symbol(of text: String) -> Symbol? {
        var text = text
        return text.withUTF8 { find($0, hash: Self.hash($0)) }
    }

    /// The text of a symbol; bytes that are not UTF-8 are shown as U+FFFD.
    package subscript(_ symbol: Symbol) -> String {
        String(decoding: bytes[range(symbol)], as: UTF8.self)
    }

    /// The text of a symbol that may be absent.
    package func text(_ symbol: Symbol?) -> String? {
        symbol.map { self[$0] }
    }

    /// Calls `body` with the bytes of a symbol's text.
    package func withUTF8<Result>(
        _ symbol: Symbol, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        let range = range(symbol)
        return try bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// Whether one text goes before another, as bytes.
    package func precedes(_ left: Symbol, _ right: Symbol) -> Bool {
        left != right && bytes[range(left)].lexicographicallyPrecedes(bytes[range(right)])
    }

    /// As `precedes`, an absent text before all others.
    package func precedes(ifAny left: Symbol?, _ right: Symbol?) -> Bool {
        guard let right else { return false }
        return left.map { precedes($0, right) } ?? true
    }

    private func range(_ symbol: Symbol) -> Range<Int> {
        let index = Int(symbol.rawValue)
        return (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }

    private func find(_ text: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Symbol? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        return bytes.withUnsafeBufferPointer { bytes in
            while slots[slot] != 0 {
                let symbol = Symbol(rawValue: slots[slot] - 1)
                let known = range(symbol)
                if known.count == text.count, Self.areEqual(bytes, from: known.lowerBound, text) {
                    return symbol
                }
                slot = (slot + 1) & mask
            }
            return nil
        }
    }

    /// Whether a text stands in the table's bytes, eight at a time.
    private static func areEqual(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let known = UnsafeRawBufferPointer(bytes)
        let sent = UnsafeRawBufferPointer(text)
        var position = 0
        while position + 8 <= text.count {
            let left = known.loadUnaligned(fromByteOffset: start + position, as: UInt64.self)
            guard left == sent.loadUnaligned(fromByteOffset: position, as: UInt64.self) else { return false }
            position += 8
        }
        while position < text.count {
            guard known[start + position] == sent[position] else { return false }
            position += 1
        }
        return true
    }

    private mutating func insert(_ symbol: Symbol, hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = symbol.rawValue + 1
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for symbol in symbols {
            insert(symbol, hash: withUTF8(symbol) { Self.hash($0) })
        }
    }

    /// Multiplies eight bytes at a time into the state; folding the high half back keeps the low bits,
    /// which choose the slot, dependent on every byte. The seed differs from run to run of the program, so
    /// that nobody can send texts that all fall into one slot.
    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var state = seed ^ UInt64(truncatingIfNeeded: text.count)
        let raw = UnsafeRawBufferPointer(text)
        var position = 0
        while position + 8 <= raw.count {
            state = mix(state ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
        }
        var rest: UInt64 = 0
        while position < raw.count {
            rest = rest << 8 | UInt64(raw[position])
            position += 1
        }
        return mix(state ^ rest)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    private static let seed = UInt64.random(in: .min ... .max)
}
