import Testing
import TraceCore
import TraceTerminal

/// What the views say beside what the goldens show.
@Suite struct ViewTests {
    @Test(
        arguments: [
            (0, 0, "1970-01-01 00:00:00"),
            (-1, 0, "1969-12-31 23:59:59"),
            (1_709_251_199_999_999, 0, "2024-02-29 23:59:59"),
            (1_709_251_200_000_000, 0, "2024-03-01 00:00:00"),
            (1_709_251_200_000_000, -3_600, "2024-02-29 23:00:00"),
            (4_107_542_400_000_000, 19_800, "2100-03-01 05:30:00"),
            (-2_203_977_600_000_000, 0, "1900-02-28 00:00:00"),
        ] as [(Int64, Int, String)])
    func startsAreDates(start: Int64, offset: Int, text: String) {
        var summary = RunSummary(Samples.before, isArriving: false)
        summary.start = start
        let lines = RunsView([summary], TerminalOptions(width: 100), clock: LocalClock { _ in offset }).lines()
        #expect(lines[1].contains("  \(text)  "))
        #expect(RunsView([summary], TerminalOptions(width: 100, utc: true)).lines()[0].contains("start (UTC)"))
    }

    @Test func traceIDsAreLongEnoughToTellApart() {
        var summaries = [Samples.before, Samples.after].map { RunSummary($0, isArriving: false) }
        summaries[0].id = Identifier("1f482a2344444444aaaaaaaaaaaaaaab")
        summaries[1].id = Identifier("1f482a2344444544aaaaaaaaaaaaaaab")
        let lines = RunsView(summaries, TerminalOptions(width: 100)).lines()
        #expect(lines[1].hasPrefix("1f482a23444444  ") && lines[2].hasPrefix("1f482a23444445  "))
    }

    @Test func arrivingRunsAreMarked() {
        let summary = RunSummary(Samples.before, isArriving: true)
        for width in 30...100 {
            #expect(RunsView([summary], TerminalOptions(width: width)).lines()[1].hasSuffix("  arriving"))
        }
    }

    @Test func whatIsLeftOutIsSaid() {
        let crowd = Samples.crowd(500, slots: 10)
        var choice = WaterfallChoice()
        let standard = WaterfallView(crowd, TerminalOptions(width: 80), choice: choice).lines()
        #expect(standard.contains("… 997 of 1 001 rows not shown (in folds: --rows all)"))
        choice.folding = .never
        let unfolded = WaterfallView(crowd, TerminalOptions(width: 80), choice: choice).lines()
        #expect(unfolded.contains("… 801 of 1 001 rows not shown (--rows all)"))
        let one = TerminalOptions(width: 80, ascii: true, rows: .first(1))
        #expect(
            WaterfallView(crowd, one, choice: choice).lines()
                .contains("... 1 000 of 1 001 rows not shown (--rows all)"))
        let all = WaterfallView(crowd, TerminalOptions(width: 80, rows: .all)).lines()
        #expect(all.count > 1_001 && !all.contains { $0.contains("not shown") })
        let report = ReportView(Samples.report([crowd]), TerminalOptions(width: 80)).lines()
        #expect(report.contains("… 480 of 500 rows not shown (--rows all)"))
    }

    @Test func aReportOfNothingSaysSo() {
        #expect(ReportView(Samples.report([]), TerminalOptions(width: 80)).lines().contains("no tasks"))
    }

    @Test func percentilesNeedValues() {
        let few = ReportView(Samples.report([Samples.crowd(19, slots: 3)]), TerminalOptions(width: 80)).lines()
        let enough = ReportView(Samples.report([Samples.crowd(20, slots: 3)]), TerminalOptions(width: 80)).lines()
        func dashes(_ lines: [String]) -> Int { lines.first { $0.hasPrefix("work") }?.count { $0 == "–" } ?? -1 }
        #expect(dashes(few) == 2)
        #expect(dashes(enough) == 1)
    }

    @Test func everyModeShowsWaitAndWork() {
        // A wait of a millisecond in a run of two seconds, and work of one behind it.
        var builder = RunBuilder()
        builder.step = 1_000
        let root = builder.add(.transaction, "root", from: 0, to: 2_000_000)
        let task = builder.add(.transaction, "task", from: 900_000, to: 902_000, under: root, user: "u")
        builder.add(.span, "acquire", from: 900_000, to: 901_000, under: task, of: task, type: "wait")
        builder.add(.span, "SELECT", from: 901_000, to: 902_000, under: task, of: task)
        for colors in ColorMode.allCases {
            for width in [40, 60, 80, 200] {
                let lines = WaterfallView(
                    builder.analysis, TerminalOptions(width: width, colors: colors)
                ).lines()
                guard let place = lines.firstIndex(where: { isTask($0) }) else {
                    Issue.record("no row at \(width)")
                    continue
                }
                let bar = lines[width < 60 ? place + 1 : place]
                let hasWork = bar.contains { "▏▎▍▌▋▊▉█▐▕".contains($0) }
                // In colours both may share a cell: a block of the one on a background of the other.
                let hasWait = bar.contains("░") || bar.contains(/;(44|48;[25];[0-9;]+)m/)
                let shows = hasWork && hasWait
                #expect(shows, "\(colors) at \(width): \(bar)")
            }
        }
    }

    private func isTask(_ line: String) -> Bool {
        line.replacing(/\u{1B}\[[0-9;]*m/, with: "").contains("└ u ")
    }

    @Test func theSameInputGivesTheSameBytes() {
        let options = TerminalOptions(width: 90)
        #expect(WaterfallView(Samples.hostile, options).lines() == WaterfallView(Samples.hostile, options).lines())
        #expect(
            ReportView(Samples.report([Samples.hostile]), options).lines()
                == ReportView(Samples.report([Samples.hostile]), options).lines())
    }
}
