/// What a report by run says of a run beside the statistics of its tasks.
package struct ReportedRun: Sendable, Hashable {
    package var id: Identifier
    /// Of the event that the run is named after.
    package var service: String?
    package var name: String?
    /// The earliest start of the whole trace, µs since the epoch.
    package var start: Int64
    /// To the latest end of the whole trace, µs.
    package var makespan: Int64
    /// Of its largest group; nil where it has none, and where a line is seen that is not of slots.
    package var slots: Int?
    /// Whether it has no root yet and its events still come.
    package var isArriving: Bool

    init(_ figures: RunFigures, isArriving: Bool) {
        id = figures.id
        service = figures.texts[figures.service]
        name = figures.texts[figures.name]
        start = figures.start
        makespan = figures.makespan
        slots = figures.largestGroup?.slots
        self.isArriving = isArriving
    }
}

extension TaskReport {
    /// Puts the groups of a report by run alone in order of time, the newest first, of equals by trace id: as lists of
    /// runs have it. Other reports stay as they are.
    package mutating func orderByTime() {
        guard dimensions == [.run] else { return }
        groups.sort { left, right in
            guard let a = left.run, let b = right.run else { return false }
            return a.start != b.start ? a.start > b.start : a.id < b.id
        }
    }

    /// The jobs of a report by run alone, with the places of their last runs in `groups`. Runs that still arrive are
    /// not among them: what has come of one says nothing of how it will be.
    package var jobs: [JobRuns] {
        guard dimensions == [.run] else { return [] }
        let arrived = groups.indices.filter { groups[$0].run?.isArriving == false }
        return JobRuns.all(
            of: arrived.compactMap { place in
                groups[place].run.map {
                    JobRuns.Run(service: $0.service, name: $0.name, start: $0.start, id: $0.id, place: place)
                }
            })
    }
}
