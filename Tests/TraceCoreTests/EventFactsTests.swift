import TestSupport
import Testing
import TraceCore

/// What is known of one event.
@Suite struct EventFactsTests {
    /// Two slots: c waits for the one that b gives back, d for that of a.
    private static let drawing = Drawing(
        """
        run |               |
        a   |##########     |
        b   |#####          |
        c   |.....########  |
        d   |..........#####|
        """)

    private func facts(_ id: String, in analysis: TraceAnalysis = drawing.analysis) -> EventFacts {
        EventFacts(analysis.trace.index(id), in: analysis)
    }

    private func ids(_ events: [Int], _ facts: EventFacts) -> [String] {
        events.map { facts.trace.events[$0].id.text }
    }

    @Test("A task knows who released it, whom it released, its group and its place there")
    func tasksOfAGroup() throws {
        let waiting = facts("c")
        let releaser = try #require(waiting.releaser)
        #expect(ids([releaser], waiting) == ["b"])
        #expect(waiting.released.isEmpty)
        #expect(ids(facts("b").released, waiting) == ["c"])
        #expect(ids(facts("a").released, waiting) == ["d"])
        let group = try #require(waiting.group)
        #expect(group.position == 3 && group.group.members.count == 4 && group.group.slots == 2)
        #expect(waiting.states?.map(\.state) == [.wait(.inferred), .work])
        #expect(waiting.breakdown?.wait == 50 && waiting.offset == 0)
        #expect(waiting.stretches.map(\.fill) == [.wait, .work])
    }

    @Test("A span has neither quantities nor a group, and belongs to its transaction")
    func spans() {
        let span = facts("c.0")
        #expect(span.breakdown == nil && span.states == nil && span.group == nil && span.releaser == nil)
        #expect(ids([span.parent, span.transaction].compactMap { $0 }, span) == ["c", "c"])
        #expect(span.transactionID == Identifier("c") && span.offset == 50)
        #expect(span.stretches.map(\.fill) == [.work])
    }

    @Test("The root knows its children, in order")
    func children() {
        let root = facts("run")
        #expect(root.isRoot && !facts("a").isRoot)
        #expect(ids(root.children, root) == ["a", "b", "c", "d"])
    }

    @Test("A queue before the task is a part of its bar")
    func queued() {
        var drawing = Self.drawing
        drawing.edit("a") { event, _ in event.messageAge = 30 }
        let task = facts("a", in: drawing.analysis)
        #expect(task.stretches.first == BarStretch(.wait, Interval(start: task.row.start - 30, end: task.row.start)))
    }

    @Test("A parent that never came leaves its id; an unsampled transaction has no states")
    func defects() {
        var drawing = Self.drawing
        drawing.edit("a") { event, _ in event.parent = Identifier("gone") }
        drawing.edit("b") { event, _ in event.sampled = false }
        let orphan = facts("a", in: drawing.analysis)
        #expect(orphan.parent == nil && orphan.row.parent == Identifier("gone") && orphan.flags == [.orphan])
        let unsampled = facts("b", in: drawing.analysis)
        #expect(unsampled.states == nil && unsampled.breakdown == nil && unsampled.group == nil)
    }

    @Test("Each label is told once, with its last value")
    func labels() {
        let batch = EventBatch.filled { batch in
            let labels = batch.addLabels([("plan", "free"), ("region", "eu"), ("plan", "paid")])
            batch.transaction("a") { $0.labels = labels }
        }
        let facts = EventFacts(0, in: TraceAnalysis(batch.firstTrace))
        #expect(facts.labels.map(\.key) == ["plan", "region"] && facts.labels.map(\.value) == ["paid", "eu"])
        #expect(facts.processLabels.isEmpty)
    }
}
