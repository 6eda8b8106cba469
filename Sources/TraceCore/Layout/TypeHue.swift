/// The hues that services and types of spans are told apart by.
package enum TypeHue {
    /// Red, green and blue, a byte each, after Paul Tol's muted scheme for colour-blind people; none is near the orange
    /// of wait, and all are seen on white and on black.
    package static let colors: [UInt32] = [0x3A96C0, 0x309888, 0x228050, 0x8A8A2C, 0xCC6677, 0xAA4499]

    /// How many there are.
    package static var count: Int { colors.count }

    /// The number of the hue of a service or of a type of spans: the same in every run, since only the text decides
    /// (FNV-1a).
    package static func number(of text: String) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        // The low bits of a short text differ too little.
        return Int((hash ^ hash >> 32) % UInt64(count))
    }
}
