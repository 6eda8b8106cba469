import TraceCore

extension LocalClock {
    /// That of the local time zone.
    static let local = LocalClock { Platform.localOffset(at: $0) }
}

/// Points in time as people write them: `7d` ago, `2026-11-23`, `2026-11-23T08:30`, with or without a zone.
enum PointInTime {
    /// The first and the last instant that a text can mean, µs since the epoch: they differ where the local clock shows
    /// a time twice. Nil where it is neither an age nor ISO 8601. Without a zone the time is one of `clock`.
    static func parse(_ text: String, now: Int64, clock: LocalClock) -> ClosedRange<Int64>? {
        age(text).map { now - $0...now - $0 } ?? iso8601(text, clock: clock)
    }

    /// `90s`, `15m`, `12h`, `7d` or `2w` in µs.
    static func age(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0 else {
            return nil
        }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow || seconds > 315_360_000_000 ? nil : seconds * 1_000_000
    }

    private static func iso8601(_ text: String, clock: LocalClock) -> ClosedRange<Int64>? {
        var reader = Reader(text)
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var time = daysSinceEpoch(year: year, month: month, day: day) * 86_400_000_000
        if reader.take("T") || reader.take(" ") {
            guard let ofDay = reader.clock() else { return nil }
            time += ofDay
        }
        if reader.isAtEnd { return clock.readings(of: time) }
        guard let offset = reader.zone(), reader.isAtEnd else { return nil }
        return time - offset...time - offset
    }

    /// Days from 1970-01-01 in the Gregorian calendar, counting years from March so that the leap day comes last.
    static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private struct Reader {
        private var rest: Substring.UTF8View

        init(_ text: String) { rest = text[...].utf8 }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func digits(_ count: Int) -> Int64? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
            rest = rest.dropFirst(count)
            return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
        }

        /// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fraction` in µs.
        mutating func clock() -> Int64? {
            guard let hour = digits(2), take(":"), let minute = digits(2), hour < 24, minute < 60 else { return nil }
            var time = (hour * 3_600 + minute * 60) * 1_000_000
            guard take(":") else { return time }
            guard let second = digits(2), second < 60 else { return nil }
            time += second * 1_000_000
            guard take(".") else { return time }
            var unit: Int64 = 100_000
            while let digit = digits(1) {
                time += digit * unit
                unit /= 10
            }
            return time
        }

        /// `Z` or `±hh:mm` in µs, after a blank too, as times are shown.
        mutating func zone() -> Int64? {
            _ = take(" ")
            if take("Z") { return 0 }
            let sign: Int64
            if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
            guard let hour = digits(2), take(":"), let minute = digits(2) else { return nil }
            return sign * (hour * 3_600 + minute * 60) * 1_000_000
        }
    }
}
