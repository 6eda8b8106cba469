import Testing
import TraceCore
import TraceTerminal

/// No line is wider than asked, and nothing from traces reaches the terminal raw.
@Suite struct WidthTests {
    @Test(arguments: [false, true]) func plainLinesFit(ascii: Bool) {
        for width in stride(from: 30, through: 300, by: ascii ? 5 : 1) {
            let options = TerminalOptions(width: width, ascii: ascii)
            for line in allViews(options) where !fits(line, options) { Issue.record("\(width): \(line)") }
        }
    }

    @Test(arguments: ColorMode.allCases.filter { $0 != .none }) func coloredLinesSayTheSame(colors: ColorMode) {
        for width in stride(from: 30, through: 300, by: 27) {
            let plain = TerminalOptions(width: width, ascii: true)
            var colored = plain
            colored.colors = colors
            #expect(allViews(colored).map(withoutSequences) == allViews(plain))
            colored.ascii = false
            #expect(allViews(colored).allSatisfy { fits(withoutSequences($0), colored) })
        }
    }

    @Test func signsOfBarsAsideColorsChangeNoText() {
        let plain = allViews(TerminalOptions(width: 100))
        let colored = allViews(TerminalOptions(width: 100, colors: .direct)).map(withoutSequences)
        #expect(plain.map(withoutBlocks) == colored.map(withoutBlocks))
    }

    private func allViews(_ options: TerminalOptions) -> [String] {
        let runs = [Self.hostile, Self.defects]
        return runs.flatMap { WaterfallView($0, options).lines() } + ReportView(Self.report, options).lines()
            + RunsView(runs.map { RunSummary($0, isArriving: true) }, options).lines()
            + ComparisonView(Self.comparison, names: (Samples.hostileNames[3], Samples.hostileNames[18]), options)
            .lines() + trends(options)
    }

    private func trends(_ options: TerminalOptions) -> [String] {
        ReportView(Self.hostileHistory, options).lines() + ReportView(Self.longHistory, options).lines()
            + RunsView(Self.hostileSummaries, options).lines()
            + BackgroundView(Self.background, options).lines()
    }

    private static let hostile = Samples.hostile
    private static let hostileRuns = (0..<15).map { number in
        Samples.run(
            number, of: Samples.hostileNames[number / 3 + 2], tasks: 3, service: Samples.hostileNames[18 - number / 3])
    }
    private static let hostileSummaries = hostileRuns.map { RunSummary($0, isArriving: false) }
    private static let hostileHistory = Samples.historyReport(hostileRuns, arriving: 14)
    private static let longHistory = Samples.historyReport(
        (0..<16).map { Samples.run($0, tenths: Int64($0 * $0 * 90)) })
    private static let background = Samples.background(Samples.hostileNames)
    private static let defects = Samples.defects
    private static let comparison = ComparisonSamples.hostile(width: 100)
    private static let report = Samples.report([hostile, defects], by: [.user, .service])

    /// Whether a line is narrow enough, ends in no blank, and making it safe would change nothing.
    private func fits(_ line: String, _ options: TerminalOptions) -> Bool {
        let safe = SafeText(line, ascii: options.ascii)
        return safe.width <= options.width && safe.text == line && line.last != " "
    }

    private func withoutSequences(_ line: String) -> String {
        line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    }

    private func withoutBlocks(_ line: String) -> String {
        String(line.filter { !"▏▎▍▌▋▊▉█▐▕░▒ ".contains($0) })
    }
}
