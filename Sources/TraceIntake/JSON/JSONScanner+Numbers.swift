/// Numbers and the three words.
extension JSONScanner {
    /// `null`.
    @inline(__always)
    mutating func null() throws(JSONFailure) {
        try word("null")
    }

    /// `true` or `false`.
    @inline(__always)
    mutating func boolean() throws(JSONFailure) -> Bool {
        switch token() {
        case UInt8(ascii: "t"):
            try word("true")
            return true
        case UInt8(ascii: "f"):
            try word("false")
            return false
        default:
            throw .expectedBoolean
        }
    }

    @inline(__always)
    private mutating func word(_ word: StaticString) throws(JSONFailure) {
        for index in 0..<word.utf8CodeUnitCount {
            guard cursor.pointee == word.utf8Start[index] else { throw .expectedValue }
            cursor += 1
        }
    }

    /// Whether the next token is `NaN`, which is no JSON and yet sent; it is passed.
    mutating func skipNaN() -> Bool {
        guard token() == UInt8(ascii: "N"), cursor[1] == UInt8(ascii: "a"), cursor[2] == UInt8(ascii: "N") else {
            return false
        }
        cursor += 3
        return true
    }

    /// An integer of 64 bits, without fraction or exponent; one that is expected to have eight digits or more is read
    /// faster if it has.
    @inline(__always)
    mutating func integer(isLong: Bool = false) throws(JSONFailure) -> Int64 {
        let isNegative = token() == UInt8(ascii: "-")
        if isNegative { cursor += 1 }
        let magnitude = try digits(areMany: isLong)
        guard !isFractional(cursor.pointee) else { throw .expectedInteger }
        if isNegative {
            guard magnitude <= 1 << 63 else { throw .integerOverflow }
            return Int64(truncatingIfNeeded: 0 &- magnitude)
        }
        guard let value = Int64(exactly: magnitude) else { throw .integerOverflow }
        return value
    }

    /// An integer of 64 bits that is not negative.
    mutating func unsignedInteger() throws(JSONFailure) -> UInt64 {
        _ = token()
        let value = try digits()
        guard !isFractional(cursor.pointee) else { throw .expectedInteger }
        return value
    }

    @inline(__always)
    private func isFractional(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
    }

    /// Digits without a needless zero before them.
    @inline(__always)
    private mutating func digits(areMany: Bool = false) throws(JSONFailure) -> UInt64 {
        var digit = cursor.pointee &- UInt8(ascii: "0")
        guard digit < 10 else { throw .expectedInteger }
        let first = digit
        var value: UInt64 = 0
        var count = 0
        if areMany {
            while count < 16, cursor <= lastWord, let eight = Self.eightDigits(Self.word(cursor)) {
                value = value &* 100_000_000 &+ eight
                count += 8
                cursor += 8
            }
            digit = cursor.pointee &- UInt8(ascii: "0")
        }
        while digit < 10 {
            if count >= 19 {
                let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = scaled.addingReportingOverflow(UInt64(digit))
                guard !overflow, !carry else { throw .integerOverflow }
                value = sum
            } else {
                value = value &* 10 &+ UInt64(digit)
            }
            count += 1
            cursor += 1
            digit = cursor.pointee &- UInt8(ascii: "0")
        }
        guard first != 0 || count == 1 else { throw .expectedNumber }
        return value
    }

    /// The value of eight bytes that are digits, the first of them lowest; nil where one is none. Neighbours are put
    /// together, the left one ten times the right, and then pairs and fours likewise.
    @inline(__always)
    private static func eightDigits(_ word: UInt64) -> UInt64? {
        let beyond = (word &+ 0x4646_4646_4646_4646) | (word &- 0x3030_3030_3030_3030)
        guard beyond & 0x8080_8080_8080_8080 == 0 else { return nil }
        let digits = word & 0x0F0F_0F0F_0F0F_0F0F
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
        return (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
    }

    /// A number as the nearest double; one beyond the range of doubles is an error.
    ///
    /// Few digits and a small exponent give an exact quotient or product of two doubles (source: Clinger,
    /// How to Read Floating Point Numbers Accurately, 1990); the standard library reads the others.
    mutating func number() throws(JSONFailure) -> Double {
        let start = cursor
        let isNegative = token() == UInt8(ascii: "-")
        let token = try numberToken()
        guard token.mantissa < 1 << 53, -22...22 ~= token.exponent, !token.isLong else {
            return try longNumber(start)
        }
        var value = Double(token.mantissa)
        if token.exponent < 0 {
            value /= Self.powersOfTen[-token.exponent]
        } else if token.exponent > 0 {
            value *= Self.powersOfTen[token.exponent]
        }
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    private func longNumber(_ start: UnsafePointer<UInt8>) throws(JSONFailure) -> Double {
        var start = start
        while start.pointee <= 0x20 { start += 1 }
        let text = String(decoding: UnsafeBufferPointer(start: start, count: cursor - start), as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw .numberOverflow }
        return value
    }

    /// The digits of a number and where its decimal point belongs.
    struct NumberToken {
        var mantissa: UInt64 = 0
        var exponent = 0
        /// Whether the digits are too many for `mantissa`.
        var isLong = false
        /// The token as sent.
        var text: JSONText
    }

    /// A number as JSON's grammar has it.
    @inline(__always)
    mutating func numberToken() throws(JSONFailure) -> NumberToken {
        let negative = token() == UInt8(ascii: "-")
        let start = cursor
        if negative { cursor += 1 }
        var number = NumberToken(text: JSONText(start: start, count: 0, isEscaped: false))
        let first = cursor
        var count = accumulate(&number.mantissa)
        guard count > 0, first.pointee != UInt8(ascii: "0") || count == 1 else { throw .expectedNumber }
        if cursor.pointee == UInt8(ascii: ".") {
            cursor += 1
            let fraction = accumulate(&number.mantissa)
            guard fraction > 0 else { throw .expectedNumber }
            number.exponent = -fraction
            count += fraction
        }
        number.isLong = count > 18
        if cursor.pointee | 0x20 == UInt8(ascii: "e") { number.exponent += try exponent() }
        number.text.count = cursor - start
        return number
    }

    /// Reads digits and returns how many; those that are too many for the value make it meaningless.
    @inline(__always)
    private mutating func accumulate(_ value: inout UInt64) -> Int {
        let start = cursor
        var digit = cursor.pointee &- UInt8(ascii: "0")
        while digit < 10 {
            value = value &* 10 &+ UInt64(digit)
            cursor += 1
            digit = cursor.pointee &- UInt8(ascii: "0")
        }
        return cursor - start
    }

    /// An exponent, of which no more than a million matters.
    private mutating func exponent() throws(JSONFailure) -> Int {
        cursor += 1
        let sign = cursor.pointee
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { cursor += 1 }
        var digit = cursor.pointee &- UInt8(ascii: "0")
        guard digit < 10 else { throw .expectedNumber }
        var value = 0
        while digit < 10 {
            value = min(value * 10 + Int(digit), 1_000_000)
            cursor += 1
            digit = cursor.pointee &- UInt8(ascii: "0")
        }
        return sign == UInt8(ascii: "-") ? -value : value
    }
}
