extension GroupActivity {
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
        stretches.series(on: scale)
    }
}

extension ActivityStretches {
    /// The numbers of those who run and of those who wait; the stretches are sorted.
    func series(on scale: TimeScale) -> (running: GroupActivity.Series, waiting: GroupActivity.Series) {
        let edges = (0...scale.cells).map { scale.time(ofCell: $0) }
        return (GroupActivity.Series(running, edges: edges), GroupActivity.Series(waiting, edges: edges))
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
