import CZlib

@testable import TraceCompression

/// Inflating a body in pieces cut by the input, against zlib's own way of doing it at once: the same bytes, the same
/// end, however it is cut; no more than the limit; and what was compressed comes back.
enum InflateTarget {
    static func run(_ input: FuzzInput) -> CInt {
        var input = input
        let mode = input.byte()
        let limit = Int(input.integer(bytes: 2)) * (mode & 128 == 0 ? 1 : 16)
        let sizes = input.sizes()
        switch mode & 7 {
        case 0, 1: check(input.rest, .gzip, sizes, limit)
        case 2: check(input.rest, .zlib, sizes, limit)
        case 3: check(roundTrip(input.rest, level: Int(mode >> 3 & 15)), .gzip, sizes, limit)
        case 4: check(damaged(&input), .gzip, sizes, limit)
        case 5: check(members(&input), .gzip, sizes, limit)
        case 6: check(bareGzip(input.rest, limit), .gzip, sizes, limit)
        default: sniff(input.rest, sizes, limit)
        }
        return 0
    }

    /// What inflating a body in pieces gives.
    private struct Inflated: Equatable {
        var bytes: [UInt8] = []
        var error: CompressionError?

        init(_ body: [UInt8], pieces: [Range<Int>], _ format: CompressionFormat, limit: Int) {
            do throws(CompressionError) {
                var inflater = try Inflater(format, limit: limit)
                for piece in pieces { try feed(&inflater, body[piece]) }
                try inflater.finish()
                require(inflater.decodedCount == bytes.count, "\(inflater.decodedCount) bytes counted")
            } catch {
                self.error = error
            }
        }

        private mutating func feed(_ inflater: inout Inflater, _ piece: ArraySlice<UInt8>) throws(CompressionError) {
            var failure: CompressionError?
            withExactCopy(of: piece) { memory in
                do throws(CompressionError) {
                    try inflater.feed(memory) { bytes.append(contentsOf: $0.bindMemory(to: UInt8.self)) }
                } catch {
                    failure = error
                }
            }
            guard let failure else { return }
            // Once it failed, it fails again.
            do throws(CompressionError) {
                try inflater.finish()
                require(false, "a body that failed ends well")
            } catch {
                require(error == failure, "\(failure), then \(error)")
            }
            throw failure
        }
    }

    private static func check(_ body: [UInt8], _ format: CompressionFormat, _ sizes: [Int], _ limit: Int) {
        let reference = InflateReference(body, format, limit: limit)
        let whole = Inflated(body, pieces: [body.indices], format, limit: limit)
        let cut = Inflated(body, pieces: FuzzInput.pieces(of: body.count, sizes), format, limit: limit)
        require(cut.error == whole.error, "\(cut.error as Any) in pieces, whole \(whole.error as Any)")
        require(whole.bytes.count <= limit, "\(whole.bytes.count) bytes of at most \(limit)")
        if whole.error == nil {
            require(cut.bytes == whole.bytes, "other bytes in pieces")
            require(whole.bytes == reference.bytes, "other bytes than zlib's")
            checkRanges(body, format, sizes, of: whole.bytes)
        }
        for bytes in [whole.bytes, cut.bytes] {
            require(reference.begins(with: bytes), "no beginning of zlib's bytes")
        }
        if reference.bytes.count > limit {
            require(whole.error == .tooLarge(limit: limit), "\(whole.error as Any) of \(reference.bytes.count) bytes")
            return
        }
        switch reference.end {
        case .whole: require(whole.error == nil, "\(whole.error as Any) where zlib sees nothing wrong")
        case .truncated: require(whole.error == .truncated(format), "\(whole.error as Any) of a truncated body")
        case .invalidHeader: require(whole.error == .invalidHeader(format), "\(whole.error as Any) of a bad header")
        case .corrupt:
            // A checksum is judged together with the length behind it, which may be cut off.
            let isCut = format == .gzip && reference.unused < 4
            let errors: [CompressionError] =
                [.corrupt(format), .invalidHeader(format)] + (isCut ? [.truncated(format)] : [])
            require(errors.contains { $0 == whole.error }, "\(whole.error as Any) of a corrupt body")
        case .unknown: require(false, "zlib stopped at \(reference.bytes.count) of \(limit) bytes")
        }
    }

    /// Ranges that ascend are read as they stand in the decoded body.
    private static func checkRanges(
        _ body: [UInt8], _ format: CompressionFormat, _ sizes: [Int], of bytes: [UInt8]
    ) {
        var ranges: [Range<Int>] = []
        var start = 0
        for pair in stride(from: 0, to: sizes.count, by: 2) {
            start += sizes[pair]
            ranges.append(start..<start + sizes[pair + 1])
            start += sizes[pair + 1]
        }
        do throws(CompressionError) {
            let read = try BodyReader.read(ranges, of: body, format)
            let expected = ranges.map { Array(bytes[$0.clamped(to: bytes.indices)]) }
            require(read == expected, "other bytes in \(ranges)")
        } catch {
            require(false, "\(error) in ranges of a sound body")
        }
    }

    private static func gzip(_ bytes: [UInt8], level: Int = 1) -> [UInt8] {
        do throws(CompressionError) {
            return try Deflater.gzip(bytes, level: level)
        } catch {
            return []
        }
    }

    private static func roundTrip(_ bytes: [UInt8], level: Int) -> [UInt8] {
        let level = 1 + level % 9
        let compressed = gzip(bytes, level: level)
        let inflated = Inflated(compressed, pieces: [compressed.indices], .gzip, limit: .max)
        require(inflated.error == nil && inflated.bytes == bytes, "not what was compressed at level \(level)")
        return compressed
    }

    /// A sound body with up to four bytes changed, and cut.
    private static func damaged(_ input: inout FuzzInput) -> [UInt8] {
        let changes = (0..<4).map { _ in (place: Int(input.integer(bytes: 2)), bits: input.byte()) }
        let cut = Int(input.integer(bytes: 2))
        var body = gzip(input.rest)
        for change in changes { body[change.place % body.count] ^= change.bits }
        return cut < 0x8000 ? body : Array(body.prefix(cut & 0x7FFF))
    }

    /// Several members, and behind them what the input puts there.
    private static func members(_ input: inout FuzzInput) -> [UInt8] {
        var body: [UInt8] = []
        for _ in 0..<Int(input.byte()) % 5 { body += gzip(input.line()) }
        return body + input.rest
    }

    /// The input as bare compressed data, with the header and the trailer that fit it.
    private static func bareGzip(_ bytes: [UInt8], _ limit: Int) -> [UInt8] {
        let (reference, used) = InflateReference.bare(bytes, limit: limit)
        let plain = reference.bytes
        let sum = UInt32(crc32_z(0, plain, plain.count))
        func littleEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + bytes.prefix(used) + littleEndian(sum)
            + littleEndian(UInt32(truncatingIfNeeded: plain.count)) + bytes.dropFirst(used)
    }

    private static func sniff(_ bytes: [UInt8], _ sizes: [Int], _ limit: Int) {
        guard let format = bytes.withUnsafeBytes({ CompressionFormat.sniff($0) }) else { return }
        check(bytes, format, sizes, limit)
    }
}
