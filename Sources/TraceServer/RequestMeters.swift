import HTTPTypes
import Synchronization

/// What a server counts of its requests, from its start on. The sums only rise.
final class RequestMeters: Sendable {
    struct Counts: Sendable {
        /// By endpoint and status, in the order of `Endpoint` and `statuses`.
        fileprivate var requests = [Int](repeating: 0, count: Endpoint.allCases.count * RequestMeters.statuses.count)
        /// By reason, in the order of `RejectionReason`.
        fileprivate var rejected = [Int](repeating: 0, count: RejectionReason.allCases.count)
        var accepted = 0
        var duplicates = 0
        var oddTimes = 0
        var receivedBytes = 0
        var decodedBytes = 0

        /// All requests.
        var requestCount: Int { requests.reduce(0, +) }
        /// All rejected lines.
        var rejectedCount: Int { rejected.reduce(0, +) }

        /// The requests that there were, with the status of their answers.
        var requestsByKind: [(endpoint: Endpoint, status: String, count: Int)] {
            requests.indices.filter { requests[$0] > 0 }.map { index in
                let (endpoint, status) = index.quotientAndRemainder(dividingBy: RequestMeters.statuses.count)
                let code = RequestMeters.statuses[status]
                return (Endpoint.allCases[endpoint], code == 0 ? "other" : String(code), requests[index])
            }
        }

        /// How many requests were answered with which status, the most frequent first.
        var requestsByStatus: [(status: String, count: Int)] {
            Dictionary(grouping: requestsByKind) { $0.status }
                .map { (status: $0.key, count: $0.value.reduce(0) { $0 + $1.count }) }
                .sorted { ($1.count, $0.status) < ($0.count, $1.status) }
        }

        /// The rejected lines, of every reason.
        var rejectedByReason: [(reason: RejectionReason, count: Int)] {
            zip(RejectionReason.allCases, rejected).map { ($0, $1) }
        }

        /// What was counted since `earlier`.
        func since(_ earlier: Counts) -> Counts {
            var counts = self
            for index in requests.indices { counts.requests[index] -= earlier.requests[index] }
            for index in rejected.indices { counts.rejected[index] -= earlier.rejected[index] }
            counts.accepted -= earlier.accepted
            counts.duplicates -= earlier.duplicates
            counts.oddTimes -= earlier.oddTimes
            counts.receivedBytes -= earlier.receivedBytes
            counts.decodedBytes -= earlier.decodedBytes
            return counts
        }
    }

    /// Those we answer with; 0 stands for any other.
    fileprivate static let statuses = [200, 202, 304, 400, 401, 403, 404, 405, 429, 500, 503, 0]

    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    func count(_ answer: Answer, of endpoint: Endpoint) {
        let status = Self.statuses.firstIndex(of: answer.status.code) ?? Self.statuses.count - 1
        let tally = answer.tally
        state.withLock { counts in
            counts.requests[endpoint.rawValue * Self.statuses.count + status] += 1
            counts.accepted += tally.accepted
            counts.duplicates += tally.duplicates
            counts.oddTimes += tally.oddTimes
            counts.receivedBytes += tally.receivedBytes
            counts.decodedBytes += tally.decodedBytes
            for (reason, count) in tally.rejected {
                guard let index = RejectionReason.allCases.firstIndex(of: reason) else { continue }
                counts.rejected[index] += count
            }
        }
    }
}
