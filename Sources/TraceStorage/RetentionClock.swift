/// What time it is, for who deletes by age: a clock that is set wrong must not make everything look old.
///
/// The system's clock is believed as long as it goes as fast as time passes. Where it is suddenly far ahead, also of the
/// last request that is stored, it is believed only after it has gone on steadily for a day; until then the time is what
/// was believed before, and what has passed since.
struct RetentionClock: Sendable {
    /// So far ahead the clock may suddenly be.
    static let tolerance: Int64 = 86_400_000_000
    /// So long it has to go on steadily before it is believed after all.
    static let patience: Int64 = 86_400_000_000
    /// What differs by less than this in a step is no jump: clocks are corrected by some seconds.
    private static let smallest: Int64 = 60_000_000

    private struct Moment {
        /// What the clock says, µs since the epoch.
        var clock: Int64
        /// µs that have passed since some point in time.
        var passed: Int64
    }

    private var believed: Moment
    private var last: Moment
    private var steadySince: Int64
    /// Whether the time is not what the clock says.
    private(set) var isDoubted = false

    /// Begins with a clock that says `clock`, µs since the epoch, and the time of the last request that is stored.
    /// `passed` counts the µs from any point in time.
    init(clock: Int64, passed: Int64, lastRequest: Int64?) {
        believed = Moment(clock: min(clock, lastRequest ?? clock), passed: passed)
        last = Moment(clock: clock, passed: passed)
        steadySince = passed
    }

    /// The time to reckon ages from, µs since the epoch, where the clock says `clock` and so much time has passed.
    mutating func time(clock: Int64, passed: Int64) -> Int64 {
        let step = (clock - last.clock) - (passed - last.passed)
        if abs(step) > Self.smallest { steadySince = passed }
        last = Moment(clock: clock, passed: passed)
        let expected = believed.clock + (passed - believed.passed)
        isDoubted = clock - expected > Self.tolerance && passed - steadySince < Self.patience
        if isDoubted { return expected }
        believed = last
        return clock
    }
}
