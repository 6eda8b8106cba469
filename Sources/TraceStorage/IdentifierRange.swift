import TraceCore

/// Stored ids that lie between two values, the first included, the last not. SQLite orders texts before bytes, and each
/// as bytes.
struct IdentifierRange {
    private enum Value {
        case text([UInt8])
        case bytes([UInt8])
    }

    private let from: Value
    private let to: Value

    /// One id alone.
    init(only id: Identifier) {
        switch id {
        case .short(let value): (from, to) = (.bytes(Self.bytes(value)), .bytes(Self.bytes(value) + [0]))
        case .long(let high, let low):
            let bytes = Self.bytes(high) + Self.bytes(low)
            (from, to) = (.bytes(bytes), .bytes(bytes + [0]))
        case .text(let text): (from, to) = (.text(text), .text(text + [0]))
        }
    }

    private init(_ from: Value, _ to: Value) {
        self.from = from
        self.to = to
    }

    /// The ranges that hold every id whose text begins so. Ids sent as hex are stored as bytes, all others as text. What
    /// is in the ranges may still begin otherwise: in the half byte behind an odd number of digits.
    static func beginning(with prefix: [UInt8]) -> [IdentifierRange] {
        let texts = IdentifierRange(.text(prefix), next(prefix).map { .text($0) } ?? .bytes([]))
        guard let digits = hexDigits(prefix) else { return [texts] }
        let end = next(digits, largest: 15).map(packed) ?? [UInt8](repeating: 0xFF, count: 17)
        return [texts, IdentifierRange(.bytes(packed(digits)), .bytes(end))]
    }

    /// Binds the ends at 1 and 2.
    func bind(to statement: Statement) {
        for (value, column) in [(from, 1), (to, 2)] as [(Value, Int32)] {
            switch value {
            case .text(let text): text.withUnsafeBufferPointer { statement.bind(text: $0, at: column) }
            case .bytes(let bytes): statement.bind(blob: bytes, at: column)
            }
        }
    }

    private static func bytes(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    /// The first sequence behind all that begin so; nil where nothing lies behind.
    private static func next(_ prefix: [UInt8], largest: UInt8 = 255) -> [UInt8]? {
        var next = prefix
        while let last = next.popLast() {
            if last < largest { return next + [last + 1] }
        }
        return nil
    }

    /// The digits' values, no more than an id that is stored as bytes has; nil where one is no lower-case hex digit.
    private static func hexDigits(_ text: [UInt8]) -> [UInt8]? {
        var digits: [UInt8] = []
        for byte in text.prefix(32) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return digits
    }

    private static func packed(_ digits: [UInt8]) -> [UInt8] {
        stride(from: 0, to: digits.count, by: 2).map { index in
            digits[index] << 4 | (index + 1 < digits.count ? digits[index + 1] : 0)
        }
    }
}
