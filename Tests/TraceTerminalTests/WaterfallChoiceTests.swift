import Testing
import TraceCore
import TraceTerminal

/// Folds, lanes, filters and zooms of a waterfall.
@Suite struct WaterfallChoiceTests {
    private static let crowd = Samples.crowd(240, slots: 12, failing: [77, 130])

    private func lines(
        _ analysis: TraceAnalysis = crowd, _ options: TerminalOptions = TerminalOptions(width: 80),
        _ change: (inout WaterfallChoice) -> Void
    ) -> [String] {
        var choice = WaterfallChoice()
        change(&choice)
        return WaterfallView(analysis, options, choice: choice).lines()
    }

    @Test(arguments: [40, 80, 120, 200]) func goldens(width: Int) throws {
        let options = TerminalOptions(width: width)
        try Golden.check(lines(Self.crowd, options) { _ in }, "waterfall-folds-\(width)")
        try Golden.check(lines(Self.crowd, options) { $0.showsLanes = true }, "waterfall-lanes-\(width)")
        let failed = lines(Self.crowd, options) { $0.query.failedOnly = true }
        try Golden.check(failed, "waterfall-failed-\(width)")
        let start = Self.crowd.trace.start
        let zoomed = lines(Self.crowd, options) {
            $0.query.window = Interval(start: start + 1_000_000, end: start + 1_400_000)
        }
        try Golden.check(zoomed, "waterfall-zoom-\(width)")
        var few = options
        few.rows = .first(5)
        let longest = lines(Self.crowd, few) { ($0.query.sort, $0.query.depth) = (.wait, 1) }
        try Golden.check(longest, "waterfall-longest-\(width)")
    }

    @Test(arguments: [40, 100]) func clocks(width: Int) throws {
        let options = TerminalOptions(width: width)
        try Golden.check(lines(Samples.skewed, options) { _ in }, "waterfall-skewed-\(width)")
        let aligned = lines(Samples.skewed, options) { $0.query.alignsClocks = true }
        try Golden.check(aligned, "waterfall-aligned-\(width)")
    }

    @Test func asciiAndColors() throws {
        let ascii = TerminalOptions(width: 80, ascii: true)
        try Golden.check(lines(Self.crowd, ascii) { _ in }, "waterfall-folds-80-ascii")
        try Golden.check(lines(Self.crowd, ascii) { $0.showsLanes = true }, "waterfall-lanes-80-ascii")
        let colored = TerminalOptions(width: 80, colors: .direct)
        try Golden.check(lines(Self.crowd, colored) { _ in }, "waterfall-folds-80-colored")
    }

    @Test("small runs are not folded, large ones are where their rows are more than are shown")
    func foldingByItself() {
        #expect(!lines(Samples.before) { _ in }.contains { $0.contains("▸") })
        #expect(lines { _ in }.contains { $0.hasPrefix("▸ 240 × user task") })
        #expect(!lines { $0.folding = .never }.contains { $0.contains("▸") })
        #expect(!lines { $0.query.sort = .wait }.contains { $0.contains("▸") }, "an order of rows wants rows")
        #expect(!lines(Self.crowd, TerminalOptions(width: 80, rows: .all)) { _ in }.contains { $0.contains("▸") })
        #expect(lines(Samples.crowd(6, slots: 2)) { $0.folding = .always }.contains { $0.hasPrefix("▸ 6 × user") })
    }

    @Test("a fold shows its median, its p99, its longest and one that failed")
    func exemplars() {
        let lines = lines { _ in }
        for (sign, word) in [("├", "p50"), ("├", "p99"), ("├", "max"), ("└", "failed")] {
            #expect(lines.contains { $0.dropFirst(2).hasPrefix("\(sign) \(word) user-") }, "\(word)")
        }
        #expect(lines.contains { $0.contains("240 × user task ✕2") })
        let few = self.lines(Samples.crowd(20, slots: 5)) { $0.folding = .always }
        #expect(!few.contains { $0.contains(" p99 ") }, "the longest of a few is no percentile")
    }

    @Test("the tasks of the critical chain are marked, from the one that ended last; where nobody waited, none is")
    func criticalChain() throws {
        let (trace, group) = (Self.crowd.trace, try #require(Self.crowd.largestGroup))
        let chain = group.criticalChain(in: trace).map { group.members[$0].transaction }
        let users = chain.map { trace.symbols.text(trace.events[$0].user) ?? "" }
        let lines = lines(Self.crowd, TerminalOptions(width: 80, rows: .all)) { _ in }
        let marked = lines.filter { $0.dropFirst().hasPrefix("*") }
        #expect(users.count > 2)
        #expect(marked.count == users.count)
        #expect(users.allSatisfy { user in marked.contains { $0.contains(user) } })
        #expect(lines.contains("  * on the critical chain, which set the makespan"))
        #expect(!self.lines(Samples.after) { _ in }.contains { $0.contains("*") })
    }

    @Test("as many lanes are drawn as there are slots, each task of a group in one of them")
    func lanes() {
        let all = lines { $0.showsLanes = true }
        let lanes = all.filter { $0.contains("lane ") }
        #expect(lanes.count == 12)
        #expect(lanes.reduce(0) { $0 + (Int($1.split(separator: " ").last ?? "") ?? 0) } == 240)
        #expect(lanes.allSatisfy { $0.contains("▊") || $0.contains("▉") }, "neighbours are told apart")
        #expect(lanes.count { $0.contains("✕") } >= 1)
        let some = lines(Self.crowd, TerminalOptions(width: 80, rows: .first(5))) { $0.showsLanes = true }
        #expect(some.contains("… 7 of 12 lanes not shown (--rows all)"))
        let failed = lines {
            $0.showsLanes = true
            $0.query.failedOnly = true
        }
        #expect(failed.contains("… 238 of 240 tasks not shown (--failed)"))
        #expect(lines(Samples.defects) { $0.showsLanes = true }.contains { $0.hasPrefix("no lanes: ") })
    }

    @Test("what filters and depth hide is counted and says by which option")
    func whatIsHidden() {
        #expect(lines { $0.query.user = "user-7" }.contains("… 478 of 481 rows not shown (--user)"))
        #expect(lines { $0.query.user = "nobody" }.contains("none of 481 rows is left (--user)"))
        let both = lines {
            $0.query.failedOnly = true
            $0.query.text = "user"
        }
        #expect(both.contains("… 478 of 481 rows not shown (--failed, --filter)"))
        let flat = lines(Samples.crowd(100, slots: 5)) { $0.query.depth = 1 }
        #expect(flat.contains("… 100 of 201 rows not shown (deeper: --depth)"))
    }

    @Test("a zoomed axis begins and ends with the exact times, and rows outside are counted")
    func zoom() {
        let start = Self.crowd.trace.start
        let lines = lines {
            $0.query.window = Interval(start: start + 1_000_000, end: start + 1_010_000)
            $0.folding = .never
        }
        #expect(lines.contains { $0.contains("from 1.0000s to 1.0100s of") })
        #expect(lines.contains { $0.contains("1.0000s ") && $0.contains(" 1.0100s ") && $0.contains("total") })
        #expect(lines.contains { $0.contains("rows not shown (--from, --to)") })
    }

    @Test("a span that stands for several says for how many, and one with links that it has some")
    func facts() {
        var view = WaterfallView(Samples.defects, TerminalOptions(width: 100))
        let trace = Samples.defects.trace
        let select = trace.events.indices.first { trace.symbols.text(trace.events[$0].name) == "SELECT" } ?? 0
        view.facts.composites = [select: 1_200]
        view.facts.links = [select: 2, 0: 1]
        let lines = view.lines()
        #expect(lines.contains { $0.contains("SELECT ≈1 200 &2 ") })
        #expect(lines.contains { $0.contains("& linked to spans of other traces") })
    }
}
