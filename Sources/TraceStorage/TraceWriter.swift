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
    private var lock: DatabaseLock?
    private let path: String
    private let waitingLimit: Int
    private var waiting: [Waiting] = []
    /// What waits and what is being written, together.
    private var weight = 0
    private var isWriting = false
    private var isClosed = false
    /// Those who wait until nothing is being written.
    private var closing: [CheckedContinuation<Void, Never>] = []

    private struct Waiting {
        let delivery: Delivery
        let weight: Int
        let answer: CheckedContinuation<DeliveryOutcome, Never>
    }

    /// Opens a database for writing, made where it isn't there, and brings its schema up to date. Throws where it
    /// is held by another writer, is not ours, was written by a newer version, or cannot be written. A commit waits
    /// `busySeconds` for another program that has the file locked.
    package init(
        path: String, waitingLimit: Int = defaultWaitingLimit, busySeconds: Double = 5
    ) throws(StorageError) {
        self.path = path
        self.waitingLimit = waitingLimit
        lock = try DatabaseFile.lock(path)
        do {
            queue = try DatabaseFile.openForWriting(path, busySeconds: busySeconds)
            writer = try queue.write { try EventWriter($0) }
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// Tells other processes where to post while this one holds the database.
    package func announce(address: String) { lock?.announce(address: address) }

    /// Stores a delivery; answers after its commit is on disk. One that alone is beyond the bound is taken where
    /// nothing else waits.
    package func store(_ delivery: Delivery) async -> DeliveryOutcome {
        if isClosed { return .shuttingDown }
        if delivery.isEmpty { return .stored(duplicates: 0) }
        let weight = delivery.weight
        guard self.weight == 0 || self.weight + weight <= waitingLimit else { return .queueFull }
        return await withCheckedContinuation { answer in
            waiting.append(Waiting(delivery: delivery, weight: weight, answer: answer))
            self.weight += weight
            if !isWriting {
                isWriting = true
                Task { await writeAll() }
            }
        }
    }

    /// Takes no more deliveries, writes those that wait, checkpoints, closes and lets the lock go.
    package func close() async {
        isClosed = true
        if isWriting { await withCheckedContinuation { closing.append($0) } }
        // A connection with statements left does not close.
        writer = nil
        try? queue.close()
        lock = nil
    }

    /// Writes what waits until nothing does, all that waits at one time in one commit.
    private func writeAll() async {
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            let outcomes = await commit(batch.map(\.delivery))
            for (entry, outcome) in zip(batch, outcomes) {
                weight -= entry.weight
                entry.answer.resume(returning: outcome)
            }
        }
        isWriting = false
        for waiter in closing { waiter.resume() }
        closing = []
    }

    private func commit(_ deliveries: [Delivery]) async -> [DeliveryOutcome] {
        guard let writer else { return deliveries.map { _ in .shuttingDown } }
        do {
            let duplicates = try await queue.write { _ in try deliveries.map { try writer.store($0) } }
            return duplicates.map { .stored(duplicates: $0) }
        } catch {
            try? await queue.writeWithoutTransaction { _ in writer.forget() }
            let failure = StorageError(error, path: path)
            return deliveries.map { _ in .failed(failure.message) }
        }
    }

    /// Pragmas in force on the writing connection, by name.
    package func pragma(_ name: String) async throws -> Int? {
        try await queue.read { try Int.fetchOne($0, sql: "PRAGMA \(name)") }
    }
}
