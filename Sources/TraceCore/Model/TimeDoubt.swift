/// What a point in time looks like that was sent and is hardly meant: one before the year 2000, or far ahead. Events that
/// have one are stored as they are.
package enum TimeDoubt: String, Sendable, CaseIterable {
    case seconds
    case milliseconds
    case nanoseconds
    /// In no unit it is a time that could be meant.
    case other

    /// The first of the year 2000.
    private static let earliest: Int64 = 946_684_800_000_000
    /// A time may be so much ahead of its request: clocks differ, and zones are mistaken.
    private static let ahead: Int64 = 86_400_000_000

    /// The times that may be meant in a request that came at some time; all in µs since the epoch.
    package static func plausible(at requestTime: Int64) -> ClosedRange<Int64> {
        earliest...max(earliest, min(requestTime, Microseconds.instants.upperBound) + ahead)
    }

    /// Of a time that is not `plausible`.
    package init(_ time: Int64, plausible: ClosedRange<Int64>) {
        let (first, last) = (plausible.lowerBound, plausible.upperBound)
        if (first / 1_000_000...last / 1_000_000).contains(time) {
            self = .seconds
        } else if (first / 1_000...last / 1_000).contains(time) {
            self = .milliseconds
        } else if plausible.contains(time / 1_000) {
            self = .nanoseconds
        } else {
            self = .other
        }
    }

    /// As it is counted in a `LossTally`.
    package var reason: String {
        self == .other
            ? "timestamps before the year 2000 or more than a day ahead"
            : "timestamps look like \(rawValue): microseconds are expected"
    }

    /// Nil where the reason is another.
    package init?(reason: String) {
        guard let doubt = Self.allCases.first(where: { $0.reason == reason }) else { return nil }
        self = doubt
    }
}
