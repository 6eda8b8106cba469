/// A clock on the wall: it skips an hour when summer time begins, and shows one twice when it ends.
///
/// Local times are counted in µs as instants are, as if they were UTC. Changes of the clock lie a day apart or more.
package struct LocalClock: Sendable {
    /// How far ahead of UTC the zone is, at an instant in µs since the epoch.
    package let secondsFromUTC: @Sendable (Int64) -> Int

    package init(_ secondsFromUTC: @escaping @Sendable (Int64) -> Int) { self.secondsFromUTC = secondsFromUTC }

    /// UTC.
    package static let utc = LocalClock { _ in 0 }

    /// The first and the last instant at which the clock shows a time; of one that it skips, the instant at which it
    /// does.
    package func readings(of local: Int64) -> ClosedRange<Int64> {
        // By how far the zone is ahead before and after a change that is near.
        let instants = [local - Self.day, local + Self.day].map { local - offset(at: $0) }.sorted()
        let shown = instants.filter { $0 + offset(at: $0) == local }
        if let first = shown.first, let last = shown.last { return first...last }
        let change = change(between: instants[0], and: instants[1])
        return change...change
    }

    /// Whether the clock shows the time of an instant at another one too.
    package func showsTwice(_ instant: Int64) -> Bool {
        guard instant.magnitude < Self.limit else { return false }
        let readings = readings(of: instant + offset(at: instant))
        return readings.lowerBound < readings.upperBound
    }

    /// The instant at which the zone's distance from UTC becomes that of `late`.
    private func change(between early: Int64, and late: Int64) -> Int64 {
        var (before, after) = (early, late)
        let offset = offset(at: late)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if self.offset(at: middle) == offset { after = middle } else { before = middle }
        }
        return after
    }

    /// µs.
    private func offset(at instant: Int64) -> Int64 { Int64(secondsFromUTC(instant)) * 1_000_000 }

    private static let day: Int64 = 86_400_000_000
    /// No clock shows times beyond, some 140 000 years from now.
    private static let limit: UInt64 = 1 << 62
}
