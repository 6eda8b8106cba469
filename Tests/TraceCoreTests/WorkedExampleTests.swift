import TestSupport
import Testing

@testable import TraceCore

/// The example of the definitions: two permits, three users, as a real agent recorded them.
@Suite("The worked example")
struct WorkedExampleTests {
    private let analysis = TraceAnalysis(
        EventBatch.filled {
            $0.task("user 1", start: 168, end: 1_357_838, work: [232..<1_357_838])
            $0.task("user 2", start: 415, end: 588_731, work: [452..<588_731])
            $0.task("user 3", start: 596, end: 1_237_137, work: [588_931..<1_237_137])
        }.firstTrace)

    @Test("two slots, held all the time")
    func pool() throws {
        let group = try #require(analysis.groups.first)
        #expect(group.slots == 2)
        #expect(group.kind == .slots)
        #expect(group.occupancy == 1)
        #expect(group.reading == .start)
        #expect(group.waited == 1)
        #expect(group.isDense)
        #expect(group.makespan == 1_357_670)
    }

    @Test("the third user got the slot of the second")
    func third() throws {
        let third = try analysis.breakdown("user 3")
        #expect(third.wait == 588_135)
        #expect(third.inferredWait == 588_135)
        #expect(third.work == 648_406)
        #expect(third.own == 200)
        #expect(third.delay == 428)
        #expect(analysis.releasedBy("user 3") == "user 2")
        for id in ["user 1", "user 2"] {
            #expect(try analysis.breakdown(id).wait == 0)
            #expect(analysis.releasedBy(id) == nil)
        }
    }

    @Test("the share of the wait is of all total time")
    func share() {
        let summary = RunSummary(analysis, isArriving: false)
        #expect(summary.group?.waitShare.tenThousandths == 1_848)
        #expect(summary.group?.slots == 2)
        #expect(summary.group?.tasks == 3)
        #expect(summary.group?.kind == .slots)
    }

    @Test("a queue with two workers: two slots as well, and no wait at all")
    func refactored() throws {
        let drawing = Drawing(
            """
            u1 |#####         |
            u2 |###           |
            u3 |   ######     |
            u4 |     #########|
            """)
        let group = try #require(drawing.analysis.groups.first)
        #expect(group.slots == 2)
        #expect(group.waited == 0)
        #expect(group.kind == nil)
        #expect(group.occupancy == nil)
        #expect(try drawing.analysis.breakdown("u4").wait == 0)
        #expect(try drawing.analysis.breakdown("u4").delay == 50)
    }
}
