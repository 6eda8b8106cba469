/// How many values of some sets fall where, over common bins, so that the sets can be drawn above one another.
///
/// Bins are equally wide, of a round width (1, 2 or 5 and zeros), where the values are of one order: up to 64 times as
/// long as the shortest twentieth of those above 0. Otherwise each bin is as many times as wide as the one before it;
/// what is shorter than all that has a logarithm worth showing goes into one more bin at the start.
package struct Histogram: Sendable, Hashable {
    package let isLogarithmic: Bool
    /// Where the bins begin, and the end of the last, µs: one more than there are bins.
    package let edges: [Int64]
    /// For each set, how many values each bin has.
    package let counts: [[Int]]

    /// Nil where there is no value, or no bin. `sets` are each sorted; no value is below 0. There are at most `bins`.
    package init?(ofSorted sets: [[Int64]], bins: Int) {
        let least = sets.compactMap(\.first).min()
        guard bins > 0, let least, let greatest = sets.compactMap(\.last).max(), greatest < .max else { return nil }
        let short = sets.compactMap { set in
            Percentile.value(hundredths: 500, ofSorted: Array(set[Self.firstIndex(of: 1, in: set)...]))
        }.min()
        if let short, greatest / 64 > short, bins > 2 {
            isLogarithmic = true
            edges = Self.logarithmicEdges(from: short, through: greatest, bins: bins - 1)
        } else {
            isLogarithmic = false
            edges = Self.linearEdges(from: least, through: greatest, bins: bins)
        }
        let edges = edges
        counts = sets.map { set in
            let starts = edges.map { Self.firstIndex(of: $0, in: set) }
            return zip(starts, starts.dropFirst()).map { $1 - $0 }
        }
    }

    /// The number of bins.
    package var bins: Int { edges.count - 1 }

    /// The number of values in the fullest bin of any set.
    package var peak: Int { counts.lazy.flatMap(\.self).max() ?? 0 }

    private static func linearEdges(from least: Int64, through greatest: Int64, bins: Int) -> [Int64] {
        var (width, first) = (Int128(1), Int128(least))
        var factors = [2, 5, 10] as [Int128]
        var unit: Int128 = 1
        while first + width * Int128(bins) <= Int128(greatest) {
            width = unit * factors.removeFirst()
            if factors.isEmpty { (factors, unit) = ([2, 5, 10], width) }
            first = Int128(least) / width * width
        }
        let count = (Int128(greatest) - first) / width + 1
        return (0...count).map { Int64(clamping: first + $0 * width) }
    }

    private static func logarithmicEdges(from short: Int64, through greatest: Int64, bins: Int) -> [Int64] {
        let ratio = root(bins, of: Double(greatest) / Double(short))
        var (edges, edge) = ([0, short], Double(short))
        while edges.count <= bins {
            edge *= ratio
            let next = max(edges[edges.count - 1] + 1, Int64(edge.rounded()))
            guard next <= greatest else { break }
            edges.append(next)
        }
        return edges + [greatest + 1]
    }

    /// The n-th root of a value above 1, between which and 1 it is halved.
    private static func root(_ n: Int, of value: Double) -> Double {
        var (low, high) = (1.0, value)
        for _ in 0..<100 {
            let middle = (low + high) / 2
            var power = 1.0
            for _ in 0..<n where power <= value { power *= middle }
            if power <= value { low = middle } else { high = middle }
        }
        return low
    }

    /// Where in a sorted set the values of at least this begin.
    private static func firstIndex(of value: Int64, in sorted: [Int64]) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
