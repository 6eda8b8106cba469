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
    /// Open addressing: 0 is free, else the upper half of the text's hash, and symbol + 1 as the lower half.
    private var slots: [UInt64]
    private let seed = SymbolTable.seed

    package init() {
        slots = [UInt64](repeating: 0, count: 64)
        insert(.empty, hash: hash(UnsafeBufferPointer(start: nil, count: 0)))
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
        let hash = hash(text)
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
        return text.withUTF8 { find($0, hash: hash($0)) }
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

    @inline(__always)
    private func find(_ text: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Symbol? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return nil }
            if (entry ^ hash) >> 32 == 0 {
                let symbol = Symbol(rawValue: UInt32(truncatingIfNeeded: entry) - 1)
                if isText(text, of: symbol) { return symbol }
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private func isText(_ text: UnsafeBufferPointer<UInt8>, of symbol: Symbol) -> Bool {
        let known = range(symbol)
        guard known.count == text.count, let sent = text.baseAddress else { return known.count == text.count }
        return bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return Self.areEqual(start + known.lowerBound, UnsafeRawPointer(sent), count: text.count)
        }
    }

    /// Whether two texts of the same length are the same: eight bytes at a time, the last ones perhaps twice.
    @inline(__always)
    private static func areEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, count: Int) -> Bool {
        guard count >= 8 else { return shortWord(left, count: count) == shortWord(right, count: count) }
        var position = 0
        while position < count - 8 {
            guard word(left + position) == word(right + position) else { return false }
            position += 8
        }
        return word(left + (count - 8)) == word(right + (count - 8))
    }

    @inline(__always)
    private static func word(_ start: UnsafeRawPointer) -> UInt64 { start.loadUnaligned(as: UInt64.self) }

    /// A text of fewer than eight bytes; of two of the same length only the same text gives the same word.
    @inline(__always)
    private static func shortWord(_ start: UnsafeRawPointer, count: Int) -> UInt64 {
        if count >= 4 {
            let first = UInt64(start.loadUnaligned(as: UInt32.self))
            return first << 32 | UInt64((start + (count - 4)).loadUnaligned(as: UInt32.self))
        }
        guard count > 0 else { return 0 }
        let first = UInt64(start.load(as: UInt8.self))
        let middle = UInt64((start + count / 2).load(as: UInt8.self))
        return first << 16 | middle << 8 | UInt64((start + (count - 1)).load(as: UInt8.self))
    }

    private mutating func insert(_ symbol: Symbol, hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(symbol.rawValue + 1)
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: slots.count * 2)
        for symbol in symbols {
            insert(symbol, hash: withUTF8(symbol) { hash($0) })
        }
    }

    /// Multiplies eight bytes at a time into the state, the last ones perhaps twice; folding the high half back keeps
    /// the low bits, which choose the slot, dependent on every byte. The seed differs from run to run of the program,
    /// so that nobody can send texts that all fall into one slot.
    @inline(__always)
    private func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let state = seed ^ UInt64(truncatingIfNeeded: text.count)
        guard let start = text.baseAddress.map({ UnsafeRawPointer($0) }) else { return Self.mix(state) }
        guard text.count >= 8 else { return Self.mix(state ^ Self.shortWord(start, count: text.count)) }
        return Self.hash(start, count: text.count, state)
    }

    private static func hash(_ start: UnsafeRawPointer, count: Int, _ seed: UInt64) -> UInt64 {
        var state = seed
        var position = 0
        while position < count - 8 {
            state = mix(state ^ word(start + position))
            position += 8
        }
        return mix(state ^ word(start + (count - 8)))
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    private static let seed = UInt64.random(in: .min ... .max)
}
