/// The shortest and the longest of some runs, each from the earliest start to the latest end of the whole trace; of
/// equals the one whose id is the least.
package struct RunMakespans: Sendable, Hashable {
    package struct Run: Sendable, Hashable {
        package var id: Identifier
        /// µs.
        package var makespan: Int64
    }

    package var least: Run
    package var greatest: Run
}

extension RunMakespans? {
    mutating func add(_ figures: RunFigures) {
        let run = RunMakespans.Run(id: figures.id, makespan: figures.makespan)
        guard var known = self else {
            self = RunMakespans(least: run, greatest: run)
            return
        }
        if run.makespan < known.least.makespan || run.makespan == known.least.makespan && run.id < known.least.id {
            known.least = run
        }
        if run.makespan > known.greatest.makespan
            || run.makespan == known.greatest.makespan && run.id < known.greatest.id
        {
            known.greatest = run
        }
        self = known
    }
}
