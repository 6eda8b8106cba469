/// Reads parts of a compressed body without holding it decoded.
package enum BodyReader {
    /// The decoded bytes of ranges that are in ascending order and don't overlap, each whole or, where the
    /// body ends before its end, as far as it goes.
    ///
    /// No more is inflated than needed. A body that breaks off, or is damaged, behind the last range does
    /// no harm; before that it is an error.
    package static func read(
        _ ranges: [Range<Int>], of compressed: [UInt8], _ format: CompressionFormat
    ) throws(CompressionError) -> [[UInt8]] {
        var result = ranges.map { _ in [UInt8]() }
        var next = ranges.firstIndex { !$0.isEmpty } ?? ranges.endIndex
        guard next < ranges.endIndex else { return result }
        var inflater = try Inflater(format)
        var offset = 0
        let isComplete = try feed(&inflater, compressed) { piece in
            let end = offset + piece.count
            while next < ranges.endIndex {
                let part = ranges[next].clamped(to: offset..<end)
                if !part.isEmpty {
                    result[next].append(contentsOf: piece[(part.lowerBound - offset)..<(part.upperBound - offset)])
                }
                if ranges[next].upperBound > end { break }
                next += 1
            }
            offset = end
            return next < ranges.endIndex
        }
        if isComplete { try inflater.finish() }
        return result
    }

    /// The decoded bytes of one range.
    package static func read(
        _ range: Range<Int>, of compressed: [UInt8], _ format: CompressionFormat
    ) throws(CompressionError) -> [UInt8] {
        try read([range], of: compressed, format)[0]
    }

    private static func feed(
        _ inflater: inout Inflater, _ compressed: [UInt8], _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws(CompressionError) -> Bool {
        // `withUnsafeBytes` passes on no typed error of a noncopyable value's method.
        var failure: CompressionError?
        var isComplete = false
        compressed.withUnsafeBytes { bytes in
            do throws(CompressionError) {
                _ = try inflater.feed(bytes, whileWanted: body)
                isComplete = !inflater.isPaused
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return isComplete
    }
}
