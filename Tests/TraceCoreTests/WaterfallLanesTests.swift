import TestSupport
import Testing
import TraceCore

@Suite struct WaterfallLanesTests {
    /// Two slots: c and d wait for the ones that b and a give back.
    private static let drawing = Drawing(
        """
        run |                    |
        a   |##########          |
        b   |.####               |
        c   |.....########       |
        d   |..........##########|
        """)

    private func lanes(_ change: (inout WaterfallQuery) -> Void = { _ in }) -> WaterfallLanes {
        var query = WaterfallQuery()
        change(&query)
        return WaterfallLanes(WaterfallLayout(Self.drawing.analysis), query: query)
    }

    private func text(_ lanes: WaterfallLanes) -> [[String]] {
        lanes.lanes.map { lane in
            lanes.drawn(lane).tasks.map { lanes.layout.analysis.trace.events[$0.event].id.text }
        }
    }

    @Test("tasks stand in as many lanes as there are slots, one behind the other")
    func asManyAsSlots() {
        let lanes = lanes()
        #expect(text(lanes) == [["a", "d"], ["b", "c"]])
        #expect(lanes.tasks == 4 && lanes.leftOut == 0)
        for lane in lanes.lanes {
            let (tasks, stretches) = (lanes.drawn(lane).tasks, lanes.drawn(lane).stretches)
            for (task, next) in zip(tasks, tasks.dropFirst()) { #expect(task.interval.end <= next.interval.start) }
            let held = tasks.reduce(0) { $0 + $1.interval.length }
            #expect(stretches.reduce(0) { $0 + $1.interval.length } == held)
            #expect(stretches.allSatisfy { $0.fill != .wait }, "the wait for a slot is no part of it")
        }
    }

    @Test("tasks that a query leaves out leave their places empty, and are counted")
    func filtered() {
        let found = lanes { $0.text = "c" }
        #expect(text(found) == [["c"]])
        #expect(found.lanes[0].number == 1 && found.leftOut == 3)
        let start = Drawing.origin
        let zoomed = lanes { $0.window = Interval(start: start + 60, end: start + 70) }
        #expect(text(zoomed) == [["a"], ["c"]])
        #expect(zoomed.drawn(zoomed.lanes[1]).tasks.map(\.interval) == [zoomed.window])
    }
}
