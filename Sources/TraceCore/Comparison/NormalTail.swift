/// The tail of the normal distribution, without a library of functions: exact to about 1e-13 of itself, wherever it is
/// a normal number.
enum NormalTail {
    /// How likely a value of a standard normal distribution is at least as far from 0 as z, on either side:
    /// `erfc(|z|/√2)`. In `0...1`; 1 where z is no number.
    static func twoSided(_ z: Double) -> Double {
        guard !z.isNaN else { return 1 }
        return min(1, complementaryError(z.magnitude / 2.0.squareRoot(), square: z * z / 2))
    }

    /// `1 - erf(x)` of x >= 0, where `square` is x². The square is given as well because the rounding of x would grow
    /// with it.
    static func complementaryError(_ x: Double, square: Double) -> Double {
        x < 2 ? 1 - error(x, square: square) : exponential(minus: square) * scaledTail(x)
    }

    /// erf as `2x/√π · exp(-x²) · Σ (2x²)^n / (1·3·…·(2n+1))`, all of whose terms are positive.
    private static func error(_ x: Double, square: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        var odd = 1.0
        while term > sum * 1e-17 {
            odd += 2
            term *= 2 * square / odd
            sum += term
        }
        return 2 * x / Double.pi.squareRoot() * exponential(minus: square) * sum
    }

    /// `exp(x²) · erfc(x)` as the continued fraction `1/√π / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))))`, from below.
    /// Of 2 and more, 150 steps are more than enough.
    private static func scaledTail(_ x: Double) -> Double {
        guard x < 1e8 else { return 0 }
        var fraction = x
        for step in stride(from: 150.0, to: 0, by: -1) { fraction = x + step / 2 / fraction }
        return 1 / (Double.pi.squareRoot() * fraction)
    }

    /// `exp(-y)` of y >= 0: `2^-k` times the series of what is left of y, at most half of ln 2.
    static func exponential(minus y: Double) -> Double {
        guard y < 746 else { return 0 }
        let k = (y / naturalLogarithmOf2.high).rounded()
        let rest = k * naturalLogarithmOf2.high - y + k * naturalLogarithmOf2.low
        var (term, sum) = (1.0, 1.0)
        for n in stride(from: 1.0, through: 18, by: 1) {
            term *= rest / n
            sum += term
        }
        // In two steps, since the least numbers are less than any `Double` with one significant bit and this exponent.
        let half = Int(k) / 2
        return sum * Double(sign: .plus, exponent: -half, significand: 1)
            * Double(sign: .plus, exponent: half - Int(k), significand: 1)
    }

    /// ln 2 in two parts: of the first, any multiple that is asked for is exact.
    private static let naturalLogarithmOf2 = (high: 0x1.62e42feep-1, low: 0x1.a39ef35793c76p-33)
}
