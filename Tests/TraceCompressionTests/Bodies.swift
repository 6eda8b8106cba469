import TraceCompression

/// Bodies to compress, and what comes of inflating them.
enum Bodies {
    /// Bytes that compress about as well as events do.
    static func text(_ count: Int) -> [UInt8] {
        var state: UInt64 = 1
        return (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return index % 7 < 4 ? UInt8(ascii: "a") + UInt8(index % 7) : UInt8(state >> 61) + 48
        }
    }

    /// What a body sent in pieces of a size decodes to.
    static func inflate(
        _ body: [UInt8], _ format: CompressionFormat, pieces size: Int = .max, limit: Int = .max
    ) throws(CompressionError) -> [UInt8] {
        var inflater = try Inflater(format, limit: limit)
        var decoded: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            var failure: CompressionError?
            piece.withUnsafeBytes { bytes in
                do throws(CompressionError) {
                    try inflater.feed(bytes) { decoded.append(contentsOf: $0) }
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
        }
        try inflater.finish()
        return decoded
    }

    /// "hello" as a zlib stream, made with another program.
    static let helloAsZlib: [UInt8] = [
        0x78, 0x9C, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x06, 0x2C, 0x02, 0x15,
    ]
}
