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
    private let writer: EventWriter
    private let lock: DatabaseLock
    private let path: String
    private let waitingLimit: Int
    private var waiting: [(delivery: Delivery, answer: CheckedContinuation<DeliveryOutcome, Never>)] = []
    private var waitingWeight = 0
    private var isWriting = false

    /// Opens a database for writing, made where it isn't there, and brings its schema up to date. Throws where it
    /// is held by another writer, is not ours, was written by a newer version, or cannot be written.
    package init(path: String, waitingLimit: Int = defaultWaitingLimit) throws(StorageError) {
        self.path = path
        self.waitingLimit = waitingLimit
        lock = try DatabaseFile.lock(path)
        do {
            queue = try DatabaseFile.openForWriting(path)
            writer = try queue.write { try EventWriter($0) }
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// Tells other processes where to post while this one holds the database.
    package func announce(address: String) { lock.announce(address: address) }

    /// Stores a delivery; answers after its commit is on disk.
    package func store(_ delivery: Delivery) async -> DeliveryOutcome {
        if delivery.isEmpty { return .stored(duplicates: 0) }
        let weight = delivery.weight
        guard waiting.isEmpty || waitingWeight + weight <= waitingLimit else { return .queueFull }
        return await withCheckedContinuation { answer in
            waiting.append((delivery, answer))
            waitingWeight += weight
            if !isWriting {
                isWriting = true
                Task { await writeAll() }
            }
        }
    }

    /// Checkpoints and closes. Deliveries still waiting are written first.
    package func close() async {
        while isWriting { await Task.yield() }
        try? queue.close()
    }

    /// Writes what waits until nothing does, all that waits at one time in one commit.
    private func writeAll() async {
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            let outcomes = await commit(batch.map(\.delivery))
            waitingWeight = waiting.reduce(0) { $0 + $1.delivery.weight }
            for (entry, outcome) in zip(batch, outcomes) { entry.answer.resume(returning: outcome) }
        }
        isWriting = false
    }

    private func commit(_ deliveries: [Delivery]) async -> [DeliveryOutcome] {
        do {
            let writer = writer
            let duplicates = try await queue.write { _ in try deliveries.map { try writer.store($0) } }
            return duplicates.map { .stored(duplicates: $0) }
        } catch {
            let writer = writer
            queue.asyncWriteWithoutTransaction { _ in writer.forget() }
            let failure = StorageError(error, path: path)
            return deliveries.map { _ in .failed(failure.message) }
        }
    }

    /// Pragmas in force on the writing connection, by name.
    package func pragma(_ name: String) async throws -> Int? {
        try await queue.read { try Int.fetchOne($0, sql: "PRAGMA \(name)") }
    }
}
