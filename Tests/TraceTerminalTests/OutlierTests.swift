import Testing
import TraceCore

@testable import TraceTerminal

/// One task of 29 hours among tasks of a fraction of a second: what differs is seen, and nothing reads as nothing.
@Suite struct OutlierTests {
    private static let run = Samples.outlier

    @Test(arguments: [60, 110]) func views(width: Int) throws {
        let options = TerminalOptions(width: width, rows: .first(6), utc: true)
        let bins = ReportView.bins(options)
        let report = ReportView(Samples.report([Self.run], bins: bins), options).lines()
        try check(report, "report-outlier-\(width)")
        try check(WaterfallView(Self.run, options).lines(), "waterfall-outlier-\(width)")
        try check(ChainView(Self.run, options).lines(), "chain-outlier-\(width)")
        let both = ComparisonSamples.compare([Self.run], [Samples.crowd(40, slots: 4)])
        let comparison = ComparisonView(both, names: ("slow", "fast"), options).lines()
        try check(comparison, "compare-outlier-\(width)")
    }

    @Test func percentilesAreToldApart() throws {
        let report = Samples.report([Self.run])
        let lines = ReportView(report, TerminalOptions(width: 110)).lines()
        let work = try #require(lines.first { $0.hasPrefix("work ") })
        #expect(
            work.split(separator: " ").map(String.init) == ["work", "273ms", "375ms", "389ms", "–", "29.00h", "0.73h"])
        #expect(!lines.joined().contains("<0.01"))
    }

    @Test func aZoomFarFromTheStartTellsItsEndsApart() {
        var choice = WaterfallChoice()
        let start = Self.run.trace.start + 25 * 3_600_000_000
        choice.query.window = Interval(start: start, end: start + 400_000)
        let lines = WaterfallView(Self.run, TerminalOptions(width: 110), choice: choice).lines()
        #expect(lines[0].contains("from 90000.000s to 90000.400s of 29.00h"))
    }

    @Test func theBrowserTellsThemApart() {
        var transcript = BrowserTranscript([Self.run], width: 110, height: 24)
        transcript.type("j")
        for (name, time) in [("billing run", "29.00h"), ("user-1 ", "319ms")] {
            #expect(transcript.screen.contains { $0.contains(name) && $0.contains(" \(time)") }, "\(name)")
        }
    }

    @Test func smallShares() {
        var summary = RunSummary(Self.run, isArriving: false)
        summary.group?.waitShare = Share(1, of: 1_000_000)
        let summaries = (0..<3).map { place in
            var other = summary
            other.id = Identifier(String(repeating: "\(place)", count: 32))
            return other
        }
        let lines = RunsView(summaries, TerminalOptions(width: 110)).lines()
        #expect(lines.filter { $0.contains("<0.1 %") }.count == 4, "each run, and their trend")
        #expect(lines.last?.contains("wait share ▁▁▁ <0.1 %") == true)
    }

    @Test(
        arguments: [
            (0, "0.00", "0.00 a second"), (0.0001, "<0.001", "8.64 a day"), (0.0019, "0.002", "6.84 an hour"),
            (0.05, "0.050", "3.00 a minute"), (0.25, "0.25", "15.00 a minute"), (1.2, "1.20", "1.20 a second"),
            (1_234.5, "1 235", "1 235 a second"),
        ] as [(Double, String, String)])
    func numbersOverTime(number: Double, text: String, rate: String) {
        #expect(DecimalText.text(number) == text)
        let told = DecimalText.rate(perSecond: number)
        #expect("\(told.number) \(told.time)" == rate)
    }

    @Test(
        arguments: [
            ("system.cpu.total.norm.pct", "0.0003", "<0.1 %"), ("system.cpu.total.norm.pct", "0", "0.0 %"),
            ("system.cpu.total.norm.pct", "0.0005", "0.1 %"), ("gc.time.ns", "300", "<1µs"), ("gc.time.ns", "0", "0µs"),
            ("gc.time.ns", "1300", "1µs"), ("pause.us", "-0.2", "-<1µs"),
        ])
    func smallSamples(name: String, value: String, text: String) {
        #expect(SampleText(.init(name: name, value: value, unit: nil), ascii: false).readable == text)
    }

    private func check(_ lines: [String], _ name: String, at location: SourceLocation = #_sourceLocation) throws {
        try Golden.check(lines, name, at: location)
    }
}
