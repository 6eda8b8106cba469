/// The units that durations are shown in, each with its size in µs.
package enum DurationUnit: Int64, Sendable, CaseIterable, Comparable {
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

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// As it stands after a number.
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

/// Durations as text: one unit and one number of decimals for all that are compared with one another, as long as that
/// tells them apart.
///
/// One that this would leave fewer than two digits stands in a unit of its own: `275ms` beside `29.00h`. Where the
/// longest has no more than three digits itself, a single one is enough: `0.03s` beside `1.36s`.
///
/// No text takes more than a character more than the longest's, of at least five.
package struct DurationText: Sendable, Hashable {
    package let unit: DurationUnit
    package let decimals: Int
    package let ascii: Bool
    /// What is less, counted in the last decimal, stands in a unit of its own.
    private let least: Int128

    private init(_ unit: DurationUnit, decimals: Int, longest: Int128, ascii: Bool) {
        self.unit = unit
        self.decimals = decimals
        self.ascii = ascii
        least = Self.steps(longest, unit, decimals) < 1_000 ? 1 : 10
    }

    /// The form that fits the longest of a column, µs: three digits or two decimals of it.
    package init(fitting longest: Int128, ascii: Bool) {
        let unit = DurationUnit(fitting: longest)
        let decimals =
            switch (unit, longest) {
            case (.microseconds, _), (.milliseconds, 99_950...): 0
            case (.milliseconds, 9_995...): 1
            default: 2
            }
        self.init(unit, decimals: decimals, longest: longest, ascii: ascii)
    }

    /// The form that fits the longest of a column, µs.
    package init(fitting longest: Int64, ascii: Bool) {
        self.init(fitting: Int128(longest), ascii: ascii)
    }

    /// The form that fits the longest of some times, and tells apart those that lie a hundredth of `length` from
    /// one another, µs. Of hours and minutes it shows no more than hundredths: what takes more is told in seconds.
    package init(fitting longest: Int128, resolving length: Int64, ascii: Bool) {
        let form = DurationText(fitting: longest, ascii: ascii)
        func decimals(_ unit: DurationUnit) -> Int {
            let size = Int128(unit.rawValue)
            let most = (0...6).last { Decimals.power($0) <= size } ?? 0
            return (0..<most).first { 100 * size <= Int128(length) * Decimals.power($0) } ?? most
        }
        let units = [DurationUnit.hours, .minutes].filter { $0 <= form.unit && decimals($0) <= 2 }
        let unit = units.first ?? min(form.unit, .seconds)
        self.init(
            unit, decimals: max(unit == form.unit ? form.decimals : 2, decimals(unit)), longest: longest, ascii: ascii)
    }

    /// A duration in µs, rounded to the nearest, halves up. What is not zero is never rounded to it.
    package func text(_ duration: some BinaryInteger) -> String {
        let (sign, size) = (duration < 0 ? "-" : "", Int128(duration.magnitude))
        let form = form(of: size)
        let number = Decimals.text(Self.steps(size, form.unit, form.decimals), decimals: form.decimals)
        return sign + number + form.unit.symbol(ascii: ascii)
    }

    /// Whether a duration is shown in the unit of the form.
    package func holds(_ duration: some BinaryInteger) -> Bool {
        duration == 0 || Self.steps(Int128(duration.magnitude), unit, decimals) >= least
    }

    private func form(of duration: Int128) -> DurationText {
        holds(duration) ? self : DurationText(fitting: duration, ascii: ascii)
    }

    /// A duration counted in the last decimal, halves up.
    private static func steps(_ duration: Int128, _ unit: DurationUnit, _ decimals: Int) -> Int128 {
        let size = Int128(unit.rawValue)
        return (2 * duration * Decimals.power(decimals) + size) / (2 * size)
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
        case 0 where isRounded, 1..<5: "<0.1 %"
        case 10_000 where isRounded, 9_995..<10_000: ">99.9 %"
        default: Decimals.text(Int128((tenThousandths + 5) / 10), decimals: 1) + " %"
        }
    }
}
