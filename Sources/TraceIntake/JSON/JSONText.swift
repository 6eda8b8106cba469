/// A string of a JSON text as it stands there, between its quotes.
struct JSONText {
    var start: UnsafePointer<UInt8>
    /// Bytes as sent.
    var count: Int
    /// Whether there are escapes among them.
    var isEscaped: Bool

    /// The bytes as sent.
    var sent: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// Whether it is a given ASCII text; an escaped one never is.
    func isPlain(_ other: StaticString) -> Bool {
        guard !isEscaped, count == other.utf8CodeUnitCount else { return false }
        for index in 0..<count where start[index] != other.utf8Start[index] { return false }
        return true
    }

    /// Writes the decoded text, which never takes more bytes than the sent one, and returns its length.
    ///
    /// Half a surrogate pair becomes U+FFFD; an escaped pair that is none becomes two. Bytes that are not
    /// UTF-8 stay as they are.
    func decode(into target: UnsafeMutablePointer<UInt8>) -> Int {
        var read = 0
        var written = 0
        while read < count {
            let byte = start[read]
            guard byte == UInt8(ascii: "\\") else {
                target[written] = byte
                read += 1
                written += 1
                continue
            }
            let escape = start[read + 1]
            guard escape == UInt8(ascii: "u") else {
                target[written] = Self.plainEscape(escape)
                read += 2
                written += 1
                continue
            }
            let first = hex(at: read + 2)
            read += 6
            guard 0xD800..<0xE000 ~= first, read + 6 <= count, start[read] == UInt8(ascii: "\\"),
                start[read + 1] == UInt8(ascii: "u")
            else {
                written += Self.encode(first, at: target + written)
                continue
            }
            let second = hex(at: read + 2)
            read += 6
            if first < 0xDC00, 0xDC00..<0xE000 ~= second {
                written += Self.encode(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), at: target + written)
            } else {
                written += Self.encode(first, at: target + written)
                written += Self.encode(second, at: target + written)
            }
        }
        return written
    }

    private static func plainEscape(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "f"): 12
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "r"): 13
        case UInt8(ascii: "t"): 9
        default: letter
        }
    }

    private func hex(at position: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in position..<position + 4 {
            value = value << 4 | UInt32(JSONScanner.hexDigit(start[index]) ?? 0)
        }
        return value
    }

    /// Writes a code point as UTF-8, half a surrogate pair as U+FFFD, and returns its length.
    private static func encode(_ code: UInt32, at target: UnsafeMutablePointer<UInt8>) -> Int {
        let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
        var length = 0
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            target[length] = byte
            length += 1
        }
        return length
    }
}

/// The length of texts as the protocol counts it.
enum CodePoints {
    /// How many code points there are in UTF-8; each byte that belongs to none counts as one.
    static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        var position = 0
        while position < bytes.count {
            position += length(bytes, position)
            count += 1
        }
        return count
    }

    private static func length(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
        let lead = bytes[position]
        guard lead >= 0x80 else { return 1 }
        var second: ClosedRange<UInt8> = 0x80...0xBF
        let length: Int
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return 1
        }
        guard position + length <= bytes.count, second ~= bytes[position + 1] else { return 1 }
        for index in position + 2..<position + length where bytes[index] & 0xC0 != 0x80 { return 1 }
        return length
    }
}
