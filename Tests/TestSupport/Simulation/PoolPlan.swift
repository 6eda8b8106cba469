/// A run of tasks that each take one slot and work in it.
///
///     begin  lookup   take ... granted  untold   spans      untold  give untold end
///       |---|######|---|. . . . . .|------------|####-####-##|------|--------|
///                         waits                 |<----- hold ----->|       tail
package struct PoolPlan: Sendable {
    package var tasks = 60
    package var slots = 4
    package var rule = Gate.Rule.first
    package var handOff: ClosedRange<Int64> = 0...100
    package var change: (grants: Int, permits: Int)?
    package var arrivals = Arrivals.atOnce
    package var spread = Spread.uniform
    /// The mean time from the first span to the slot's release, µs.
    package var hold: Int64 = 150_000
    /// In the slot, before the first span.
    package var untold = Untold.none
    /// After the slot, before the end.
    package var tail = Untold.none
    /// The mean of a span before the semaphore, µs; 0 where there is none.
    package var lookup: Int64 = 0
    /// After so many µs in line a task gives up.
    package var patience: Int64?
    /// The hold of the third task, µs.
    package var giant: Int64?
    /// How many permits a task takes.
    package var permits: ClosedRange<Int64> = 1...1
    /// The tasks are dealt out to so many processes; the run's root is in another where there are more than one.
    package var processes = 1

    package init(_ edit: (inout PoolPlan) -> Void = { _ in }) { edit(&self) }

    /// Time of which no span tells.
    package enum Untold: Sendable {
        case none
        /// So many thousandths of the task's own hold.
        case ofEach(Int64)
        /// So many thousandths of the mean hold, the same for all.
        case ofMean(Int64)

        func time(_ hold: Int64, mean: Int64) -> Int64 {
            switch self {
            case .none: 0
            case .ofEach(let share): hold * share / 1_000
            case .ofMean(let share): mean * share / 1_000
            }
        }
    }

    package func scenario(_ generator: inout SeededGenerator) -> Scenario {
        var gate = Gate(slots, rule, handOff: handOff)
        gate.change = change
        let scripts = arrivals.times(tasks, &generator).enumerated().map { number, arrival in
            SimulatedScript(
                arrival: arrival, process: processes > 1 ? 1 + number % processes : 0,
                steps: steps(number, &generator))
        }
        return Scenario(gates: [gate], scripts: scripts)
    }

    /// What a task does; its semaphore is the gate of this number.
    package func steps(_ number: Int, gate: Int = 0, _ generator: inout SeededGenerator) -> [SimulatedStep] {
        var hold = spread.draw(self.hold, &generator)
        if let giant, number == 2 { hold = giant }
        let before = untold.time(hold, mean: self.hold)
        let permits = Int(generator.pick(permits))
        var steps: [SimulatedStep] = [.begin, .pass(generator.pick(5...20))]
        if lookup > 0 {
            let length = Spread.uniform.draw(lookup, &generator)
            steps += [.open(.lookup), .pass(length), .close, .pass(generator.pick(5...20))]
        }
        steps += [.take(gate: gate, permits: permits, patience: patience), .pass(before + generator.pick(5...40))]
        steps += SimulatedStep.work(hold, &generator)
        steps += [.pass(generator.pick(5...20)), .give(gate: gate, permits: permits)]
        return steps + [.pass(tail.time(hold, mean: self.hold) + generator.pick(5...20)), .end]
    }
}

extension SimulatedStep {
    /// One to three spans, one closely behind the other, that take so many µs together.
    static func work(_ length: Int64, _ generator: inout SeededGenerator) -> [SimulatedStep] {
        let labels = [SpanLabel.query, .post, .write].prefix(Int(generator.pick(1...3)))
        return labels.flatMap { label -> [SimulatedStep] in
            [.open(label), .pass(length / Int64(labels.count)), .close, .pass(generator.pick(10...50))]
        }
    }
}
