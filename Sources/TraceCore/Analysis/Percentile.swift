/// Nearest rank on exact values (source: "Statistics" of the definitions of wait and work).
package enum Percentile {
    /// The value at position `ceil(q·n/100) - 1` of `sorted`; nil where there are none. `hundredths` is q times
    /// 100, so that 99.9 is 9 990.
    package static func value(hundredths: Int, ofSorted sorted: [Int64]) -> Int64? {
        sorted.isEmpty ? nil : sorted[position(hundredths: hundredths, of: sorted.count)]
    }

    /// Where among `count` sorted values the percentile stands.
    static func position(hundredths: Int, of count: Int) -> Int {
        let position = (hundredths * count + 9_999) / 10_000 - 1
        return min(max(position, 0), count - 1)
    }

    /// How many values a percentile needs before it is shown to a reader: p90 wants 10, p95 20, p99 100.
    package static func valuesNeeded(hundredths: Int) -> Int {
        let tail = 10_000 - hundredths
        guard hundredths > 5_000, tail > 0 else { return 1 }
        return (10_000 + tail - 1) / tail
    }
}

/// A share with four decimals, halves up, counted in integers.
package struct Share: Sendable, Hashable {
    /// Ten-thousandths.
    package let tenThousandths: Int
    /// Whether it is nothing or all only since it is rounded.
    package let isRounded: Bool

    /// 0 where the whole is 0.
    package init(_ part: Int128, of whole: Int128) {
        tenThousandths = whole > 0 ? Int((2 * part * 10_000 + whole) / (2 * whole)) : 0
        isRounded = whole > 0 && (tenThousandths == 0 ? part > 0 : tenThousandths == 10_000 && part != whole)
    }

    /// As one number: its ten-thousandths, beyond them what is almost nothing, then what is almost all.
    var code: Int { isRounded ? (tenThousandths == 0 ? 10_001 : 10_002) : tenThousandths }
    static let greatestCode = 10_002

    /// From its code, of which there are no others.
    init(code: Int) {
        switch code {
        case 10_001: self.init(1, of: 1_000_000)
        case 10_002: self.init(999_999, of: 1_000_000)
        default: self.init(Int128(code), of: 10_000)
        }
    }
}
