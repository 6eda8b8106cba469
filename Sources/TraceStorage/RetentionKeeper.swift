import TraceCore

/// Removes what arrived before a point in time, for whoever writes to a database: in short transactions between those
/// of deliveries, so that the intake goes on.
///
/// A run goes when the last request that brought something of it is that old, with all that was worked out of it; an
/// event of no trace goes with its request; a body goes when nothing of it is left. Then go the processes and the texts
/// that nothing refers to any more, and the file gives back what it does not need.
///
/// Requests are numbered in the order in which they came. As old counts what came before the first request that is known
/// to be young: of one stamped by a clock that was wrong for a while, the next one says how old it is.
package struct RetentionKeeper: Sendable {
    /// Called between two steps, with the time the last one took; ends the sweep where it says so.
    package typealias Pause = (Duration) async -> Bool

    /// What a sweep removed.
    package struct Removed: Sendable, Equatable {
        package var runs = 0
        package var untracedEvents = 0
        package var bodies = 0
        /// Bytes of the bodies, as they were stored.
        package var bodyBytes = 0
        package var processes = 0
        package var texts = 0
        /// Whether the sweep came to its end.
        package var isComplete = false
        /// Whether the clock was too far ahead to be believed, and less was removed for that.
        package var isClockDoubted = false
    }

    /// Processes and texts that nothing refers to are looked for at most so often, µs.
    private static let referenceInterval: Int64 = 86_400_000_000

    let writer: TraceWriter
    private let path: String
    private let began = ContinuousClock.now
    private var clock: RetentionClock
    /// The last request that was stored before this keeper was there.
    private let lastBodyBefore: Int64
    private var lastReferences: Int64?
    /// For as long as a sweep takes.
    private var reader: TraceReader?
    private var lastStep: Duration?
    private var hasUnusedReferences = false

    /// A keeper that begins where the clock says `clock`, µs since the epoch; the sooner after the writer the better.
    package init(_ writer: TraceWriter, path: String, clock: Int64) throws {
        self.writer = writer
        self.path = path
        let last = try TraceReader(path: path).read { try $0.retention().lastBody() }
        self.clock = RetentionClock(clock: clock, passed: 0, lastRequest: last?.requestTime)
        lastBodyBefore = last?.number ?? 0
    }

    /// Removes all that arrived before a point in time, looks for texts that are left over, and shortens the file as
    /// far as it goes. Times are µs since the epoch.
    package mutating func sweep(arrivedBefore: Int64, now: Int64, pause: Pause = { _ in true }) async throws -> Removed
    {
        hasUnusedReferences = true
        lastReferences = nil
        return try await sweep(Limits(cutoff: arrivedBefore, now: now, lastBody: .max), passed: 0, spare: 0, pause)
    }

    /// Removes what arrived longer ago than an age, µs, where the clock says `clock`, µs since the epoch. To be called
    /// every so often by a server, which keeps some room in the file for what comes next. What this keeper has seen
    /// coming goes by the time that passed since, whatever the clock said.
    package mutating func sweep(
        keeping age: Int64, clock: Int64, pause: Pause = { _ in true }
    ) async throws -> Removed {
        let passed = (ContinuousClock.now - began).microseconds
        return try await sweep(keeping: age, clock: clock, passed: passed, pause: pause)
    }

    /// As the one above, where `passed` µs have passed since the keeper was made.
    mutating func sweep(
        keeping age: Int64, clock: Int64, passed: Int64, pause: Pause = { _ in true }
    ) async throws -> Removed {
        let now = self.clock.time(clock: clock, passed: passed)
        let limits = Limits(cutoff: now - age, now: now, lastBody: passed < age ? lastBodyBefore : .max)
        var removed = try await sweep(limits, passed: passed, spare: 16, pause)
        removed.isClockDoubted = self.clock.isDoubted
        return removed
    }

    private struct Limits {
        /// What arrived before this is old, µs since the epoch.
        var cutoff: Int64
        /// No request came later than this.
        var now: Int64
        /// Of later bodies it is known that they are young.
        var lastBody: Int64
    }

    /// Thrown where a pause says so, and where the writer is closed.
    struct Stopped: Error {}

    /// `spare` is the part of the file that may be free without being given back, as 1/spare; 0 is none.
    private mutating func sweep(
        _ limits: Limits, passed: Int64, spare: Int, _ pause: Pause
    ) async throws -> Removed {
        var removed = Removed()
        reader = try TraceReader(path: path)
        lastStep = nil
        defer { reader = nil }
        do {
            try await removeLeaving(pause)
            if let last = try await lastOldBody(limits, pause) {
                let survivors = try await removeRuns(upTo: last, pause, &removed)
                try await removeLeaving(pause)
                try await removeUntraced(upTo: last, limits, pause, &removed)
                try await removeBodies(upTo: last, survivors, pause, &removed)
            }
            if removed.bodies + removed.runs + removed.untracedEvents > 0 { hasUnusedReferences = true }
            if hasUnusedReferences, lastReferences.map({ passed - $0 >= Self.referenceInterval }) ?? true {
                try await removeReferences(pause, &removed)
                (lastReferences, hasUnusedReferences) = (passed, false)
            }
            try await shorten(spare: spare, pause)
            removed.isComplete = true
        } catch is Stopped {}
        return removed
    }

    /// The last body behind which the first young one may stand; nil where there is nothing old.
    private mutating func lastOldBody(_ limits: Limits, _ pause: Pause) async throws -> Int64? {
        var (behind, found): (Int64, Int64?) = (0, nil)
        var latest = Int64.min
        while true {
            let bodies = try await read(pause) { [behind] in
                try $0.retention().bodies(behind: behind, upTo: limits.lastBody, limit: 500)
            }
            for body in bodies {
                if limits.cutoff...max(limits.cutoff, limits.now) ~= body.requestTime { return found }
                // One that is stamped with a time to come, or with an earlier one than those before it, tells nothing.
                guard body.requestTime < limits.cutoff, body.requestTime >= latest else { continue }
                latest = body.requestTime
                found = body.number
            }
            guard let last = bodies.last?.number else { return found }
            behind = last
        }
    }

    /// Removes runs; those that stay although they have something of bodies that are old.
    private mutating func removeRuns(upTo last: Int64, _ pause: Pause, _ removed: inout Removed) async throws -> [Int64]
    {
        var behind: Int64 = 0
        var survivors: [Int64] = []
        while true {
            let (runs, next) = try await read(pause) { [behind] in
                try $0.retention().runs(behind: behind, limit: 256)
            }
            // Runs are numbered in the order of their first bodies.
            let old = runs.prefix { $0.bodies.lowerBound <= last }
            survivors += old.filter { $0.bodies.upperBound > last }.map(\.number)
            var going = old.filter { $0.bodies.upperBound <= last }.map(\.number)
            while !going.isEmpty {
                let step = try await write(pause) { [going] writer, isOver in
                    try writer.removal.remove(runs: going, upTo: last, until: isOver)
                }
                going.removeFirst(step.dealtWith)
                removed.runs += step.removed
                survivors += step.kept
            }
            guard let next, old.count == runs.count else { return survivors }
            behind = next
        }
    }

    private mutating func removeLeaving(_ pause: Pause) async throws {
        while try await !write(pause, { try $0.removal.removeLeaving(until: $1) }) {}
    }

    private mutating func removeUntraced(
        upTo last: Int64, _ limits: Limits, _ pause: Pause, _ removed: inout Removed
    ) async throws {
        var place: RetentionQuery.Place? = RetentionQuery.Place()
        while let behind = place {
            let (digests, next) = try await read(pause) {
                try $0.retention().untraced(behind: behind, upTo: last, limit: 4_000)
            }
            for start in stride(from: 0, to: digests.count, by: 250) {
                let some = Array(digests[start..<min(start + 250, digests.count)])
                removed.untracedEvents += try await write(pause) { writer, _ in
                    try writer.removal.remove(untraced: some, upTo: last)
                }
            }
            place = next
        }
        try await write(pause) { writer, _ in try writer.removal.removeOffenders(before: limits.cutoff) }
    }

    private mutating func removeBodies(
        upTo last: Int64, _ survivors: [Int64], _ pause: Pause, _ removed: inout Removed
    ) async throws {
        var behind: Int64 = 0
        while true {
            var unused = try await read(pause) { [behind] snapshot in
                let retention = snapshot.retention()
                let bodies = try retention.bodies(behind: behind, upTo: last, limit: 500).map(\.number)
                guard let first = bodies.first, let last = bodies.last else {
                    return (ids: [Int64](), last: Int64?.none)
                }
                let used = try retention.bodies(first...last, of: survivors)
                return (ids: bodies.filter { !used.contains($0) }, last: last)
            }
            while !unused.ids.isEmpty {
                let step = try await write(pause) { [ids = unused.ids] writer, isOver in
                    try writer.removal.remove(bodies: ids, until: isOver)
                }
                unused.ids.removeFirst(step.count)
                removed.bodies += step.count
                removed.bodyBytes += step.bytes
            }
            guard let last = unused.last else { return }
            behind = last
        }
    }

    /// How long a step's transaction may go on before it ends at the next row.
    private static let stepTime = Duration.milliseconds(10)

    /// Reads what there is at one moment.
    mutating func read<Result: Sendable>(
        _ pause: Pause, _ body: @escaping @Sendable (TraceReader.Snapshot) throws -> Result
    ) async throws -> Result {
        try await goOn(pause)
        let began = ContinuousClock.now
        guard let result = try await reader?.readAside(body) else { throw Stopped() }
        lastStep = ContinuousClock.now - began
        return result
    }

    /// Writes something in a transaction of its own.
    @discardableResult
    mutating func write<Result: Sendable>(
        _ pause: Pause, _ body: @escaping @Sendable (EventWriter, _ isOver: () -> Bool) throws -> Result
    ) async throws -> Result {
        try await goOn(pause)
        let began = ContinuousClock.now
        let result = try await writer.keepHouse { writer, _ in
            let end = ContinuousClock.now + Self.stepTime
            return try body(writer) { ContinuousClock.now >= end }
        }
        guard let result else { throw Stopped() }
        lastStep = ContinuousClock.now - began
        return result
    }

    private mutating func goOn(_ pause: Pause) async throws {
        if let lastStep, await !pause(lastStep) { throw Stopped() }
    }
}

extension Duration {
    fileprivate var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
