import Hummingbird
import NIOCore

/// A request's body that tells its connection what of it was taken on, so that no more is read than can be decoded.
struct CountedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let body: RequestBody
    let connection: ConnectionState

    func makeAsyncIterator() -> Iterator { Iterator(pieces: body.makeAsyncIterator(), connection: connection) }

    struct Iterator: AsyncIteratorProtocol {
        var pieces: RequestBody.AsyncIterator
        let connection: ConnectionState
        /// The size of the last piece: whoever asks for the next is through with it.
        private var last = 0

        init(pieces: RequestBody.AsyncIterator, connection: ConnectionState) {
            self.pieces = pieces
            self.connection = connection
        }

        mutating func next() async throws -> ByteBuffer? {
            connection.consume(last)
            last = 0
            let piece = try await pieces.next()
            last = piece?.readableBytes ?? 0
            return piece
        }
    }
}
