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
        /// Within what follows the data of a gzip member: its checksum and length.
        case trailer
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

    /// Whether it was stopped while there was more to decode, which the next call, even one without input, goes on
    /// with.
    package private(set) var isPaused = false

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

    /// As `feed`, until `body` says that it wants no more for now. Returns how many bytes of the input were taken;
    /// the call that goes on is given those behind them.
    package mutating func feed(
        _ input: UnsafeRawBufferPointer, whileWanted body: (UnsafeRawBufferPointer) -> Bool
    ) throws(CompressionError) -> Int {
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
    ) throws(CompressionError) -> Int {
        state.takeBuffer()
        defer { state.dropBuffer() }
        isPaused = false
        var taken = 0
        repeat {
            // zlib counts in 32 bits.
            let part = UnsafeRawBufferPointer(rebasing: input[taken...].prefix(1 << 30))
            taken += part.count
            state.setInput(part)
            while state.hasInput || state.hasMore {
                if position == .end {
                    // zlib waits for a second byte before it judges the first.
                    guard format == .gzip, state.nextByte == 0x1F else { throw .invalidHeader(format) }
                    state.reset()
                }
                if position == .trailer {
                    guard let isRight = state.readTrailer() else { break }
                    guard isRight else { throw .corrupt(format) }
                    position = .end
                    continue
                }
                if !state.hasMore { position = .member }
                let status = state.step()
                decoded += state.output.count
                if decoded > limit { throw .tooLarge(limit: limit) }
                isPaused = !state.output.isEmpty && !body(state.output)
                switch status {
                case Z_OK: position = .member
                case Z_STREAM_END: position = format == .gzip ? .trailer : .end
                case Z_BUF_ERROR: break
                case Z_MEM_ERROR: throw .unavailable
                default: throw state.hasHeader ? .corrupt(format) : .invalidHeader(format)
                }
                if isPaused { return taken - state.inputCount }
            }
        } while taken < input.count
        return taken
    }
}
