/// Reads one line of JSON, token by token, where it lies in memory.
///
/// Of the grammar it is as strict as the decoder that agents are used to: a value is whole or an error,
/// but what follows the first one is never looked at, and bytes that are not UTF-8 pass. The line's
/// newline, which no token contains, ends every loop over single bytes.
struct JSONScanner {
    /// How deep values may be nested.
    static let maximumDepth = 10_000

    /// The next byte.
    var cursor: UnsafePointer<UInt8>
    /// How deep the cursor is in objects and arrays that the caller reads.
    var depth = 0
    /// The line's newline.
    let end: UnsafePointer<UInt8>
    /// The last address at which eight bytes can be read.
    let lastWord: UnsafePointer<UInt8>
    /// The closing brackets of what is being skipped, `maximumDepth` bytes.
    let brackets: UnsafeMutablePointer<UInt8>

    init(_ line: Line, brackets: UnsafeMutablePointer<UInt8>) {
        cursor = line.start
        end = line.start + line.count
        lastWord = line.readableEnd - 8
        self.brackets = brackets
    }

    /// The first byte of the next token, which is not consumed.
    @inline(__always)
    mutating func token() -> UInt8 {
        let byte = cursor.pointee
        return byte > 0x20 ? byte : tokenBehindSpace()
    }

    @inline(__always)
    private mutating func tokenBehindSpace() -> UInt8 {
        while true {
            switch cursor.pointee {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): cursor += 1
            case let byte: return byte
            }
        }
    }

    /// Eight bytes, the first of them lowest.
    @inline(__always)
    static func word(_ position: UnsafePointer<UInt8>) -> UInt64 {
        UnsafeRawPointer(position).loadUnaligned(as: UInt64.self).littleEndian
    }

    /// A string; the cursor stands behind its opening quote.
    @inline(__always)
    mutating func string() throws(JSONFailure) -> JSONText {
        let start = cursor
        let stop = firstStop(cursor)
        guard stop.pointee == UInt8(ascii: "\"") else { return try stringBeyond(stop, start: start) }
        cursor = stop + 1
        return JSONText(start: start, count: stop - start, isEscaped: false)
    }

    /// The first quote, backslash or control character, eight bytes at a time.
    ///
    /// Taking from each byte what makes exactly those looked for fall below zero sets their top bits, and
    /// those of bytes from 0x80 on, which are masked away. The borrow goes only to bytes behind a hit. With its second
    /// bit turned over a quote is 0x20, and the control characters are still those below it.
    @inline(__always)
    private func firstStop(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
        var position = start
        while position <= lastWord {
            let word = Self.word(position)
            let quoteOrControl = (word ^ 0x0202_0202_0202_0202) &- 0x2121_2121_2121_2121
            let backslash = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
            let stops = (quoteOrControl | backslash) & ~word & 0x8080_8080_8080_8080
            if stops != 0 { return position + stops.trailingZeroBitCount >> 3 }
            position += 8
        }
        while position.pointee >= 0x20, position.pointee != UInt8(ascii: "\""), position.pointee != UInt8(ascii: "\\") {
            position += 1
        }
        return position
    }

    private mutating func stringBeyond(
        _ first: UnsafePointer<UInt8>, start: UnsafePointer<UInt8>
    ) throws(JSONFailure) -> JSONText {
        var stop = first
        while stop.pointee == UInt8(ascii: "\\") {
            switch stop[1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                stop += 2
            case UInt8(ascii: "u"):
                for index in 2..<6 where Self.hexDigit(stop[index]) == nil { throw .invalidEscape }
                stop += 6
            default:
                throw stop + 1 == end ? .unfinishedString : .invalidEscape
            }
            stop = firstStop(stop)
        }
        guard stop.pointee == UInt8(ascii: "\"") else {
            throw stop == end ? .unfinishedString : .controlCharacter
        }
        cursor = stop + 1
        return JSONText(start: start, count: stop - start, isEscaped: true)
    }

    /// The value of a hex digit, nil where it is none.
    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The first eight bytes of a text of fewer, zeros behind them.
    @inline(__always)
    func shortWord(_ text: JSONText) -> UInt64 {
        if text.start <= lastWord { return Self.word(text.start) & (1 << (UInt64(text.count) * 8) - 1) }
        var word: UInt64 = 0
        for index in (0..<text.count).reversed() { word = word << 8 | UInt64(text.start[index]) }
        return word
    }
}
