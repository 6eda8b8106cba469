/// Ways a body can come over the wire.
enum Wire {
    /// A body in chunks of sizes from a byte to 64 KiB, small ones as often as large ones.
    static func chunked(_ body: [UInt8], by random: inout SplitMix) -> [UInt8] {
        var wire: [UInt8] = []
        for piece in pieces(of: body, by: &random) {
            wire += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8)
        }
        return wire + Array("0\r\n\r\n".utf8)
    }

    /// The same bytes in pieces of such sizes.
    static func pieces(of bytes: [UInt8], by random: inout SplitMix) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let size = Int.random(in: 1...(1 << Int.random(in: 0...16, using: &random)), using: &random)
            pieces.append(Array(bytes[start..<min(start + size, bytes.count)]))
            start += size
        }
        return pieces
    }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
