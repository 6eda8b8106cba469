import HTTPTypes
import TraceCompression
import TraceCore
import TraceIntake

/// The body of an intake request on its way in, in whatever pieces it comes.
///
/// Its first bytes are only gathered: a client that sends a few and then none costs no more than those. Then it is
/// decoded as it comes, and never stands in memory decoded.
struct IntakeBody: ~Copyable {
    /// Why nothing more of a body is taken.
    enum Failure: Equatable {
        /// It is not compressed as it says it is: nothing of it counts.
        case undecodable(String)
        /// It is longer than allowed, or goes on behind its end; the whole lines before that count.
        case refused
        /// It ended before its end, or is damaged; the whole lines before that count.
        case brokenOff
        /// It did not come in time; the whole lines that did count.
        case late
    }

    /// How a body ends.
    enum End {
        case complete
        /// It is not complete, and nothing more of it comes.
        case failed(Failure, String)
    }

    /// What a body that is too long is told.
    static let tooLarge = "the request body exceeds the permitted size"
    /// So many bytes are gathered before they are looked at, if the body is not complete before.
    private static let gatheredBytes = 16 << 10

    private let limits: IntakeConfiguration.Limits
    private let requestTime: Int64
    private let declared: CompressionFormat?
    private var gathered: [UInt8] = []
    /// How many of them were decoded.
    private var gatheredTaken = 0
    private var decoding: BodyDecoding?
    private var isDropped = false
    /// How much may be held before it has to be handed out, in bytes.
    var partBytes: Int {
        didSet { decoding?.partBytes = partBytes }
    }

    /// A body whose `Content-Encoding` is `encoding`. Where that says nothing, the first two bytes do.
    init(encoding: String?, requestTime: Int64, limits: IntakeConfiguration.Limits) {
        self.limits = limits
        self.requestTime = requestTime
        partBytes = limits.partBytes
        switch encoding?.lowercased() {
        case "gzip": declared = .gzip
        case "deflate": declared = .zlib
        default: declared = nil
        }
    }

    /// Whether nothing that follows counts any more.
    var isOver: Bool { isDropped || decoding?.isOver == true }

    /// Whether what it holds has to be handed out, by `part`, before it takes more.
    var isFull: Bool { decoding?.isFull ?? false }

    /// Whether there is more to do with what was taken: `receive` goes on with it, even without bytes.
    var isPaused: Bool { decoding != nil && (gatheredTaken < gathered.count || decoding?.isPaused == true) }

    /// About how many bytes it holds.
    var heldBytes: Int { gathered.capacity + (decoding?.heldBytes ?? 0) }

    /// How much of the stream was taken, and what was wrong with it.
    var result: IntakeResult { decoding?.result ?? IntakeResult() }

    /// Bytes that were inflated.
    var decodedSize: Int { decoding?.decodedSize ?? 0 }

    var failure: Failure? { decoding?.failure }

    /// What the request is answered with, if what it brought can be stored.
    var status: HTTPResponse.Status {
        switch failure {
        case .brokenOff: .internalServerError
        case .late: .serviceUnavailable
        case .refused, .undecodable: .badRequest
        case nil: result.errors.isEmpty ? .accepted : .badRequest
        }
    }

    /// Takes of the next bytes as many as there is room for, and returns how many those were.
    mutating func receive(_ piece: UnsafeRawBufferPointer) -> Int {
        guard !isOver else { return piece.count }
        if decoding == nil {
            guard gathered.count + piece.count >= Self.gatheredBytes else {
                gathered.append(contentsOf: piece)
                return piece.count
            }
            begin(before: piece)
        }
        guard takeGathered() else { return 0 }
        return decoding?.receive(piece) ?? 0
    }

    /// Takes the end of the body. False where it is full before that, and this has to be asked again when something
    /// was handed out.
    mutating func end(_ end: End) -> Bool {
        guard !isDropped else { return true }
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        if decoding == nil { begin(before: nothing) }
        guard takeGathered() else { return false }
        while isPaused {
            _ = decoding?.receive(nothing)
            if isFull { return false }
        }
        switch end {
        case .complete: decoding?.end()
        case .failed(let failure, let reason): decoding?.stop(failure, reason)
        }
        return true
    }

    /// What is to be stored of the whole lines so far, with a body of its own; nil where there is nothing.
    mutating func part() throws(CompressionError) -> Delivery? {
        try decoding?.part(requestTime: requestTime)
    }

    /// Forgets all that it holds; nothing more of it counts.
    mutating func drop() {
        isDropped = true
        decoding = nil
        gathered = []
    }

    /// What is to be stored of the rest, with what of the whole body was not taken.
    mutating func delivery() throws(CompressionError) -> Delivery {
        guard let decoding = decoding.take() else {
            return Delivery(
                batch: EventBatch(), body: ReceivedBody(encoding: .gzip, bytes: [], decodedSize: 0),
                requestTime: requestTime)
        }
        return try decoding.delivery(requestTime: requestTime)
    }

    /// Begins to decode what was gathered and what comes next. A body without a byte is not decompressed, whatever it
    /// says it is: agents send such.
    private mutating func begin(before piece: UnsafeRawBufferPointer) {
        let start = gathered.prefix(2) + piece.prefix(2)
        let sniffed = Array(start).withUnsafeBytes { CompressionFormat.sniff($0) }
        decoding = BodyDecoding(
            start.isEmpty ? nil : declared ?? sniffed, requestTime: requestTime, limits: limits, partBytes: partBytes)
    }

    /// Decodes what was gathered; false where it is full before the end of that.
    private mutating func takeGathered() -> Bool {
        while gatheredTaken < gathered.count {
            let taken = gathered.withUnsafeBytes {
                decoding?.receive(UnsafeRawBufferPointer(rebasing: $0[gatheredTaken...])) ?? 0
            }
            gatheredTaken += taken
            if gatheredTaken == gathered.count {
                gathered = []
                gatheredTaken = 0
            }
            if isFull { return false }
        }
        return true
    }
}
