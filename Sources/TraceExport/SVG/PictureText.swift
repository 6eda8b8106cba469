/// Text from a trace as a picture shows it: on one line, and of a width that is known well enough to cut it.
///
/// Shown escaped, as `\u{1b}`, are control characters, all that is invisible or turns the direction of what follows,
/// code points without a meaning (among them what XML cannot say), and marks past the fourth on a character. Widths are
/// counted in columns, as wide as a letter of a monospaced font; characters that may be wider count two.
struct PictureText: Hashable {
    private(set) var text: String
    /// Never less than what it takes.
    private(set) var columns: Int

    /// Words of our own.
    init(own text: String) {
        self.text = text
        columns = text.unicodeScalars.reduce(0) { $0 + Self.columns($1) }
    }

    /// A text from elsewhere, no wider than asked, an ellipsis in the middle of what is. One that shows nothing stands
    /// between quotes.
    init(_ raw: String, columns limit: Int) {
        // Of a long one the ends are enough: few scalars take no column.
        let isLong = raw.utf8.count > 16 * max(limit, 1) + 64
        let ends = isLong ? String(raw.prefix(2 * limit + 8)) + String(raw.suffix(2 * limit + 8)) : raw
        let isBlank = ends.unicodeScalars.allSatisfy { $0.properties.isWhitespace && $0.value >= 0x20 }
        let escaped = Self.escaped(isBlank ? "\"\(ends)\"" : ends)
        self = PictureText(own: escaped).truncated(to: limit, isCut: isLong)
    }

    /// A text from elsewhere with what does harm escaped, cut behind so many characters where it is longer.
    static func escaped(_ raw: String, characters limit: Int) -> String {
        guard raw.unicodeScalars.count > limit else { return escaped(raw) }
        return escaped(String(String.UnicodeScalarView(raw.unicodeScalars.prefix(limit)))) + "…"
    }

    private func truncated(to limit: Int, isCut: Bool) -> PictureText {
        guard columns > limit || isCut else { return self }
        let room = max(0, limit - 1)
        let head = Self.prefix(text, columns: (room + 1) / 2)
        let backwards: ReversedCollection<String> = text.reversed()
        let tail = Self.prefix(backwards, columns: room - head.columns)
        return PictureText(own: String(head.characters) + "…" + String(tail.characters.reversed()))
    }

    private static func prefix(_ text: some Sequence<Character>, columns limit: Int) -> (
        characters: [Character], columns: Int
    ) {
        var (taken, width) = ([Character](), 0)
        for character in text {
            let next = character.unicodeScalars.reduce(0) { $0 + columns($1) }
            if width + next > limit { break }
            taken.append(character)
            width += next
        }
        return (taken, width)
    }

    private static func escaped(_ raw: String) -> String {
        if raw.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return raw }
        var text = String.UnicodeScalarView()
        // A mark needs something to stand on.
        var marks = 4
        for scalar in raw.unicodeScalars {
            let isMark = isMark(scalar)
            marks = isMark ? marks + 1 : 0
            if marks > 4 || isHidden(scalar) {
                marks = 4
                text.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if (0x20...0x7E).contains(scalar.value) { return false }
        // What chooses between two pictures of the character before it.
        if scalar.value == 0xFE0E || scalar.value == 0xFE0F { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// 0 of marks that combine, 1 of letters as most alphabets have them, 2 of all that may be wider.
    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x300: 1
        case _ where isMark(scalar): 0
        case ..<0x1100, 0x1E00...0x2BFF: 1
        default: 2
        }
    }
}
