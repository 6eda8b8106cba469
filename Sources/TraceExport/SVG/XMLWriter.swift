/// Writes XML piece by piece: elements that are closed in the order in which they were opened, everything escaped.
///
/// What XML cannot say at all (control characters, U+FFFE) is the caller's to replace: see `PictureText`.
struct XMLWriter {
    typealias Attributes = KeyValuePairs<String, String>

    private var text = ""

    /// The number of UTF-8 bytes that were written and not taken.
    var count: Int { text.utf8.count }

    /// Takes what has been written so far, to be passed on.
    mutating func take() -> String {
        defer { text.removeAll(keepingCapacity: true) }
        return text
    }

    /// An element with what `body` writes inside, on lines of their own.
    mutating func element(
        _ name: String, _ attributes: Attributes = [:], _ body: (inout XMLWriter) throws -> Void
    ) rethrows {
        open(name, attributes)
        try body(&self)
        close(name)
    }

    /// An element that holds a text.
    mutating func element(_ name: String, _ attributes: Attributes = [:], text: String) {
        start(name, attributes)
        self.text += ">"
        escape(text)
        self.text += "</\(name)>\n"
    }

    /// A `text` of parts that follow one another on its line, each with a class of its own and so many px before it.
    mutating func line(_ attributes: Attributes, _ parts: [(text: String, style: String, gap: Int)]) {
        start("text", attributes)
        text += ">"
        for part in parts {
            start("tspan", ["class": part.style])
            if part.gap > 0 { text += " dx=\"\(part.gap)\"" }
            text += ">"
            escape(part.text)
            text += "</tspan>"
        }
        text += "</text>\n"
    }

    /// An element that holds nothing.
    mutating func element(_ name: String, _ attributes: Attributes = [:]) {
        start(name, attributes)
        text += "/>\n"
    }

    /// Opens an element that is closed by hand, where what is inside may throw or is long.
    mutating func open(_ name: String, _ attributes: Attributes = [:]) {
        start(name, attributes)
        text += ">\n"
    }

    mutating func close(_ name: String) { text += "</\(name)>\n" }

    /// Something that is XML already.
    mutating func raw(_ xml: String) { text += xml }

    private mutating func start(_ name: String, _ attributes: Attributes) {
        text += "<" + name
        for (key, value) in attributes {
            text += " \(key)=\""
            escape(value, isAttribute: true)
            text += "\""
        }
    }

    /// Within an attribute line feeds and quotes are escaped, too: it would take the one for a blank, and end at the other.
    private mutating func escape(_ value: String, isAttribute: Bool = false) {
        guard value.utf8.contains(where: Self.isSpecial) else {
            text += value
            return
        }
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"" where isAttribute: text += "&quot;"
            case "\n" where isAttribute: text += "&#10;"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "\n"): true
        default: false
        }
    }
}
