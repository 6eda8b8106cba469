import TestSupport
import Testing

@testable import TraceCore

@Suite("Budgets")
struct BudgetTests {
    private static func report() -> TaskReport {
        var run = Drawing(
            """
            run |==========|
            a   |##        |
            b   |~~######  |
            c   |##~~~~~~~~|
            """)
        for name in ["a", "b", "c"] {
            run.edit(name) { event, symbols in event.user = symbols.intern(name) }
        }
        run.edit("b") { event, _ in event.outcome = .failure }
        var builder = TaskReportBuilder(by: [.user])
        builder.add(TraceAnalysis(run.trace), isArriving: false)
        let rank = PercentileRank("33.33")
        return builder.report(hidden: rank.map { [$0] } ?? [])
    }

    /// Totals 20, 80, 100; waits 0, 20, 80; work 20, 60, 20.
    @Test(
        "hold or don't, exactly at the limit",
        arguments: [
            ("total > 199us", true), ("total > 200us", false), ("total >= 200us", true), ("total<200 us", false),
            ("total <= 0.2ms", true), ("total = 0.0002s", true), ("total=0.000201s", false),
            ("p95(wait) > 79µs", true), ("p95:wait > 80\u{3BC}s", false), ("p50(wait) = 20us", true),
            ("p33.33(wait) <= 0", true), ("max(work) >= 60us", true), ("mean(total) > 66us", true),
            ("mean(total) > 67us", false), ("self = 0", true), ("delay > 0", false), ("wait < 1min", true),
            ("wait_share = 50%", true), ("wait_share > 0.5", false), ("wait_share>=.5", nil),
            ("wait_share > 49.99%", true),
            ("failed > 0", true), ("failed > 1", false), ("failed = 1", true), ("slowdown = 2", true),
            ("slowdown > 1.999", true), ("makespan > 99us", true), ("makespan > 100us", false),
            ("makespan >= 100us", true), ("makespan < 1h", true), ("  total   >   199   us  ", true),
        ] as [(String, Bool?)])
    func holding(_ text: String, _ expected: Bool?) throws {
        guard let expected else {
            #expect(throws: ExpressionError.self) { try Budget(parsing: text, for: .report) }
            return
        }
        let breaches = try Budget(parsing: text, for: .report).breaches(in: Self.report())
        #expect(!breaches.isEmpty == expected)
        #expect(breaches.allSatisfy { text.contains("makespan") || $0.subject == .all })
    }

    @Test("tell the groups that they hold for, and what is so there")
    func each() throws {
        let budget = try Budget(parsing: "each: wait > 10us", for: .report)
        #expect(
            budget.breaches(in: Self.report()) == [
                BudgetBreach(subject: .group(["c"]), actual: .time(80)),
                BudgetBreach(subject: .group(["b"]), actual: .time(20)),
            ])
        let share = try Budget(parsing: "each:wait_share>=80%", for: .report)
        #expect(
            share.breaches(in: Self.report()) == [
                BudgetBreach(subject: .group(["c"]), actual: .share(Share(8, of: 10)))
            ])
        #expect(try Budget(parsing: "each:failed>1", for: .report).breaches(in: Self.report()).isEmpty)
    }

    @Test("tell the run whose makespan it is")
    func makespan() throws {
        let budget = try Budget(parsing: "makespan > 99us", for: .report)
        #expect(
            budget.breaches(in: Self.report()) == [BudgetBreach(subject: .run(Identifier("trace")), actual: .time(100))]
        )
        #expect(budget.breaches(in: TaskReportBuilder(by: [.user]).report()).isEmpty)
    }

    @Test(
        "that are malformed are told at the character, with what could stand there",
        arguments: [
            ("", 0, "total, wait"), ("p95", 3, "( and"), ("p95(", 4, "total, wait"),
            ("p95(nothing) > 1s", 4, "total, wait"),
            ("p101(wait) > 1s", 0, "a percentile from"), ("p0(wait) > 1s", 0, "a percentile from"),
            ("p99.999(wait) > 1s", 0, "a percentile from"), ("peak(wait) > 1s", 0, "a figure of one"),
            ("p95(wait > 5s", 9, ")"), ("p95(wait) 5s", 10, "one of > >= < <= ="), ("p95(wait) >", 11, "a number"),
            ("p95(wait) > 5", 13, "a unit of time"), ("p95(wait) > 5 parsecs", 14, "a unit of time"),
            ("p95(wait) > 5%", 13, "a unit of time"), ("p95(wait) > 5s now", 15, "nothing more"),
            ("p95(wait) > -5s", 12, "a number"), ("p95(wait) > 1.5.5s", 15, "a unit of time"),
            ("wait > 5.s", 7, "a number"),
            ("wait > 1.1234567s", 7, "a number"), ("wait > 1234567890123s", 7, "a number"),
            ("failed > 5%", 10, "a number of tasks"),
            ("wait_share > 5s", 14, "%"), ("each: makespan > 5s", 6, "a run"), ("makespan = 5s", 9, ">, >=, < or <="),
            ("change(wait) > 5%", 0, "takes two"), ("p95(turnaround) > 5s", 4, "total, wait"),
            ("each wait > 5s", 0, "a figure"),
            ("wait == 5s", 6, "a number"), ("p95 (wait) ! 5s", 11, "one of"), ("wait_share(wait) > 5%", 10, "one of"),
            ("Wait > 5s", 0, "wait"), ("\u{1B}[31m > 5s", 0, "wait"),
        ] as [(String, Int, String)])
    func malformed(_ text: String, _ position: Int, _ expected: String) {
        do throws(ExpressionError) {
            let budget = try Budget(parsing: text, for: .report)
            Issue.record("\(budget)")
        } catch {
            #expect(error.position == position, "\(error)")
            #expect(error.expected.contains(expected), "\(error)")
        }
    }

    @Test("no text makes the parser crash, and what it reads is written as it was meant")
    func noise() {
        var generator = SeededGenerator(seed: 3)
        let texts = [
            "each: p95(wait) > 5s", "change(p99.9(work)) >= -10%", "makespan<2min", "wait_share = 0.25", "failed>3",
        ]
        let pieces = Array("each:change(p95)wait>=<5.s% -µ\u{0}é\u{1F600}".unicodeScalars)
        var (read, refused) = (0, 0)
        for _ in 0..<10_000 {
            var scalars = Array((texts.randomElement(using: &generator) ?? "").unicodeScalars)
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let start = Int.random(in: 0...scalars.count, using: &generator)
                let end = min(scalars.count, start + Int.random(in: 0...2, using: &generator))
                let count = Int.random(in: 0...2, using: &generator)
                scalars.replaceSubrange(
                    start..<end, with: (0..<count).compactMap { _ in pieces.randomElement(using: &generator) })
            }
            let text = String(String.UnicodeScalarView(scalars))
            for command in [Budget.Command.report, .compare] {
                do throws(ExpressionError) {
                    let budget = try Budget(parsing: text, for: command)
                    if budget.text != text || budget.limit.denominator <= 0 { Issue.record("\(budget)") }
                    read += 1
                } catch {
                    if !(0...scalars.count ~= error.position) { Issue.record("\(text): \(error)") }
                    refused += 1
                }
            }
        }
        #expect(read > 1_000 && refused > 1_000)
    }

    @Test("orders are told where they are wrong as well")
    func orders() {
        do throws(ExpressionError) {
            _ = try ReportOrder(parsing: "p95(nobody)")
            Issue.record("read")
        } catch {
            #expect(error.position == 4)
        }
        #expect(ReportOrder("slowdown")?.measure == .slowdown)
        #expect(ReportOrder("wait_share")?.measure == .waitShare)
        #expect(ReportOrder("failed")?.measure.text == "failed")
        #expect(ReportOrder("p99.9:work")?.measure.text == "p99.9(work)")
    }
}
