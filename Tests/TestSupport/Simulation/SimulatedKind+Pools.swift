/// Pools of one limit, of any size, with any holds.
extension SimulatedKind {
    package static let pools: [SimulatedKind] = plain + untold + disturbed + overTime

    /// Everybody at once, from 1 slot to 50.
    private static let plain = [1, 2, 3, 4, 8, 10, 20, 50].flatMap { slots in
        Spread.ofHolds.map { spread in
            pool("\(slots) slots, \(spread) holds", .slots) {
                ($0.slots, $0.tasks, $0.spread) = (slots, max(60, 5 * slots), spread)
            }
        }
    }

    /// From a tenth to two fifths of the hold without a span.
    private static let untold = [Int64(100), 250, 400].flatMap { share in
        Spread.ofHolds.flatMap { spread in
            [
                pool("4 slots, \(spread) holds, \(share) thousandths untold at first", .slots) {
                    ($0.spread, $0.untold) = (spread, .ofEach(share))
                },
                pool("10 slots, \(spread) holds, \(share) thousandths untold after", .slots) {
                    ($0.slots, $0.tasks, $0.spread, $0.tail) = (10, 80, spread, .ofMean(share))
                },
            ]
        }
    }

    /// What is untold after the slot differs from task to task as much as the hold does: more than the definitions
    /// expect.
    package static let hardPools = [Int64(250), 400].flatMap { share in
        [Spread.exponential, .logNormal].map { spread in
            pool("10 slots, \(spread) holds, \(share) thousandths of each untold after", .slots) {
                ($0.slots, $0.tasks, $0.spread, $0.tail) = (10, 80, spread, .ofEach(share))
            }
        }
    }

    private static let disturbed = [
        pool("4 slots, half time out", .slots) { $0.patience = 1_100_000 },
        pool("10 slots, a third times out", .slots) {
            ($0.slots, $0.tasks, $0.patience) = (10, 100, 900_000)
        },
        pool("4 slots, a giant", .slots) { $0.giant = 60_000_000 },
        pool("10 slots, a giant, exponential holds", .slots) {
            ($0.slots, $0.tasks, $0.spread, $0.giant) = (10, 100, .exponential, 60_000_000)
        },
        pool("4 slots, last come first served", .slots) { $0.rule = .last },
        pool("10 slots, last come first served, exponential holds", .slots) {
            ($0.slots, $0.tasks, $0.rule, $0.spread) = (10, 100, .last, .exponential)
        },
        pool("4 slots, served in any order", .slots) { $0.rule = .anyone },
        pool("4 slots, polled every 10 ms", .slots) { $0.rule = .polling(10_000) },
        pool("4 slots, polled every 50 ms", .slots) { $0.rule = .polling(50_000) },
        pool("8 permits, of which a task takes 1 to 3", .handover, hasOneLimit: false) {
            ($0.slots, $0.tasks, $0.permits) = (8, 100, 1...3)
        },
        pool("4 slots, a lookup before", .slots) { $0.lookup = 20_000 },
        pool("8 slots, a lookup before, exponential holds", .slots) {
            ($0.slots, $0.tasks, $0.lookup, $0.spread) = (8, 80, 20_000, .exponential)
        },
    ]

    private static let overTime =
        Spread.ofHolds.map { spread in
            pool("4 slots, \(spread) holds, Poisson arrivals", .slots) {
                ($0.tasks, $0.spread, $0.arrivals) = (120, spread, .poisson(gap: 29_000))
            }
        } + [
            pool("4 slots, even arrivals", .slots) { ($0.tasks, $0.arrivals) = (120, .even(gap: 28_000)) },
            pool("8 slots, uniform arrivals", .slots) {
                ($0.tasks, $0.slots, $0.arrivals) = (160, 8, .uniform(over: 2_000_000))
            },
            pool("4 slots, bursts of 20", .slots) { ($0.tasks, $0.arrivals) = (120, .bursts(of: 20, gap: 900_000)) },
        ]
}
