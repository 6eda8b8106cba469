import TraceCore

/// Ids of eight bytes of which some leading digits are given.
struct WordRange {
    /// The digits, leading.
    let bits: UInt64
    /// Ones where digits are given.
    let mask: UInt64

    /// One id alone; where it is not of eight bytes, those that are like none: 0.
    init(only id: Identifier) {
        if case .short(let word) = id { bits = word } else { bits = 0 }
        mask = .max
    }

    /// Those whose text begins so; where no such text can, 0 alone.
    init(beginningWith prefix: [UInt8]) {
        var bits: UInt64 = 0
        for byte in prefix.prefix(17) {
            guard let digit = Self.digit(byte), prefix.count <= 16 else {
                (self.bits, mask) = (0, .max)
                return
            }
            bits = bits << 4 | digit
        }
        let missing = UInt64(64 - 4 * prefix.count)
        self.bits = missing < 64 ? bits << missing : 0
        mask = missing < 64 ? UInt64.max << missing : 0
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}
