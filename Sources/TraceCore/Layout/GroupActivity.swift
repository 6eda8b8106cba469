/// How many tasks of a group run and how many wait, over time.
///
/// A task waits while its state is wait, and runs otherwise.
package struct GroupActivity: Sendable {
    /// A step function: from each time to the next, so many tasks run and so many wait.
    private struct Step {
        var time: Int64
        var running: Int
        var waiting: Int
    }

    private let steps: [Step]
    /// The share of the group's makespan in which at least as many tasks run as there are slots.
    package let full: Share

    /// `partitions` are the states of the trace's events.
    package init(_ group: TaskGroup, partitions: [StatePartition?]) {
        var changes: [Step] = []
        for member in group.members {
            for stretch in partitions[member.transaction]?.stretches ?? [] {
                let (running, waiting) = if case .wait = stretch.state { (0, 1) } else { (1, 0) }
                changes.append(Step(time: stretch.interval.start, running: running, waiting: waiting))
                changes.append(Step(time: stretch.interval.end, running: -running, waiting: -waiting))
            }
        }
        changes.sort { $0.time < $1.time }
        var steps: [Step] = []
        var (running, waiting) = (0, 0)
        for change in changes {
            running += change.running
            waiting += change.waiting
            if let last = steps.last, last.time == change.time { steps.removeLast() }
            steps.append(Step(time: change.time, running: running, waiting: waiting))
        }
        self.steps = steps
        let full = zip(steps, steps.dropFirst()).reduce(Int128(0)) { sum, pair in
            pair.0.running >= group.slots ? sum + Int128(pair.1.time - pair.0.time) : sum
        }
        self.full = Share(group.slots > 0 ? full : 0, of: Int128(group.makespan))
    }

    /// A number over time, a value for each cell of a scale.
    package struct Series: Sendable, Hashable {
        /// Task-microseconds in each cell.
        package var areas: [Int128]
        /// The mean number in each cell, rounded; at least 1 where it is not 0.
        package var means: [Int]

        /// The largest of `means`.
        package var peak: Int { means.max() ?? 0 }
    }

    /// The numbers of those who run and of those who wait.
    package func series(on scale: TimeScale) -> (running: Series, waiting: Series) {
        (series(on: scale, \.running), series(on: scale, \.waiting))
    }

    private func series(on scale: TimeScale, _ count: KeyPath<Step, Int>) -> Series {
        var areas = [Int128](repeating: 0, count: scale.cells)
        for (step, next) in zip(steps, steps.dropFirst()) where step[keyPath: count] > 0 {
            var cell = scale.position(step.time, parts: 1)
            while cell < scale.cells {
                let edges = Interval(start: scale.time(ofCell: cell), end: scale.time(ofCell: cell + 1))
                if edges.start >= next.time { break }
                let overlap = Interval(start: step.time, end: next.time).clipped(to: edges)
                areas[cell] += Int128(step[keyPath: count]) * Int128(overlap.length)
                cell += 1
            }
        }
        let means = areas.indices.map { cell in
            let length = Int128(max(1, scale.time(ofCell: cell + 1) - scale.time(ofCell: cell)))
            let mean = Int((2 * areas[cell] + length) / (2 * length))
            return areas[cell] > 0 ? max(1, mean) : 0
        }
        return Series(areas: areas, means: means)
    }
}
