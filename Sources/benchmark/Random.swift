/// Random numbers that are the same for the same seed everywhere (SplitMix64, Steele et al. 2014).
struct Random: RandomNumberGenerator {
    private var state: UInt64

    /// A generator for one of many parts, each with numbers of its own.
    init(seed: UInt64, part: Int) {
        state = Self.mix(seed) ^ Self.mix(UInt64(truncatingIfNeeded: part) &+ 0x632B_E59B_D9B4_E019)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// One of 0..<bound.
    mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

    /// From 0 up to 1.
    mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func chance(_ probability: Double) -> Bool { fraction() < probability }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// Gives different words for different words.
    static func mix(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
