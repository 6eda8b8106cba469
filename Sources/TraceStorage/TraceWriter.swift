import GRDB
package import TraceCore

/// The one connection that writes to a database and checkpoints it, and the only way in for events.
///
/// Deliveries that wait while one commit is under way share the next. What waits is bounded: a delivery beyond
/// the bound is turned away at once.
package actor TraceWriter {
    /// Beyond this many bytes of waiting deliveries a new one is turned away.
    package static let defaultWaitingLimit = 64 << 20

    private let queue: DatabaseQueue
    /// Nil once closed.
    private var writer: EventWriter?
    private var checkpoints: Checkpoints?
    private var lock: DatabaseLock?
    private let path: String
    private let waitingLimit: Int
    private var waiting: [Waiting] = []
    /// How many commits there were: whether it rose tells whether something comes in.
    package private(set) var commits = 0
    /// What waits and what is being written, together.
    private var weight = 0
    private var isWriting = false
    private var isClosed = false
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
    /// written after `lossInterval`.
    package init(
        path: String, waitingLimit: Int = defaultWaitingLimit, busySeconds: Double = 5,
        lossInterval: Duration = .seconds(1)
    ) throws(StorageError) {
        self.path = path
        self.waitingLimit = waitingLimit
        self.lossInterval = lossInterval
        lock = try DatabaseFile.lock(path)
        do {
            queue = try DatabaseFile.openForWriting(path, busySeconds: busySeconds)
            writer = try queue.write { try EventWriter($0) }
            checkpoints = try queue.writeWithoutTransaction { try Checkpoints($0, busySeconds: busySeconds) }
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// Tells other processes where to post while this one holds the database.
    package func announce(address: String) { lock?.announce(address: address) }

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
        lossTime = Platform.now
        scheduleLosses()
    }

    /// Figures of these runs will be worked out from what is stored now, or later.
    func beginFigures(_ runs: [Int64]) async {
        guard let writer else { return }
        try? await queue.writeWithoutTransaction { _ in writer.figures.begin(runs) }
    }

    /// Stores figures that were worked out since `beginFigures`, but for runs to which something was added meanwhile.
    func storeFigures(_ figures: [(run: Int64, data: [UInt8])]) async throws(StorageError) {
        guard let writer else { return }
        do {
            try await queue.write { _ in try writer.figures.store(figures) }
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// The runs whose figures were thrown away since this was last asked; nil where they were too many to be told.
    func takeReopened() async -> Set<Int64>? {
        guard let writer else { return [] }
        return try? await queue.writeWithoutTransaction { _ in writer.figures.takeReopened() }
    }

    /// Takes no more deliveries, writes those that wait and what was lost, checkpoints, closes and lets the lock go.
    package func close() async {
        isClosed = true
        if !losses.isEmpty {
            lossesAreDue = true
            startWriting()
        }
        if isWriting { await withCheckedContinuation { closing.append($0) } }
        // A connection with statements left does not close.
        writer = nil
        checkpoints = nil
        try? queue.close()
        lock = nil
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

    private func startWriting() {
        guard !isWriting else { return }
        isWriting = true
        Task { await writeAll() }
    }

    /// Writes what waits until nothing does, all that waits at one time in one commit.
    private func writeAll() async {
        while !waiting.isEmpty || lossesAreDue {
            let batch = waiting
            waiting = []
            lossesAreDue = false
            let outcomes = await commit(batch.map(\.delivery))
            commits += 1
            for (entry, outcome) in zip(batch, outcomes) {
                weight -= entry.weight
                entry.answer.resume(returning: outcome)
            }
            // Who waits for an answer does not wait for this.
            if let checkpoints { try? await queue.writeWithoutTransaction { _ in checkpoints.commitEnded() } }
        }
        isWriting = false
        for waiter in closing { waiter.resume() }
        closing = []
    }

    private func commit(_ deliveries: [Delivery]) async -> [DeliveryOutcome] {
        guard let writer else { return deliveries.map { _ in .shuttingDown } }
        let (noted, time) = (losses, lossTime)
        losses = LossTally()
        do {
            let (duplicates, unwritten) = try await queue.write { db in
                let duplicates = try deliveries.map { $0.isEmpty ? 0 : try writer.store($0) }
                return (duplicates, try writer.storeLosses(of: deliveries, and: noted, at: time, db))
            }
            keep(unwritten)
            return duplicates.map { .stored(duplicates: $0) }
        } catch {
            try? await queue.writeWithoutTransaction { _ in writer.forget() }
            keep(noted)
            let failure = StorageError(error, path: path)
            return deliveries.map { _ in .failed(failure.message) }
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
