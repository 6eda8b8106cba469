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
        /// Accepted events that had been stored before.
        var duplicates: Int
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
    private var duplicates = 0
    private var progress: ImportProgress
    /// The metadata line that was in force where the delivery being filled began, and whether it begins with it.
    private var metadata: [UInt8] = []
    private var beginsWithMetadata = true
    /// The beginning of a line whose end has not come yet: it may be a metadata line, before which there is a cut.
    private var unfinished: [UInt8] = []

    init(_ path: String, _ reader: TraceFileReader, _ destination: ImportDestination) throws(CompressionError) {
        self.path = path
        self.reader = reader
        self.destination = destination
        stream = ElasticStream(requestTime: reader.time, mayHoldSeveral: true)
        body = try Deflater()
        progress = ImportProgress(path: path, size: reader.size)
    }

    /// Stores all of the file that can be read.
    mutating func run() async throws -> Outcome {
        var cutOff: String?
        var isOpen = true
        while isOpen {
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
        return Outcome(result: stream.result, duplicates: duplicates, cutOff: cutOff)
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
        if bodySize >= Self.deliverySize { try await deliver() }
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
            if stream.metadataStart > 0, stream.metadataStart >= position {
                let before = stream.metadataStart - position
                append(rest.prefix(before))
                try await deliver()
                append(rest.prefix(taken).dropFirst(before))
            } else {
                append(rest.prefix(taken))
            }
            rest = rest.dropFirst(taken)
        }
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
        // Of a metadata line without an event behind it, nothing is to be kept.
        if position == 0 || stream.metadataStart < position { append(last) }
        try await deliver()
    }

    private mutating func deliver() async throws {
        var batch = stream.takeBatch()
        let next = try Deflater()
        let finished = exchange(&body, with: next).finish()
        for index in batch.events.indices { batch.events[index].line.offset -= bodyStart }
        for index in batch.sideEvents.indices { batch.sideEvents[index].line.offset -= bodyStart }
        let delivery = Delivery(
            batch: batch, body: ReceivedBody(encoding: .gzip, bytes: finished, decodedSize: bodySize),
            requestTime: reader.time)
        if !delivery.isEmpty {
            duplicates += try await destination.store(delivery, metadata: beginsWithMetadata ? [] : metadata)
        }
        metadata = stream.metadata ?? []
        bodyStart += bodySize
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
        Platform.writeError("\r\u{1B}[K\(SafeLine.text(path))\(share), \(accepted) events")
    }

    func end() {
        if isShown { Platform.writeError("\r\u{1B}[K") }
    }
}
