package import TraceCore

/// Digests of lines: 128 bits by the x64 variant of MurmurHash3, from its public description. The same
/// bytes have the same digest in every run of the program, since digests are stored.
package enum LineDigest {
    /// The digest of some bytes, which continues another one.
    package static func digest(
        _ bytes: UnsafeBufferPointer<UInt8>, continuing seed: Digest = Digest(high: 0, low: 0)
    ) -> Digest {
        var first = seed.high
        var second = seed.low
        let raw = UnsafeRawBufferPointer(bytes)
        var position = 0
        while position + 16 <= raw.count {
            let low = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
            let high = raw.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self).littleEndian
            first = rotated(first ^ mixedLow(low), by: 27) &+ second
            first = first &* 5 &+ 0x52DC_E729
            second = rotated(second ^ mixedHigh(high), by: 31) &+ first
            second = second &* 5 &+ 0x3849_5AB5
            position += 16
        }
        var low: UInt64 = 0
        var high: UInt64 = 0
        for index in (position..<raw.count).reversed() {
            if index - position >= 8 {
                high = high << 8 | UInt64(raw[index])
            } else {
                low = low << 8 | UInt64(raw[index])
            }
        }
        first ^= mixedLow(low)
        second ^= mixedHigh(high)
        first ^= UInt64(raw.count)
        second ^= UInt64(raw.count)
        first &+= second
        second &+= first
        first = final(first)
        second = final(second)
        first &+= second
        second &+= first
        return Digest(high: first, low: second)
    }

    private static func mixedLow(_ value: UInt64) -> UInt64 {
        rotated(value &* 0x87C3_7B91_1142_53D5, by: 31) &* 0x4CF5_AD43_2745_937F
    }

    private static func mixedHigh(_ value: UInt64) -> UInt64 {
        rotated(value &* 0x4CF5_AD43_2745_937F, by: 33) &* 0x87C3_7B91_1142_53D5
    }

    private static func rotated(_ value: UInt64, by bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }

    private static func final(_ value: UInt64) -> UInt64 {
        var value = value
        value ^= value >> 33
        value &*= 0xFF51_AFD7_ED55_8CCD
        value ^= value >> 33
        value &*= 0xC4CE_B9FE_1A85_EC53
        return value ^ value >> 33
    }
}
