import Logging
import TraceCore

/// Says now and then what a server did since it last said so, and nothing where it did nothing.
struct TotalsLog {
    let meters: RequestMeters
    let connections: OpenConnections
    let status: @Sendable () async -> StoreStatus
    private var counts = RequestMeters.Counts()
    private var commits = 0
    private var failedCommits = 0
    private var commitTimes = StoreStatus.Times()

    init(meters: RequestMeters, connections: OpenConnections, status: @escaping @Sendable () async -> StoreStatus) {
        self.meters = meters
        self.connections = connections
        self.status = status
    }

    /// Writes the totals of every `interval` until the task is cancelled, and then those of the rest.
    mutating func write(to logger: Logger, every interval: Duration) async {
        var goesOn = true
        while goesOn {
            goesOn = (try? await Task.sleep(for: interval)) != nil
            if let totals = await next() { logger.info("totals", metadata: totals) }
        }
    }

    /// What happened since this was last asked; nil where no request came.
    mutating func next() async -> Logger.Metadata? {
        let store = await status()
        let now = meters.counts
        let new = now.since(counts)
        guard new.requestCount > 0 else { return nil }
        var totals: Logger.Metadata = [
            "requests": .stringConvertible(new.requestCount), "accepted": .stringConvertible(new.accepted),
            "duplicates": .stringConvertible(new.duplicates), "rejected": .stringConvertible(new.rejectedCount),
            "received_bytes": .stringConvertible(new.receivedBytes),
            "decoded_bytes": .stringConvertible(new.decodedBytes),
            "waiting_requests": .stringConvertible(store.waitingDeliveries),
            "waiting_bytes": .stringConvertible(store.waitingBytes),
            "commits": .stringConvertible(store.commits - commits),
            "connections": .stringConvertible(connections.count),
        ]
        totals["statuses"] = "\(new.requestsByStatus.map { "\($0.status):\($0.count)" }.joined(separator: ","))"
        let reasons = new.rejectedByReason.filter { $0.count > 0 }.sorted { $0.count > $1.count }.prefix(3)
        if !reasons.isEmpty {
            totals["rejected_by"] = "\(reasons.map { "\($0.reason.rawValue):\($0.count)" }.joined(separator: ","))"
        }
        if new.oddTimes > 0 { totals["odd_times"] = .stringConvertible(new.oddTimes) }
        if store.failedCommits > failedCommits {
            totals["failed_commits"] = .stringConvertible(store.failedCommits - failedCommits)
        }
        if let time = store.commitTimes.percentile(0.99, since: commitTimes) {
            totals["commit_p99_ms"] = .stringConvertible(time * 1_000)
        }
        (counts, commits, failedCommits, commitTimes) = (now, store.commits, store.failedCommits, store.commitTimes)
        return totals
    }
}

extension StoreStatus.Times {
    /// The smallest of the bounds, in seconds, that so large a part of the times since `earlier` did not exceed; nil
    /// where there were none, or more of them lie beyond all bounds.
    func percentile(_ part: Double, since earlier: StoreStatus.Times) -> Double? {
        let new = count - earlier.count
        guard new > 0 else { return nil }
        let wanted = (Double(new) * part).rounded(.up)
        for (index, bucket) in buckets.enumerated() {
            let before = index < earlier.buckets.count ? earlier.buckets[index].count : 0
            if Double(bucket.count - before) >= wanted { return bucket.bound }
        }
        return nil
    }
}
