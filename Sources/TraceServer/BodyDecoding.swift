import TraceCompression
import TraceCore
import TraceIntake

/// A body that is being decoded: inflated piece by piece into the stream of events.
///
/// It is kept compressed, as it was received (a plain one is compressed as it comes). Where it brings more than is to be
/// held at a time, it is handed out in parts, each with a body of its own.
///
///     received |metadata|line|line|line|li..|   full: |metadata|line|line|line|   and the rest goes on as
///                                                     |metadata|line|..|
final class BodyDecoding {
    private let limits: IntakeConfiguration.Limits
    /// How it is compressed; nil where it is plain.
    private let format: CompressionFormat?
    private var stream: ElasticStream
    private var inflater: Inflater?
    /// Whether the inflater was stopped while it had more.
    private var hasMore = false
    /// The body as received, if it came compressed and was not handed out in parts.
    private var received: [UInt8] = []
    /// Else its lines.
    private var lines: PackedLines?
    private var receivedCount = 0
    private(set) var decodedSize = 0
    private(set) var failure: IntakeBody.Failure?
    /// How much may be held before it has to be handed out, in bytes.
    var partBytes: Int
    /// What ids take that are kept as text, and up to where that was added up.
    private var textWeight = 0
    private var weighed = (events: 0, sideEvents: 0, decoded: 0)
    /// What handing out would free.
    private var partWeight = 0

    init(
        _ format: CompressionFormat?, requestTime: Int64, limits: IntakeConfiguration.Limits, partBytes: Int
    ) {
        self.limits = limits
        self.format = format
        self.partBytes = partBytes
        stream = ElasticStream(requestTime: requestTime, maximumEventSize: limits.eventBytes)
        guard let format else {
            lines = PackedLines(level: PackedLines.usualLevel)
            return
        }
        do throws(CompressionError) {
            // Where the limit lies within a piece, the stream gets the part before it.
            inflater = try Inflater(format, limit: limits.decodedBytes + Inflater.pieceSize)
        } catch {
            fail(error)
        }
    }

    /// Whether nothing that follows counts any more.
    var isOver: Bool { failure != nil || stream.hasStopped }

    /// Whether what it holds has to be handed out before more is taken.
    var isFull: Bool { partWeight >= partBytes }

    /// Whether there is more to decode in what was taken.
    var isPaused: Bool { !isOver && hasMore }

    /// About how many bytes it holds.
    var heldBytes: Int { partWeight + stream.ownWeight + (format == nil ? 0 : Self.inflaterWeight) }

    /// zlib's window and tables.
    private static let inflaterWeight = 44 << 10

    /// How much of the stream was taken, and what was wrong with it.
    var result: IntakeResult { stream.result }

    /// Takes of the next bytes as many as there is room for, and returns how many those were; all of them where nothing
    /// counts any more.
    func receive(_ piece: UnsafeRawBufferPointer) -> Int {
        guard !isOver else { return piece.count }
        var taken: Int
        if format == nil {
            taken = feed(UnsafeRawBufferPointer(rebasing: piece.prefix(Inflater.pieceSize)))
        } else {
            taken = inflate(piece)
            receivedCount += taken
            if lines == nil { received.append(contentsOf: piece.prefix(taken)) }
            if receivedCount > limits.compressedBytes { stop(.refused, IntakeBody.tooLarge) }
        }
        weigh()
        guard isOver else { return taken }
        inflater = nil
        return piece.count
    }

    /// Takes the end of the body.
    func end() {
        guard !isOver else { return }
        do throws(CompressionError) {
            try inflater?.finish()
            stream.finish()
        } catch {
            fail(error)
        }
    }

    /// The body is not complete, and nothing more of it comes.
    func stop(_ failure: IntakeBody.Failure, _ reason: String) {
        guard !isOver else { return }
        self.failure = failure
        stream.breakOff(reason)
    }

    // MARK: Handing out

    /// What is to be stored of the whole lines so far, with a body of its own; nil where there is nothing.
    func part(requestTime: Int64) throws(CompressionError) -> Delivery? {
        let end = stream.lineStart
        let known = lines.take()
        let whole = if let known { known } else { try repacked(upTo: end) }
        received = []
        let origin = whole.origin
        let (body, rest) = try whole.cut(at: end)
        lines = PackedLines(
            level: format == nil ? PackedLines.usualLevel : PackedLines.fastLevel, from: end,
            metadata: stream.metadata ?? [], rest: rest, isPassingOver: stream.isPassingOver)
        let batch = stream.takeBatch(from: origin)
        textWeight = 0
        weighed = (0, 0, decodedSize)
        weigh()
        let part = Delivery(batch: batch, body: body, requestTime: requestTime)
        return part.isEmpty ? nil : part
    }

    /// What is to be stored of the rest, with what of the whole stream was not taken.
    func delivery(requestTime: Int64) throws(CompressionError) -> Delivery {
        var body = ReceivedBody(encoding: format == .zlib ? .zlib : .gzip, bytes: received, decodedSize: decodedSize)
        let batch = stream.takeBatch(from: lines?.origin ?? 0)
        if let lines = lines.take(), !batch.events.isEmpty || !batch.sideEvents.isEmpty {
            body = try lines.cut(at: decodedSize).body
        }
        return Delivery(batch: batch, body: body, requestTime: requestTime, losses: stream.result.losses)
    }

    /// The body up to a place, decoded once more: what was received of it is no whole body.
    private func repacked(upTo end: Int) throws(CompressionError) -> PackedLines {
        var lines = PackedLines(level: PackedLines.fastLevel)
        guard let format else { return lines }
        var inflater = try Inflater(format)
        var failure: CompressionError?
        let size = decodedSize
        received.withUnsafeBytes { bytes in
            do throws(CompressionError) {
                _ = try inflater.feed(bytes) { piece in
                    guard failure == nil else { return false }
                    let wanted = min(piece.count, size - lines.decodedCount)
                    lines.append(UnsafeRawBufferPointer(rebasing: piece[..<wanted]), passedOverTo: nil)
                    do throws(CompressionError) {
                        try lines.pack(upTo: min(end, lines.decodedCount))
                    } catch {
                        failure = error
                    }
                    return lines.decodedCount < size
                }
            } catch {
                failure = error
            }
        }
        // What is damaged behind the part that was decoded does no harm.
        if let failure, lines.decodedCount < size { throw failure }
        return lines
    }

    // MARK: Decoding

    private func inflate(_ piece: UnsafeRawBufferPointer) -> Int {
        guard var inflater = inflater.take() else { return piece.count }
        var taken = piece.count
        do throws(CompressionError) {
            taken = try inflater.feed(piece) { decoded in
                _ = feed(decoded)
                weigh()
                return !isOver && !isFull
            }
        } catch {
            fail(error)
        }
        hasMore = inflater.isPaused
        self.inflater = consume inflater
        return taken
    }

    /// Gives the stream as much as it may have, and says how much that was.
    private func feed(_ decoded: UnsafeRawBufferPointer) -> Int {
        guard !isOver else { return 0 }
        let taken = min(decoded.count, limits.decodedBytes - decodedSize)
        let bytes = UnsafeRawBufferPointer(rebasing: decoded.prefix(taken))
        stream.feed(bytes)
        decodedSize += taken
        if lines != nil {
            lines?.append(bytes, passedOverTo: stream.passedOverTo)
            do throws(CompressionError) {
                try lines?.pack(upTo: stream.lineStart)
            } catch {
                fail(error)
            }
        }
        if taken < decoded.count { stop(.refused, IntakeBody.tooLarge) }
        return taken
    }

    /// Adds up what it holds. Ids that are kept as text are added up now and then: that costs more the more events
    /// there are, and they cannot be more than what was decoded.
    private func weigh() {
        if decodedSize - weighed.decoded >= 1 << 20 {
            textWeight += stream.textWeight(from: weighed.events, weighed.sideEvents)
            weighed = (stream.batchCounts.events, stream.batchCounts.sideEvents, decodedSize)
        }
        partWeight = stream.batchWeight + textWeight + received.count + (lines?.heldCount ?? 0)
    }

    private func fail(_ error: CompressionError) {
        switch error {
        case .invalidHeader where decodedSize == 0: failure = .undecodable("data decoding error: \(error.message)")
        case .invalidHeader, .tooLarge: stop(.refused, error.message)
        case .corrupt, .truncated, .unavailable: stop(.brokenOff, error.message)
        }
    }
}
