/// Numbers as the tables show them.
enum Figure {
    /// Thousands apart: `93 012`.
    static func whole(_ value: Double) -> String { decimal(value, 0) }

    static func whole(_ value: Int) -> String { whole(Double(value)) }

    /// With so many decimals.
    static func decimal(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "–" }
        let factor = (0..<decimals).reduce(1) { product, _ in product * 10 }
        let scaled = Int((abs(value) * Double(factor)).rounded())
        let digits = String(scaled / factor)
        var text = value < 0 && scaled > 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += " " }
            text.append(digit)
        }
        guard decimals > 0 else { return text }
        let fraction = String(scaled % factor)
        return text + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// Milliseconds, with as many decimals as mean something.
    static func milliseconds(_ value: Double) -> String { decimal(value, value < 100 ? 1 : 0) }

    static func mebibytes(_ bytes: Double) -> String { decimal(bytes / 1_048_576, 1) }

    static func ratio(_ value: Double) -> String { decimal(value, 2) }
}
