/// A run of tasks that nothing holds back. Each begins after a while of its own code, which looks like a wait and is
/// none.
package struct FreePlan: Sendable {
    package enum Coming: Sendable {
        case arrivals(Arrivals)
        /// So many clients, each of which sends its next when the last is done.
        case clients(Int)
    }

    package var tasks: Int
    package var coming = Coming.arrivals(.atOnce)
    package var spread = Spread.uniform
    /// The mean of the work, µs.
    package var hold: Int64 = 150_000
    /// Own code before the first span, µs.
    package var thinkSpread = Spread.exponential
    package var think: Int64 = 30_000
    /// The mean of a span that comes first, with own code of the same length behind it, µs; 0 where there is none.
    package var lookup: Int64 = 0
    /// The work of one task, µs.
    package var giant: Int64?

    package init(tasks: Int, _ edit: (inout FreePlan) -> Void = { _ in }) {
        self.tasks = tasks
        edit(&self)
    }

    package func scenario(_ generator: inout SeededGenerator) -> Scenario {
        switch coming {
        case .arrivals(let arrivals):
            let scripts = arrivals.times(tasks, &generator).enumerated().map { number, arrival in
                SimulatedScript(arrival: arrival, steps: steps(number, &generator))
            }
            return Scenario(scripts: scripts)
        case .clients(let count):
            let scripts = (0..<tasks).map { number in
                let opening: [SimulatedStep] = [.take(gate: 0), .pass(generator.pick(20...400))]
                return SimulatedScript(
                    arrival: Int64(number), steps: opening + steps(number, &generator) + [.give(gate: 0)])
            }
            return Scenario(gates: [Gate(count)], scripts: scripts)
        }
    }

    private func steps(_ number: Int, _ generator: inout SeededGenerator) -> [SimulatedStep] {
        let hold = number == 2 ? giant : nil
        var steps: [SimulatedStep] = [.begin, .pass(thinkSpread.draw(think, &generator))]
        if lookup > 0 {
            steps += [.open(.lookup), .pass(Spread.uniform.draw(lookup, &generator)), .close]
            steps.append(.pass(thinkSpread.draw(think, &generator)))
        }
        steps += SimulatedStep.work(hold ?? spread.draw(self.hold, &generator), &generator)
        return steps + [.end]
    }

    /// Few or many tasks, that think for long or not, beside few or many others, as the generator has it.
    package static func anything(
        _ spread: Spread, looksUp: Bool, _ generator: inout SeededGenerator,
        coming: (_ plan: FreePlan, _ beside: Int64, _ generator: inout SeededGenerator) -> Coming
    ) -> FreePlan {
        FreePlan(tasks: Int(generator.pickByFactor(5...600))) { plan in
            plan.spread = spread
            plan.hold = generator.pickByFactor(20_000...500_000)
            plan.thinkSpread = Spread.ofHolds[Int(generator.pick(0...3))]
            plan.think = plan.hold * generator.pickByFactor(2...2_000) / 1_000
            if looksUp { plan.lookup = plan.hold * generator.pick(50...500) / 1_000 }
            plan.coming = coming(plan, generator.pickByFactor(1...30), &generator)
        }
    }

    /// From one arrival to the next where about so many tasks go on beside one another, µs.
    package func gap(beside: Int64, _ generator: inout SeededGenerator) -> Int64 {
        let length = hold + lookup + think * (lookup > 0 ? 2 : 1)
        return max(100, length * generator.pick(700...1_400) / 1_000 / beside)
    }
}
