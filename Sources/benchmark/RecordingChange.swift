/// A place in a recording that differs from copy to copy: an id or a time, in digits whose number stays the same.
struct RecordingChange: Sendable {
    /// Where its digits begin.
    let offset: Int
    let value: Value

    enum Value: Equatable, Sendable {
        /// Thirty-two hexadecimal digits.
        case trace(high: UInt64, low: UInt64)
        /// Sixteen of them: the id of a transaction or a span.
        case id(UInt64)
        /// Thirty-two again: the id of an error.
        case longID(high: UInt64, low: UInt64)
        /// µs since the epoch, in sixteen decimal digits.
        case time(Int64)
    }

    private static let traceKey = Array(#""trace_id":"#.utf8)
    private static let idKeys = ["id", "transaction_id", "parent_id"].map { Array("\"\($0)\":".utf8) }
    private static let timeKey = Array(#""timestamp":"#.utf8)

    /// Finds those of a line that will stand at an offset.
    static func all(in line: ArraySlice<UInt8>, at offset: Int) -> [RecordingChange] {
        var changes: [RecordingChange] = []
        for index in line.indices where line[index] == UInt8(ascii: "\"") {
            let rest = line[index...]
            let found: (value: Value, digits: ArraySlice<UInt8>)?
            if let key = idKeys.first(where: { rest.starts(with: $0) }) {
                found = id(at: rest.dropFirst(key.count), isTrace: false)
            } else if rest.starts(with: traceKey) {
                found = id(at: rest.dropFirst(traceKey.count), isTrace: true)
            } else if rest.starts(with: timeKey) {
                found = time(at: rest.dropFirst(timeKey.count))
            } else {
                found = nil
            }
            guard let found else { continue }
            changes.append(
                RecordingChange(offset: offset + found.digits.startIndex - line.startIndex, value: found.value))
        }
        return changes
    }

    private static func id(at text: ArraySlice<UInt8>, isTrace: Bool) -> (Value, ArraySlice<UInt8>)? {
        let text = text.drop { $0 == UInt8(ascii: " ") }
        guard text.first == UInt8(ascii: "\"") else { return nil }
        let digits = text.dropFirst().prefix { hexValue($0) != nil }
        guard text.dropFirst(1 + digits.count).first == UInt8(ascii: "\"") else { return nil }
        let (high, low) = (word(digits.prefix(16)), word(digits.suffix(16)))
        switch digits.count {
        case 16 where !isTrace: return (.id(low), digits)
        case 32: return (isTrace ? .trace(high: high, low: low) : .longID(high: high, low: low), digits)
        default: return nil
        }
    }

    private static func time(at text: ArraySlice<UInt8>) -> (Value, ArraySlice<UInt8>)? {
        let digits = text.drop { $0 == UInt8(ascii: " ") }.prefix {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        guard digits.count == 16 else { return nil }
        return (.time(digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }), digits)
    }

    private static func hexValue(_ digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a")) + 10
        default: nil
        }
    }

    private static func word(_ digits: ArraySlice<UInt8>) -> UInt64 {
        digits.reduce(0) { $0 << 4 | (hexValue($1) ?? 0) }
    }

    /// Writes what stands here in a copy over what was recorded.
    func write(_ renaming: Recording.Renaming, to bytes: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
        switch value {
        case .trace(let high, let low):
            Self.write(hex: high ^ renaming.trace.high, to: bytes, at: offset)
            Self.write(hex: low ^ renaming.trace.low, to: bytes, at: offset + 16)
        case .id(let id):
            guard id != renaming.keptID else { return }
            Self.write(hex: id ^ renaming.span, to: bytes, at: offset)
        case .longID(let high, let low):
            Self.write(hex: high ^ renaming.span, to: bytes, at: offset)
            Self.write(hex: low ^ renaming.span, to: bytes, at: offset + 16)
        case .time(let time):
            var rest = time + renaming.shift
            for index in (0..<16).reversed() {
                bytes[offset + index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
    }

    private static func write(hex word: UInt64, to bytes: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
        for index in 0..<16 {
            bytes[offset + index] = ByteText.digit(UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * index)) & 15)
        }
    }
}
