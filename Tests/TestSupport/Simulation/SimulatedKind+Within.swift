/// Lines that tasks stand in after they began to work.
extension SimulatedKind {
    package static let within: [SimulatedKind] = [
        Self("3 connections below an open span, tasks without limit", .within(slots: 3)) { generator in
            tasks(60, gates: [Gate(3)], &generator) { connection(gate: 0, &$0) }
        },
        Self("3 connections below an open span, behind 10 permits", .nested(slots: 10, within: 3)) { generator in
            tasks(60, gates: [Gate(10), Gate(3)], &generator) {
                [.take(gate: 0)] + connection(gate: 1, &$0) + [.give(gate: 0)]
            }
        },
        Self("3 connections between spans, behind 10 permits", .nested(slots: 10, within: 3)) { generator in
            tasks(60, gates: [Gate(10), Gate(3)], &generator) {
                [.take(gate: 0)] + connection(gate: 1, isBelow: false, &$0) + [.give(gate: 0)]
            }
        },
        // In many of them hand-overs show around the tasks, too: one takes its permit again when another is done.
        Self("one of 4 permits, taken twice in a task", .within(slots: 4), Bounds(claimed: 75)) { generator in
            let (read, write) = (generator.pick(30_000...100_000), generator.pick(30_000...100_000))
            return tasks(40, gates: [Gate(4)], &generator) {
                held(.query, gate: 0, read, &$0) + [.pass($0.pick(20...100))] + held(.write, gate: 0, write, &$0)
            }
        },
    ]

    private static func tasks(
        _ count: Int, gates: [Gate], _ generator: inout SeededGenerator,
        steps: (inout SeededGenerator) -> [SimulatedStep]
    ) -> Scenario {
        let scripts = Arrivals.atOnce.times(count, &generator).map { arrival in
            SimulatedScript(
                arrival: arrival,
                steps: [.begin, .pass(generator.pick(5...20))] + steps(&generator)
                    + [.pass(generator.pick(5...40)), .end])
        }
        return Scenario(gates: gates, scripts: scripts)
    }

    /// A short call, a query on a connection, below an open span or not, and another call.
    private static func connection(
        gate: Int, isBelow: Bool = true, _ generator: inout SeededGenerator
    ) -> [SimulatedStep] {
        let query: [SimulatedStep] =
            [.pass(generator.pick(5...40))] + held(.query, gate: gate, 60_000, &generator)
            + [.pass(generator.pick(5...40))]
        return span(.lookup, 12_000, &generator) + [.pass(generator.pick(20...100))]
            + (isBelow ? [.open(.call)] + query + [.close] : query)
            + span(.post, 25_000, &generator)
    }

    /// A span for as long as a permit is held.
    private static func held(
        _ label: SpanLabel, gate: Int, _ mean: Int64, _ generator: inout SeededGenerator
    ) -> [SimulatedStep] {
        [.take(gate: gate), .pass(generator.pick(5...60))] + span(label, mean, &generator)
            + [.pass(generator.pick(5...30)), .give(gate: gate)]
    }

    private static func span(
        _ label: SpanLabel, _ mean: Int64, _ generator: inout SeededGenerator
    ) -> [SimulatedStep] {
        [.open(label), .pass(Spread.uniform.draw(mean, &generator)), .close]
    }
}
