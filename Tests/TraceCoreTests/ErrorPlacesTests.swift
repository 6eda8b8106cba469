import TestSupport
import Testing
import TraceCore

/// Under which rows errors are told.
@Suite struct ErrorPlacesTests {
    /// A transaction with two spans, and errors with these parents and transactions, in order of time.
    private func trace(_ errors: [(parent: String?, transaction: String?)]) -> Trace {
        var batch = EventBatch.filled { batch in
            batch.transaction("task")
            batch.span("query", parent: "task", of: "task", start: 10)
            batch.span("task", parent: "task", of: "task", start: 20)
        }
        for (number, error) in errors.enumerated() {
            batch.sideEvents.append(side(.error, number, error.parent, error.transaction))
        }
        batch.sideEvents.append(side(.log, 0, "task", "task"))
        return batch.firstTrace
    }

    private func side(_ kind: SideEvent.Kind, _ number: Int, _ parent: String?, _ transaction: String?) -> SideEvent {
        SideEvent(
            kind: kind, trace: 0, id: Identifier("error \(number)"), transaction: transaction.map { Identifier($0) },
            parent: parent.map { Identifier($0) }, process: 0, timestamp: Int64(100 + number),
            digest: Digest(high: 0, low: UInt64(number)), line: BodyRange(offset: 0, length: 1))
    }

    private func names(_ errors: [Int]?, _ trace: Trace) -> [String] {
        (errors ?? []).map { trace.sideEvents[$0].id?.text ?? "" }
    }

    @Test("An error belongs to its parent, else to its transaction, else to nobody")
    func places() {
        let trace = trace([
            ("query", "task"), ("gone", "task"), (nil, "task"), ("gone", "gone"), (nil, nil), ("task", nil),
            (nil, "query"),
        ])
        let places = ErrorPlaces(trace)
        let (task, query) = (trace.index("task"), trace.index("query"))
        #expect(names(places.errors(of: query), trace) == ["error 0"])
        // Of a transaction and a span with the same id the transaction is meant.
        #expect(names(places.errors(of: task), trace) == ["error 1", "error 2", "error 5"])
        #expect(trace.events.indices.reduce(0) { $0 + places.errors(of: $1).count } == 4)
        #expect(names(places.errors(below: task), trace) == ["error 0", "error 1", "error 2", "error 5"])
        #expect(names(places.errors(below: query), trace) == ["error 0"])
    }

    @Test("An error whose row is not shown is told under its transaction's, where that is shown")
    func shownRows() {
        let trace = trace([("task", nil), ("query", nil), ("task", nil)])
        let places = ErrorPlaces(trace)
        let (task, query) = (trace.index("task"), trace.index("query"))
        #expect(names(places.errors(under: [task])[task], trace) == ["error 0", "error 1", "error 2"])
        let all = places.errors(under: [task, query])
        #expect(names(all[task], trace) == ["error 0", "error 2"] && names(all[query], trace) == ["error 1"])
        #expect(places.errors(under: []).isEmpty)
    }

    @Test("A side event knows its parent, its transaction and its distance from the run's start")
    func sideEventFacts() {
        let trace = trace([("query", nil), ("gone", "gone"), (nil, "task")])
        let analysis = TraceAnalysis(trace)
        let facts = trace.sideEvents.filter { $0.kind == .error }.map { SideEventFacts($0, in: analysis) }
        #expect(facts.map(\.parent) == [trace.index("query"), nil, nil])
        #expect(facts.map(\.transaction) == [trace.index("task"), nil, trace.index("task")])
        #expect(facts.map(\.offset) == [100, 101, 102])
        #expect(facts[0].traceID == Identifier("trace"))
        let lost = SideEventFacts(trace.sideEvents[0], trace: nil)
        #expect(lost.parent == nil && lost.transaction == nil && lost.offset == nil && lost.traceID == nil)
    }
}
