import Testing
import TraceCore
import TraceTerminal

/// What the pages of events say beside what the goldens show.
@Suite struct SpanViewTests {
    private static let pages = [
        Pages.bare, Pages.failed, Pages.query, Pages.root, Pages.error, Pages.lostError, Pages.metricset,
    ]

    /// Long ones are cut to a few lines.
    private static let hostileTexts = Samples.hostileNames.map { String($0.prefix(150)) }

    private static func width(_ line: String) -> Int { SafeText(line).width }

    @Test("No line is wider than the page, whatever was sent", arguments: [20, 40, 200], [true, false])
    func fitsItsWidth(width: Int, ascii: Bool) {
        for rows in [RowLimit.first(0), .all] {
            let options = TerminalOptions(width: width, ascii: ascii, rows: rows)
            for page in Self.pages + Self.hostileTexts.map(Pages.hostile) {
                let widest = SpanView(page, options).lines().map(Self.width).max()
                #expect(widest ?? .max <= width)
            }
        }
    }

    @Test("Nothing reaches the terminal but what SafeText lets through", arguments: [40, 100])
    func isSafe(width: Int) {
        for text in Self.hostileTexts {
            let lines = SpanView(Pages.hostile(text), TerminalOptions(width: width)).lines()
            let unsafe = lines.filter { SafeText($0).text != $0 }
            #expect(unsafe.isEmpty)
            let ascii = SpanView(Pages.hostile(text), TerminalOptions(width: width, ascii: true)).lines()
            let others = ascii.filter { !$0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }
            #expect(others.isEmpty)
        }
    }

    @Test("Long texts are wrapped and whole", arguments: [20, 33, 40, 100])
    func textsAreWhole(width: Int) {
        var page = Pages.bare
        let words = (1...400).map { "word\($0)" }.joined(separator: " ") + String(repeating: "x", count: 500)
        page.details.fields = [.init(path: "context.custom.text", value: words)]
        page.rawLine = Array(words.utf8)
        let text = SpanView(page, TerminalOptions(width: width)).lines().joined()
            .filter { $0 != " " }
        let parts = text.components(separatedBy: words.filter { $0 != " " })
        #expect(parts == 3)
    }

    @Test("Sections that have nothing to say are not there")
    func noEmptySections() {
        let lines = SpanView(Pages.bare, TerminalOptions(width: 100)).lines()
        let headings = lines.filter { !$0.hasPrefix(" ") && !$0.isEmpty }
        for word in ["error", "database", "HTTP", "links", "labels", "fields", "process", "line", "logs", "metrics"] {
            #expect(!headings.contains { $0.hasPrefix(word) })
        }
        #expect(zip(lines, lines.dropFirst()).allSatisfy { !($0.isEmpty && $1.isEmpty) })
        #expect(lines.last?.isEmpty == false)
    }

    @Test("Lists are bounded, and how many were left out is said")
    func listsAreBounded() {
        let crowd = Samples.crowd(120, slots: 12)
        let page = SpanPage(.event(EventFacts(crowd.trace.root ?? 0, in: crowd)), EventDetails())
        #expect(SpanView(page, TerminalOptions(width: 100)).lines().contains("  … 110 more not shown (--rows all)"))
        let few = SpanView(page, TerminalOptions(width: 100, ascii: true, rows: .first(2))).lines()
        #expect(few.contains("  ... 118 more not shown (--rows all)"))
        let all = SpanView(page, TerminalOptions(width: 100, rows: .all)).lines()
        #expect(!all.contains { $0.contains("not shown") } && all.count > 120)
    }

    @Test("The program's own frames are always shown, those of libraries folded unless all are asked for")
    func libraryFramesAreFolded() {
        let folded = SpanView(Pages.query, TerminalOptions(width: 100)).lines()
        #expect(folded.contains { $0.contains("▸ billing/__main__.py:7") })
        #expect(folded.contains("    … 5 more of libraries not shown (--rows all)"))
        let all = SpanView(Pages.query, TerminalOptions(width: 100, rows: .all)).lines()
        #expect(all.count { $0.contains("sessions.py") } == 6)
    }

    @Test("A user whose name shows nothing stands between quotes")
    func namelessUser() {
        var builder = RunBuilder()
        builder.add(.transaction, "user task", from: 0, to: 10, user: "")
        let page = SpanPage(.event(EventFacts(0, in: builder.analysis)), EventDetails())
        #expect(SpanView(page, TerminalOptions(width: 100)).lines().contains { $0.contains("  user \"\"  ") })
    }

    @Test("Times are to the microsecond, in the zone asked for")
    func momentsAreExact() {
        let local = SpanView(Pages.bare, TerminalOptions(width: 100), clock: LocalClock { _ in 3_600 }).lines()
        let utc = SpanView(Pages.bare, TerminalOptions(width: 100, utc: true)).lines()
        #expect(local.contains { $0.contains("start 2026-11-23 05:03:23.260035  ") })
        #expect(utc.contains { $0.contains("start 2026-11-23 04:03:23.260035 UTC  ") })
    }

    @Test(
        "Shares, bytes and times are told in units that fit",
        arguments: [
            ("system.cpu.total.norm.pct", "0.3527", nil, "35.3 %"), ("x", "0.5", "percent", "50.0 %"),
            ("a.bytes", "1023", nil, "1023 B"), ("a.bytes", "1024", nil, "1.0 KiB"),
            ("a.bytes", "1048575", nil, "1.0 MiB"), ("system.memory.actual.free", "1.6777216e+10", nil, "15.6 GiB"),
            ("gc.time", "12", "ms", "12.0ms"), ("cfs.quota.us", "2048", nil, "2.05ms"),
        ] as [(String, String, String?, String)])
    func readableSamples(name: String, value: String, unit: String?, text: String) {
        var page = Pages.metricset
        page.details.samples = [.init(name: name, value: value, unit: unit)]
        let lines = SpanView(page, TerminalOptions(width: 100)).lines()
        #expect(lines.contains { $0.hasSuffix("= " + text) }, "\(lines)")
    }

    @Test("What has no unit, or no finite number, is shown as it was sent")
    func otherSamples() {
        var page = Pages.metricset
        page.details.samples = [
            .init(name: "queue.total", value: "7", unit: nil), .init(name: "a.pct", value: "1e308", unit: nil),
            .init(name: "b.bytes", value: "many", unit: nil),
        ]
        let lines = SpanView(page, TerminalOptions(width: 100)).lines()
        #expect(lines.suffix(3).allSatisfy { !$0.contains("=") })
    }
}

extension String {
    /// How many parts a text falls into at each place where another stands in it.
    fileprivate func components(separatedBy other: String) -> Int { ranges(of: other).count + 1 }
}
