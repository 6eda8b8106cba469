/// What a task is doing at an instant (source: "States of a task").
package enum TaskState: Sendable, Hashable {
    case work
    case wait(WaitSource)
    /// The task's own code, or waiting that nobody told of.
    case own
}

/// How it is known that a task waited.
package enum WaitSource: UInt8, Sendable, Hashable, CaseIterable {
    /// From the line of its group, or a line within it.
    case inferred
    /// From a wait span.
    case span
    /// From the age of the message that the task was done for.
    case message
}

/// The states of one task: a tiling of `[start, end)`, without hole or overlap, neighbours differing.
package struct StatePartition: Sendable {
    package struct Stretch: Sendable, Hashable {
        package var state: TaskState
        package var interval: Interval
    }

    package private(set) var stretches: [Stretch] = []

    /// The summed time in a state, µs.
    package func time(in state: TaskState) -> Int64 {
        stretches.reduce(0) { $0 + ($1.state == state ? $1.interval.length : 0) }
    }

    /// The states of a task.
    init(_ spans: TaskSpans, waits: InferredWaits, sweep: inout StateSweep) {
        sweep.run(spans, waits: waits) { state, interval in
            if let last = stretches.last, last.state == state {
                stretches[stretches.count - 1].interval.end = interval.end
            } else {
                stretches.append(Stretch(state: state, interval: interval))
            }
        }
    }
}
