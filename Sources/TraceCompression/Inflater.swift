internal import CZlib

/// Inflates a gzip or zlib body that comes in arbitrary pieces.
///
/// All members of a gzip body are read, and their checksums verified; the lengths in their trailers bound
/// nothing. What follows the last member, zeros included, is an error.
package struct Inflater: ~Copyable {
    private let state: InflateState
    private let format: CompressionFormat
    /// The most bytes that it may decode to.
    private let limit: Int
    private var decoded = 0
    private var position = Position.start
    private var failure: CompressionError?

    private enum Position {
        /// Nothing was read.
        case start
        /// Within a header or the data of a member.
        case member
        /// Behind a member.
        case end
    }

    /// The size of the pieces that decoded bytes are handed out in.
    package static let pieceSize = 65_536

    /// An inflater that fails once a body decodes to more than `limit` bytes.
    package init(_ format: CompressionFormat, limit: Int = .max) throws(CompressionError) {
        self.format = format
        self.limit = limit
        state = try InflateState(format)
    }

    /// How many bytes were decoded.
    package var decodedCount: Int { decoded }

    /// Inflates a piece of the body and hands out what it decodes to, in pieces that are valid during the
    /// call. Once it failed, it fails again.
    package mutating func feed(
        _ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(CompressionError) {
        _ = try feed(input) { piece in
            body(piece)
            return true
        }
    }

    /// As `feed`, until `body` says that it wants no more; false then.
    mutating func feed(
        _ input: UnsafeRawBufferPointer, whileWanted body: (UnsafeRawBufferPointer) -> Bool
    ) throws(CompressionError) -> Bool {
        if let failure { throw failure }
        do throws(CompressionError) {
            return try inflate(input, body)
        } catch {
            failure = error
            throw error
        }
    }

    /// Takes the end of the body, which must be that of a member. An empty body is truncated.
    package mutating func finish() throws(CompressionError) {
        if let failure { throw failure }
        guard position == .end else { throw .truncated(format) }
    }

    private mutating func inflate(
        _ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws(CompressionError) -> Bool {
        // zlib counts in 32 bits.
        var rest = input[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            rest = rest.dropFirst(1 << 30)
            state.setInput(part)
            while state.hasInput || state.hasMore {
                if position == .end {
                    // zlib waits for a second byte before it judges the first.
                    guard format == .gzip, state.nextByte == 0x1F else { throw .invalidHeader(format) }
                    state.reset()
                }
                if !state.hasMore { position = .member }
                let status = state.step()
                decoded += state.output.count
                if decoded > limit { throw .tooLarge(limit: limit) }
                if !state.output.isEmpty, !body(state.output) { return false }
                switch status {
                case Z_OK: position = .member
                case Z_STREAM_END: position = .end
                case Z_BUF_ERROR: break
                case Z_MEM_ERROR: throw .unavailable
                default: throw state.hasHeader ? .corrupt(format) : .invalidHeader(format)
                }
            }
        }
        return true
    }
}

/// zlib's state, at a place that never moves, as zlib wants it, and freed with its owner. It never leaves
/// the one inflater that owns it.
private final class InflateState: @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>
    private let buffer: UnsafeMutableRawBufferPointer
    /// What the last step decoded.
    private(set) var output = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Whether the last step filled the buffer, so that more may come without input.
    private(set) var hasMore = false
    /// Whether the header of the member was read: data errors before that are the header's.
    private(set) var hasHeader = false

    init(_ format: CompressionFormat) throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        buffer = .allocate(byteCount: Inflater.pieceSize, alignment: 16)
        // The largest window; 16 asks for gzip's header.
        let windowBits: Int32 = format == .gzip ? 15 + 16 : 15
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .unavailable }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        buffer.deallocate()
    }

    var hasInput: Bool { stream.pointee.avail_in > 0 }

    var nextByte: UInt8? { hasInput ? stream.pointee.next_in?.pointee : nil }

    func setInput(_ input: UnsafeRawBufferPointer) {
        // zlib declares its input mutable and never writes to it.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
    }

    func reset() {
        inflateReset(stream)
        hasHeader = false
        hasMore = false
    }

    func step() -> Int32 {
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(buffer.count)
        // Z_BLOCK stops behind the header, which tells an error in it from one behind it.
        let status = CZlib.inflate(stream, hasHeader ? Z_NO_FLUSH : Z_BLOCK)
        let count = buffer.count - Int(stream.pointee.avail_out)
        output = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        hasMore = status == Z_OK && (stream.pointee.avail_out == 0 || (!hasHeader && hasInput))
        if status == Z_OK, stream.pointee.data_type & 128 != 0 { hasHeader = true }
        return status
    }
}
