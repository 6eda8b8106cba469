/// How many tasks of a group run and how many wait, over time.
///
/// A task waits while its state is wait, and runs otherwise.
package struct GroupActivity: Sendable {
    private let running: OpenStretches
    private let waiting: OpenStretches
    /// The share of the group's makespan in which at least as many tasks run as there are slots.
    package let full: Share

    /// The activity of a group of a run.
    package init(_ group: TaskGroup, of analysis: TraceAnalysis) {
        var (running, waiting) = (OpenStretches(), OpenStretches())
        var sweep = StateSweep()
        for member in group.members {
            var last: (waits: Bool, interval: Interval)?
            func close() {
                guard let last else { return }
                if last.waits { waiting.append(last.interval) } else { running.append(last.interval) }
            }
            analysis.tellStates(member.transaction, sweep: &sweep) { state, interval in
                let waits = if case .wait = state { true } else { false }
                if last?.waits == waits {
                    last?.interval.end = interval.end
                } else {
                    close()
                    last = (waits, interval)
                }
            }
            close()
        }
        running.sort()
        waiting.sort()
        var full: Int128 = 0
        if group.slots > 0 {
            running.forEachStep { interval, count in
                if count >= group.slots { full += Int128(interval.length) }
            }
        }
        self.running = running
        self.waiting = waiting
        self.full = Share(full, of: Int128(group.makespan))
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
        let edges = (0...scale.cells).map { scale.time(ofCell: $0) }
        return (Series(running, edges: edges), Series(waiting, edges: edges))
    }
}

extension GroupActivity.Series {
    /// `edges` are the times at which cells begin, and the end of the last.
    fileprivate init(_ stretches: OpenStretches, edges: [Int64]) {
        var areas = [Int128](repeating: 0, count: edges.count - 1)
        // Steps come in order of time, so that each begins in the cell that the last ended in or behind it.
        var cell = 0
        stretches.forEachStep { interval, count in
            while cell < areas.count, edges[cell + 1] <= interval.start { cell += 1 }
            while cell < areas.count, edges[cell] < interval.end {
                let overlap = interval.clipped(to: Interval(start: edges[cell], end: edges[cell + 1]))
                areas[cell] += Int128(count) * Int128(overlap.length)
                if edges[cell + 1] > interval.end { break }
                cell += 1
            }
        }
        self.areas = areas
        means = areas.indices.map { cell in
            let length = Int128(max(1, edges[cell + 1] - edges[cell]))
            let mean = Int((2 * areas[cell] + length) / (2 * length))
            return areas[cell] > 0 ? max(1, mean) : 0
        }
    }
}

/// Stretches of time, and how many are open when.
private struct OpenStretches {
    private var starts: [Int64] = []
    private var ends: [Int64] = []

    /// Adds a stretch, which is not empty.
    mutating func append(_ interval: Interval) {
        starts.append(interval.start)
        ends.append(interval.end)
    }

    /// Once all stretches are there.
    mutating func sort() {
        starts.sort()
        ends.sort()
    }

    /// Tells how many stretches are open from each time at which one begins or ends to the next, where any is.
    func forEachStep(_ tell: (Interval, Int) -> Void) {
        var (started, ended) = (0, 0)
        var since: Int64 = 0
        while ended < ends.count {
            let time = started < starts.count ? min(starts[started], ends[ended]) : ends[ended]
            if started > ended, since < time { tell(Interval(start: since, end: time), started - ended) }
            while started < starts.count, starts[started] == time { started += 1 }
            while ended < ends.count, ends[ended] == time { ended += 1 }
            since = time
        }
    }
}
