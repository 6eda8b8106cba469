import Testing
import TraceTerminal

@testable import TraceCore

/// What is said of two sets of runs beside what the goldens show.
@Suite struct ComparisonViewTests {
    private func text(_ comparison: Comparison, width: Int = 200, rows: RowLimit = .standard) -> String {
        ComparisonView(comparison, names: ("before", "after"), TerminalOptions(width: width, rows: rows)).lines()
            .joined(separator: "\n")
    }

    @Test("the verdict says what follows, and from which figures")
    func verdicts() {
        let measurement = text(ComparisonSamples.measurement(width: 200))
        #expect(
            measurement.hasSuffix(
                "verdict: the measurement changed, the speed did not: the median duration went from 1.56s to 0.20s "
                    + "(-87.0 %, p <0.0001), the median work stayed at 202ms and the median turnaround stayed at 1.56s")
        )
        #expect(text(ComparisonSamples.work(width: 200)).contains("verdict: the tasks themselves became slower: "))
        let (few, many) = (ComparisonSamples.users(0..<40), ComparisonSamples.users(0..<40))
        let scheduling = ComparisonSamples.compare(
            [ComparisonSamples.run("a", users: few)], [ComparisonSamples.run("b", users: many, slots: 8)])
        #expect(text(scheduling).contains("verdict: the scheduling changed: the median turnaround went from "))
        #expect(text(scheduling).contains("changed most by turnaround"))
        let none = ComparisonSamples.compare([Samples.before], [Samples.after])
        #expect(text(none).contains("verdict: too few to tell: a test takes 8 tasks a side, and both have 3; the"))
        #expect(text(ComparisonSamples.compare([], [])).contains("both have 0"))
    }

    @Test("overlapping sets are said to overlap")
    func overlap() {
        #expect(text(ComparisonSamples.work(width: 200)).contains("1 run is on both sides: what is compared is partly"))
        let same = ComparisonSamples.compare([Samples.before], [Samples.before])
        #expect(text(same).contains("both sides are the same runs"))
        #expect(!text(ComparisonSamples.measurement(width: 200)).contains("on both sides:"))
    }

    @Test("users of one side alone are counted and some are named")
    func users() {
        let text = text(ComparisonSamples.work(width: 200))
        #expect(text.contains("users  50 on both sides  gained 1  lost 0"))
        #expect(text.contains("\n  gained  user-50\n"))
        #expect(text.contains("1 user is on one side alone and left out of the tests"))
        let apart = ComparisonSamples.compare(
            [ComparisonSamples.run("a", users: ComparisonSamples.users(0..<10))],
            [ComparisonSamples.run("b", users: ComparisonSamples.users(10..<20))])
        let lines = self.text(apart)
        #expect(lines.contains("  gained  user-10  user-11  user-12  user-13  user-14  … 5 more"))
        #expect(lines.contains("n 10 and 10 tasks, unpaired"))
    }

    @Test("a side's percentile is never shown without the other's", arguments: 30...120)
    func bothSides(width: Int) throws {
        let lines = ComparisonView(
            ComparisonSamples.measurement(width: width), names: ("a", "b"), TerminalOptions(width: width)
        ).lines()
        let titles = try #require(lines.first { $0.contains("change") })
        #expect(titles.count { $0 == "A" } == titles.count { $0 == "B" })
        #expect(lines.contains { $0.hasPrefix("duration") && $0.contains("real") })
    }

    @Test("the longest bar of a distribution is as high as can be, the least is seen")
    func distributions() throws {
        let lines = ComparisonView(
            ComparisonSamples.measurement(width: 100), names: ("a", "b"), TerminalOptions(width: 100)
        ).lines()
        let work = try #require(lines.firstIndex { $0.hasPrefix("work   A") })
        #expect(lines[work - 1].contains("█") && lines[work].contains("█"))
        let heights = lines[work].dropFirst(9).filter { $0 != " " }
        #expect(heights.allSatisfy { "▁▂▃▄▅▆▇█".contains($0) })
        // Sides that work alike look alike.
        #expect(lines[work].dropFirst(8) == lines[work + 2].dropFirst(8))
    }

    @Test("the setting in force is named, and what it means")
    func settings() {
        var builder = ComparisonBuilder(inference: .gap)
        for side in [ComparedSide.a, .b] {
            let gap = TraceAnalysis(Samples.before.trace, settings: AnalysisSettings(inference: .gap))
            builder.add(gap, to: side, isArriving: side == .b)
        }
        let text = text(builder.comparison())
        #expect(text.contains("inference gap\n"))
        #expect(text.contains("inference gap: all time of a task before its first work span counts as wait"))
        #expect(!text.contains("A: 1 run still arriving") && text.contains("B: 1 run still arriving: not all is"))
    }

    @Test(
        "a budget that held is told with what is so, exactly",
        arguments: [
            ("p95(wait) > 1s", "it is 1.6s"), ("wait_share > 10%", "it is 26.23 %"), ("failed > 0", "it is 1"),
            ("slowdown > 1", "it is 1.3556"), ("makespan >= 1s", "it is 2.5s in run 1f482a2344444444aaaaaaaaaaaaaaaa"),
            ("each: work > 1ms", "user-3 has 900ms; user-1 has 2s; user-2 has 1.6s"),
            ("each: wait = 0", "user-1 has 0µs; user-2 has 0µs"),
        ])
    func budgets(_ text: String, _ expected: String) throws {
        let budget = try Budget(parsing: text, for: .report)
        let breaches = budget.breaches(in: Samples.report([Samples.before]))
        #expect(BudgetText(budget, ascii: false).line(breaches) == "--fail-if `\(text)` held: \(expected)")
    }

    @Test(
        "a share that is almost nothing, or almost all, is not told as that",
        arguments: [(1, "<0.01"), (999_999, ">99.99")])
    func almost(part: Int128, text: String) throws {
        let budget = try Budget(parsing: "wait_share < 100%", for: .report)
        let breach = BudgetBreach(subject: .all, actual: .share(Share(part, of: 1_000_000)))
        #expect(BudgetText(budget, ascii: false).line([breach]).hasSuffix("held: it is \(text) %"))
    }

    @Test(
        "a change that a budget did not allow is told with both sides",
        arguments: [
            ("change(p50(duration)) < -50%", "it is -87.03 % (from 1.557s to 202ms)"),
            ("change(wait_share) < 0", "it is -100 % (from 87.42 % to 0 %)"),
            ("change(failed) = 0", "it is no change from 0"),
            ("change(makespan) >= 0%", "it is 0 % (from 3.056s to 3.056s)"),
        ])
    func changes(_ text: String, _ expected: String) throws {
        let budget = try Budget(parsing: text, for: .compare)
        let breaches = budget.breaches(in: ComparisonSamples.measurement(width: 80))
        #expect(BudgetText(budget, ascii: false).line(breaches) == "--fail-if `\(text)` held: \(expected)")
    }
}
