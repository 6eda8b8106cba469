/// Runs without a limit on one event loop, which runs the own code of all tasks, one after the other, and their calls
/// beside one another.
extension SimulatedKind {
    /// It starts tasks one by one, and goes on doing so after the first have ended: a line, if not one for slots.
    package static let evenLoops: [SimulatedKind] = [Spread.constant, .narrow].flatMap { slices in
        [20, 60, 300].flatMap { tasks in
            [Spread.constant, .uniform].map { Loop(tasks, slices, calls: $0).evenKind }
        } + [Loop(60, slices, calls: .exponential).evenKind]
    }

    /// It starts them in no rhythm, or all of them before the first has ended.
    package static let unevenLoops: [SimulatedKind] =
        Spread.ofHolds.flatMap { slices in
            [
                Loop(60, slices) { ($0.note, $0.load) = ("ends last", 50...500) }.kind,
                Loop(80, slices) { ($0.note, $0.arrivals) = ("bursts", .bursts(of: 20, gap: 400_000)) }.kind,
                Loop(60, slices) { ($0.note, $0.turns) = ("several calls", 3) }.kind,
            ]
        } + [
            Loop(60, .uniform) { ($0.note, $0.turns, $0.load) = ("keeps up", 3, 5...60) }.kind,
            Loop(60, .exponential).kind, Loop(60, .logNormal).kind,
            Loop(100, .uniform) {
                ($0.note, $0.arrivals, $0.claimed) = ("Poisson", .poisson(gap: 20_000), 12)
            }.kind,
        ]

    private struct Loop: Sendable {
        var tasks: Int
        /// Of the own code before a call.
        var slices: Spread
        var calls: Spread
        /// How often a task's own code and a call alternate.
        var turns = 1
        var arrivals = Arrivals.atOnce
        /// How long the first slices of all tasks take together, in thousandths of a call.
        var load: ClosedRange<Int64> = 2_000...10_000
        var note = ""
        /// Of a hundred runs in no rhythm, a line of slots is told of in so many.
        var claimed: Int64 = 8

        init(_ tasks: Int, _ slices: Spread, calls: Spread = .uniform, _ edit: (inout Loop) -> Void = { _ in }) {
            (self.tasks, self.slices, self.calls) = (tasks, slices, calls)
            edit(&self)
        }

        var kind: SimulatedKind {
            SimulatedKind(
                "loop, \(tasks) tasks, \(slices) slices\(note.isEmpty ? "" : ", \(note)")", .eventLoop,
                .free(claimed: claimed), make: scenario)
        }

        /// The told wait has a task's own slice in it.
        var evenKind: SimulatedKind {
            SimulatedKind(
                "loop, \(tasks) tasks, \(slices) slices, \(calls) calls", .eventLoop,
                Bounds(falseTime: 1_800_000 / Int64(tasks)), make: scenario)
        }

        @Sendable private func scenario(_ generator: inout SeededGenerator) -> Scenario {
            let call = generator.pickByFactor(50_000...400_000)
            let slice = call * generator.pick(load) / 1_000 / Int64(tasks)
            let scripts = arrivals.times(tasks, &generator).map { arrival in
                let work = (0..<turns).flatMap { _ -> [SimulatedStep] in
                    [
                        .take(gate: 0), .pass(slices.draw(slice, &generator)), .give(gate: 0),
                        .open(.query), .pass(calls.draw(call, &generator)), .close,
                    ]
                }
                return SimulatedScript(arrival: arrival, steps: [.begin] + work + [.end])
            }
            return Scenario(gates: [Gate(1, handOff: 0...5)], scripts: scripts)
        }
    }
}
