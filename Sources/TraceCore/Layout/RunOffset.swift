/// A time as people write it: `1.5s`, `200ms`, `2min`, or a share of a run, `25%`.
package enum RunOffset: Sendable, Hashable {
    /// µs.
    case time(Int64)
    /// Millionths of the run.
    case share(Int64)

    /// Reads a number of at most twelve digits and six decimals and its unit: µs (us), ms, s, min or h, or % up to
    /// 100. Fractions of a microsecond are cut.
    package init(_ text: String) throws(ExpressionError) {
        var reader = ExpressionReader(text)
        reader.skipBlanks()
        let start = reader.position
        let whole = reader.digits()
        let hasPoint = !whole.isEmpty && reader.takeHere(".")
        let decimals = hasPoint ? reader.digits() : []
        guard 1...12 ~= whole.count, !hasPoint || 1...6 ~= decimals.count else {
            throw ExpressionError(
                position: start, expected: "a number like 5 or 2.5, of at most 12 digits and 6 decimals")
        }
        let number = (whole + decimals).reduce(Int128(0)) { $0 * 10 + Int128($1.value - 48) }
        let scale = Decimals.power(decimals.count)
        reader.skipBlanks()
        let place = reader.position
        if reader.take("%") {
            try reader.end()
            guard number <= 100 * scale else {
                throw ExpressionError(position: start, expected: "a share of the run, 100 % at most")
            }
            self = .share(Int64(number * 10_000 / scale))
            return
        }
        let unit = reader.word().text
        guard let size = Self.units[unit] ?? (number == 0 && unit.isEmpty ? .microseconds : nil) else {
            throw ExpressionError(position: place, expected: "a unit: µs (us), ms, s, min, h or %")
        }
        try reader.end()
        self = .time(Int64(clamping: number * Int128(size.rawValue) / scale))
    }

    private static let units: [String: DurationUnit] = [
        "µs": .microseconds, "\u{3BC}s": .microseconds, "us": .microseconds, "ms": .milliseconds, "s": .seconds,
        "min": .minutes, "h": .hours,
    ]

    /// The point in time that it stands for in a run, µs since the epoch; none lies behind the run's end.
    package func time(in run: Interval) -> Int64 {
        switch self {
        case .time(let offset): run.start + min(offset, run.length)
        case .share(let millionths): run.start + Int64(Int128(run.length) * Int128(millionths) / 1_000_000)
        }
    }
}
