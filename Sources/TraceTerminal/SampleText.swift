import TraceCore

/// What was measured, as a reader takes it: shares in percent, bytes and times in units that fit.
struct SampleText {
    private let sample: EventDetails.Sample
    private let ascii: Bool

    init(_ sample: EventDetails.Sample, ascii: Bool) {
        self.sample = sample
        self.ascii = ascii
    }

    /// As it was sent; of a histogram the first values, each with its count.
    var value: String {
        let unit = sample.unit.map { " " + $0 } ?? ""
        if let value = sample.value { return value + unit }
        let signs = Signs(ascii: ascii)
        let shown = sample.histogram.prefix(6).map { "\($0.value) \(signs.times) \($0.count)" }.joined(separator: ", ")
        let rest = sample.histogram.count - 6
        return shown + unit + (rest > 0 ? ", \(signs.ellipsis) \(Prose.count(rest)) more" : "")
    }

    /// The number in a unit that fits it; nil where the name and unit of the sample don't say which.
    var readable: String? {
        guard let number = sample.value.flatMap(Double.init), number.isFinite else { return nil }
        let parts = sample.name.split(separator: ".")
        switch sample.unit ?? parts.last.map(String.init) ?? "" {
        case "percent", "pct":
            let isTold = number == 0 || number.magnitude >= 0.0005
            return (isTold ? Self.tenths(number * 100) : (number < 0 ? "-" : "") + "<0.1").map { $0 + " %" }
        case "byte", "bytes": return Self.bytes(number)
        case "us", "micros": return duration(number)
        case "ms": return duration(number * 1_000)
        case "ns", "nanos": return duration(number / 1_000)
        case "s" where sample.unit != nil: return duration(number * 1_000_000)
        // The system's memory is told in bytes, and is not named so.
        case "total", "free", "size", "used", "max", "committed":
            return sample.unit == nil && parts.contains("memory") ? Self.bytes(number) : nil
        default: return nil
        }
    }

    /// Bytes in a unit that fits; nil where there are more than any unit tells.
    static func bytes(_ number: Double) -> String? {
        guard number.magnitude >= 1_024 else { return Self.tenths(number, whole: true).map { $0 + " B" } }
        var (number, unit) = (number, -1)
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        // What rounds to 1024 of a unit is one of the next.
        while number.magnitude >= 1_023.95, unit < units.count - 1 { (number, unit) = (number / 1_024, unit + 1) }
        return Self.tenths(number).map { $0 + " " + units[max(0, unit)] }
    }

    private func duration(_ number: Double) -> String? {
        guard let duration = Int64(exactly: number.rounded()) else { return nil }
        if duration == 0, number != 0 {
            return (number < 0 ? "-" : "") + "<1" + DurationUnit.microseconds.symbol(ascii: ascii)
        }
        return DurationText(fitting: Int128(duration.magnitude), ascii: ascii).text(duration)
    }

    /// With one decimal, or none.
    private static func tenths(_ number: Double, whole: Bool = false) -> String? {
        guard let value = Int64(exactly: (whole ? number : number * 10).rounded()) else { return nil }
        if whole { return String(value) }
        return (value < 0 ? "-" : "") + "\(value.magnitude / 10).\(value.magnitude % 10)"
    }
}
