/// Writes HTML piece by piece. Texts go in as text, whatever stands in them; markup only as what is written in the
/// program itself.
struct HTMLWriter {
    private(set) var html = ""

    /// Markup of our own.
    mutating func markup(_ text: StaticString) { html += "\(text)" }

    /// Markup that another part of the program has made, every text in it escaped already.
    mutating func made(_ markup: String) { html += markup }

    /// Text from anywhere.
    mutating func text(_ raw: String) { Self.append(Self.shown(raw), to: &html) }

    /// An element with what is inside; attributes are escaped.
    mutating func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ body: (inout HTMLWriter) -> Void
    ) {
        html += "<\(name)"
        for (key, value) in attributes {
            html += " \(key)=\""
            Self.append(Self.shown(value), to: &html)
            html += "\""
        }
        html += ">"
        body(&self)
        html += "</\(name)>"
    }

    /// An element with a text.
    mutating func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], text: String
    ) {
        element(name, attributes) { $0.text(text) }
    }

    /// A text as the page shows it: what is invisible or does harm stands as `\u{1b}`; line feeds and tabulators, which
    /// do none in a page, are blanks.
    static func shown(_ raw: String) -> String {
        if raw.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return raw }
        let isSpaced = raw.utf8.contains { $0 == 0x9 || $0 == 0xA }
        let line = isSpaced ? String(raw.map { $0 == "\n" || $0 == "\t" || $0 == "\r\n" ? " " : $0 }) : raw
        return PictureText.escaped(line, characters: mostCharacters)
    }

    /// A name from elsewhere: one that shows nothing stands between quotes.
    static func name(_ raw: String) -> String {
        shown(raw).unicodeScalars.allSatisfy(\.properties.isWhitespace) ? "\"\(raw)\"" : raw
    }

    /// No text of the protocol is longer, but for messages of errors.
    private static let mostCharacters = 4_096

    /// Escapes what has a meaning in a text or in a quoted attribute.
    private static func append(_ text: String, to html: inout String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.unicodeScalars.append(scalar)
            }
        }
    }

    /// JSON as it may stand in an element for data: without signs that could end it. They stand in strings alone, where
    /// an escape says the same.
    static func data(_ json: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(json.utf8.count)
        for byte in json.utf8 {
            switch byte {
            case UInt8(ascii: "<"): bytes += "\\u003c".utf8
            case UInt8(ascii: ">"): bytes += "\\u003e".utf8
            case UInt8(ascii: "&"): bytes += "\\u0026".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
