/// The last runs of one job, to be told how they went: runs are of the same job where what they are named after has the
/// same service and name.
package struct JobRuns: Sendable, Hashable {
    package var service: String?
    package var name: String?
    /// How many runs of it there are.
    package var count: Int
    /// The last of them, `mostRuns` at most, the oldest first: their places in a list of the caller's.
    package var last: [Int]

    /// Fewer runs than these show no trend.
    package static let leastRuns = 3
    /// What came before these is long ago.
    package static let mostRuns = 20

    /// A run, as far as its job and its place in time are in question.
    package struct Run {
        package var service: String?
        package var name: String?
        /// µs since the epoch.
        package var start: Int64
        package var id: Identifier
        package var place: Int

        package init(service: String?, name: String?, start: Int64, id: Identifier, place: Int) {
            self.service = service
            self.name = name
            self.start = start
            self.id = id
            self.place = place
        }
    }

    private struct Key: Hashable {
        var service: String?
        var name: String?
    }

    /// The jobs that have at least `leastRuns` runs, those with the most first, of equals by service and name.
    package static func all(of runs: [Run]) -> [JobRuns] {
        Dictionary(grouping: runs) { Key(service: $0.service, name: $0.name) }
            .filter { $0.value.count >= leastRuns }
            .map { key, runs in
                let ordered = runs.sorted { $0.start != $1.start ? $0.start < $1.start : $0.id > $1.id }
                return JobRuns(
                    service: key.service, name: key.name, count: runs.count,
                    last: ordered.suffix(mostRuns).map(\.place))
            }
            .sorted { left, right in
                if left.count != right.count { return left.count > right.count }
                let (a, b) = (left.service ?? "", right.service ?? "")
                return a != b ? a < b : (left.name ?? "") < (right.name ?? "")
            }
    }
}
