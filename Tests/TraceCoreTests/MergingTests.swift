import TestSupport
import Testing
import TraceCore

@Suite("Merging batches")
struct MergingTests {
    /// One trace's events dealt out to two batches, whose symbols, labels and processes are numbered on their own.
    private func dealt(_ whole: EventBatch, _ generator: inout SeededGenerator) -> (EventBatch, EventBatch) {
        let trace = EventBatch(Trace.all(of: whole)[0])
        var (first, second) = (trace, EventBatch())
        _ = second.symbols.intern("of the second alone")
        second.absorb(trace)
        let goesFirst = trace.events.map { _ in Bool.random(using: &generator) }
        first.events = zip(trace.events, goesFirst).filter(\.1).map(\.0)
        second.events = zip(second.events, goesFirst).filter { !$0.1 }.map(\.0)
        return (first, second)
    }

    @Test("what two batches hold together is the trace they were dealt from", arguments: 1...60 as ClosedRange<UInt64>)
    func merging(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var whole = EventBatch.random(seed: seed)
        whole.keepFirstOfEach()
        let expected = TraceAnalysis(Trace.all(of: whole)[0])
        var (merged, second) = dealt(whole, &generator)
        merged.absorb(second)
        let trace = try #require(Trace.all(of: merged).first)
        #expect(trace.events.count == expected.trace.events.count)
        #expect(TraceAnalysis(trace).description == expected.description, "seed \(seed)")
    }

    @Test("texts, labels and processes of the other batch are found again")
    func texts() throws {
        var first = Drawing("a |####|").batch
        let other = Drawing("b |####|")
        var second = EventBatch()
        _ = second.symbols.intern("x")
        let process = second.addProcess(pid: 77)
        let labels = second.addLabels([("platform", "aws")])
        second.transaction("b") {
            $0.labels = labels; $0.process = process
        }
        _ = other
        first.absorb(second)
        let trace = try #require(Trace.all(of: first).first { $0.events.contains { $0.id == Identifier("b") } })
        let event = trace.events[trace.index("b")]
        #expect(trace.processes[event.process].pid == 77)
        let label = try #require(trace.ownLabels(trace.index("b")).first)
        #expect(trace.symbols[label.key] == "platform" && trace.symbols[label.value] == "aws")
    }
}
