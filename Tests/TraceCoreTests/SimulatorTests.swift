import TestSupport
import Testing
import TraceCore

/// What the simulator calls true, in scenarios small enough to be worked out by hand.
@Suite("The simulator")
struct SimulatorTests {
    /// Tasks that come at these times and each hold a permit for so long; what each waited.
    private func waits(
        _ gate: Gate, _ tasks: [(arrival: Int64, hold: Int64)], permits: [Int] = [], patience: Int64? = nil
    ) -> [Int64] {
        let scripts = tasks.enumerated().map { number, task in
            let permits = permits.isEmpty ? 1 : permits[number]
            return SimulatedScript(
                arrival: task.arrival,
                steps: [
                    .begin, .take(gate: 0, permits: permits, patience: patience), .open(.query), .pass(task.hold),
                    .close, .give(gate: 0, permits: permits), .end,
                ])
        }
        return SimulatedRun(Scenario(gates: [gate], scripts: scripts), seed: 1).tasks.map(\.wait)
    }

    private func gate(_ permits: Int, _ rule: Gate.Rule = .first) -> Gate { Gate(permits, rule, handOff: 0...0) }

    @Test("who came first goes first, or who came last")
    func order() {
        let tasks: [(Int64, Int64)] = [(0, 100), (10, 20), (20, 30), (30, 40)]
        #expect(waits(gate(1), tasks) == [0, 90, 100, 120])
        #expect(waits(gate(1, .last), tasks) == [0, 160, 120, 70])
        #expect(waits(gate(2), tasks) == [0, 0, 10, 30])
        #expect(waits(gate(4), tasks) == [0, 0, 0, 0])
    }

    @Test("a hand-off is waited for")
    func handOff() {
        #expect(waits(Gate(1, handOff: 7...7), [(0, 100), (10, 20), (200, 10)]) == [0, 97, 0])
    }

    @Test("polling finds a permit at the next try, and may be overtaken")
    func polling() {
        #expect(waits(gate(1, .polling(40)), [(0, 100), (10, 20), (105, 30)]) == [0, 160, 0])
    }

    @Test("a batch starts when all of the last are done")
    func batches() {
        #expect(waits(gate(2, .batches), [(0, 100), (1, 10), (2, 10), (3, 10), (4, 5)]) == [0, 0, 98, 97, 106])
    }

    @Test("a rate lets one in each time, however long they take")
    func rate() {
        #expect(waits(gate(1, .rate(50)), [(0, 500), (10, 500), (20, 500), (300, 5)]) == [0, 40, 80, 0])
    }

    @Test("the first in line is waited for until there are as many permits as it takes")
    func weights() {
        #expect(waits(gate(3), [(0, 100), (1, 50), (2, 10)], permits: [2, 2, 1]) == [0, 99, 98])
    }

    @Test("who loses patience has waited so long, and holds nothing")
    func patience() {
        #expect(waits(gate(1), [(0, 100), (10, 20), (90, 5)], patience: 30) == [0, 30, 10])
    }

    @Test("a limit that changes while the run goes on")
    func change() {
        var raised = gate(1)
        raised.change = (grants: 2, permits: 3)
        #expect(waits(raised, [(0, 100), (1, 100), (2, 100), (3, 100)]) == [0, 99, 98, 97])
        var lowered = gate(2)
        lowered.change = (grants: 2, permits: 1)
        #expect(waits(lowered, [(0, 100), (0, 60), (0, 10), (0, 10)]) == [0, 0, 100, 110])
    }

    @Test("what is waited before the transaction starts is no wait of it, and spans stand below the one open")
    func opener() throws {
        let steps: [SimulatedStep] = [
            .take(gate: 0), .pass(5), .begin, .open(.call), .pass(10), .open(.query), .pass(20), .close, .close, .end,
            .give(gate: 0),
        ]
        let run = SimulatedRun(
            Scenario(gates: [gate(1)], scripts: (0..<2).map { SimulatedScript(arrival: $0, steps: steps) }), seed: 1)
        #expect(run.tasks.map(\.wait) == [0, 0])
        #expect(run.tasks.map(\.start) == [5, 40])
        let second = try #require(run.tasks.last)
        #expect(second.end == 70)
        #expect(second.spans.map(\.parent) == [nil, 0])
        #expect(second.spans.map(\.start) == [40, 50] && second.spans.map(\.end) == [70, 70])
        let trace = run.trace
        #expect(trace.events.count == 7)
        #expect(trace.events.indices.allSatisfy { trace.parents[$0] != nil || $0 == trace.root })
    }
}
