/// Writes strings as JSON has them.
struct JSONLineWriter {
    private(set) var text = ""

    /// Adds text that is JSON already.
    mutating func raw(_ json: String) { text += json }

    /// Adds a string in quotes, given as UTF-8; bytes that are none become U+FFFD. What JSON allows and does harm on
    /// a terminal is escaped like control characters: DEL, C1, line separators, and what turns the direction of text.
    mutating func string(_ bytes: some Collection<UInt8>) {
        text += "\""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{61C}", "\u{200E}", "\u{200F}",
                "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
