/// The units that durations are shown in.
package enum DurationUnit: Int64, Sendable, CaseIterable {
    case microseconds = 1
    case milliseconds = 1_000
    case seconds = 1_000_000
    case minutes = 60_000_000
    case hours = 3_600_000_000

    /// The unit in which a duration reads well: below a thousand of the small units, below 600 s and 600 min.
    package init(fitting duration: Int128) {
        switch duration {
        case ..<1_000: self = .microseconds
        case ..<999_500: self = .milliseconds
        case ..<600_000_000: self = .seconds
        case ..<36_000_000_000: self = .minutes
        default: self = .hours
        }
    }

    /// As it stands behind a number.
    package func symbol(ascii: Bool) -> String {
        switch self {
        case .microseconds: ascii ? "us" : "µs"
        case .milliseconds: "ms"
        case .seconds: "s"
        case .minutes: "min"
        case .hours: "h"
        }
    }
}

/// Durations as text: one unit and one number of decimals for all that are compared with one another.
package struct DurationText: Sendable, Hashable {
    package let unit: DurationUnit
    package let decimals: Int
    package let ascii: Bool

    /// The form that fits the longest of a column, µs: three digits or two decimals of it.
    package init(fitting longest: Int128, ascii: Bool) {
        unit = DurationUnit(fitting: longest)
        self.ascii = ascii
        switch (unit, longest) {
        case (.microseconds, _), (.milliseconds, 99_950...): decimals = 0
        case (.milliseconds, 9_995...): decimals = 1
        default: decimals = 2
        }
    }

    /// The form that fits the longest of a column, µs.
    package init(fitting longest: Int64, ascii: Bool) {
        self.init(fitting: Int128(longest), ascii: ascii)
    }

    /// The form that fits the longest of some times, and tells apart those that lie a hundredth of `length` from
    /// one another, µs.
    package init(fitting longest: Int128, resolving length: Int64, ascii: Bool) {
        let form = DurationText(fitting: longest, ascii: ascii)
        unit = form.unit
        self.ascii = ascii
        let most = (0...6).last { Decimals.power($0) <= Int128(form.unit.rawValue) } ?? 0
        let least = (0...most).first { 100 * Int128(form.unit.rawValue) <= Int128(length) * Decimals.power($0) }
        decimals = max(form.decimals, least ?? most)
    }

    /// A duration in µs, rounded to the nearest, halves up. What is not zero is never rounded to it: `<0.01s`.
    package func text(_ duration: some BinaryInteger) -> String {
        let duration = Int128(duration)
        let size = Int128(unit.rawValue)
        let scale = Decimals.power(decimals)
        let rounded = (2 * Int128(duration.magnitude) * scale + size) / (2 * size)
        let sign = duration < 0 ? "-" : ""
        if rounded == 0, duration != 0 {
            return sign + "<" + Decimals.text(1, decimals: decimals) + unit.symbol(ascii: ascii)
        }
        return sign + Decimals.text(rounded, decimals: decimals) + unit.symbol(ascii: ascii)
    }
}

extension DurationText {
    /// A duration that stands alone, µs.
    package static func alone(_ duration: some BinaryInteger, ascii: Bool) -> String {
        DurationText(fitting: Int128(duration), ascii: ascii).text(duration)
    }
}

/// Numbers with a fixed number of decimals, counted in integers.
enum Decimals {
    static func power(_ exponent: Int) -> Int128 { (0..<max(0, exponent)).reduce(1) { value, _ in value * 10 } }

    /// A whole number of the last decimal's worth: 136 with two decimals is `1.36`.
    static func text(_ value: Int128, decimals: Int) -> String {
        guard decimals > 0 else { return String(value) }
        let scale = power(decimals)
        let fraction = String(value % scale)
        return String(value / scale) + "." + String(repeating: "0", count: decimals - fraction.utf8.count) + fraction
    }
}

extension Share {
    /// As a percentage with one decimal: `18.5 %`. What is not nothing, or not all, is never rounded to it.
    package var text: String {
        switch tenThousandths {
        case 1..<5: "<0.1 %"
        case 9_995..<10_000: ">99.9 %"
        default: Decimals.text(Int128((tenThousandths + 5) / 10), decimals: 1) + " %"
        }
    }
}
