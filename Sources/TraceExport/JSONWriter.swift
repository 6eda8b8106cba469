/// Writes JSON piece by piece, so that a large answer never stands in memory as a tree.
///
/// Text that is not Unicode cannot occur (strings are). Control characters are escaped, and so is what JSON allows and
/// does harm on a terminal or in a script: DEL, C1, the line separators and what turns the direction of writing.
package struct JSONWriter {
    package private(set) var text = ""
    /// Whether a value stands right before the place where the next one goes.
    private var followsValue = false

    package init() {}

    /// Takes what has been written so far, to be passed on.
    package mutating func take() -> String {
        defer { text.removeAll(keepingCapacity: true) }
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
        text += ":"
        followsValue = false
    }

    package mutating func string(_ value: String?) {
        separate()
        if let value { quote(value) } else { text += "null" }
        followsValue = true
    }

    package mutating func integer(_ value: some BinaryInteger) {
        raw(String(value))
    }

    package mutating func integer(_ value: (some BinaryInteger)?) {
        raw(value.map { String($0) } ?? "null")
    }

    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// The shortest text that reads back as the same number; null where it is none.
    package mutating func number(_ value: Double?) {
        raw(value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null")
    }

    /// Something that is JSON already.
    package mutating func raw(_ json: String) {
        separate()
        text += json
        followsValue = true
    }

    /// JSON from elsewhere, known to be valid: on one line, and what may do harm escaped. Such characters stand in
    /// strings alone, so that what it says stays the same; control characters are blanks between its parts.
    package mutating func foreign(_ json: String) {
        separate()
        for scalar in json.unicodeScalars {
            if scalar.value < 0x20 {
                text += " "
            } else if scalar.isHarmful {
                escape(scalar)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        followsValue = true
    }

    /// Opens an object or array that is closed by hand, where what is inside may throw.
    mutating func open(_ bracket: String) {
        separate()
        text += bracket
        followsValue = false
    }

    mutating func close(_ bracket: String) {
        text += bracket
        followsValue = true
    }

    private mutating func separate() {
        if followsValue { text += "," }
    }

    private mutating func quote(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.isHarmful: escape(scalar)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
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
