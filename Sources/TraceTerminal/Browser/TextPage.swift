import TraceCore

/// A text that is looked at on the screen: scrolled, and broken into lines anew when the width changes.
struct TextPage: Sendable {
    enum Content: Sendable {
        case help
        case report(TaskReport)
        case replay(SlotReplay, WhatIfView.Run)
        case event(SpanPage)
        /// A sentence in the place of what is missing.
        case sentence(String)
    }

    /// What it is, for the state line.
    let title: String
    let content: Content
    private var offset = 0
    private var width = 0
    private var lines: [String] = []

    init(_ title: String, _ content: Content) {
        self.title = title
        self.content = content
    }

    /// The numbers of slots that a run is replayed on.
    private static let slots = [1, 2, 5, 10, 25, 50, 100]
    /// How many rows of a list a page has.
    private static let mostRows = 500

    /// Breaks the text into lines, where that isn't done for this width.
    mutating func prepare(_ options: TerminalOptions, clock: LocalClock) {
        guard width != options.width else { return }
        width = options.width
        var options = options
        options.rows = .first(Self.mostRows)
        switch content {
        case .help: lines = BrowserHelp(options).lines()
        case .report(let report): lines = ReportView(report, options, clock: clock).lines()
        case .replay(let replay, let run):
            lines = WhatIfView(replay, slots: Self.slots, of: run, options).lines()
        case .event(let page): lines = SpanView(page, options, clock: clock).lines()
        case .sentence(let sentence):
            let prose = Prose(width: options.width, ascii: options.ascii)
            lines = prose.sentence(SafeText(sentence, ascii: options.ascii)).flatMap { $0.lines(options.colors) }
        }
    }

    /// So many lines of it, of those it was prepared for.
    mutating func visible(height: Int) -> ArraySlice<String> {
        offset = min(max(offset, 0), max(0, lines.count - height))
        return lines[offset..<min(lines.count, offset + max(0, height))]
    }

    /// Where one is: `lines 1-20 of 84`; nil where all of it is seen.
    func position(height: Int) -> String? {
        guard lines.count > height else { return nil }
        return "lines \(Prose.count(offset + 1))-\(Prose.count(min(lines.count, offset + height))) of "
            + Prose.count(lines.count)
    }

    /// Takes a key that scrolls; false where it doesn't.
    mutating func take(_ key: Key, height: Int) -> Bool {
        let page = max(1, height - 1)
        switch key {
        case .text("j"), .down, .control("n"), .enter: offset += 1
        case .text("k"), .up, .control("p"): offset -= 1
        case .text("g"), .home: offset = 0
        case .text("G"), .end: offset = lines.count
        case .pageDown, .control("f"), .text(" "): offset += page
        case .pageUp, .control("b"): offset -= page
        case .control("d"): offset += max(1, height / 2)
        case .control("u"): offset -= max(1, height / 2)
        case .wheelDown: offset += 3
        case .wheelUp: offset -= 3
        default: return false
        }
        offset = min(max(offset, 0), max(0, lines.count - height))
        return true
    }
}
