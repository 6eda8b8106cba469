/// A line in which something is typed.
struct LineEditor: Sendable, Hashable {
    private(set) var text: String

    /// More than anybody searches for.
    private static let longest = 256

    init(_ text: String = "") { self.text = text }

    /// Takes a key that changes the line; false where it changes none.
    mutating func take(_ key: Key) -> Bool {
        switch key {
        case .text(let scalar): append(String(Character(scalar)))
        case .paste(let pasted):
            append(String(pasted.unicodeScalars.map { $0.properties.isWhitespace ? " " : Character($0) }))
        case .backspace:
            if !text.isEmpty { text.removeLast() }
        case .control("u"): text = ""
        case .control("w"):
            while text.last == " " { text.removeLast() }
            while let last = text.last, last != " " { text.removeLast() }
        default: return false
        }
        return true
    }

    private mutating func append(_ more: String) {
        text.unicodeScalars.append(contentsOf: more.unicodeScalars)
        if text.count > Self.longest { text = String(text.prefix(Self.longest)) }
    }
}
