import CZlib
import Foundation
import TraceCompression

/// A compressed body inflated by zlib itself, all at once and with zlib's own checksums.
struct InflateReference {
    enum End: Equatable {
        case whole, invalidHeader, corrupt, truncated, unknown
    }

    private(set) var bytes: [UInt8] = []
    private(set) var end = End.truncated
    /// How many bytes there are behind those that were used.
    private(set) var unused = 0

    /// Inflates at most about `limit` bytes, behind which the end is unknown.
    init(_ body: [UInt8], _ format: CompressionFormat, limit: Int) {
        var rest = body[...]
        repeat {
            // Behind a gzip member another one begins, or nothing.
            if end == .whole, format == .zlib || rest.first != 0x1F {
                end = .invalidHeader
                return
            }
            let used = inflateMember(Array(rest), windowBits: format == .gzip ? 31 : 15, limit: limit)
            rest = rest.dropFirst(used)
        } while end == .whole && !rest.isEmpty
    }

    /// Inflates bare data, and says how many bytes of it were used.
    static func bare(_ body: [UInt8], limit: Int) -> (reference: InflateReference, used: Int) {
        var reference = InflateReference()
        let used = reference.inflateMember(body, windowBits: -15, limit: limit)
        return (reference, used)
    }

    private init() {}

    private mutating func inflateMember(_ input: [UInt8], windowBits: Int32, limit: Int) -> Int {
        var input = input
        var stream = z_stream()
        inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { inflateEnd(&stream) }
        let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4_096)
        defer { chunk.deallocate() }
        return input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while true {
                stream.next_out = chunk.baseAddress
                stream.avail_out = UInt32(chunk.count)
                let status = inflate(&stream, Z_SYNC_FLUSH)
                let isFull = stream.avail_out == 0
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: chunk.dropLast(Int(stream.avail_out))))
                switch status {
                case Z_STREAM_END: end = .whole
                case Z_OK where isFull && bytes.count <= limit: continue
                case Z_OK where isFull: end = .unknown
                case Z_OK where stream.avail_in > 0: continue
                case Z_OK, Z_BUF_ERROR: end = .truncated
                default: end = .corrupt
                }
                unused = Int(stream.avail_in)
                return source.count - unused
            }
        }
    }

    /// Whether all of some bytes stand at the beginning of its own.
    func begins(with other: [UInt8]) -> Bool {
        other.count <= bytes.count && memcmp(other, bytes, other.count) == 0
    }
}
