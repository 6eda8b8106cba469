import TraceCore

/// Pools of one limit, of any size, with any holds.
extension SimulatedKind {
    package static let pools: [SimulatedKind] = plain + untoldAtFirst + untoldAfter + disturbed + overTime

    /// Everybody at once, from 1 slot to 50.
    private static let plain = [1, 2, 3, 4, 8, 10, 20, 50].flatMap { slots in
        Spread.ofHolds.map { spread in
            pool("\(slots) slots, \(spread) holds") {
                ($0.slots, $0.tasks, $0.spread) = (slots, max(60, 5 * slots), spread)
            }
        }
    }

    private static let disturbed = [
        pool("4 slots, half time out") { $0.patience = 1_100_000 },
        pool("10 slots, a third times out") {
            ($0.slots, $0.tasks, $0.patience) = (10, 100, 900_000)
        },
        pool("4 slots, a giant") { $0.giant = 60_000_000 },
        pool("10 slots, a giant, exponential holds") {
            ($0.slots, $0.tasks, $0.spread, $0.giant) = (10, 100, .exponential, 60_000_000)
        },
        pool("4 slots, last come first served") { $0.rule = .last },
        pool("10 slots, last come first served, exponential holds") {
            ($0.slots, $0.tasks, $0.rule, $0.spread) = (10, 100, .last, .exponential)
        },
        pool("4 slots, served in any order") { $0.rule = .anyone },
        pool("4 slots, polled every 10 ms", bounds: Bounds(falseTime: 4_000)) { $0.rule = .polling(10_000) },
        pool("4 slots, polled every 50 ms", bounds: Bounds(falseTime: 20_000)) { $0.rule = .polling(50_000) },
        pool("8 permits, of which a task takes 1 to 3", [.handover, .slots], bounds: Bounds(falseTime: 5_000)) {
            ($0.slots, $0.tasks, $0.permits) = (8, 100, 1...3)
        },
        // Of a task that did not wait the longest gap may be its last, so that it never seems to hold a slot.
        pool("4 slots, a lookup before", bounds: Bounds(falseTime: 10_000)) { $0.lookup = 20_000 },
        pool("8 slots, a lookup before, exponential holds", bounds: Bounds(limit: 94, falseTime: 22_000)) {
            ($0.slots, $0.tasks, $0.lookup, $0.spread) = (8, 80, 20_000, .exponential)
        },
    ]

    private static let overTime =
        Spread.ofHolds.map { spread in
            pool("4 slots, \(spread) holds, Poisson arrivals") {
                ($0.tasks, $0.spread, $0.arrivals) = (120, spread, .poisson(gap: 29_000))
            }
        } + [
            pool("4 slots, even arrivals") { ($0.tasks, $0.arrivals) = (120, .even(gap: 28_000)) },
            pool("8 slots, uniform arrivals") {
                ($0.tasks, $0.slots, $0.arrivals) = (160, 8, .uniform(over: 2_000_000))
            },
            pool("4 slots, bursts of 20") { ($0.tasks, $0.arrivals) = (120, .bursts(of: 20, gap: 900_000)) },
        ]
}
