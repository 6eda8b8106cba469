internal import CZlib

/// zlib's state, at a place that never moves, as zlib wants it, and freed with its owner. It never leaves
/// the one inflater that owns it.
///
/// Of gzip, zlib reads the header and then the bare data; the trailer is read here, since the checksum is taken here,
/// much faster.
final class InflateState: @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>
    /// Where it decodes to: there is one only while it works, since it is larger than all else that zlib holds.
    private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private let isGzip: Bool
    /// What the last step decoded.
    private(set) var output = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Whether the last step filled the buffer, so that more may come without input.
    private(set) var hasMore = false
    /// Whether the header of the member was read: data errors before that are the header's.
    private(set) var hasHeader = false
    /// Of the gzip member's data so far; the length counts modulo 2^32, as the trailer does.
    private var checksum: UInt32 = 0
    private var length: UInt32 = 0
    /// What was read of the trailer, its first byte lowest, and how many bytes that is.
    private var trailer: UInt64 = 0
    private var trailerSize: UInt64 = 0

    /// The largest window, of data in zlib's format; 16 more ask for gzip's header, and less than 0 is bare data.
    private static let window: Int32 = 15

    init(_ format: CompressionFormat) throws(CompressionError) {
        isGzip = format == .gzip
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let windowBits = isGzip ? Self.window + 16 : Self.window
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .unavailable }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    var hasInput: Bool { stream.pointee.avail_in > 0 }

    /// How many bytes of the input are left.
    var inputCount: Int { Int(stream.pointee.avail_in) }

    /// Gets the memory that it decodes to.
    func takeBuffer() { buffer = .allocate(byteCount: Inflater.pieceSize, alignment: 16) }

    /// Gives that memory back, and with it the last output.
    func dropBuffer() {
        buffer.deallocate()
        buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        output = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    var nextByte: UInt8? { hasInput ? stream.pointee.next_in?.pointee : nil }

    func setInput(_ input: UnsafeRawBufferPointer) {
        // zlib declares its input mutable and never writes to it.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
    }

    /// Makes ready for the next member of a gzip body.
    func reset() {
        inflateReset2(stream, Self.window + 16)
        hasHeader = false
        hasMore = false
        checksum = 0
        length = 0
        trailer = 0
        trailerSize = 0
    }

    /// Inflates as much as fits in the output, and returns zlib's status.
    func step() -> Int32 {
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(buffer.count)
        // Z_BLOCK stops behind the header, which tells an error in it from one behind it.
        let status = CZlib.inflate(stream, hasHeader ? Z_NO_FLUSH : Z_BLOCK)
        let count = buffer.count - Int(stream.pointee.avail_out)
        output = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        hasMore = status == Z_OK && (stream.pointee.avail_out == 0 || (!hasHeader && hasInput))
        if isGzip, count > 0 {
            checksum = gzip_checksum(checksum, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), count)
            length &+= UInt32(truncatingIfNeeded: count)
        }
        if !hasHeader, status == Z_OK, stream.pointee.data_type & 128 != 0 {
            hasHeader = true
            if isGzip { inflateReset2(stream, -Self.window) }
        }
        return status
    }

    /// Reads the trailer of a gzip member, and says whether it is that of the member's data; nil where the input ends
    /// before it does.
    func readTrailer() -> Bool? {
        while trailerSize < 8, let byte = nextByte {
            trailer |= UInt64(byte) << (trailerSize * 8)
            trailerSize += 1
            stream.pointee.next_in = stream.pointee.next_in?.advanced(by: 1)
            stream.pointee.avail_in -= 1
        }
        return trailerSize < 8 ? nil : trailer == UInt64(length) << 32 | UInt64(checksum)
    }
}
