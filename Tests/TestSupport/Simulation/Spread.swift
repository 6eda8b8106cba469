/// How times of one kind differ from one another. Drawn in integers, so that a seed gives the same times on every
/// machine.
package enum Spread: String, Sendable {
    case constant
    /// From four fifths of the mean to six.
    case narrow
    /// From half of the mean to one and a half of it.
    case uniform
    case exponential
    /// With a standard deviation of 0.8 of the logarithm: one in a hundred takes more than four times the mean.
    case logNormal

    /// What holds are tried with.
    package static let ofHolds = [constant, uniform, exponential, logNormal]

    /// A time of this mean, µs; at least 1 where the mean is.
    package func draw(_ mean: Int64, _ generator: inout SeededGenerator) -> Int64 {
        guard mean > 0 else { return 0 }
        switch self {
        case .constant: return mean
        case .narrow: return max(1, Int64.random(in: mean * 4 / 5...mean * 6 / 5, using: &generator))
        case .uniform: return max(1, Int64.random(in: mean / 2...mean * 3 / 2, using: &generator))
        case .exponential: return Self.scaled(mean, by: Self.exponential(&generator))
        case .logNormal:
            // The sum of twelve uniform numbers is all but normal, here in units of 2^-20 and around 6.
            let sum = (0..<12).reduce(Int64(0)) { sum, _ in sum + generator.pick(0...Self.one - 1) }
            return Self.scaled(mean, by: Self.power((sum - 6 * Self.one) * 8 / 10 - Self.one * 32 / 100))
        }
    }

    /// 1, as numbers are kept below.
    private static let one: Int64 = 1 << 20

    private static func scaled(_ mean: Int64, by factor: Int64) -> Int64 { max(1, mean * factor / one) }

    /// Minus the natural logarithm of a number from 0 to 1: its binary digits, one by one.
    private static func exponential(_ generator: inout SeededGenerator) -> Int64 {
        let chance = generator.next() | 1
        var logarithm = Int64(63 - chance.leadingZeroBitCount)
        // From 1 to 2, in units of 2^-31.
        var rest = (chance << UInt64(chance.leadingZeroBitCount)) >> 32
        for _ in 0..<20 {
            rest = (rest * rest) >> 31
            logarithm = logarithm << 1 | Int64(rest >> 32)
            rest >>= rest >> 32
        }
        return (64 * one - logarithm) * 726_817 / one
    }

    /// e to the power of a number from -6 to 5.
    private static func power(_ exponent: Int64) -> Int64 {
        let part = exponent / 64
        var (sum, term) = (one, one)
        for place in Int64(1)...6 {
            term = term * part / one / place
            sum += term
        }
        for _ in 0..<6 { sum = sum * sum / one }
        return sum
    }
}

extension SeededGenerator {
    /// Other numbers for each name and seed.
    package init(_ name: String, seed: UInt64) {
        let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        self.init(seed: hash &+ seed &* 0xD6E8_FEB8_6659_FD93)
    }

    package mutating func pick(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound == range.upperBound ? range.lowerBound : Int64.random(in: range, using: &self)
    }

    /// A whole number of the range, of which each factor is as likely as another: as many from 5 to 50 as from 50 to
    /// 500.
    package mutating func pickByFactor(_ range: ClosedRange<Int64>) -> Int64 {
        // Doubled as often as chance has it, and then uniform within that octave.
        var octaves: [ClosedRange<Int64>] = []
        var low = max(1, range.lowerBound)
        while low <= range.upperBound {
            octaves.append(low...min(2 * low - 1, range.upperBound))
            low *= 2
        }
        return pick(octaves[Int(pick(0...Int64(octaves.count - 1)))])
    }
}
