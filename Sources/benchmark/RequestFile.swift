import TraceCompression

/// Request bodies in a file, made before anything is measured. Each is a gzip member behind two numbers of four bytes,
/// the least first: its size, and its size decoded.
struct RequestFile: Sendable {
    let path: String
    private(set) var requests: [Request] = []
    private(set) var decodedBytes = 0

    struct Request: Sendable {
        /// Where the gzip member begins.
        var offset: Int
        var size: Int
        var events: Int
    }

    /// What agents gather before they end a request (`api_request_size`), in bytes decoded.
    static let usualSize = 750_000
    /// Bodies that are made before they are written: what is held in memory.
    private static let batch = 8 * Platform.cores

    var events: Int { requests.reduce(0) { $0 + $1.events } }
    var compressedBytes: Int { requests.reduce(0) { $0 + $1.size } }

    /// Writes the bodies of some events, made on all cores.
    init(_ load: any Load, _ events: Range<Int>, path: String) throws {
        self.path = path
        guard let file = Platform.makeFile(path) else { throw Failure("cannot write \(path): \(Platform.lastError)") }
        defer { Platform.closeFile(file) }
        let ranges = load.bodies(events)
        var offset = 0
        for first in stride(from: 0, to: ranges.count, by: Self.batch) {
            let batch = ranges[first..<min(first + Self.batch, ranges.count)]
            for body in try Self.bodies(load, Array(batch)) {
                let header = Self.littleEndian(body.compressed.count) + Self.littleEndian(body.decodedSize)
                guard Platform.writeAll(header, to: file), Platform.writeAll(body.compressed, to: file) else {
                    throw Failure("cannot write \(path): \(Platform.lastError)")
                }
                requests.append(
                    Request(offset: offset + header.count, size: body.compressed.count, events: body.events))
                decodedBytes += body.decodedSize
                offset += header.count + body.compressed.count
            }
        }
    }

    private struct Body: Sendable {
        var compressed: [UInt8]
        var decodedSize: Int
        var events: Int
    }

    private static func bodies(_ load: any Load, _ ranges: [Range<Int>]) throws -> [Body] {
        let threads = min(Platform.cores, ranges.count)
        let parts = try Parallel.map(threads) { thread in
            try stride(from: thread, to: ranges.count, by: threads).map { index in
                let decoded = load.metadata + load.lines(ranges[index])
                return (
                    index,
                    Body(
                        compressed: try Deflater.gzip(decoded), decodedSize: decoded.count, events: ranges[index].count)
                )
            }
        }
        return parts.flatMap { $0 }.sorted { $0.0 < $1.0 }.map { $0.1 }
    }

    private static func littleEndian(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(number).littleEndian) { Array($0) }
    }
}
