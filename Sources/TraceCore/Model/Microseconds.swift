/// How the wire's numbers become the integer microseconds everything here is counted in
/// (source: "Time and fields" of the definitions of wait and work).
package enum Microseconds {
    /// Ten years, the longest duration, offset or age there is.
    package static let tenYears: Int64 = 315_360_000_000_000

    /// Points in time, since the epoch, lie inside ±2^61 µs; an event outside is rejected at the intake.
    package static let instants: ClosedRange<Int64> = -(1 << 61)...(1 << 61)

    /// A duration or a span's offset in milliseconds as microseconds: rounded to the nearest, halves away
    /// from zero, and cut to ten years. An offset may be negative; it ends where points in time do.
    package static func rounded(milliseconds: Double) -> Int64 {
        let scaled = (milliseconds * 1000).rounded(.toNearestOrAwayFromZero)
        if scaled >= Double(tenYears) { return tenYears }
        if scaled <= Double(instants.lowerBound) { return instants.lowerBound }
        return scaled.isNaN ? 0 : Int64(scaled)
    }

    /// A message's age in milliseconds as microseconds: as `rounded`, and 0 where it is negative.
    package static func age(milliseconds: Double) -> Int64 {
        max(0, rounded(milliseconds: milliseconds))
    }
}
