/// An id of a trace, a transaction, a span or an error, exactly as it was sent.
///
/// Agents send 8 or 16 bytes as lower-case hex; those are kept as integers. Any other text is kept as
/// its bytes, so every id comes back as it came. Ids are equal, and ordered, as the bytes of their text.
package enum Identifier: Sendable {
    /// Sixteen lower-case hex digits.
    case short(UInt64)
    /// Thirty-two lower-case hex digits, most significant half first.
    case long(UInt64, UInt64)
    /// Any other text, as UTF-8 (or whatever bytes were sent).
    case text([UInt8])

    /// Reads an id from the bytes of its text.
    package init(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        switch bytes.count {
        case 16:
            if let value = Self.hex(bytes, from: 0) {
                self = .short(value)
                return
            }
        case 32:
            if let high = Self.hex(bytes, from: 0), let low = Self.hex(bytes, from: 16) {
                self = .long(high, low)
                return
            }
        default:
            break
        }
        self = .text(Array(bytes))
    }

    /// Reads an id from text.
    package init(_ text: String) {
        var text = text
        self = text.withUTF8 { Identifier(utf8: $0) }
    }

    /// The bytes of the id's text.
    package var utf8: [UInt8] {
        switch self {
        case .short(let value): Self.digits(value)
        case .long(let high, let low): Self.digits(high) + Self.digits(low)
        case .text(let bytes): bytes
        }
    }

    /// The bytes of an id that is kept as text; 0 where it is kept as integers.
    var textSize: Int {
        if case .text(let bytes) = self { bytes.count } else { 0 }
    }

    /// The id as text; bytes that are not UTF-8 are shown as U+FFFD.
    package var text: String { String(decoding: utf8, as: UTF8.self) }

    /// Sixteen hex digits as an integer: eight at a time, each made a number of four bits, and then pairs,
    /// fours and all of them pushed together.
    @inline(__always)
    private static func hex(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt64? {
        let raw = UnsafeRawBufferPointer(bytes)
        guard let high = half(raw.loadUnaligned(fromByteOffset: start, as: UInt64.self).bigEndian),
            let low = half(raw.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self).bigEndian)
        else { return nil }
        return high << 32 | low
    }

    @inline(__always)
    private static func half(_ word: UInt64) -> UInt64? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let top = ones << 7
        // A top bit per byte: at least "0" and at most "9"; at least "a" and at most "f".
        let digits = ((word | top) &- ones &* 0x30) & ~(word &+ ones &* 0x46)
        let letters = ((word | top) &- ones &* 0x61) & ~(word &+ ones &* 0x19)
        guard word & top == 0, (digits | letters) & top == top else { return nil }
        var value = (word & (ones &* 15)) &+ (word >> 6 & ones) &* 9
        value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
        value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
        return (value | value >> 16) & 0x0000_0000_FFFF_FFFF
    }

    private static func digits(_ value: UInt64) -> [UInt8] {
        (0..<16).map { position in
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * position)) & 15
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }
}

extension Identifier: Hashable {}

extension Identifier: Comparable {
    package static func < (left: Identifier, right: Identifier) -> Bool {
        switch (left, right) {
        case (.short(let a), .short(let b)): a < b
        case (.long(let a, let b), .long(let c, let d)): a != c ? a < c : b < d
        default: left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}
