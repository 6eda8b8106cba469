/// Text that can be written to a terminal: one line, no control characters, of known width.
///
/// The canvas takes nothing else. What comes from traces is made safe by `init(_:ascii:)`.
package struct SafeText: Sendable, Hashable {
    package private(set) var text: String
    /// In columns of the terminal.
    package private(set) var width: Int

    /// Words and signs of our own.
    init(own text: String) {
        self.text = text
        width = Self.columns(text)
    }

    /// Makes a text from elsewhere safe. Shown escaped, as `\u{1b}`, are: control characters, all that is
    /// invisible or turns the direction of what follows (joiners, overrides, isolates, line separators, the byte
    /// order mark), code points without a meaning, and those about whose width terminals disagree (flags, skin
    /// tones, joined emoji); where only ASCII can be shown, everything else. Variation selectors, which only
    /// choose between two pictures of one character, are left out: terminals disagree about their width, too.
    package init(_ raw: String, ascii: Bool = false) {
        if raw.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            text = raw
            width = raw.utf8.count
            return
        }
        var escaped = Escaping(ascii: ascii)
        for scalar in raw.unicodeScalars { escaped.append(scalar) }
        text = String(escaped.text)
        width = Self.columns(text)
    }

    /// A name from elsewhere, safe and no wider than asked. One that shows nothing stands between quotes.
    ///
    /// Of a long one only the ends are looked at: no character takes less than a column, apart from a few that are
    /// left out, so what is cut there would be cut in the end.
    init(name: String, columns: Int, ascii: Bool) {
        let isLong = name.utf8.count > 8 * columns
        let raw = isLong ? String(name.prefix(columns + 1)) + String(name.suffix(columns + 1)) : name
        let isBlank = raw.unicodeScalars.allSatisfy { $0.properties.isWhitespace && $0.value >= 0x20 }
        self = SafeText(isBlank ? "\"\(raw)\"" : raw, ascii: ascii).truncated(to: columns, ascii: ascii)
    }

    /// Two texts, one behind the other.
    static func + (left: SafeText, right: SafeText) -> SafeText {
        var joined = left
        joined.text += right.text
        joined.width += right.width
        return joined
    }

    /// The text cut to a width, an ellipsis in the middle; no character is split.
    package func truncated(to columns: Int, ascii: Bool = false) -> SafeText {
        guard width > columns else { return self }
        let ellipsis = ascii ? "..." : "…"
        let room = columns - Self.columns(ellipsis)
        guard room > 0 else { return SafeText(own: String(repeating: ".", count: max(0, min(columns, 1)))) }
        let head = Self.prefix(text, columns: (room + 1) / 2)
        let backwards: ReversedCollection<String> = text.reversed()
        let tail = Self.prefix(backwards, columns: room - head.columns)
        return SafeText(own: String(head.characters) + ellipsis + String(tail.characters.reversed()))
    }

    private static func prefix(_ characters: some Sequence<Character>, columns: Int) -> (
        characters: [Character], columns: Int
    ) {
        var taken: [Character] = []
        var width = 0
        for character in characters {
            let next = CharacterWidth.columns(character)
            if width + next > columns { break }
            taken.append(character)
            width += next
        }
        return (taken, width)
    }

    private static func columns(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + CharacterWidth.columns($1) }
    }
}

/// Goes over a text scalar by scalar and escapes what is not safe.
private struct Escaping {
    let ascii: Bool
    var text = String.UnicodeScalarView()
    /// Whether the last scalar takes a mark, and how many it has.
    private var takesMarks = false
    private var marks = 0
    private var isAfterHangul = false
    /// More marks than any writing puts on one character only hide it.
    private let mostMarks = 4

    init(ascii: Bool) { self.ascii = ascii }

    mutating func append(_ scalar: Unicode.Scalar) {
        if !ascii, scalar.value == 0xFE0E || scalar.value == 0xFE0F { return }
        let isMark = Self.isMark(scalar)
        let isHangul = (0x1100...0x11FF).contains(scalar.value) || CharacterWidth.isConjoining(scalar)
        if isMark, takesMarks, marks < mostMarks, !ascii {
            text.append(scalar)
            marks += 1
        } else if isMark || needsEscape(scalar) || (CharacterWidth.isConjoining(scalar) && !isAfterHangul) {
            text.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            (takesMarks, isAfterHangul) = (false, false)
        } else {
            text.append(scalar)
            (takesMarks, marks, isAfterHangul) = (true, 0, isHangul)
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return !scalar.properties.isDefaultIgnorableCodePoint
        default: return false
        }
    }

    private func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: return false
        case _ where ascii: return true
        // Regional indicators, and skin tones.
        case 0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
