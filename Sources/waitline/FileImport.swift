import TraceCompression
import TraceCore
import TraceIntake

/// One file on its way into the database: read in pieces, cut at line ends into deliveries of some megabytes, so that
/// a file of any size takes the same memory.
///
/// A delivery is of one stream: a metadata line stands at its beginning or nowhere. A server, which takes one stream a
/// request, is then never told of another's.
struct FileImport: ~Copyable {
    /// What became of the file.
    struct Outcome {
        var result: IntakeResult
        /// Of the accepted events, those that had been stored before, and those that others' ids keep from it.
        var stored: StoredCounts
        /// Why it was not read to its end; nil where it was.
        var cutOff: String?
    }

    /// Decoded bytes of one delivery, about.
    private static let deliverySize = 4 << 20
    /// Bytes of an unfinished line, from which on it is too long for an event, and for metadata.
    private static let oversizeLine = 1 << 19

    private let path: String
    private let reader: TraceFileReader
    private let destination: ImportDestination
    private var stream: ElasticStream
    private var body: Deflater
    /// Decoded bytes before the delivery that is being filled.
    private var bodyStart = 0
    private var bodySize = 0
    private var stored = StoredCounts()
    private var progress: ImportProgress
    /// The metadata line that was in force where the delivery being filled began, and whether it begins with it.
    private var metadata: [UInt8] = []
    private var beginsWithMetadata = true
    /// Lines that were rejected before it.
    private var failuresBefore = 0
    /// The beginning of a line whose end has not come yet: it may be a metadata line, before which there is a cut.
    private var unfinished: [UInt8] = []

    init(_ path: String, _ reader: TraceFileReader, _ destination: ImportDestination) throws(CompressionError) {
        self.path = path
        self.reader = reader
        self.destination = destination
        stream = ElasticStream(requestTime: reader.time, now: Platform.now(), mayHoldSeveral: true)
        body = try Deflater()
        progress = ImportProgress(path: path, size: reader.size)
    }

    /// Stores all of the file that can be read.
    mutating func run() async throws -> Outcome {
        var cutOff: String?
        var isOpen = true
        while isOpen, !stream.hasStopped {
            var pieces: [[UInt8]] = []
            do throws(TraceFileReader.Ended) {
                isOpen = try reader.next { pieces.append(Array($0)) }
            } catch {
                cutOff = error.reason
                isOpen = false
            }
            for piece in pieces { try await take(piece) }
        }
        try await end(cutOff)
        progress.end()
        return Outcome(result: stream.result, stored: stored, cutOff: cutOff)
    }

    /// Feeds the lines that a piece completes; where the delivery is full, it ends behind them.
    private mutating func take(_ piece: [UInt8]) async throws {
        guard let end = piece.lastIndex(of: UInt8(ascii: "\n")) else {
            unfinished += piece
            if unfinished.count > Self.oversizeLine { try await feed(withUnfinished([])) }
            return
        }
        try await feed(withUnfinished(piece[...end]))
        unfinished = Array(piece[(end + 1)...])
        if bodySize >= Self.deliverySize { try await deliver(upTo: bodyStart + bodySize) }
    }

    /// Bytes with those of the line that they continue before them.
    private mutating func withUnfinished(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        defer { unfinished = [] }
        return unfinished.isEmpty ? bytes : (unfinished + bytes)[...]
    }

    /// Feeds bytes that begin where a line may; before a metadata line among them, the delivery ends.
    private mutating func feed(_ bytes: ArraySlice<UInt8>) async throws {
        var rest = bytes
        while !rest.isEmpty {
            let position = bodyStart + bodySize
            let taken = rest.withUnsafeBytes { stream.feedToMetadata($0) }
            let start = stream.metadataStart
            if start > 0, start >= position {
                append(Self.withoutByteOrderMark(rest.prefix(start - position)))
                try await deliver(upTo: start)
                append(rest.prefix(taken).dropFirst(start - position))
            } else {
                append(rest.prefix(taken))
            }
            rest = rest.dropFirst(taken)
        }
    }

    /// What is before a metadata line, without the byte order mark that belongs to that: no server takes one.
    private static func withoutByteOrderMark(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.suffix(3).elementsEqual([0xEF, 0xBB, 0xBF]) ? bytes.dropLast(3) : bytes
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { body.feed($0) }
        bodySize += bytes.count
    }

    /// Takes the file's end, or word of why there is none.
    private mutating func end(_ cutOff: String?) async throws {
        let last = withUnfinished([])
        let position = bodyStart + bodySize
        last.withUnsafeBytes { stream.feed($0) }
        if let cutOff { stream.breakOff(cutOff) } else { stream.finish() }
        // Of a metadata line without an event after it, nothing is to be kept.
        if position == 0 || stream.metadataStart < position { append(last) }
        try await deliver(upTo: bodyStart + bodySize, losses: stream.result.losses)
    }

    /// Stores what was read since the last delivery; the next begins at `end`. The last one takes along what of the file
    /// was not taken. A server finds that out itself, and so is also given what nothing was taken of.
    private mutating func deliver(upTo end: Int, losses: LossTally = LossTally()) async throws {
        var batch = stream.takeBatch()
        let next = try Deflater()
        let finished = exchange(&body, with: next).finish()
        for index in batch.events.indices { batch.events[index].line.offset -= bodyStart }
        for index in batch.sideEvents.indices { batch.sideEvents[index].line.offset -= bodyStart }
        let delivery = Delivery(
            batch: batch, body: ReceivedBody(encoding: .gzip, bytes: finished, decodedSize: bodySize),
            requestTime: reader.time, losses: losses, isImport: true)
        var failures = stream.result.rejected + (stream.result.failure == .metadata ? 1 : 0)
        // The metadata line that the next delivery begins with was looked at already.
        if stream.isMetadataRejected, stream.metadataStart == end { failures -= 1 }
        if !delivery.isEmpty || !losses.isEmpty || failures > failuresBefore {
            let counts = try await destination.store(delivery, metadata: beginsWithMetadata ? [] : metadata)
            stored.duplicates += counts.duplicates
            stored.conflicts += counts.conflicts
        }
        failuresBefore = failures
        metadata = stream.metadata ?? []
        bodyStart = end
        bodySize = 0
        beginsWithMetadata = stream.metadataStart == bodyStart
        progress.update(bytesRead: reader.bytesRead, accepted: stream.result.accepted)
    }
}

/// Puts a value in the place of another and hands that one out.
private func exchange<Value: ~Copyable>(_ place: inout Value, with value: consuming Value) -> Value {
    let old = place
    place = value
    return old
}

/// How far an import is, on a terminal; nothing in a pipe.
struct ImportProgress {
    private let path: String
    private let size: Int?
    private let isShown = Platform.isTerminal(2)

    init(path: String, size: Int?) {
        self.path = path
        self.size = size
    }

    func update(bytesRead: Int, accepted: Int) {
        guard isShown else { return }
        let share = size.map { $0 > 0 ? " \(min(100, bytesRead * 100 / $0)) %" : "" } ?? ""
        let events = CountText.text(accepted, "event", "events")
        Platform.writeError("\r\u{1B}[K\(SafeLine.text(path))\(share), \(events)")
    }

    func end() {
        if isShown { Platform.writeError("\r\u{1B}[K") }
    }
}
