/// Why a text is no list of wait words.
package struct WaitWordsError: Error, Equatable {
    /// From 1.
    package var line: Int
    /// What is wrong with the line and what would be right, as text from the file may have it: not safe to print.
    package var message: String
}

extension WaitWords {
    /// Reads wait words as people write them into a file: a word a line, in one or two sections.
    ///
    ///     # how we call waiting
    ///     [types]
    ///     wait
    ///     ratelimit
    ///
    ///     [names]
    ///     wait
    ///     throttled    # since 2.0
    ///
    /// A section replaces the standard list of its kind; a section without words turns that way of telling off, and
    /// the list of a section that is not there stays the standard one. `[types]` are compared with the dot-separated
    /// parts of type, subtype and action, so no word of them has a dot; `[names]` with the whole words of the names of
    /// own code, so their words are Unicode letters and digits only. Case does not matter. A `#` at the start of a
    /// line or behind white space begins a comment. Throws at the first line that says nothing that could be meant.
    package init(parsing text: String) throws(WaitWordsError) {
        self = .standard
        var section: Section?
        var seen: Set<Section> = []
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            func failure(_ message: String) -> WaitWordsError { WaitWordsError(line: number + 1, message: message) }
            let parts = Self.parts(of: number == 0 && line.first == "\u{FEFF}" ? line.dropFirst() : line)
            guard let word = parts.first else { continue }
            let text = parts.joined(separator: " ")
            if word.hasPrefix("[") {
                guard let named = Section(rawValue: text.lowercased()) else {
                    throw failure("\(Self.quoted(text)) is no section: there are [types] and [names]")
                }
                guard seen.insert(named).inserted else {
                    throw failure("\(named.rawValue) a second time: put all its words into one section")
                }
                section = named
                self[keyPath: named.list] = []
                continue
            }
            guard let section else {
                throw failure("\(Self.quoted(text)) stands before any section: begin with [types] or [names]")
            }
            guard parts.count == 1 else {
                throw failure("\(Self.quoted(text)) is more than one word: give each a line")
            }
            if let reason = section.whyNever(word) { throw failure("\(Self.quoted(word)) \(reason)") }
            self[keyPath: section.list].insert(word.lowercased())
        }
    }

    private enum Section: String {
        case types = "[types]"
        case names = "[names]"

        var list: WritableKeyPath<WaitWords, Set<String>> {
            switch self {
            case .types: \.typeParts
            case .names: \.nameWords
            }
        }

        /// Why nothing could ever match a word; nil where something can.
        func whyNever(_ word: String) -> String? {
            switch self {
            case .types where word.unicodeScalars.contains("."):
                "has a dot, but types are compared part by part: give the part that says waiting"
            case .names where !word.unicodeScalars.allSatisfy(\.isWordScalar):
                "is no whole word, but names are compared word by word: words are letters and digits only"
            default: nil
            }
        }
    }

    /// What stands between white space, up to a comment.
    private static func parts(of line: Substring.UnicodeScalarView) -> [String] {
        line.split { $0.properties.isWhitespace }.prefix { $0.first != "#" }.map { String($0) }
    }

    /// A word as a message quotes it: a long one is cut.
    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars
        return scalars.count > 40 ? "`\(String(scalars.prefix(40)))…`" : "`\(text)`"
    }
}
