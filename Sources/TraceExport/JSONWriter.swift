import TraceCore

/// Writes JSON piece by piece, so that a large answer never stands in memory as a tree.
///
/// Text that is not Unicode cannot occur (strings are). Control characters are escaped, and so is what JSON allows and
/// does harm on a terminal or in a script: DEL, C1, the line separators and what turns the direction of writing.
package struct JSONWriter {
    private var bytes: [UInt8] = []
    /// Whether a value stands right before the place where the next one goes.
    private var followsValue = false

    package init() {}

    /// What has been written and not taken.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The length of `text` as UTF-8.
    var count: Int { bytes.count }

    /// Takes what has been written so far, to be passed on.
    package mutating func take() -> String {
        defer { bytes.removeAll(keepingCapacity: true) }
        return text
    }

    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        open("{")
        body(&self)
        close("}")
    }

    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        open("[")
        body(&self)
        close("]")
    }

    /// A member of the object that is open; its value is written next.
    package mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        followsValue = false
    }

    package mutating func string(_ value: String?) {
        separate()
        if let value { quote(value) } else { append("null") }
        followsValue = true
    }

    /// A text of a table, null where there is none.
    mutating func string(_ symbol: Symbol?, of symbols: SymbolTable) {
        guard let symbol else { return string(nil) }
        let isPlain = symbols.withUTF8(symbol) { utf8 in
            guard utf8.allSatisfy(Self.isPlain) else { return false }
            separate()
            quote(plain: utf8)
            return true
        }
        guard isPlain else { return string(symbols[symbol]) }
        followsValue = true
    }

    /// An id as it was sent, null where there is none.
    mutating func identifier(_ id: Identifier?) {
        switch id {
        case .short(let value)?:
            separate()
            bytes.append(UInt8(ascii: "\""))
            append(hex: value)
            bytes.append(UInt8(ascii: "\""))
            followsValue = true
        case .long(let high, let low)?:
            separate()
            bytes.append(UInt8(ascii: "\""))
            append(hex: high)
            append(hex: low)
            bytes.append(UInt8(ascii: "\""))
            followsValue = true
        case .text?, nil: string(id?.text)
        }
    }

    package mutating func integer(_ value: some BinaryInteger) {
        guard let number = Int64(exactly: value) else { return raw(String(value)) }
        separate()
        append(decimal: number)
        followsValue = true
    }

    package mutating func integer(_ value: (some BinaryInteger)?) {
        if let value { integer(value) } else { raw("null") }
    }

    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// The shortest text that reads back as the same number; null where it is none.
    package mutating func number(_ value: Double?) {
        raw(value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null")
    }

    /// Something that is JSON already.
    package mutating func raw(_ json: String) {
        separate()
        append(json)
        followsValue = true
    }

    /// JSON from elsewhere, known to be valid: on one line, and what may do harm escaped. Such characters stand in
    /// strings alone, so that what it says stays the same; control characters are blanks between its parts.
    package mutating func foreign(_ json: String) {
        separate()
        for scalar in json.unicodeScalars {
            if scalar.value < 0x20 {
                bytes.append(UInt8(ascii: " "))
            } else if scalar.isHarmful {
                escape(scalar)
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        followsValue = true
    }

    /// Opens an object or array that is closed by hand, where what is inside may throw.
    mutating func open(_ bracket: String) {
        separate()
        append(bracket)
        followsValue = false
    }

    mutating func close(_ bracket: String) {
        append(bracket)
        followsValue = true
    }

    private mutating func separate() {
        if followsValue { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(hex value: UInt64) {
        for shift in stride(from: UInt64(60), through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> shift) & 15
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    private mutating func append(decimal value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let first = bytes.count
        var rest = value.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[first...].reverse()
    }

    /// Whether a byte stands in a string as it is, whatever is beside it.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func quote(plain utf8: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func quote(_ value: String) {
        var value = value
        let isPlain = value.withUTF8 { utf8 in
            guard utf8.allSatisfy(Self.isPlain) else { return false }
            quote(plain: utf8)
            return true
        }
        if isPlain { return }
        bytes.append(UInt8(ascii: "\""))
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": append("\\\"")
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case "\r": append("\\r")
            case "\t": append("\\t")
            case _ where scalar.isHarmful: escape(scalar)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        let hex = String(scalar.value, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - hex.count) + hex)
    }
}

extension Unicode.Scalar {
    /// Whether it does harm on a terminal or in a script: control characters, the line separators, and what turns the
    /// direction of writing.
    var isHarmful: Bool {
        switch self {
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}",
            "\u{61C}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
            true
        default: false
        }
    }
}
