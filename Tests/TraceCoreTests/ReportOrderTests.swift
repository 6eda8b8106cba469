import TestSupport
import Testing
import TraceCore

@Suite("The order of a report's groups")
struct ReportOrderTests {
    @Test(
        "is named by a quantity, or by a figure of one",
        arguments: [
            ("wait", ReportOrder(quantity: .wait, figure: .sum)), ("self", ReportOrder(quantity: .own, figure: .sum)),
            ("p95(wait)", ReportOrder(quantity: .wait, figure: .p95)),
            ("max:work", ReportOrder(quantity: .work, figure: .max)),
        ])
    func reading(_ text: String, _ order: ReportOrder) {
        #expect(ReportOrder(text) == order)
    }

    @Test(
        "is refused where it names neither",
        arguments: [
            "", "p95", "p95()", "(wait)", "p95(wait", "p95:", ":wait", "p101(wait)", "p0(wait)", "wait(p95)",
            "p95(wait))",
        ])
    func refusing(_ text: String) {
        #expect(ReportOrder(text) == nil)
    }

    @Test("goes by the figure, largest first, and by the key where figures are equal")
    func ordering() {
        var run = Drawing(
            """
            a |##      |
            b |########|
            c |####....|
            d |##      |
            """)
        for name in ["a", "b", "c", "d"] {
            run.edit(name) { event, symbols in event.user = symbols.intern(name) }
        }
        var builder = TaskReportBuilder(by: [.user])
        builder.add(TraceAnalysis(run.trace), isArriving: false)
        func keys(_ order: String) -> [String?]? {
            ReportOrder(order).map { builder.report(sortedBy: $0).groups.map { $0.key[0] } }
        }
        #expect(keys("max:total") == ["b", "c", "a", "d"])
        #expect(keys("self") == ["c", "a", "b", "d"])
        #expect(keys("p50(work)") == ["b", "c", "a", "d"])
    }
}
