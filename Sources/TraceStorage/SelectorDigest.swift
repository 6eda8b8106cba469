import TraceCore

/// What a run can be selected by, a label or a version, as 64 bits: the same for the same bytes in every run of the
/// program, since they are stored. Two that differ may be the same in one of 2^64 cases; the more so does an index
/// with a row for each label of each task cost, which took a quarter of the time of an insert.
struct SelectorDigest: Hashable {
    let bits: UInt64

    init(labelKey key: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        bits = Self.mix(Self.digest(key, from: 0x6C61_6265_6C00_0001), Self.digest(value, from: 0x7661_6C75_6500_0002))
    }

    init(label key: String, _ value: String) {
        var (key, value) = (key, value)
        self = key.withUTF8 { key in value.withUTF8 { SelectorDigest(labelKey: key, value: $0) } }
    }

    init(version: UnsafeBufferPointer<UInt8>) {
        bits = Self.digest(version, from: 0x7665_7273_696F_6E03)
    }

    init(version: String) {
        var version = version
        self = version.withUTF8 { SelectorDigest(version: $0) }
    }

    /// Whether a column holds it: digests of eight bytes each, the highest byte first.
    func isIn(_ column: UnsafeRawBufferPointer) -> Bool {
        let wanted = bits.bigEndian
        for position in stride(from: 0, through: column.count - 8, by: 8)
        where column.loadUnaligned(fromByteOffset: position, as: UInt64.self) == wanted { return true }
        return false
    }

    /// Eight bytes at a time, multiplied in; the length, so that zeros at the end count.
    private static func digest(_ bytes: UnsafeBufferPointer<UInt8>, from seed: UInt64) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        var state = mix(seed, UInt64(raw.count))
        var position = 0
        while position + 8 <= raw.count {
            state = mix(state, raw.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian)
            position += 8
        }
        var rest: UInt64 = 0
        while position < raw.count {
            rest = rest << 8 | UInt64(raw[position])
            position += 1
        }
        return mix(state, rest)
    }

    private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: word ^ 0xD1B5_4A32_D192_ED03)
        let folded = (product.high ^ product.low) &+ state &* 0xFF51_AFD7_ED55_8CCD &+ word
        return folded ^ folded >> 32
    }
}
