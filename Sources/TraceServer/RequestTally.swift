import TraceCore
import TraceIntake

/// What a request brought and what became of it, for those who count.
struct RequestTally {
    /// Events that were taken, and those of them that had been stored before.
    var accepted = 0
    var duplicates = 0
    /// Those of the accepted with a time that is hardly meant.
    private(set) var oddTimes = 0
    /// Lines that were not taken.
    private(set) var rejected: [(reason: RejectionReason, count: Int)] = []
    /// Bytes of the body as they came, and inflated.
    var receivedBytes = 0
    var decodedBytes = 0

    init() {}

    /// Of a request that was taken.
    init(_ reception: borrowing IntakeReception) {
        let result = reception.result
        accepted = result.accepted
        duplicates = reception.duplicates
        oddTimes = result.oddTimeCount
        receivedBytes = reception.receivedBytes
        decodedBytes = reception.decodedBytes
        if result.rejected > 0 {
            for entry in result.losses.entries where entry.unit == .lines {
                rejected.append((RejectionReason(entry.reason), entry.count))
            }
        }
        // What was good and is not stored all the same.
        if let refusal = reception.refusal, accepted > reception.stored {
            rejected.append((RejectionReason(refusal), accepted - reception.stored))
            accepted = reception.stored
        }
        guard reception.conflicts > 0 else { return }
        rejected.append((.sameID, reception.conflicts))
        accepted -= reception.conflicts
    }

    var rejectedCount: Int { rejected.reduce(0) { $0 + $1.count } }
}

/// Why an event was not taken, in as many words as a graph may have lines: agents are told more.
enum RejectionReason: String, CaseIterable {
    case validation
    case decode
    case tooLarge = "too_large"
    case unknownType = "unknown_type"
    /// Behind so many rejected lines of a stream that nobody looked any more.
    case notLookedAt = "not_looked_at"
    /// Another event with the same id had been stored.
    case sameID = "same_id"
    case queueFull = "queue_full"
    case shuttingDown = "shutting_down"
    case notStored = "not_stored"
    case other

    /// By the reason that is noted of a line.
    init(_ reason: String) {
        let beginnings: [(text: String, reason: RejectionReason)] = [
            ("validation error", .validation), ("decode error", .decode), ("event exceeded", .tooLarge),
            ("did not recognize", .unknownType), (LossTally.furtherLines, .notLookedAt),
        ]
        self = beginnings.first { reason.hasPrefix($0.text) }?.reason ?? .other
    }

    init(_ refusal: IntakeReception.Refusal) {
        switch refusal {
        case .queueFull: self = .queueFull
        case .shuttingDown: self = .shuttingDown
        case .failed: self = .notStored
        }
    }
}
