import TraceCompression
import TraceCore
import TraceIntake

/// One file on its way into the database: read in pieces, cut at line ends into deliveries of some megabytes, so that
/// a file of any size takes the same memory.
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
    /// The metadata line that the delivery being filled began under, where it did not begin with it.
    private var metadata: [UInt8] = []

    init(_ path: String, _ reader: TraceFileReader, _ destination: ImportDestination) throws(CompressionError) {
        self.path = path
        self.reader = reader
        self.destination = destination
        stream = ElasticStream(requestTime: reader.time)
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
        if let cutOff { stream.breakOff(cutOff) } else { stream.finish() }
        try await deliver()
        progress.end()
        return Outcome(result: stream.result, duplicates: duplicates, cutOff: cutOff)
    }

    /// Feeds a piece; where the delivery is full, it ends at the last line end of the piece.
    private mutating func take(_ piece: [UInt8]) async throws {
        var rest = piece[...]
        if bodySize + piece.count >= Self.deliverySize, let end = piece.lastIndex(of: UInt8(ascii: "\n")) {
            feed(piece[...end])
            rest = piece[(end + 1)...]
            try await deliver()
        }
        feed(rest)
    }

    private mutating func feed(_ bytes: ArraySlice<UInt8>) {
        guard !bytes.isEmpty else { return }
        bytes.withUnsafeBytes { raw in
            stream.feed(raw)
            body.feed(raw)
        }
        bodySize += bytes.count
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
        if !delivery.isEmpty { duplicates += try await destination.store(delivery, metadata: metadata) }
        metadata = batch.processes.last?.line ?? metadata
        bodyStart += bodySize
        bodySize = 0
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
