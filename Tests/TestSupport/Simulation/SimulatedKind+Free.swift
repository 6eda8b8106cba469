/// Runs without a limit, in which no line may be claimed.
extension SimulatedKind {
    package static let free: [SimulatedKind] = ways.flatMap { way in
        Spread.ofHolds.flatMap { spread in
            [false, true].map { looksUp in
                Self("\(way.name), \(spread) holds\(looksUp ? ", lookups" : "")", .free, .free(claimed: way.claimed)) {
                    generator in
                    FreePlan.anything(spread, looksUp: looksUp, &generator, coming: way.coming).scenario(&generator)
                }
            }
        }
    }

    private struct Way: Sendable {
        var name: String
        /// Of a hundred runs in so many, at most, a line is told of.
        var claimed: Int64 = 5
        var coming: @Sendable (_ plan: FreePlan, _ beside: Int64, _ generator: inout SeededGenerator) -> FreePlan.Coming
    }

    private static let ways = [
        Way(name: "free, at once") { _, _, _ in .arrivals(.atOnce) },
        Way(name: "free, uniform") { plan, beside, generator in
            .arrivals(.uniform(over: plan.gap(beside: beside, &generator) * Int64(plan.tasks)))
        },
        Way(name: "free, Poisson") { plan, beside, generator in
            .arrivals(.poisson(gap: plan.gap(beside: beside, &generator)))
        },
        Way(name: "free, bursts") { plan, beside, generator in
            let size = generator.pickByFactor(2...40)
            return .arrivals(.bursts(of: Int(size), gap: plan.gap(beside: beside, &generator) * size))
        },
        // Where they come as evenly as a rate would let them in, and begin late by the same.
        Way(name: "free, even", claimed: 15) { plan, beside, generator in
            .arrivals(.even(gap: plan.gap(beside: beside, &generator)))
        },
        Way(name: "one client") { _, _, _ in .clients(1) },
        Way(name: "clients") { _, beside, _ in .clients(Int(beside) + 1) },
    ]
}
