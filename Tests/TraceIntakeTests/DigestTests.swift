import Testing
import TraceCore
import TraceIntake

@Suite("Digests")
struct DigestTests {
    /// Published values of the 128-bit x64 variant with seed 0.
    @Test(
        "known digests",
        arguments: [
            ("", 0, 0), ("hello", 0xCBD8_A7B3_41BD_9B02, 0x5B1E_906A_48AE_1D19),
            ("The quick brown fox jumps over the lazy dog", 0xE34B_BC7B_BC07_1B6C, 0x7A43_3CA9_C49A_9347),
        ] as [(String, UInt64, UInt64)])
    func known(_ text: String, _ high: UInt64, _ low: UInt64) {
        let digest = Array(text.utf8).withUnsafeBufferPointer { LineDigest.digest($0) }
        #expect(digest == Digest(high: high, low: low))
    }

    @Test("every length and every byte counts")
    func everyByte() {
        var seen: Set<Digest> = []
        for length in 0..<70 {
            for place in 0...length {
                var bytes = [UInt8](repeating: 1, count: length)
                if place < length { bytes[place] = 0x81 }
                seen.insert(bytes.withUnsafeBufferPointer { LineDigest.digest($0) })
            }
        }
        #expect(seen.count == (0..<70).reduce(0) { $0 + $1 + 1 })
    }
}
