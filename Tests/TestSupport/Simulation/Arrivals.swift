/// When tasks come.
package enum Arrivals: Sendable {
    /// All at once, as fast as a loop starts them.
    case atOnce
    /// Any time within so many µs.
    case uniform(over: Int64)
    /// With exponential gaps of this mean, µs.
    case poisson(gap: Int64)
    /// So many at once, so many µs from the next as many.
    case bursts(of: Int, gap: Int64)
    /// Evenly, late by up to a hundredth of the gap.
    case even(gap: Int64)

    /// µs after the run's start, in order.
    package func times(_ count: Int, _ generator: inout SeededGenerator) -> [Int64] {
        var time: Int64 = 0
        let times: [Int64] = (0..<count).map { number in
            switch self {
            case .atOnce: time += generator.pick(20...60)
            case .uniform(let length): return generator.pick(0...length)
            case .poisson(let gap): time += Spread.exponential.draw(gap, &generator)
            case .bursts(let size, let gap): time += number > 0 && number % size == 0 ? gap : generator.pick(20...60)
            case .even(let gap): return Int64(number) * gap + generator.pick(0...gap / 100)
            }
            return time
        }
        return times.sorted()
    }
}
