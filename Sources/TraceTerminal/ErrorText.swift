import TraceCore

/// An error in words.
struct ErrorText {
    let details: ErrorDetails
    let ascii: Bool

    init(_ details: ErrorDetails, ascii: Bool) {
        self.details = details
        self.ascii = ascii
    }

    /// Its type and message, with the line breaks they were sent with.
    var title: String { details.title }

    /// Whether the program caught it, where that was said.
    var handling: String? { details.handled.map { $0 ? "handled" : "unhandled" } }

    /// In one line: what went wrong, where, and whether it was caught; then how many others there are. Where there
    /// is no room, what stands behind the message gives way to it, and a message that is too long is cut in its middle.
    func line(others: Int, columns: Int) -> SafeText {
        let signs = Signs(ascii: ascii)
        let dot = SafeText(own: ascii ? " - " : " · ")
        let room = columns - signs.failed.count - 1
        func name(_ text: String, _ columns: Int) -> SafeText {
            SafeText(name: oneLine(text, columns: columns), columns: columns, ascii: ascii)
        }
        let title = name(title, room)
        let culprit = details.culprit.flatMap { $0.isEmpty ? nil : dot + name($0, max(12, room / 3)) }
        let handling = self.handling.map { dot + SafeText(own: $0) }
        let count = SafeText(own: others > 0 ? "  +" + Prose.count(others) + " more" : "")
        let none = SafeText(own: "")
        let more = culprit == nil && handling == nil ? none : dot + SafeText(own: signs.ellipsis)
        let tails = [(culprit ?? none) + (handling ?? none) + count, (handling ?? none) + count, more + count]
        let mark = SafeText(own: signs.failed + " ")
        for (tail, least) in zip(tails, [24, 24, 8]) where min(title.width, least) + tail.width <= room {
            return mark + title.truncated(to: room - tail.width, ascii: ascii) + tail
        }
        return mark + title
    }

    /// Line breaks and tabulators, and the blanks around them, as one blank. Of a long text only the ends are looked
    /// at, as nothing else can be shown.
    private func oneLine(_ text: String, columns: Int) -> String {
        let most = 8 * max(1, columns)
        let isLong = text.utf8.count > 4 * most
        let ellipsis = Signs(ascii: ascii).ellipsis
        let ends = isLong ? String(text.prefix(most)) + ellipsis + String(text.suffix(most)) : text
        return ends.unicodeScalars.split { $0.value == 0x20 || (0x9...0xD).contains($0.value) }
            .map { String($0) }.joined(separator: " ")
    }
}

extension [ErrorDetails] {
    /// The one that says most of why something failed: the first that nobody caught, else the first.
    var foremost: ErrorDetails? { first { $0.handled == false } ?? first }
}
