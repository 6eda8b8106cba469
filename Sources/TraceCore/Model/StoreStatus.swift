/// How a store of events is doing, as those see it who watch a server from outside.
package struct StoreStatus: Sendable, Equatable {
    /// Deliveries that wait for their commit or are being committed, and about how many bytes they take.
    package var waitingDeliveries = 0
    package var waitingBytes = 0
    /// Beyond so many bytes a delivery is turned away.
    package var waitingLimit = 0
    /// Commits so far, and those of them that failed.
    package var commits = 0
    package var failedCommits = 0
    /// How long commits took.
    package var commitTimes = Times()
    /// Bytes of the database's file, and of its write-ahead log.
    package var databaseBytes = 0
    package var logBytes = 0
    /// Why nothing can be written now, in one line; nil where it can.
    package var problem: String?

    package init() {}

    /// A distribution of times.
    package struct Times: Sendable, Equatable {
        /// How many there were, and their sum in seconds.
        package var count = 0
        package var sum = 0.0
        /// For each of some bounds, in seconds and rising, how many were at most so long.
        package var buckets: [(bound: Double, count: Int)] = []

        /// The bounds of those that are counted, in seconds.
        package static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

        /// None so far, for each of `bounds`.
        package init() { buckets = Self.bounds.map { ($0, 0) } }

        /// Counts one, in seconds.
        package mutating func add(_ time: Double) {
            count += 1
            sum += time
            for index in buckets.indices where time <= buckets[index].bound { buckets[index].count += 1 }
        }

        package static func == (one: Times, other: Times) -> Bool {
            one.count == other.count && one.sum == other.sum
                && one.buckets.elementsEqual(other.buckets) { $0 == $1 }
        }
    }
}
