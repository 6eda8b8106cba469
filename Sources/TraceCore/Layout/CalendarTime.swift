/// A point in time as date and time of day, in the Gregorian calendar.
package struct CalendarTime: Sendable {
    let year: Int64
    let month: Int64
    let day: Int64
    /// Of the day.
    let second: Int64

    /// Takes µs since the epoch, and how far the zone is ahead of UTC.
    package init(_ time: Int64, secondsFromUTC: Int) {
        let seconds = Self.floor(time, by: 1_000_000) + Int64(secondsFromUTC)
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

    private static func floor(_ value: Int64, by divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }

    private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
}
