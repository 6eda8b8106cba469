internal import CZlib

/// Compresses a body that comes in arbitrary pieces into one gzip member.
package struct Deflater: ~Copyable {
    private let state: DeflateState
    /// The compressed bytes so far.
    package private(set) var output: [UInt8] = []

    /// A deflater of a level from 1, the fastest, to 9, the smallest.
    package init(level: Int = 5) throws(CompressionError) {
        state = try DeflateState(level: level)
    }

    /// Compresses a piece of the body.
    package mutating func feed(_ input: UnsafeRawBufferPointer) {
        var rest = input[...]
        while !rest.isEmpty {
            state.setInput(UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30)))
            rest = rest.dropFirst(1 << 30)
            state.run(Z_NO_FLUSH, into: &output)
        }
    }

    /// Ends the member and returns it whole.
    package consuming func finish() -> [UInt8] {
        state.setInput(UnsafeRawBufferPointer(start: nil, count: 0))
        state.run(Z_FINISH, into: &output)
        return output
    }

    /// A whole body as one gzip member.
    package static func gzip(_ bytes: [UInt8], level: Int = 5) throws(CompressionError) -> [UInt8] {
        var deflater = try Deflater(level: level)
        bytes.withUnsafeBytes { deflater.feed($0) }
        return deflater.finish()
    }
}

/// zlib's state, at a place that never moves, as zlib wants it, and freed with its owner. It never leaves
/// the one deflater that owns it.
private final class DeflateState: @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>
    private let buffer: UnsafeMutableRawBufferPointer

    init(level: Int) throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        buffer = .allocate(byteCount: 32_768, alignment: 16)
        // 15 is the largest window, 16 asks for gzip's header, 8 is zlib's usual memory.
        let status = deflateInit2_(
            stream, Int32(clamping: level), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .unavailable }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        buffer.deallocate()
    }

    func setInput(_ input: UnsafeRawBufferPointer) {
        // zlib declares its input mutable and never writes to it.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
    }

    /// Deflates until zlib has no more to say.
    func run(_ flush: Int32, into output: inout [UInt8]) {
        repeat {
            stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(buffer.count)
            _ = deflate(stream, flush)
            output.append(contentsOf: buffer[..<(buffer.count - Int(stream.pointee.avail_out))])
        } while stream.pointee.avail_out == 0
    }
}
