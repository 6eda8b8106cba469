import ArgumentParser

/// A number of events as people write it: `200k`, `20M`, `1.5M`, `6007`.
struct Amount: ExpressibleByArgument, Sendable {
    var count: Int

    init(_ count: Int) { self.count = count }

    init?(argument: String) {
        let factors: [Character: Double] = ["k": 1_000, "K": 1_000, "m": 1_000_000, "M": 1_000_000]
        let factor = argument.last.flatMap { factors[$0] }
        let digits = factor == nil ? argument[...] : argument.dropLast()
        guard let number = Double(digits), number > 0, number * (factor ?? 1) <= 1e12 else { return nil }
        count = Int((number * (factor ?? 1)).rounded())
        guard count > 0 else { return nil }
    }

    var defaultValueDescription: String { Self.text(count) }

    /// The shortest way to write a count: `200k`, `20M`, `6007`.
    static func text(_ count: Int) -> String {
        if count.isMultiple(of: 1_000_000), count > 0 { return "\(count / 1_000_000)M" }
        if count.isMultiple(of: 1_000), count > 0 { return "\(count / 1_000)k" }
        return "\(count)"
    }
}
