import TestSupport
import Testing

@testable import TraceCore

@Suite("Assembling a trace")
struct TraceAssemblyTests {
    @Test("of two events with the same id and kind the first counts; a span may share a transaction's id")
    func firstCounts() {
        let trace = EventBatch.filled {
            $0.transaction("a", start: 10)
            $0.span("a", start: 20)
            $0.transaction("a", start: 5)
            $0.span("a", start: 6)
        }.firstTrace
        #expect(trace.events.map(\.start) == [10, 20])
        #expect(trace.events.map(\.kind) == [.transaction, .span])
    }

    @Test("events are ordered by start, then by id as bytes, then a transaction before a span")
    func order() {
        let trace = EventBatch.filled {
            $0.span("b", start: 5)
            $0.transaction("b", start: 5)
            $0.span("B", start: 5)
            $0.transaction("a", start: 6)
            $0.transaction("e\u{301}", start: 5)
            $0.transaction("\u{E9}", start: 5)
        }.firstTrace
        #expect(
            trace.events.map { Array($0.id.utf8) } == ["B", "b", "b", "e\u{301}", "\u{E9}", "a"].map { Array($0.utf8) })
        #expect(trace.events.map(\.kind) == [.span, .transaction, .span, .transaction, .transaction, .transaction])
    }

    @Test("a parent is found by id, a transaction before a span; one that never came is nil")
    func parents() {
        let trace = EventBatch.filled {
            $0.transaction("root")
            $0.transaction("shared", parent: "root", start: 1)
            $0.span("shared", parent: "root", of: "root", start: 2)
            $0.span("child", parent: "shared", of: "root", start: 3)
            $0.span("orphan", parent: "lost", of: "root", start: 4)
        }.firstTrace
        let shared = trace.index("shared")
        #expect(trace.parents[trace.index("child")] == shared)
        #expect(trace.events[shared].kind == .transaction)
        #expect(trace.parent("orphan") == nil)
        #expect(trace.parent("root") == nil)
    }

    @Test("a span belongs to the transaction it names, else to the first met going up, else to none")
    func owners() {
        let trace = EventBatch.filled {
            $0.transaction("root")
            $0.transaction("task", parent: "root")
            $0.span("named", parent: "root", of: "task")
            $0.span("lost", parent: "root", of: "never came")
            $0.span("climbing", parent: "named")
            $0.span("above", parent: "task")
            $0.span("higher", parent: "above")
            $0.span("adrift", parent: "lost parent")
        }.firstTrace
        #expect(trace.owner("named") == "task")
        #expect(trace.owner("lost") == nil)
        #expect(trace.owner("climbing") == "root")
        #expect(trace.owner("higher") == "task")
        #expect(trace.owner("adrift") == nil)
        #expect(trace.owner("task") == "task")
    }

    @Test("going up stops where an event is met a second time")
    func circles() {
        let trace = EventBatch.filled {
            $0.span("a", parent: "c")
            $0.span("b", parent: "a")
            $0.span("c", parent: "b")
            $0.span("below", parent: "b")
            $0.span("self", parent: "self")
            $0.transaction("own", parent: "own")
            $0.span("of own", parent: "own")
        }.firstTrace
        for id in ["a", "b", "c", "below", "self"] { #expect(trace.owner(id) == nil) }
        #expect(trace.parent("self") == "self")
        #expect(trace.owner("of own") == "own")
    }

    @Test("a span with an offset starts that much after its transaction, named or climbed to; else where it says")
    func offsets() {
        let trace = EventBatch.filled {
            $0.span("named", parent: "x", of: "task", start: 900) { $0.offset = 5 }
            $0.span("climbed", parent: "task", start: 900) { $0.offset = -7 }
            $0.span("lost", parent: "x", of: "gone", start: 900) { $0.offset = 5 }
            $0.transaction("task", start: 50)
        }.firstTrace
        #expect(trace.events.map(\.start) == [43, 50, 55, 900])
        #expect(trace.events.map(\.id.text) == ["climbed", "task", "named", "lost"])
        #expect(trace.parent("climbed") == "task")
        #expect(trace.start == 43)
        #expect(trace.end == 1_000)
        #expect(trace.makespan == 957)
    }

    @Test("the root is the earliest transaction without a parent, the namesake else the earliest transaction")
    func root() {
        let rooted = EventBatch.filled {
            $0.transaction("early", parent: "x", start: 1)
            $0.transaction("late", start: 9)
            $0.transaction("root", start: 5)
            $0.span("span", start: 0)
        }.firstTrace
        #expect(rooted.text(rooted.root) == "root")
        #expect(rooted.text(rooted.namesake) == "root")
        #expect(rooted.transactions.count == 3)
        let rootless = EventBatch.filled {
            $0.span("span", start: 0)
            $0.transaction("early", parent: "x", start: 1)
        }.firstTrace
        #expect(rootless.root == nil)
        #expect(rootless.text(rootless.namesake) == "early")
    }

    @Test("a batch holds many traces; errors are counted, one with an id once")
    func manyTraces() {
        var batch = EventBatch.filled { batch in
            for (id, trace) in [("a", "one"), ("b", "two"), ("c", "one")] {
                let event = batch.event(.transaction, id, start: 1, duration: 1, of: trace)
                batch.events.append(event)
            }
        }
        func error(_ id: String?, _ trace: String?, _ kind: SideEvent.Kind = .error) {
            batch.sideEvents.append(
                SideEvent(
                    kind: kind, trace: trace.map { batch.trace(Identifier($0)) }, id: id.map { Identifier($0) },
                    transaction: nil, parent: nil, process: 0, timestamp: 0, digest: Digest(high: 0, low: 0),
                    line: BodyRange(offset: 0, length: 1)))
        }
        error("e", "one")
        error("e", "one")
        error("e", "two")
        error("f", "one")
        error(nil, "one")
        error("g", nil)
        error("h", "only errors")
        error("i", "one", .log)
        let traces = Trace.all(of: batch)
        #expect(traces.map(\.id.text) == ["one", "two"])
        #expect(traces.map(\.events.count) == [2, 1])
        #expect(traces.map(\.errorCount) == [3, 1])
    }
}
