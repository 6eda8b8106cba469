package import TraceCore

/// A run behind a pool whose waits are known, because it is made up: the same for the same seed.
///
///     arrived     admitted   first span            ended
///        |. . . . . .|--------|########--####--####|
///           waits      prepares, then works with short gaps; holds its slot from admission to end
package struct SimulatedPool {
    package enum Arrivals {
        /// All within so many µs.
        case spread(over: Int64)
        /// With exponential gaps of this mean, µs.
        case random(meanGap: Int64)
    }

    package enum Design {
        /// Each task is opened when it arrives, and waits inside.
        case semaphore
        /// Each task is opened when a worker takes it.
        case queue
    }

    /// What is true of a task, µs.
    package struct Truth {
        package var arrival: Int64
        /// When it got its slot, after the hand-off.
        package var admission: Int64
        package var end: Int64
        /// What it waited inside its transaction.
        package var wait: Int64
    }

    package var tasks: Int
    package var slots: Int
    package var arrivals: Arrivals
    package var design = Design.semaphore
    /// Of the work, µs; each task's is between half and one and a half of it.
    package var meanHold: Int64 = 100_000
    /// The longest hand-off of a slot to one who waits, µs.
    package var jitter: Int64 = 0
    /// The longest time from admission to first span, µs; each task's is anything up to it.
    package var preprocessing: Int64 = 0
    /// The longest lookup before the semaphore, µs: a span of the task.
    package var lookup: Int64 = 0
    /// Whether there are short gaps between the spans of a task's work.
    package var hasGaps = true
    /// Of a hundred tasks.
    package var failing = 0
    package var withoutSpans = 0
    package var seed: UInt64

    package init(tasks: Int, slots: Int, arrivals: Arrivals, seed: UInt64) {
        self.tasks = tasks
        self.slots = slots
        self.arrivals = arrivals
        self.seed = seed
    }

    /// The run as an agent would have recorded it, and what is true of each task, by its number: `task 0` and so on.
    package func run() -> (batch: EventBatch, truths: [Truth]) {
        var generator = SeededGenerator(seed: seed)
        var times = arrivalTimes(&generator)
        times.sort()
        var truths: [Truth] = []
        // When each slot is free again.
        var free = [Int64](repeating: 0, count: slots)
        var batch = EventBatch()
        _ = batch.addProcess()
        for (number, arrival) in times.enumerated() {
            let asked = arrival + (lookup > 0 ? Int64.random(in: lookup / 2...lookup, using: &generator) : 0)
            let slot = free.indices.min { free[$0] < free[$1] } ?? 0
            let handOff = free[slot] > asked && jitter > 0 ? Int64.random(in: 0...jitter, using: &generator) : 0
            let admission = max(asked, free[slot]) + handOff
            let prepared = preprocessing > 0 ? Int64.random(in: 0...preprocessing, using: &generator) : 0
            let fails = Int.random(in: 0..<100, using: &generator) < failing
            let hold = Int64.random(in: meanHold / 2...meanHold * 3 / 2, using: &generator) / (fails ? 4 : 1)
            let end = admission + prepared + max(4, hold)
            free[slot] = end
            let opened = design == .semaphore ? arrival : admission
            let hasSpans = Int.random(in: 0..<100, using: &generator) >= withoutSpans
            batch.transaction("task \(number)", parent: "run", start: opened, duration: end - opened) {
                $0.outcome = fails ? .failure : .success
            }
            if design == .semaphore, asked > arrival {
                batch.span(
                    "lookup \(number)", parent: "task \(number)", of: "task \(number)", start: arrival,
                    duration: asked - arrival)
            }
            if hasSpans { batch.addWork(number, from: admission + prepared, to: end, hasGaps: hasGaps, &generator) }
            truths.append(
                Truth(
                    arrival: opened, admission: admission, end: end,
                    wait: design == .semaphore ? admission - asked : 0))
        }
        return (batch, truths)
    }

    package var batch: EventBatch { run().batch }

    private func arrivalTimes(_ generator: inout SeededGenerator) -> [Int64] {
        switch arrivals {
        case .spread(let time): return (0..<tasks).map { _ in Int64.random(in: 0...time, using: &generator) }
        case .random(let meanGap):
            var time: Int64 = 0
            return (0..<tasks).map { _ in
                // A sum of uniform gaps is close enough to one of exponential ones.
                time += Int64.random(in: 0...2 * meanGap, using: &generator)
                return time
            }
        }
    }
}

extension EventBatch {
    /// Two to four work spans, from a first instant to a last.
    fileprivate mutating func addWork(
        _ number: Int, from start: Int64, to end: Int64, hasGaps: Bool, _ generator: inout SeededGenerator
    ) {
        let count = Int64.random(in: 2...4, using: &generator)
        for part in 0..<count {
            let from = start + (end - start) * part / count
            let to = start + (end - start) * (part + 1) / count
            let gap = part == count - 1 || !hasGaps ? 0 : (to - from) / 50
            span(
                "work \(number).\(part)", parent: "task \(number)", of: "task \(number)", start: from,
                duration: to - gap - from)
        }
    }
}
