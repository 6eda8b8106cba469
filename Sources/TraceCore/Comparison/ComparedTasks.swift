/// One side of a comparison as its runs come: a row of integers for each task.
struct ComparedTasks: Sendable {
    private(set) var users: [UInt32] = []
    /// µs.
    private var durations: [Int64] = []
    private var queued: [Int64] = []
    private var waits: [Int64] = []
    private var own: [Int64] = []
    private var delays: [Int64] = []
    /// Of groups, µs.
    private var makespans: [Int64] = []
    private(set) var runIDs: Set<Identifier> = []
    private var runs = 0
    private var arriving = 0
    private var unsampled = 0
    private var failed = 0
    private var incomplete = 0
    private var runsWithoutGroups = 0
    private var runMakespans: RunMakespans?
    private var slots = Slots.unknown

    /// What the slots of all runs are, as far as they came.
    private enum Slots: Sendable {
        case unknown
        /// Nil in a run whose tasks are in no group, or in a line that is not of slots.
        case all(Int?)
        case differing
    }

    /// Adds some tasks of a run.
    mutating func add(_ chosen: [UInt32], of figures: RunFigures, isArriving: Bool, users all: inout ComparedUsers) {
        runs += 1
        arriving += isArriving ? 1 : 0
        unsampled += figures.unsampled
        runsWithoutGroups += figures.hasGroups ? 0 : 1
        runIDs.insert(figures.id)
        runMakespans.add(figures)
        guard !chosen.isEmpty else { return }
        all.read(chosen, of: figures, into: &users)
        let tasks = figures.tasks
        for task in chosen.lazy.map({ Int($0) }) {
            durations.append(tasks[.duration, task])
            queued.append(tasks[.queued, task])
            waits.append(tasks[.queued, task] + tasks[.spanWait, task] + tasks[.inferredWait, task])
            own.append(tasks[.own, task])
            delays.append(tasks[.delay, task])
            failed += tasks[.outcome, task] == Event.Outcome.failure.rawValue ? 1 : 0
            incomplete += Int(tasks[.isIncomplete, task])
        }
        addGroups(of: chosen, figures)
    }

    /// Groups count whole, also where only some of their tasks were asked for.
    private mutating func addGroups(of chosen: [UInt32], _ figures: RunFigures) {
        var counts = [Int](repeating: 0, count: figures.groups.count)
        for task in chosen {
            if let group = figures.group(Int(task)) { counts[group] += 1 }
        }
        var windows = [Interval](repeating: Interval(start: .max, end: .min), count: counts.count)
        for task in 0..<figures.tasks.count {
            guard let group = figures.group(task) else { continue }
            let start = figures.tasks[.start, task]
            windows[group].start = min(windows[group].start, start)
            windows[group].end = max(windows[group].end, start + figures.tasks[.duration, task])
        }
        for (group, count) in counts.enumerated() where count > 0 { makespans.append(windows[group].length) }

        let most = counts.max() ?? 0
        let group = most > 0 ? counts.firstIndex(of: most) : nil
        let found = group.flatMap { figures.groups[$0].knownSlots }
        switch slots {
        case .unknown: slots = .all(found)
        case .all(let known): if known != found { slots = .differing }
        case .differing: break
        }
    }

    /// The values of a quantity, from the least to the greatest.
    func sorted(_ quantity: ComparedQuantity) -> [Int64] {
        switch quantity {
        case .duration: [Int64](sortedCount: users.count) { durations[$0] }
        case .total: [Int64](sortedCount: users.count) { durations[$0] + queued[$0] }
        case .wait: [Int64](sortedCount: users.count) { waits[$0] }
        case .work: [Int64](sortedCount: users.count) { durations[$0] + queued[$0] - waits[$0] }
        case .delay: [Int64](sortedCount: users.count) { delays[$0] }
        case .turnaround: [Int64](sortedCount: users.count) { delays[$0] + durations[$0] }
        case .makespan: makespans.sorted()
        }
    }

    /// The value of a task; makespans are of no task.
    func value(_ quantity: ComparedQuantity, _ task: Int) -> Int64 {
        switch quantity {
        case .duration: durations[task]
        case .total: durations[task] + queued[task]
        case .wait: waits[task]
        case .work: durations[task] + queued[task] - waits[task]
        case .delay: delays[task]
        case .turnaround: delays[task] + durations[task]
        case .makespan: 0
        }
    }

    /// The side as it is told. `statistics` are those of the compared quantities.
    func side(
        users: Int, percentiles: [PercentileRank], statistics: (ComparedQuantity) -> Statistics
    ) -> Comparison.Side {
        let common: Int? = if case .all(let slots) = slots { slots } else { nil }
        return Comparison.Side(
            runs: runs, arriving: arriving, unsampled: unsampled, incomplete: incomplete,
            runsWithoutGroups: runsWithoutGroups, groups: makespans.count, users: users, slots: common,
            statistics: TaskStatistics(tasks: self.users.count, failed: failed) { quantity in
                switch quantity {
                case .total: statistics(.total)
                case .wait: statistics(.wait)
                case .work: statistics(.work)
                case .delay: statistics(.delay)
                case .own:
                    Statistics(
                        ofSorted: [Int64](sortedCount: own.count) { own[$0] }, percentiles: percentiles)
                }
            },
            makespans: runMakespans)
    }
}

/// The tasks of one side, user by user.
struct TasksByUser {
    /// The tasks, those of a user one behind the other.
    private var tasks: [UInt32]
    /// Where the tasks of each user begin in `tasks`, by number; of 0 those that have none.
    private var bounds: [Int]

    /// `last` is the highest number of a user.
    init(_ users: [UInt32], last: Int) {
        bounds = [Int](repeating: 0, count: last + 2)
        for user in users { bounds[Int(user) + 1] += 1 }
        for user in bounds.indices.dropFirst() { bounds[user] += bounds[user - 1] }
        tasks = [UInt32](repeating: 0, count: users.count)
        var next = bounds
        for (task, user) in users.enumerated() {
            tasks[next[Int(user)]] = UInt32(truncatingIfNeeded: task)
            next[Int(user)] += 1
        }
    }

    /// How many tasks a user has.
    func count(_ user: Int) -> Int { bounds[user + 1] - bounds[user] }

    /// The median of a user's tasks; 0 where there are none.
    func median(_ user: Int, _ value: (Int) -> Int64) -> Int64 {
        let tasks = tasks[bounds[user]..<bounds[user + 1]]
        guard tasks.count > 1 else { return tasks.first.map { value(Int($0)) } ?? 0 }
        let values = tasks.map { value(Int($0)) }.sorted()
        return values[Percentile.position(hundredths: 5_000, of: values.count)]
    }
}
