/// A point in time as date and time of day, in the Gregorian calendar.
package struct CalendarTime: Sendable {
    let year: Int64
    let month: Int64
    let day: Int64
    /// Of the day.
    let second: Int64
    /// Of the second.
    let microsecond: Int64

    /// Takes µs since the epoch, and how far the zone is ahead of UTC.
    package init(_ time: Int64, secondsFromUTC: Int) {
        let whole = Self.floor(time, by: 1_000_000)
        microsecond = time - whole * 1_000_000
        let seconds = whole + Int64(secondsFromUTC)
        let days = Self.floor(seconds, by: 86_400)
        second = seconds - days * 86_400
        // Years are counted from March, so that a leap day closes one: 400 of them have 146 097 days.
        let fromMarch = days + 719_468
        let era = Self.floor(fromMarch, by: 146_097)
        let dayOfEra = fromMarch - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    /// `2026-11-23 14:50:03`.
    package var text: String {
        let date = "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(day))"
        let time = [second / 3_600, second / 60 % 60, second % 60].map(Self.twoDigits).joined(separator: ":")
        return date + " " + time
    }

    /// `2026-11-23 14:50:03.000250`.
    package var preciseText: String { text + "." + String(1_000_000 + microsecond).dropFirst() }

    private static func floor(_ value: Int64, by divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }

    fileprivate static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
}

/// How the times of one screen are shown: as a clock on the wall shows them, with how far that is ahead of UTC where
/// one would not know it: where they differ in it, or where a clock shows one of them twice.
package struct LocalTimeText: Sendable {
    private let clock: LocalClock
    private let hasOffset: Bool

    /// Takes all times that are shown, µs since the epoch.
    package init(_ times: some Sequence<Int64>, on clock: LocalClock) {
        self.clock = clock
        var offsets: Set<Int> = []
        var isTwice = false
        for time in times {
            offsets.insert(clock.secondsFromUTC(time))
            isTwice = isTwice || clock.showsTwice(time)
        }
        hasOffset = isTwice || offsets.count > 1
    }

    /// `2026-10-25 02:30:00`, or `2026-10-25 02:30:00 +02:00`; to the microsecond where it is to be precise.
    package func text(_ time: Int64, isPrecise: Bool = false) -> String {
        let seconds = clock.secondsFromUTC(time)
        let calendar = CalendarTime(time, secondsFromUTC: seconds)
        let text = isPrecise ? calendar.preciseText : calendar.text
        return hasOffset ? text + " " + Self.offset(seconds) : text
    }

    /// `+02:00`; with seconds where there are any, as before zones were whole minutes.
    private static func offset(_ seconds: Int) -> String {
        let size = Int64(seconds.magnitude)
        let parts = [size / 3_600, size / 60 % 60, size % 60]
        let shown = parts.last == 0 ? parts.dropLast() : parts[...]
        return (seconds < 0 ? "-" : "+") + shown.map(CalendarTime.twoDigits).joined(separator: ":")
    }
}
