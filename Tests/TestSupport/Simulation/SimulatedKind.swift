package import TraceCore

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

    /// What has to be so in the runs of one kind, be they 10 or 100. Where less than all is asked for, one may always
    /// miss.
    package struct Bounds: Sendable {
        /// Of a hundred runs: told of at all, as the right kind of line.
        package var seen: Int64
        /// With the right limit.
        package var limit: Int64
        /// A line told of that is none, at most.
        package var claimed: Int64
        /// Σ |told wait - true wait| over Σ duration, in millionths: the mean over the runs, at most. Nil where the
        /// truth is not a wait in a line of tasks.
        package var falseTime: Int64?

        package init(seen: Int64 = 100, limit: Int64 = 100, claimed: Int64 = 0, falseTime: Int64? = 100) {
            self.seen = seen
            self.limit = limit
            self.claimed = claimed
            self.falseTime = falseTime
        }

        /// Of runs without a line.
        package static func free(claimed: Int64) -> Bounds {
            Bounds(seen: 0, limit: 0, claimed: claimed, falseTime: nil)
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

    package func run(seed: UInt64) -> SimulatedRun {
        var generator = SeededGenerator(name, seed: seed)
        return SimulatedRun(make(&generator), seed: seed)
    }

    package static let all = issue + within + pools + hardPools + free + evenLoops + unevenLoops
}

extension SimulatedKind: CustomStringConvertible {
    package var description: String { name }
}
