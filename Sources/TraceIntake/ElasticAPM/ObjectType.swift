/// What a line is, which its first quoted key says, whatever comes before it.
enum ObjectType {
    enum Kind {
        case transaction, span, error, metricset, log

        /// The kind of a key, nil where it is none of them; keys are exact here.
        init?(_ key: UnsafeBufferPointer<UInt8>) {
            guard let start = key.baseAddress else { return nil }
            let text = JSONText(start: start, count: key.count, isEscaped: false)
            if text.isPlain("span") {
                self = .span
            } else if text.isPlain("transaction") {
                self = .transaction
            } else if text.isPlain("metricset") {
                self = .metricset
            } else if text.isPlain("error") {
                self = .error
            } else if text.isPlain("log") {
                self = .log
            } else {
                return nil
            }
        }
    }

    /// The bytes between a line's first quotes, double or single; none where there are no two.
    static func of(_ line: Line) -> UnsafeBufferPointer<UInt8> {
        let bytes = line.bytes
        let nothing = UnsafeBufferPointer<UInt8>(start: line.start, count: 0)
        guard let open = bytes.firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }) else {
            return nothing
        }
        let rest = UnsafeBufferPointer(rebasing: bytes[(open + 1)...])
        guard let close = rest.firstIndex(of: bytes[open]) else { return nothing }
        return UnsafeBufferPointer(rebasing: rest[..<close])
    }

    /// A key in double quotes, with what cannot be shown escaped, as Go prints it.
    static func quoted(_ key: UnsafeBufferPointer<UInt8>) -> String {
        var text = "\""
        for scalar in String(decoding: key, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
