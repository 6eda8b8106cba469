/// Pools whose tasks hold a slot, or go on without one, for a while of which no span tells.
extension SimulatedKind {
    /// From a tenth to two fifths of the task's hold before its first span. What differs from task to task changes the
    /// order in which they seem to take their slots: the waits of neighbours are mixed up.
    static let untoldAtFirst = [
        atFirst(100, .constant, Bounds()),
        atFirst(250, .constant, Bounds()),
        atFirst(400, .constant, Bounds()),
        atFirst(100, .uniform, Bounds(falseTime: 1_000)),
        atFirst(250, .uniform, Bounds(falseTime: 2_500)),
        atFirst(400, .uniform, Bounds(falseTime: 4_000)),
        atFirst(100, .exponential, Bounds(falseTime: 5_000)),
        atFirst(250, .exponential, Bounds(limit: 90, falseTime: 15_000)),
        atFirst(400, .exponential, Bounds(seen: 55, limit: 20, falseTime: nil)),
        atFirst(100, .logNormal, Bounds(falseTime: 4_000)),
        atFirst(250, .logNormal, Bounds(limit: 94, falseTime: 15_000)),
        atFirst(400, .logNormal, Bounds(seen: 75, limit: 50, falseTime: nil)),
    ]

    /// From a tenth to two fifths of the mean hold after the slot is given back, the same for all.
    static let untoldAfter = [Int64(100), 250, 400].flatMap { share in
        Spread.ofHolds.map { spread in
            pool("10 slots, \(spread) holds, \(share / 10) % untold after") {
                ($0.slots, $0.tasks, $0.spread, $0.tail) = (10, 80, spread, .ofMean(share))
            }
        }
    }

    /// The same, and as different from task to task as the holds are: then an end says little of when a slot was given
    /// back. More than the definitions are made for.
    package static let hardPools = [
        after(250, .exponential, Bounds(seen: 85, limit: 0, falseTime: nil)),
        after(250, .logNormal, Bounds(seen: 94, limit: 20, falseTime: nil)),
        after(400, .exponential, Bounds(seen: 30, limit: 0, claimed: 10, falseTime: nil)),
        after(400, .logNormal, Bounds(seen: 60, limit: 0, claimed: 5, falseTime: nil)),
    ]

    private static func atFirst(_ share: Int64, _ spread: Spread, _ bounds: Bounds) -> SimulatedKind {
        pool("4 slots, \(spread) holds, \(share / 10) % untold at first", bounds: bounds) {
            ($0.spread, $0.untold) = (spread, .ofEach(share))
        }
    }

    private static func after(_ share: Int64, _ spread: Spread, _ bounds: Bounds) -> SimulatedKind {
        pool("10 slots, \(spread) holds, \(share / 10) % of each untold after", bounds: bounds) {
            ($0.slots, $0.tasks, $0.spread, $0.tail) = (10, 80, spread, .ofEach(share))
        }
    }
}
