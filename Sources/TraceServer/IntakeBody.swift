import HTTPTypes
import TraceCompression
import TraceCore
import TraceIntake

/// The body of an intake request on its way in, in whatever pieces it comes.
///
/// It is kept compressed, as it was received (a plain one is compressed as it comes), and inflated piece
/// by piece into the stream of events, so that a body never stands in memory decoded.
struct IntakeBody: ~Copyable {
    /// Why nothing more of a body is taken.
    enum Failure: Equatable {
        /// It is not compressed as it says it is: nothing of it counts.
        case undecodable(String)
        /// It is longer than allowed, or goes on behind its end; the whole lines before that count.
        case refused
        /// It ended before its end, or is damaged; the whole lines before that count.
        case brokenOff
    }

    /// What a body that is too long is told.
    static let tooLarge = "the request body exceeds the permitted size"

    private let limits: IntakeConfiguration.Limits
    private let declared: CompressionFormat?
    private var stream: ElasticStream
    /// The first byte of a body, until a second one says how it is compressed.
    private var firstByte: [UInt8] = []
    private var hasBegun = false
    /// How it is compressed; nil where it is plain.
    private var format: CompressionFormat?
    private var inflater: Inflater?
    private var deflater: Deflater?
    /// The body as received, if it came compressed.
    private var received: [UInt8] = []
    private var decodedSize = 0
    private(set) var failure: Failure?

    /// A body whose `Content-Encoding` is `encoding`. Where that says nothing, the first two bytes do.
    init(encoding: String?, requestTime: Int64, limits: IntakeConfiguration.Limits) {
        self.limits = limits
        switch encoding?.lowercased() {
        case "gzip": declared = .gzip
        case "deflate": declared = .zlib
        default: declared = nil
        }
        stream = ElasticStream(requestTime: requestTime, maximumEventSize: limits.eventBytes)
    }

    /// Whether nothing that follows counts any more.
    var isOver: Bool { failure != nil || stream.hasStopped }

    /// How much of the stream was taken, and what was wrong with it.
    var result: IntakeResult { stream.result }

    /// What the request is answered with, if what it brought can be stored.
    var status: HTTPResponse.Status {
        switch failure {
        case .brokenOff: .internalServerError
        case .refused, .undecodable: .badRequest
        case nil: stream.result.errors.isEmpty ? .accepted : .badRequest
        }
    }

    /// Takes the next piece.
    mutating func receive(_ piece: UnsafeRawBufferPointer) {
        guard !isOver, !piece.isEmpty else { return }
        guard !hasBegun else { return take(piece) }
        guard declared != nil || firstByte.count + piece.count >= 2 else {
            firstByte = Array(piece)
            return
        }
        let start = firstByte + piece.prefix(2)
        begin(declared ?? start.withUnsafeBytes { CompressionFormat.sniff($0) })
        takeFirstByte()
        take(piece)
    }

    /// The body is complete. One without a byte is not decompressed, whatever it says it is: agents send such.
    mutating func end() {
        if !hasBegun, !firstByte.isEmpty {
            begin(nil)
            takeFirstByte()
        }
        guard !isOver else { return }
        do throws(CompressionError) {
            try inflater?.finish()
            stream.finish()
        } catch {
            fail(error)
        }
    }

    /// The body is not complete, and nothing more of it comes.
    mutating func breakOff(_ reason: String) { stop(.brokenOff, reason) }

    /// What is to be stored, with what of the stream was not taken.
    consuming func delivery(requestTime: Int64) -> Delivery {
        let batch = stream.takeBatch()
        let losses = stream.result.losses
        let bytes = deflater.take()?.finish() ?? received
        let encoding: ReceivedBody.Encoding = format == .zlib ? .zlib : .gzip
        return Delivery(
            batch: batch, body: ReceivedBody(encoding: encoding, bytes: bytes, decodedSize: decodedSize),
            requestTime: requestTime, losses: losses)
    }

    // MARK: Decoding

    private mutating func begin(_ format: CompressionFormat?) {
        hasBegun = true
        self.format = format
        do throws(CompressionError) {
            if let format {
                // Where the limit lies within a piece, the stream gets the part before it.
                inflater = try Inflater(format, limit: limits.decodedBytes + Inflater.pieceSize)
            } else {
                deflater = try Deflater()
            }
        } catch {
            fail(error)
        }
    }

    private mutating func takeFirstByte() {
        let bytes = firstByte
        firstByte = []
        bytes.withUnsafeBytes { take($0) }
    }

    private mutating func take(_ piece: UnsafeRawBufferPointer) {
        guard !isOver, !piece.isEmpty else { return }
        if format == nil {
            let taken = feed(piece)
            deflater?.feed(UnsafeRawBufferPointer(rebasing: piece.prefix(taken)))
        } else {
            received.append(contentsOf: piece)
            inflate(piece)
        }
        let size = deflater?.output.count ?? received.count
        if size > limits.compressedBytes { stop(.refused, Self.tooLarge) }
    }

    private mutating func inflate(_ piece: UnsafeRawBufferPointer) {
        guard var inflater = inflater.take() else { return }
        do throws(CompressionError) {
            try inflater.feed(piece) { _ = feed($0) }
        } catch {
            fail(error)
        }
        self.inflater = consume inflater
    }

    /// Gives the stream as much as it may have, and says how much that was.
    private mutating func feed(_ decoded: UnsafeRawBufferPointer) -> Int {
        guard !isOver else { return 0 }
        let taken = min(decoded.count, limits.decodedBytes - decodedSize)
        stream.feed(UnsafeRawBufferPointer(rebasing: decoded.prefix(taken)))
        decodedSize += taken
        if taken < decoded.count { stop(.refused, Self.tooLarge) }
        return taken
    }

    private mutating func fail(_ error: CompressionError) {
        switch error {
        case .invalidHeader where decodedSize == 0: failure = .undecodable("data decoding error: \(error.message)")
        case .invalidHeader, .tooLarge: stop(.refused, error.message)
        case .corrupt, .truncated, .unavailable: stop(.brokenOff, error.message)
        }
    }

    private mutating func stop(_ failure: Failure, _ reason: String) {
        guard !isOver else { return }
        self.failure = failure
        stream.breakOff(reason)
    }
}
