package import TraceCore

/// One stream of the Elastic intake protocol: metadata, then an event a line.
///
/// It is fed the decoded body in any pieces, and fills a batch with the events it accepts. What is wrong
/// with a stream is part of its result and never an error of the program.
///
/// A request is one stream. A file may hold several one after another: each metadata line begins the next.
package struct ElasticStream: ~Copyable {
    /// When the request came, µs since the epoch.
    let requestTime: Int64
    /// The times that events are believed to mean.
    private let plausibleTimes: ClosedRange<Int64>
    /// Whether a metadata line begins another stream.
    private let mayHoldSeveral: Bool
    var lines: NDJSONLines
    private let shapes = CompiledShapes.shared
    var decoder = EventDecoder()
    var batch = EventBatch()
    /// The metadata line that the next event comes under, without its newline; nil before the first line.
    package private(set) var metadata: [UInt8]?
    /// Whether that line was rejected, and with it the events of its stream.
    package private(set) var isMetadataRejected = false
    /// Where in the decoded body that line was last met; 0 before the first one.
    package private(set) var metadataStart = 0
    /// The service that it names.
    private var service: String?
    var metadataDigest = Digest(high: 0, low: 0)
    /// Its place in the batch, and what events take of it; nil as long as no event came under it.
    var process: CurrentProcess?
    /// The label keys met in the line.
    var seen = SeenSymbols()
    /// What became of the stream so far.
    package private(set) var result = IntakeResult()

    /// A stream that begins; `maximumEventSize` is in bytes, a line's newline included.
    ///
    /// Where it `mayHoldSeveral`, each metadata line begins another stream; where it may not, all but the first are
    /// rejected. Lines are numbered, and results counted, over all streams.
    ///
    /// Events may be of any time, but those far ahead of `now`, of the request where that is nil, are noted.
    package init(
        requestTime: Int64, now: Int64? = nil, maximumEventSize: Int = 307_200, mayHoldSeveral: Bool = false
    ) {
        self.requestTime = requestTime
        plausibleTimes = TimeDoubt.plausible(at: max(requestTime, now ?? requestTime))
        self.mayHoldSeveral = mayHoldSeveral
        lines = NDJSONLines(maximumSize: maximumEventSize)
    }

    /// Whether the stream failed, so that nothing that still comes counts.
    package var hasStopped: Bool { result.failure != nil }

    /// Takes a piece of the decoded body, which is not kept.
    package mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        var piece = bytes
        while !hasStopped, let line = lines.next(&piece) { take(line) }
    }

    /// Takes a piece of the decoded body up to the end of the next metadata line after the first, and returns how many
    /// bytes that were: all where no such line ends in it.
    ///
    /// Since no event came under that line yet, a batch taken now has what came before it.
    package mutating func feedToMetadata(_ bytes: UnsafeRawBufferPointer) -> Int {
        var piece = bytes
        while !hasStopped, let line = lines.next(&piece) {
            let before = metadataStart
            take(line)
            if metadataStart != before { return bytes.count - piece.count }
        }
        return bytes.count
    }

    /// Takes the end of the body.
    package mutating func finish() {
        if !hasStopped, let line = lines.last() { take(line) }
    }

    /// Takes word that the body broke off, and why. The lines that came whole stay.
    package mutating func breakOff(_ reason: String) {
        guard !hasStopped else { return }
        let message = "\(LossReason.brokenOff): \(reason)"
        result.fail(
            .brokenOff, IntakeError(message: message, document: nil, line: lines.currentNumber),
            time: requestTime, service: service)
    }

    /// Hands over the events accepted since the last time, all of the stream's where there was none.
    package mutating func takeBatch() -> EventBatch {
        process = nil
        let taken = batch
        batch = EventBatch()
        return taken
    }

    private mutating func take(_ line: Line) {
        let line = mayHoldSeveral ? line.withoutByteOrderMark : line
        if metadata == nil {
            takeMetadata(line)
        } else if line.isOversize {
            reject(line, Self.oversizeMessage)
            if mayHoldSeveral, ObjectType.of(line).elementsEqual("metadata".utf8) {
                adoptMetadata(line, isValid: false)
            }
        } else {
            takeEvent(line)
        }
    }

    private static let oversizeMessage = "event exceeded the permitted size"

    /// The first line, without which no other counts.
    private mutating func takeMetadata(_ line: Line) {
        let failure: String?
        if line.isOversize {
            failure = Self.oversizeMessage
        } else if !line.endsInNewline {
            failure = "EOF while reading metadata"
        } else if ObjectType.of(line).elementsEqual("metadata".utf8) {
            failure = decoder.decode(line, as: shapes.metadata)
        } else {
            failure = "\"metadata\" or \"m\" required"
        }
        if let failure {
            let error = IntakeError(message: failure, document: Array(line.bytes), line: line.number)
            result.fail(.metadata, error, time: requestTime, service: nil)
        } else {
            adoptMetadata(line)
        }
    }

    /// Puts a metadata line in force that the decoder has just looked at; `isValid` says what it found.
    private mutating func adoptMetadata(_ line: Line, isValid: Bool = true) {
        metadataStart = line.offset
        let bytes = Array(line.bytes)
        guard bytes != metadata else { return }
        metadata = bytes
        isMetadataRejected = !isValid
        let name = isValid ? decoder.text(.service) : nil
        service = name.map { String(decoding: decoder.bytes(of: $0), as: UTF8.self) }
        metadataDigest = LineDigest.digest(line.bytes)
        process = nil
    }

    private mutating func takeEvent(_ line: Line) {
        let type = ObjectType.of(line)
        let kind = ObjectType.Kind(type)
        guard let kind else {
            takeOther(line, type)
            return
        }
        if isMetadataRejected {
            reject(line, LossReason.withoutMetadata)
        } else if let failure = decoder.decode(line, as: shapes.of(kind)) {
            reject(line, failure)
        } else if mayHoldSeveral, let next = line.metadata(after: decoder.end) {
            takeEvent(line, kind, before: next)
        } else {
            accept(line, kind)
        }
    }

    /// Takes an event that metadata follows in the same line.
    private mutating func takeEvent(_ line: Line, _ kind: ObjectType.Kind, before next: Line) {
        accept(line.cut(before: next), kind)
        takeMetadata(ofNextStream: next)
    }

    /// A line of no kind of event. Metadata may change within a request: upstream rejects such a line, and so do we,
    /// but events after it are those of the process that it names.
    private mutating func takeOther(_ line: Line, _ type: UnsafeBufferPointer<UInt8>) {
        let isMetadata = type.elementsEqual("metadata".utf8)
        if isMetadata, mayHoldSeveral { return takeMetadata(ofNextStream: line) }
        reject(line, "\(LossReason.unknownType): \(ObjectType.quoted(type))")
        if isMetadata, decoder.decode(line, as: shapes.metadata) == nil { adoptMetadata(line) }
    }

    /// The first line of another stream of a file. Where it is not valid, no event of its stream counts.
    private mutating func takeMetadata(ofNextStream line: Line) {
        let failure = decoder.decode(line, as: shapes.metadata)
        if let failure { reject(line, failure) }
        adoptMetadata(line, isValid: failure == nil)
    }

    private mutating func accept(_ line: Line, _ kind: ObjectType.Kind) {
        if kind == .metricset, decoder.has(.transaction), !decoder.has(.selfTime) { return }
        let process = process ?? addProcess(for: line, kind)
        result.accepted += 1
        switch kind {
        case .transaction: appendTransaction(line, process)
        case .span: appendSpan(line, process)
        case .error: appendSideEvent(.error, line, process)
        case .metricset: appendSideEvent(.metricset, line, process)
        case .log: appendSideEvent(.log, line, process)
        }
    }

    /// Adds the metadata to the batch. The decoder is needed for it, so that the line is decoded again.
    private mutating func addProcess(for line: Line, _ kind: ObjectType.Kind) -> CurrentProcess {
        let added = addMetadata(shapes.metadata)
        process = added
        _ = decoder.decode(line, as: shapes.of(kind))
        return added
    }

    /// The time that a line names; one that is hardly meant is noted.
    mutating func sentTime(_ line: Line) -> Int64? {
        guard let time = decoder.integer(.timestamp) else { return nil }
        if !plausibleTimes.contains(time) {
            result.note(TimeDoubt(time, plausible: plausibleTimes), line, time: requestTime, service: service)
        }
        return time
    }

    private mutating func reject(_ line: Line, _ message: @autoclosure () -> String) {
        result.reject(line, message(), time: requestTime, service: service)
        decoder.explains = result.rejected < IntakeResult.notedLines
    }
}
