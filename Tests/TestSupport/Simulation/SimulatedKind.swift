/// A kind of run with a known truth, what ought to be told of it, and how far that may be missed.
package struct SimulatedKind: Sendable {
    package var name: String
    package var truth: Truth
    package var bounds: Bounds
    /// Makes the run of a seed from numbers that no other kind or seed has.
    private let make: @Sendable (inout SeededGenerator) -> Scenario

    package enum Truth: Sendable {
        /// One line that the group's tasks stood in. Its limit, where it is one number.
        case line(slots: Int?, seenAs: Set<LineKind>)
        /// No line around tasks, one within them.
        case within(slots: Int)
        /// Both.
        case nested(slots: Int, within: Int)
        /// So many workers, in each of which tasks come one after the other: nobody waits.
        case workers(Int)
        /// No limit at all.
        case free
        /// No limit, but one event loop starts task after task.
        case eventLoop
    }

    package enum LineKind: String, Sendable {
        case slots
        case rate
        case handover
    }

    /// What at least, or at most, has to be so in the runs of one kind.
    package struct Bounds: Sendable {
        /// Told of the right kind, and with the right limit, in at least so many of a hundred runs. Where there is no
        /// line: claimed in at most so many.
        package var seen: Int
        package var slots: Int
        /// Σ |told wait - true wait| over Σ duration, in millionths: the mean over the runs.
        package var falseTime: Int64

        package init(seen: Int = 100, slots: Int = 100, falseTime: Int64 = 1_000) {
            self.seen = seen
            self.slots = slots
            self.falseTime = falseTime
        }
    }

    package init(
        _ name: String, _ truth: Truth, _ bounds: Bounds = Bounds(),
        make: @escaping @Sendable (inout SeededGenerator) -> Scenario
    ) {
        self.name = name
        self.truth = truth
        self.bounds = bounds
        self.make = make
    }

    package func scenario(seed: UInt64) -> Scenario {
        var generator = SeededGenerator(name, seed: seed)
        return make(&generator)
    }

    package func run(seed: UInt64) -> SimulatedRun { SimulatedRun(scenario(seed: seed), seed: seed) }
}
