import Testing
import TraceCore
import TraceTerminal

/// Views as they look, stored as files; `WAITLINE_RECORD_GOLDENS=1` records them anew.
@Suite struct GoldenTests {
    static let widths = [40, 60, 80, 100, 120, 200]

    @Test(arguments: widths) func waterfalls(width: Int) throws {
        let options = TerminalOptions(width: width)
        try check(WaterfallView(Samples.before, options).lines(), "waterfall-before-\(width)")
        try check(WaterfallView(Samples.after, options).lines(), "waterfall-after-\(width)")
        try check(WaterfallView(Samples.defects, options).lines(), "waterfall-defects-\(width)")
    }

    @Test(arguments: [30, 80]) func otherRuns(width: Int) throws {
        let options = TerminalOptions(width: width)
        try check(WaterfallView(Samples.explicit, options).lines(), "waterfall-explicit-\(width)")
        try check(WaterfallView(Samples.twoGroups, options).lines(), "waterfall-two-groups-\(width)")
        try check(WaterfallView(Samples.hostile, options).lines(), "waterfall-hostile-\(width)")
    }

    @Test(arguments: widths) func longRunsBeginWithTheSummary(width: Int) throws {
        let options = TerminalOptions(width: width, rows: .first(6))
        try check(WaterfallView(Samples.crowd(120, slots: 12), options).lines(), "waterfall-crowd-\(width)")
    }

    @Test func otherModes() throws {
        let ascii = TerminalOptions(width: 80, ascii: true)
        let colored = TerminalOptions(width: 80, colors: .indexed)
        try check(WaterfallView(Samples.before, ascii).lines(), "waterfall-before-80-ascii")
        try check(WaterfallView(Samples.defects, ascii).lines(), "waterfall-defects-80-ascii")
        try check(WaterfallView(Samples.before, colored).lines(), "waterfall-before-80-colored")
        try check(ReportView(Samples.report([Samples.before]), ascii).lines(), "report-before-80-ascii")
    }

    @Test(arguments: widths) func reports(width: Int) throws {
        let options = TerminalOptions(width: width)
        let crowd = Samples.crowd(120, slots: 12)
        try check(
            ReportView(Samples.report([Samples.before, Samples.defects]), options).lines(), "report-users-\(width)")
        let bins = ReportView.bins(options)
        try check(ReportView(Samples.report([crowd], bins: bins), options).lines(), "report-crowd-\(width)")
        let byName = Samples.report([crowd, Samples.before, Samples.twoGroups], by: [.name, .outcome])
        try check(ReportView(byName, options).lines(), "report-names-\(width)")
    }

    @Test(arguments: [40, 80, 120]) func reportsOfMore(width: Int) throws {
        let options = TerminalOptions(width: width)
        let runs = [Samples.crowd(120, slots: 12), Samples.explicit, Samples.twoGroups]
        let split = Samples.report(runs, by: [.name, .user], splitsWork: true)
        try check(ReportView(split, options).lines(), "report-breakdown-\(width)")
        let ranks = ["99.9", "50", "10"].compactMap { PercentileRank($0) }
        let chosen = Samples.report(runs, by: [.name], percentiles: ranks)
        try check(ReportView(chosen, options).lines(), "report-percentiles-\(width)")
    }

    @Test func tablesInMarkdown() throws {
        let options = TerminalOptions(width: 100, rows: .first(5))
        let report = Samples.report([Samples.crowd(30, slots: 3), Samples.hostile], splitsWork: true)
        try check(ReportView(report, options).markdown(), "report-breakdown-markdown")
        let users = Samples.report([Samples.before, Samples.defects])
        try check(ReportView(users, options).markdown(), "report-users-markdown")
    }

    @Test(arguments: [40, 80, 120]) func chains(width: Int) throws {
        let options = TerminalOptions(width: width)
        try check(ChainView(Samples.before, options).lines(), "chain-before-\(width)")
        try check(ChainView(Samples.twoGroups, options).lines(), "chain-two-groups-\(width)")
        try check(ChainView(Samples.defects, options).lines(), "chain-defects-\(width)")
        let few = TerminalOptions(width: width, ascii: true, rows: .first(3))
        try check(ChainView(Samples.crowd(120, slots: 12), few).lines(), "chain-crowd-\(width)-ascii")
    }

    @Test(arguments: widths) func runs(width: Int) throws {
        let runs = [Samples.before, Samples.defects, Samples.crowd(120, slots: 12)]
        let summaries = runs.enumerated().map { RunSummary($1, isArriving: $0 == 1) }
        let view = RunsView(summaries, TerminalOptions(width: width), clock: LocalClock { _ in 3_600 })
        try check(view.lines(), "runs-\(width)")
    }

    @Test(arguments: [30, 60, 80, 100, 120]) func trends(width: Int) throws {
        let options = TerminalOptions(width: width, utc: true)
        try check(ReportView(Samples.historyReport(arriving: 5), options).lines(), "report-runs-\(width)")
        let summaries = Samples.history.reversed().map { RunSummary($0, isArriving: false) }
        try check(RunsView(Array(summaries), options).lines(), "runs-trends-\(width)")
        try check(BackgroundView(Samples.background(), options).lines(), "background-\(width)")
    }

    @Test func otherTrends() throws {
        let ascii = TerminalOptions(width: 80, ascii: true, rows: .first(1))
        try check(ReportView(Samples.historyReport(), ascii).lines(), "report-runs-80-ascii")
        let summaries = Samples.history.map { RunSummary($0, isArriving: false) }
        try check(RunsView(summaries, ascii).lines(), "runs-trends-80-ascii")
        try check(BackgroundView(Samples.background(), ascii).lines(), "background-80-ascii")
        let markdown = ReportView(Samples.historyReport(), TerminalOptions(width: 80)).markdown()
        try check(markdown, "report-runs-markdown")
        #expect(BackgroundView(Samples.background([]), ascii).lines().isEmpty)
    }

    @Test(arguments: widths) func replays(width: Int) throws {
        let options = TerminalOptions(width: width)
        let crowd = Samples.crowd(120, slots: 12)
        try check(whatIf(crowd, [1, 2, 12, 50], options), "what-if-crowd-\(width)")
        try check(whatIf(Samples.after, [1, 2, 3], options), "what-if-after-\(width)")
    }

    @Test func otherReplays() throws {
        let ascii = TerminalOptions(width: 80, ascii: true)
        let colored = TerminalOptions(width: 80, colors: .indexed)
        try check(whatIf(Samples.crowd(120, slots: 12), [1, 5, 50], ascii), "what-if-crowd-80-ascii")
        try check(whatIf(Samples.crowd(120, slots: 12), [1, 5, 50], colored), "what-if-crowd-80-colored")
        try check(whatIf(Samples.hostile, [1, .max], ascii), "what-if-hostile-80-ascii")
    }

    private func whatIf(_ analysis: TraceAnalysis, _ slots: [Int], _ options: TerminalOptions) throws -> [String] {
        let group = try #require(analysis.largestGroup)
        let run = WhatIfView.Run(
            trace: analysis.trace.id, inference: analysis.settings.inference, isArriving: false)
        return WhatIfView(try #require(SlotReplay(group, of: analysis)), slots: slots, of: run, options).lines()
    }

    @Test(arguments: [40, 100, 200]) func pages(width: Int) throws {
        let options = TerminalOptions(width: width, utc: true)
        try check(SpanView(Pages.failed, options).lines(), "span-failed-\(width)")
        try check(SpanView(Pages.query, options).lines(), "span-query-\(width)")
        try check(SpanView(Pages.root, options).lines(), "span-root-\(width)")
        try check(SpanView(Pages.error, options).lines(), "span-error-\(width)")
    }

    @Test func otherPages() throws {
        let options = TerminalOptions(width: 80)
        try check(SpanView(Pages.lostError, options).lines(), "span-lost-error-80")
        try check(SpanView(Pages.metricset, options).lines(), "span-metricset-80")
        let ascii = TerminalOptions(width: 80, ascii: true)
        try check(SpanView(Pages.failed, ascii).lines(), "span-failed-80-ascii")
        let colored = TerminalOptions(width: 80, colors: .indexed)
        try check(SpanView(Pages.failed, colored).lines(), "span-failed-80-colored")
    }

    @Test(arguments: [40, 80, 200]) func waterfallsWithErrors(width: Int) throws {
        var view = WaterfallView(Samples.before, TerminalOptions(width: width))
        for event in view.shownEvents where Samples.before.trace.events[event].outcome == .failure {
            view.errors[event] = [Pages.cardDeclined, Pages.cardDeclined]
        }
        try check(view.lines(), "waterfall-errors-\(width)")
    }

    @Test(arguments: widths) func comparisons(width: Int) throws {
        let options = TerminalOptions(width: width)
        func view(_ comparison: Comparison) -> ComparisonView {
            ComparisonView(comparison, names: ("before.ndjson", "version:2.0"), options)
        }
        try check(view(ComparisonSamples.measurement(width: width)).lines(), "compare-measurement-\(width)")
        try check(view(ComparisonSamples.work(width: width)).lines(), "compare-work-\(width)")
        try check(view(ComparisonSamples.hostile(width: width)).lines(), "compare-hostile-\(width)")
        try check(view(ComparisonSamples.compare([Samples.before], [Samples.after])).lines(), "compare-few-\(width)")
    }

    @Test func otherComparisons() throws {
        for (options, name) in [
            (TerminalOptions(width: 80, ascii: true), "ascii"),
            (TerminalOptions(width: 80, colors: .indexed), "colored"),
        ] {
            let view = ComparisonView(ComparisonSamples.work(width: 80), names: ("latest~1", "latest"), options)
            try check(view.lines(), "compare-work-80-\(name)")
        }
    }

    private func check(_ lines: [String], _ name: String, at location: SourceLocation = #_sourceLocation) throws {
        try Golden.check(lines, name, at: location)
    }
}
