import TraceCore
import TraceIntake

/// A stream that was fed a whole body, and what came of it.
struct FedStream {
    static let requestTime: Int64 = 1_600_000_000_000_000

    /// How a body is fed.
    struct Manner {
        var maximumEventSize = 307_200
        var mayHoldSeveral = false
        var breaksOff = false
        /// Whether it is fed up to each metadata line, and the batch taken there.
        var stopsAtMetadata = false
    }

    var result: IntakeResult
    /// What was taken, in order; one where nothing was taken before the end.
    var batches: [EventBatch] = []
    /// The metadata in force at the end, and whether it was rejected.
    var metadata: [UInt8]?
    var isMetadataRejected: Bool

    init(_ body: [UInt8], pieces: [Range<Int>], _ manner: Manner) {
        var stream = ElasticStream(
            requestTime: Self.requestTime, maximumEventSize: manner.maximumEventSize,
            mayHoldSeveral: manner.mayHoldSeveral)
        for piece in pieces {
            guard manner.stopsAtMetadata else {
                withExactCopy(of: body[piece]) { stream.feed($0) }
                continue
            }
            var rest = body[piece]
            while !rest.isEmpty {
                let taken = withExactCopy(of: rest) { stream.feedToMetadata($0) }
                require(0 < taken && taken <= rest.count, "\(taken) of \(rest.count) bytes were taken")
                if taken < rest.count { batches.append(stream.takeBatch()) }
                rest = rest.dropFirst(taken)
            }
        }
        if manner.breaksOff { stream.breakOff("of itself") } else { stream.finish() }
        batches.append(stream.takeBatch())
        result = stream.result
        metadata = stream.metadata
        isMetadataRejected = stream.isMetadataRejected
    }

    init(_ body: [UInt8], _ manner: Manner) { self.init(body, pieces: [body.indices], manner) }

    /// All events, as they compare with those of a body fed otherwise.
    var rows: [EventRow] { batches.flatMap { batch in EventRow.all(of: batch) } }
}
