/// How a quantity went from run to run, the oldest first.
package struct Trend: Sendable, Hashable {
    /// At least one; none is below 0.
    package let values: [Int64]
    package let first: Int64
    package let last: Int64
    package let least: Int64
    package let greatest: Int64

    /// Nil where there is no value.
    package init?(_ values: [Int64]) {
        guard let first = values.first, let last = values.last, let least = values.min(), let greatest = values.max()
        else { return nil }
        self.values = values
        self.first = first
        self.last = last
        self.least = least
        self.greatest = greatest
    }

    /// The median (nearest rank) of all values before the last; nil where there is only one.
    package var medianBefore: Int64? {
        Percentile.value(hundredths: 5_000, ofSorted: values.dropLast().sorted())
    }

    /// The values as heights from 1 to 8: the greatest is 8; 1 is the least, or three quarters of the greatest where all
    /// are above that. So a change of a few hundredths is not drawn as if it were one of many times as much. All 1 where
    /// all are 0.
    package var heights: [Int] {
        let (top, bottom) = (Int128(greatest), min(Int128(least), Int128(greatest) * 3 / 4))
        guard top > bottom else { return values.map { _ in 1 } }
        return values.map { 1 + Int((14 * (Int128($0) - bottom) + (top - bottom)) / (2 * (top - bottom))) }
    }
}
