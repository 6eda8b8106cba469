import Foundation
import GRDB
import GRDBSQLite
import Synchronization
import Testing
import TraceCore

@testable import TraceStorage

/// What a writer told of its problems.
final class Told: Sendable {
    private let all = Mutex<[String?]>([])

    func note(_ problem: String?) { all.withLock { $0.append(problem) } }

    var messages: [String?] { all.withLock { $0 } }
}

/// Waits until something is so; a failed expectation where it does not come to be.
func eventually(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ isSo: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try await !isSo() {
        guard ContinuousClock.now < end else {
            Issue.record("it did not come to be that \(what)", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

extension TraceWriter {
    var problem: String? { health.problem?.message }

    func store(_ batch: EventBatch) async -> DeliveryOutcome { await store(batch.delivery()) }

    /// Lets SQLite take no text or blob beyond so many bytes.
    func limitLength(to bytes: Int32) async {
        try? await queue.writeWithoutTransaction { db in
            _ = sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_LENGTH, bytes)
        }
    }

    /// Moves all there is out of the log; false where that was not possible.
    func checkpoint() async throws -> Bool {
        let checkpoints = try #require(checkpoints)
        return try await queue.writeWithoutTransaction { _ in checkpoints.emptyLog() }
    }

    /// Waits until it found out itself that it works again.
    nonisolated func recovers(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await eventually("it works again", sourceLocation: sourceLocation) { await problem == nil }
        if let problem = await problem { Issue.record("\(problem)", sourceLocation: sourceLocation) }
    }
}

#if os(Linux)
    /// Makes a file that this process has open fail, as a disk would: every descriptor of it becomes one of another
    /// file until `mend` is called.
    struct BrokenFile {
        private let saved: [(descriptor: Int32, copy: Int32)]

        /// `replacement` is opened with `flags` in the place of the file at `path`.
        init(_ path: String, as replacement: String, _ flags: Int32) throws {
            let broken = open(replacement, flags | O_CLOEXEC)
            try #require(broken >= 0)
            defer { close(broken) }
            let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            // All of them before the first copy is made, which may take the number of one that was listed.
            let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
                return target == real ? Int32(name) : nil
            }
            saved = descriptors.filter { $0 != broken }.map { ($0, dup($0)) }
            for (descriptor, _) in saved { try #require(dup2(broken, descriptor) == descriptor) }
            try #require(!saved.isEmpty)
        }

        func mend() {
            for (descriptor, copy) in saved {
                _ = dup2(copy, descriptor)
                close(copy)
            }
        }
    }
#endif
