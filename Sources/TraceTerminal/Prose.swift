import TraceCore

/// Texts that are no table and no picture: wrapped at blanks, words longer than a line cut.
struct Prose {
    let width: Int
    let ascii: Bool

    /// Parts of one line, at least two columns apart; what does not fit goes to the next line, two columns in.
    func line(_ parts: [(SafeText, Style)], indent: Int = 0) -> [Canvas] {
        var canvases: [Canvas] = []
        var canvas = Canvas(width: width)
        var column = indent
        var isEmpty = true
        for (text, style) in parts where text.width > 0 {
            if !isEmpty, column + text.width > width {
                canvases.append(canvas)
                canvas = Canvas(width: width)
                column = indent + 2
            }
            let cut = text.truncated(to: width - column, ascii: ascii)
            column = canvas.put(cut, column: column, style) + 2
            isEmpty = false
        }
        return isEmpty ? canvases : canvases + [canvas]
    }

    /// A sentence, word by word.
    func sentence(_ text: SafeText, _ style: Style = .plain, indent: Int = 0) -> [Canvas] {
        var lines: [SafeText] = []
        for word in text.text.split(separator: " ") {
            let word = SafeText(own: String(word)).truncated(to: width - indent, ascii: ascii)
            if let last = lines.last, last.width + 1 + word.width <= width - indent {
                lines[lines.count - 1] = last + SafeText(own: " ") + word
            } else {
                lines.append(word)
            }
        }
        return lines.map { line in
            var canvas = Canvas(width: width)
            canvas.put(line, column: indent, style)
            return canvas
        }
    }

    /// A whole number in groups of three digits.
    static func count(_ number: Int) -> String { CountText.text(number) }

    /// A number and what it counts.
    static func count(_ number: Int, _ singular: String, _ plural: String) -> String {
        CountText.text(number, singular, plural)
    }
}
