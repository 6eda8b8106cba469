/// The hues that services and types of spans are told apart by.
package enum TypeHue {
    /// How many there are.
    package static let count = 6

    /// The number of the hue of a service or of a type of spans: the same in every run, since only the text decides
    /// (FNV-1a).
    package static func number(of text: String) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        // The low bits of a short text differ too little.
        return Int((hash ^ hash >> 32) % UInt64(count))
    }
}
