/// How likely it is that two sets of values differ as much as they do, or more, if nothing but chance made them differ
/// (source: "Comparing two runs, or two sets of runs" of the definitions of wait and work).
///
/// Ranks, ties and variances are counted in integers; only the last division and the normal distribution are not.
package struct RankTest: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// Of pairs: the Wilcoxon signed-rank test.
        case wilcoxon
        /// Of two sets: the Mann-Whitney U test.
        case mannWhitney
    }

    package var kind: Kind
    /// Of pairs: the smaller sum of ranks of those that differ one way. Of sets: U, the larger of the two. Twice as
    /// much, since ranks may be halves.
    package var doubledStatistic: Int128
    /// Two-sided, in `0...1`.
    package var p: Double

    /// As SciPy's `wilcoxon(zero_method="wilcox", correction=False, method="asymptotic")` of the differences of pairs,
    /// in any order: pairs that don't differ are dropped, and p is 1 where none is left.
    package static func wilcoxon(_ differences: [Int64]) -> RankTest {
        var sizes = differences.filter { $0 != 0 }
        sizes.sort { $0.magnitude < $1.magnitude }
        let n = Int128(sizes.count)
        var (positive, tied) = (Int128(0), Int128(0))
        var start = 0
        while start < sizes.count {
            var end = start
            var above = 0
            while end < sizes.count, sizes[end].magnitude == sizes[start].magnitude {
                above += sizes[end] > 0 ? 1 : 0
                end += 1
            }
            // Twice the mean of the ranks start + 1 ... end.
            positive += Int128(above) * Int128(start + end + 1)
            tied += Self.tie(Int128(end - start))
            start = end
        }
        // Twice the sum of ranks, its mean n(n+1)/4 and its variance (n(n+1)(2n+1) - Σ(t³-t)/2) / 24.
        let all = n * (n + 1)
        let variance = Double(2 * all * (2 * n + 1) - tied) / 48
        let z = variance > 0 ? Double(2 * positive - all) / 4 / variance.squareRoot() : 0
        return RankTest(kind: .wilcoxon, doubledStatistic: min(positive, all - positive), p: NormalTail.twoSided(z))
    }

    /// As SciPy's `mannwhitneyu(method="asymptotic", use_continuity=True)` of two sets of values, each sorted; p is 1
    /// where a set is empty or all values are equal.
    package static func mannWhitney(_ a: [Int64], _ b: [Int64]) -> RankTest {
        var (left, right) = (0, 0)
        var (ranks, tied) = (Int128(0), Int128(0))
        while left < a.count || right < b.count {
            let value = left == a.count ? b[right] : right == b.count ? a[left] : min(a[left], b[right])
            let (leftStart, start) = (left, left + right)
            while left < a.count, a[left] == value { left += 1 }
            while right < b.count, b[right] == value { right += 1 }
            ranks += Int128(left - leftStart) * Int128(start + left + right + 1)
            tied += Self.tie(Int128(left + right - start))
        }
        let (m, n) = (Int128(a.count), Int128(b.count))
        let first = ranks - m * (m + 1)
        let doubledU = max(first, 2 * m * n - first)
        // Its mean mn/2, its variance mn/12 · (N + 1 - Σ(t³-t) / N(N-1)); half is taken off since U goes in steps.
        let all = m + n
        let spread = Self.tie(all) - tied
        guard m > 0, n > 0, spread > 0 else { return RankTest(kind: .mannWhitney, doubledStatistic: doubledU, p: 1) }
        let variance = Double(m * n) / 12 * (Double(spread) / Double(all * (all - 1)))
        let z = Double(doubledU - m * n - 1) / 2 / variance.squareRoot()
        return RankTest(kind: .mannWhitney, doubledStatistic: doubledU, p: z > 0 ? NormalTail.twoSided(z) : 1)
    }

    /// What so many equal values take off.
    private static func tie(_ count: Int128) -> Int128 { (count * count - 1) * count }
}
