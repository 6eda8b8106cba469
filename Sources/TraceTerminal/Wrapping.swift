/// Whole texts in lines of a width: broken at blanks where there are some, else anywhere. Nothing is cut.
enum Wrapping {
    /// A text from elsewhere, line by line as it was sent, each line wrapped.
    static func lines(_ raw: String, width: Int, ascii: Bool) -> [SafeText] {
        var lines = raw.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.last == "\r" ? line.dropLast() : line)
        }
        while lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        return lines.flatMap { line in
            let spaced = line.utf8.contains(UInt8(ascii: "\t")) ? line.expandingTabs : line
            return Self.lines(SafeText(spaced, ascii: ascii), width: width)
        }
    }

    /// One line, wrapped; an empty text is one empty line.
    static func lines(_ text: SafeText, width: Int) -> [SafeText] {
        // A wide character has to fit.
        let width = max(2, width)
        guard text.width > width else { return [text] }
        var lines: [SafeText] = []
        var line: [Character] = []
        var columns = 0
        /// Where in `line` it may be broken: the last blank behind something that is none.
        var blank: Int?
        var hasInk = false
        for character in text.text {
            let next = CharacterWidth.columns(character)
            if columns + next > width, character == " ", hasInk {
                lines.append(SafeText(own: String(line)))
                (line, columns, blank, hasInk) = ([], 0, nil, false)
                continue
            }
            if columns + next > width {
                let rest = blank.map { line[($0 + 1)...] } ?? []
                lines.append(SafeText(own: String(line[..<(blank ?? line.count)])))
                line = Array(rest)
                columns = line.reduce(0) { $0 + CharacterWidth.columns($1) }
                (blank, hasInk) = (nil, !line.isEmpty)
            }
            if character == " " {
                if hasInk { blank = line.count }
            } else {
                hasInk = true
            }
            line.append(character)
            columns += next
        }
        return lines + [SafeText(own: String(line))]
    }
}

extension String {
    /// With two blanks for each tabulator.
    fileprivate var expandingTabs: String {
        var text = UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar == "\t" { text.append(contentsOf: "  ".unicodeScalars) } else { text.append(scalar) }
        }
        return String(text)
    }
}
