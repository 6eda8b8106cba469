/// Which percentile: from p0.01 to p100, two decimals at most.
package struct PercentileRank: Sendable, Hashable, Comparable {
    /// The rank times 100: p99.9 is 9 990.
    package let hundredths: Int

    package static let p50 = PercentileRank(known: 5_000)
    package static let p90 = PercentileRank(known: 9_000)
    package static let p95 = PercentileRank(known: 9_500)
    package static let p99 = PercentileRank(known: 9_900)
    /// Those that every report has.
    package static let standard = [p50, p90, p95, p99]

    private init(known hundredths: Int) { self.hundredths = hundredths }

    /// Nil outside 1 ... 10 000.
    package init?(hundredths: Int) {
        guard 1...10_000 ~= hundredths else { return nil }
        self.hundredths = hundredths
    }

    /// As it is written behind the p: `50`, `99.9`, `99.95`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? Array(parts[1]) : []
        let digits = (parts.first.map { Array($0) } ?? []) + decimals
        guard 1...3 ~= digits.count - decimals.count, parts.count == 1 || 1...2 ~= decimals.count,
            digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        self.init(hundredths: decimals.isEmpty ? number * 100 : decimals.count == 1 ? number * 10 : number)
    }

    /// As it is shown, and named in JSON: `p50`, `p99.9`.
    package var text: String {
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "p\(whole)" }
        return rest % 10 == 0 ? "p\(whole).\(rest / 10)" : "p\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    package static func < (left: PercentileRank, right: PercentileRank) -> Bool { left.hundredths < right.hundredths }
}
