import GRDB
package import TraceCore

/// The one connection that writes to a database and checkpoints it, and the only way in for events.
///
/// Deliveries that wait while one commit is under way share the next. What waits is bounded: a delivery beyond
/// the bound is turned away at once.
package actor TraceWriter {
    /// Beyond this many bytes of waiting deliveries a new one is turned away.
    package static let defaultWaitingLimit = 40 << 20

    var queue: DatabaseQueue
    /// Nil once closed, and during an outage.
    var writer: EventWriter?
    var checkpoints: Checkpoints?
    var lock: DatabaseLock?
    var files: OpenFiles
    let path: String
    let busySeconds: Double
    private let waitingLimit: Int
    /// Whether it can write, and what came of its commits.
    var health: StoreHealth
    /// While the database is closed because the path names it no longer, or another holds it.
    var outage: Outage?
    /// Where others are to post, once that is known.
    var address: String?
    /// Whether the database was opened anew, so that nobody knows which figures are there.
    var figuresAreUnknown = false
    private var waiting: [Waiting] = []
    /// How many commits there were: whether it rose tells whether something comes in.
    package private(set) var commits = 0
    /// What waits and what is being written, together.
    private var weight = 0
    var isWriting = false
    private(set) var isClosed = false
    /// Deliveries that are being written.
    private var underWay = 0
    /// Whether to find out if it works again, although nothing is to be written.
    var attemptIsDue = false
    /// Whether that will be found out in a while.
    var attemptIsScheduled = false
    let retryInterval: Duration
    /// Those who want to know what came of the next attempt or commit.
    var asking: [CheckedContinuation<Void, Never>] = []
    private let now: @Sendable () -> Int64
    /// What was noted as lost and is not written yet.
    private var losses = LossTally()
    /// When something was last added to them, µs since the epoch.
    private var lossTime: Int64 = 0
    /// Whether they are to be written although no delivery waits.
    private var lossesAreDue = false
    /// Whether they will be in a while.
    private var lossesAreScheduled = false
    private let lossInterval: Duration
    /// Those who wait until nothing is being written.
    private var closing: [CheckedContinuation<Void, Never>] = []

    private struct Waiting {
        let delivery: Delivery
        let weight: Int
        let answer: CheckedContinuation<DeliveryOutcome, Never>
    }

    /// Opens a database for writing, made where it isn't there, and brings its schema up to date. Throws where it
    /// is held by another writer, is not ours, was written by a newer version, or cannot be written. A commit waits
    /// `busySeconds` for another program that has the file locked. Noted losses that no delivery takes along are
    /// written after `lossInterval`. `now` gives µs since the epoch.
    ///
    /// Where nothing can be written any more `onProblem` is called once, with the reason in one line; again where the
    /// reason is another; and with nil when it has worked again for a while. Every `retryInterval` until then the writer
    /// finds out itself whether it can write.
    package init(
        path: String, waitingLimit: Int = defaultWaitingLimit, busySeconds: Double = 5,
        lossInterval: Duration = .seconds(1), retryInterval: Duration = .seconds(1),
        onProblem: @escaping @Sendable (String?) -> Void = { _ in },
        now: @escaping @Sendable () -> Int64 = { Platform.now }
    ) throws(StorageError) {
        self.path = path
        self.busySeconds = busySeconds
        self.waitingLimit = waitingLimit
        self.lossInterval = lossInterval
        self.retryInterval = retryInterval
        self.now = now
        health = StoreHealth(quietTime: retryInterval * 5, onProblem: onProblem)
        lock = try DatabaseFile.lock(path)
        let database = try OpenDatabase(path, busySeconds: busySeconds)
        (queue, writer, checkpoints) = (database.queue, database.writer, database.checkpoints)
        files = database.files
    }

    /// Tells other processes where to post while this one holds the database.
    package func announce(address: String) {
        self.address = address
        lock?.announce(address: address)
    }

    /// Stores a delivery; answers after its commit is on disk. One that alone is beyond the bound is taken where
    /// nothing else waits; one that brings losses alone is noted where there is no room.
    package func store(_ delivery: Delivery) async -> DeliveryOutcome {
        if isClosed { return .shuttingDown }
        if delivery.isEmpty, delivery.losses.isEmpty { return .stored(duplicates: 0) }
        let weight = delivery.weight + delivery.losses.weight
        guard self.weight == 0 || self.weight + weight <= waitingLimit else {
            guard delivery.isEmpty else { return .queueFull }
            note(delivery.losses)
            return .stored(duplicates: 0)
        }
        return await withCheckedContinuation { answer in
            waiting.append(Waiting(delivery: delivery, weight: weight, answer: answer))
            self.weight += weight
            startWriting()
        }
    }

    /// Notes what was lost of requests that bring no delivery. It is written with the next commit, in a while where
    /// none comes, and at the latest when the writer closes.
    package func note(_ losses: LossTally) {
        guard !isClosed, !losses.isEmpty else { return }
        self.losses.absorb(losses)
        lossTime = now()
        scheduleLosses()
    }

    /// Figures of these runs will be worked out from what is stored now, or later.
    func beginFigures(_ runs: [Int64]) async {
        guard let writer else { return }
        try? await queue.writeWithoutTransaction { _ in writer.figures.begin(runs) }
    }

    /// Stores figures that were worked out since `beginFigures`, but for runs to which something was added meanwhile.
    /// Throws also where that cannot be tried now.
    func storeFigures(_ figures: [(run: Int64, data: [UInt8])]) async throws(StorageError) {
        if let problem = health.problem { throw problem }
        guard let writer, files.fault == nil, lock?.isInPlace == true else { return }
        do {
            try await queue.write { _ in try writer.figures.store(figures) }
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// The runs whose figures were thrown away since this was last asked; nil where they were too many to be told.
    func takeReopened() async -> Set<Int64>? {
        guard let writer else { return [] }
        if figuresAreUnknown {
            figuresAreUnknown = false
            return nil
        }
        return try? await queue.writeWithoutTransaction { _ in writer.figures.takeReopened() }
    }

    /// Calls `body` in a transaction of its own, between those of deliveries; nil where the writer is closed.
    func keepHouse<Result: Sendable>(
        _ body: @escaping @Sendable (EventWriter, Database) throws -> Result
    ) async throws(StorageError) -> Result? {
        guard let writer else { return nil }
        do {
            let result = try await queue.write { try body(writer, $0) }
            if let checkpoints { try? await queue.writeWithoutTransaction { _ in checkpoints.commitEnded() } }
            return result
        } catch {
            try? await queue.writeWithoutTransaction { _ in writer.forget() }
            throw StorageError(error, path: path)
        }
    }

    /// Takes no more deliveries, writes those that wait and what was lost, checkpoints, closes and lets the lock go.
    package func close() async {
        isClosed = true
        if !losses.isEmpty {
            lossesAreDue = true
            startWriting()
        }
        if isWriting { await withCheckedContinuation { closing.append($0) } }
        closeDatabase()
        outage = nil
        lock = nil
        health.end()
    }

    func closeDatabase() {
        // A connection with statements left does not close.
        writer = nil
        checkpoints = nil
        try? queue.close()
    }

    private func scheduleLosses() {
        guard !lossesAreScheduled, !isClosed else { return }
        lossesAreScheduled = true
        Task { [weak self, lossInterval] in
            try? await Task.sleep(for: lossInterval)
            await self?.writeLosses()
        }
    }

    private func writeLosses() {
        lossesAreScheduled = false
        guard !isClosed, !losses.isEmpty else { return }
        lossesAreDue = true
        startWriting()
    }

    func startWriting() {
        guard !isWriting else { return }
        isWriting = true
        Task { await writeAll() }
    }

    /// Writes what waits until nothing does, all that waits at one time in one commit.
    private func writeAll() async {
        while !waiting.isEmpty || lossesAreDue || attemptIsDue {
            // A commit tells as much as an attempt, but for one that is not even tried.
            if attemptIsDue, outage != nil || (waiting.isEmpty && !lossesAreDue) { await attempt() }
            attemptIsDue = false
            if !waiting.isEmpty || lossesAreDue { await writeWaiting() }
            for asker in asking { asker.resume() }
            asking = []
        }
        isWriting = false
        for waiter in closing { waiter.resume() }
        closing = []
    }

    private func writeWaiting() async {
        let batch = waiting
        waiting = []
        lossesAreDue = false
        underWay = batch.count
        let outcomes = await commit(batch.map(\.delivery))
        commits += 1
        underWay = 0
        for (entry, outcome) in zip(batch, outcomes) {
            weight -= entry.weight
            entry.answer.resume(returning: outcome)
        }
        // Who waits for an answer does not wait for this.
        if let checkpoints { try? await queue.writeWithoutTransaction { _ in checkpoints.commitEnded() } }
    }

    private func commit(_ deliveries: [Delivery]) async -> [DeliveryOutcome] {
        guard writer != nil || outage != nil else { return deliveries.map { _ in .shuttingDown } }
        let (noted, time) = (losses, lossTime)
        losses = LossTally()
        let began = ContinuousClock.now
        do throws(StorageError) {
            try await checkFiles()
            let written = try await write(deliveries, noted, at: time)
            // What was written by then, but not where others read, is not stored.
            try await checkFiles()
            health.note(commit: began.duration(to: .now), worked: written.isAnything || written.failure == nil)
            if written.isAnything { health.noteSuccess() }
            if let failure = written.failure { noteProblem(failure) }
            keep(written.unwritten)
            return written.outcomes
        } catch {
            health.note(commit: began.duration(to: .now), worked: false)
            noteProblem(error)
            keep(noted)
            return deliveries.map { _ in .failed(error.message) }
        }
    }

    /// Writes deliveries and losses in one transaction. Where it fails for what may be the fault of one delivery, each
    /// is written apart in a second, so that the others don't suffer; throws where none can be written.
    private func write(
        _ deliveries: [Delivery], _ noted: LossTally, at time: Int64
    ) async throws(StorageError) -> WrittenDeliveries {
        guard let writer, let checkpoints else { throw .failed(path: path, reason: "it is closed") }
        do {
            do {
                return try await queue.write { db in
                    try checkpoints.checkSize()
                    return try writer.store(deliveries, noted, at: time, db)
                }
            } catch  where !deliveries.isEmpty && !StorageError.concernsAll(error) {
                try await queue.writeWithoutTransaction { _ in writer.forget() }
                return try await queue.write { [path] in
                    try writer.storeApart(deliveries, noted, at: time, $0, path: path)
                }
            }
        } catch {
            try? await queue.writeWithoutTransaction { _ in writer.forget() }
            throw StorageError(error, path: path)
        }
    }

    /// Takes back losses that could not be written, as earlier than those noted since.
    private func keep(_ unwritten: LossTally) {
        guard !unwritten.isEmpty else { return }
        var all = unwritten
        all.absorb(losses)
        losses = all
        scheduleLosses()
    }

    /// How it is doing. Where nothing is being written and it looks as if nothing could be, that is tried first.
    package var status: StoreStatus {
        get async {
            if isInDoubt {
                await withCheckedContinuation { asker in
                    asking.append(asker)
                    attemptIsDue = true
                    startWriting()
                }
            }
            var status = StoreStatus()
            (status.waitingDeliveries, status.waitingBytes) = (waiting.count + underWay, weight)
            status.waitingLimit = waitingLimit
            (status.commits, status.failedCommits) = (commits, health.failedCommits)
            status.commitTimes = health.times
            status.databaseBytes = Platform.fileSize(path) ?? 0
            status.logBytes = Platform.fileSize(OpenFiles.log(path)) ?? 0
            status.problem = health.problem?.message
            return status
        }
    }

    /// Pragmas in force on the writing connection, by name.
    package func pragma(_ name: String) async throws -> Int? {
        try await queue.read { try Int.fetchOne($0, sql: "PRAGMA \(name)") }
    }
}

extension LossTally {
    /// About how many bytes it takes.
    fileprivate var weight: Int {
        var weight = 0
        for entry in entries {
            weight += MemoryLayout<Entry>.stride + entry.reason.utf8.count
            for offender in entry.offenders {
                weight += MemoryLayout<Offender>.stride + (offender.service?.utf8.count ?? 0)
                weight += offender.document?.count ?? 0
            }
        }
        return weight
    }
}
