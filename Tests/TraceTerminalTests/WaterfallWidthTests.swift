import Testing
import TraceCore
import TraceTerminal

/// Whatever is drawn of a run, no line is wider than asked, and what is cut has a mark.
@Suite struct WaterfallWidthTests {
    /// Names with everything that makes widths hard, with what identifies each at its ends.
    private static let names =
        Samples.hostileNames + [
            "👩🏿‍🚀👨‍👩‍👧‍👦🏳️‍🌈", "🇩🇪🇫🇷🇯🇵🇺🇸", "👋🏻👋🏿 waving", "Z̷̢̛̹͎a̷l̵g̴o̶", "ﷺ﷽", "𝕱𝖗𝖆𝖐𝖙𝖚𝖗", "a\u{0}b\u{85}c\u{9F}d", "\u{1F3FB}\u{1F1E9}",
            "tab\tnewline\ncarriage\rbell\u{7}", String(repeating: "👩‍👩‍👧‍👦", count: 300), "ก็็็็็็็็็็", "ᄀᄀᄀ각ᆨᆨ",
        ]

    /// Every name as user, name and type, many equal ones of some, failing ones, marks of every kind.
    private static let run: TraceAnalysis = {
        var builder = RunBuilder()
        let root = builder.add(.transaction, names[2], from: 0, to: 3_000_000)
        for (index, name) in names.enumerated() {
            let start = Int64(index) * 20_000
            let other = builder.symbol("other \(index % 3)")
            let task = builder.add(.transaction, names[13], from: start, to: 900_000 + start, under: root, user: name) {
                $0.outcome = index % 5 == 0 ? .failure : .success
                $0.dropped = index % 4 == 0 ? 3 : 0
            }
            for step in 0..<(index == 7 ? 6 : index % 2) {
                let from = start + Int64(step) * 50_000 - (index % 7 == 0 ? 300_000 : 0)
                builder.add(.span, name, from: from, to: from + 40_000, under: task, of: task, type: name) {
                    $0.compressed = index % 2 == 0
                    if index % 7 == 0 { $0.service = other }
                }
            }
        }
        return builder.analysis
    }()

    private static let choices: [WaterfallChoice] = {
        let start = run.trace.start
        return [
            WaterfallChoice(), choice { $0.folding = .always }, choice { $0.folding = .never },
            choice { $0.showsLanes = true },
            choice { choice in
                choice.showsLanes = true
                choice.query.window = Interval(start: start + 300_000, end: start + 300_700)
            },
            choice { choice in
                (choice.query.sort, choice.query.depth, choice.query.alignsClocks) = (.work, 1, true)
            },
            choice { choice in
                choice.query.window = Interval(start: start + 1, end: start + 2)
                choice.query.alignsClocks = true
            },
            choice { ($0.query.failedOnly, $0.query.minDuration, $0.query.text) = (true, 10, "a") },
        ]
    }()

    private static func choice(_ change: (inout WaterfallChoice) -> Void) -> WaterfallChoice {
        var choice = WaterfallChoice()
        change(&choice)
        return choice
    }

    private func view(_ choice: WaterfallChoice, _ options: TerminalOptions) -> WaterfallView {
        var view = WaterfallView(Self.run, options, choice: choice)
        for (number, event) in view.shownEvents.enumerated() {
            var error = ErrorDetails()
            error.message = Self.names[number % Self.names.count]
            if number % 3 == 0 { view.errors[event] = [error] }
        }
        view.facts = facts
        return view
    }

    private var facts: WaterfallView.RowFacts {
        var facts = WaterfallView.RowFacts()
        for event in Self.run.trace.events.indices {
            facts.composites[event] = event % 2 == 0 ? .max : 2
            if event % 3 == 0 { facts.links[event] = event + 1 }
        }
        return facts
    }

    @Test("no line is wider than the width, and none holds a character that is not safe", arguments: [false, true])
    func lines(ascii: Bool) {
        for (number, choice) in Self.choices.enumerated() {
            // Every width comes once, each with the next choice.
            for width in stride(from: 30 + number, through: 300, by: Self.choices.count * (ascii ? 4 : 1)) {
                let options = TerminalOptions(width: width, ascii: ascii)
                for line in view(choice, options).lines() {
                    let safe = SafeText(line, ascii: ascii)
                    let fits = safe.width <= width && safe.text == line && line.last != " "
                    if !fits { Issue.record("choice \(number) at \(width): \(line)") }
                }
            }
        }
    }

    @Test("colours change no width", arguments: [ColorMode.sixteen, .indexed, .direct])
    func colors(colors: ColorMode) {
        for (number, choice) in Self.choices.enumerated() {
            for width in stride(from: 30 + 7 * number, through: 300, by: 97) {
                for line in view(choice, TerminalOptions(width: width, colors: colors)).lines() {
                    let plain = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
                    if SafeText(plain).width > width { Issue.record("choice \(number) at \(width): \(plain)") }
                    #expect(!line.contains(/\u{1B}\[[0-9;]*(3[0-7]|4[0-7]);4[0-7]m/) || colors == .sixteen)
                }
            }
        }
    }

    @Test("a name is whole, or cut with an ellipsis")
    func ellipsis() {
        var builder = RunBuilder()
        let name = "abcdefghijklmnopqrstuvwxyz0123456789"
        let root = builder.add(.transaction, name, from: 0, to: 1_000)
        for number in 0..<6 {
            builder.add(.transaction, name, from: 0, to: 1_000, under: root, user: number == 5 ? nil : name)
        }
        for choice in Self.choices.prefix(4) {
            for width in stride(from: 30, through: 200, by: 3) {
                let ascii = width % 2 == 0
                let options = TerminalOptions(width: width, ascii: ascii)
                let lines = WaterfallView(builder.analysis, options, choice: choice).lines()
                for line in lines where line.contains("abc") && !line.contains(name) {
                    #expect(line.contains(ascii ? "..." : "…") && line.contains("9"), "\(width): \(line)")
                }
            }
        }
    }
}
