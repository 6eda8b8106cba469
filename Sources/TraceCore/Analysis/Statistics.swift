/// The statistics of one quantity, µs.
package struct Statistics: Sendable, Hashable {
    package var p50: Int64 = 0
    package var p90: Int64 = 0
    package var p95: Int64 = 0
    package var p99: Int64 = 0
    package var max: Int64 = 0
    /// Rounded to the nearest, halves up.
    package var mean: Int64 = 0
    package var sum: Int128 = 0
    /// Percentiles that were asked for beside these, in the order asked for.
    package var chosen: [Chosen] = []

    /// A percentile that was asked for.
    package struct Chosen: Sendable, Hashable {
        package var rank: PercentileRank
        package var value: Int64
    }

    /// All zero where there are no values. `percentiles` are given as well; the standard ones among them are given
    /// anyway.
    package init(_ values: [Int64], percentiles: [PercentileRank] = []) {
        self.init(ofSorted: values.sorted(), percentiles: percentiles)
    }

    /// All zero where there are no values.
    @inline(__always)
    init<Values: RandomAccessCollection>(ofSorted sorted: Values, percentiles: [PercentileRank] = [])
    where Values.Element == Int64, Values.Index == Int {
        func value(_ hundredths: Int) -> Int64 {
            sorted.isEmpty
                ? 0 : sorted[sorted.startIndex + Percentile.position(hundredths: hundredths, of: sorted.count)]
        }
        if !percentiles.isEmpty {
            chosen = percentiles.filter { !PercentileRank.standard.contains($0) }
                .map { Chosen(rank: $0, value: value($0.hundredths)) }
        }
        guard !sorted.isEmpty else { return }
        p50 = value(5_000)
        p90 = value(9_000)
        p95 = value(9_500)
        p99 = value(9_900)
        max = value(10_000)
        sum = sorted.reduce(0) { $0 + Int128($1) }
        let count = Int128(sorted.count)
        mean = Int64((2 * sum + count) / (2 * count))
    }

    /// A percentile, µs; nil where it is neither a standard one nor was asked for.
    package subscript(_ rank: PercentileRank) -> Int64? {
        switch rank.hundredths {
        case 5_000: p50
        case 9_000: p90
        case 9_500: p95
        case 9_900: p99
        case 10_000: max
        default: chosen.first { $0.rank == rank }?.value
        }
    }
}
