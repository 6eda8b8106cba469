/// A JSON string decoded in the plainest way, to compare with.
enum PlainStrings {
    /// The bytes a string stands for, given as sent, without its quotes. Of two escaped halves of a surrogate pair that
    /// don't belong together each becomes U+FFFD, as does one alone.
    static func decode(_ sent: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = sent[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                result.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "b"): result.append(8)
            case UInt8(ascii: "f"): result.append(12)
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "u"): result += codeUnits(&rest)
            default: result.append(escape)
            }
        }
        return result
    }

    /// An escaped code unit, of which the digits come next, and with the half of a pair the unit escaped behind it.
    private static func codeUnits(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var units = [digits(&rest)]
        if 0xD800...0xDFFF ~= units[0], rest.starts(with: "\\u".utf8) {
            rest = rest.dropFirst(2)
            units.append(digits(&rest))
        }
        if units.count == 2, UTF16.isLeadSurrogate(units[0]), UTF16.isTrailSurrogate(units[1]) {
            return Array(String(decoding: units, as: UTF16.self).utf8)
        }
        return units.flatMap { Array(String(decoding: [$0], as: UTF16.self).utf8) }
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> UInt16 {
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
    }
}
