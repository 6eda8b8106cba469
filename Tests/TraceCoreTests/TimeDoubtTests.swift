import Testing
import TraceCore

@Suite("Times that are hardly meant")
struct TimeDoubtTests {
    /// The first of December 2025, 08:00 UTC.
    private let now: Int64 = 1_764_576_000_000_000

    private func doubt(_ time: Int64) -> TimeDoubt? {
        let plausible = TimeDoubt.plausible(at: now)
        return plausible.contains(time) ? nil : TimeDoubt(time, plausible: plausible)
    }

    @Test("from the year 2000 to a day ahead all are believed")
    func plausible() {
        let (first, last): (Int64, Int64) = (946_684_800_000_000, now + 86_400_000_000)
        for time in [first, now, last] { #expect(doubt(time) == nil) }
        #expect(doubt(first - 1) == .other)
        #expect(doubt(last + 1) == .other)
    }

    @Test("the unit that others look like")
    func units() {
        #expect(doubt(1_764_576_000) == .seconds)
        #expect(doubt(946_684_800) == .seconds)
        #expect(doubt(1_764_576_000_000) == .milliseconds)
        #expect(doubt(1_764_576_000_000_000_000) == .nanoseconds)
        for time in [0, 1, -5, 946_684_799, .min, .max, now * 2] as [Int64] { #expect(doubt(time) == .other) }
    }

    @Test("a request may itself have come at any time", arguments: [.min, 0, .max] as [Int64])
    func requests(_ time: Int64) {
        let plausible = TimeDoubt.plausible(at: time)
        #expect(plausible.lowerBound == 946_684_800_000_000)
        #expect(plausible.upperBound >= plausible.lowerBound)
    }

    @Test("each is told by its reason")
    func reasons() {
        for doubt in TimeDoubt.allCases { #expect(TimeDoubt(reason: doubt.reason) == doubt) }
        #expect(TimeDoubt(reason: LossTally.sameID) == nil)
        #expect(TimeDoubt.seconds.reason == "timestamps look like seconds: microseconds are expected")
    }
}
