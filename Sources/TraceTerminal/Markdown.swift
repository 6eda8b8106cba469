extension SafeText {
    /// In Markdown, as text alone: what has a meaning there is escaped.
    var markdown: String {
        var escaped = ""
        for character in text {
            if "\\`*_{}[]<>#|~&!$".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}
