import TestSupport
import Testing

@testable import TraceCore

@Suite("A run in one line")
struct RunSummaryTests {
    @Test("times and name of the whole trace, the figures of its largest group")
    func largestGroup() throws {
        var drawing = Drawing(
            """
            run |  ......  |
              s |#         |
            u1  |  ##      |
            u2  |  ~~##    |
            v1  |  #       |
            v2  |  #       |
            v3  |  #      #|
            """)
        drawing.edit("v1", "v2", "v3") { $0.name = $1.intern("other") }
        drawing.edit("v2") { event, _ in event.outcome = .failure }
        let summary = RunSummary(drawing.analysis, isArriving: true)
        #expect(summary.name == "run")
        #expect(summary.service == "runner")
        #expect(summary.start == Drawing.origin)
        #expect(summary.makespan == 100)
        #expect(summary.isArriving)
        #expect(summary.transactions == 6)
        #expect(summary.spans == 8)
        #expect(summary.errors == 0)
        let group = try #require(summary.group)
        #expect(group.tasks == 3)
        #expect(group.failed == 1)
    }

    @Test("a run of spans alone has no name, its earliest span's service, and no group")
    func spansAlone() {
        let trace = EventBatch.filled { $0.span("s", start: 7, duration: 5) }.firstTrace
        let summary = RunSummary(TraceAnalysis(trace), isArriving: false)
        #expect(summary.name == nil)
        #expect(summary.service == "runner")
        #expect(summary.group == nil)
        #expect(summary.start == 7)
        #expect(summary.makespan == 5)
        #expect(summary.transactions == 0)
        #expect(summary.spans == 1)
    }
}
