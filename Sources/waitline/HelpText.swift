/// What `--help` prints, made to fit: the parser wraps all but the usage.
enum HelpText {
    /// The same text with its usage on lines of at most so many columns, and those behind the first indented.
    static func wrapping(_ text: String, columns: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("USAGE: ") ? wrapped($0, columns: columns) : String($0) }
            .joined(separator: "\n")
    }

    /// Parts in brackets stay together.
    private static func wrapped(_ line: Substring, columns: Int) -> String {
        var lines = [""]
        for part in parts(of: line) {
            let isFirst = lines[lines.count - 1].allSatisfy { $0 == " " }
            if !isFirst, lines[lines.count - 1].count + 1 + part.count > columns {
                lines.append("         " + part)
            } else {
                lines[lines.count - 1] += (isFirst ? "" : " ") + part
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func parts(of line: Substring) -> [String] {
        var parts: [String] = []
        var depth = 0
        for word in line.split(separator: " ") {
            if depth > 0 { parts[parts.count - 1] += " " + word } else { parts.append(String(word)) }
            for character in word {
                if character == "[" { depth += 1 }
                if character == "]" { depth = max(0, depth - 1) }
            }
        }
        return parts
    }
}
