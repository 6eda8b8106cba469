/// The median of some rounds, and the least and the most of them.
struct Spread: Encodable, Equatable {
    let median: Double
    let min: Double
    let max: Double

    /// Of one round.
    init(_ value: Double) { (median, min, max) = (value, value, value) }

    /// Nil where there were no rounds.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let least = sorted.first, let most = sorted.last else { return nil }
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        (min, max) = (least, most)
    }

    /// `median (least–most)`, or one number where they are the same.
    func text(_ format: (Double) -> String) -> String {
        let (middle, low, high) = (format(median), format(min), format(max))
        return low == high ? middle : "\(middle) (\(low)–\(high))"
    }
}

extension Spread? {
    /// As `Spread.text`; a dash where there is none.
    func text(_ format: (Double) -> String) -> String { self?.text(format) ?? "–" }
}
