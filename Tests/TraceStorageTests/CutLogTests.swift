import Foundation
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("A power loss: what stands in the files at any moment")
struct CutLogTests {
    /// How long the log was behind each commit: all of that was synced when the commit was acknowledged.
    private struct Recorded {
        var database: [UInt8]
        var log: [UInt8]
        /// Behind the tables alone, then behind each commit.
        var ends: [Int] = []
    }

    private func record(commits: Int) async throws -> Recorded {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        var ends = [await writer.status.logBytes]
        for number in 0..<commits {
            var batch = EventBatch.random(seed: UInt64(number)).renamed("run \(number)")
            batch.processes[0].line = Array("line \(number)".utf8)
            let body = [UInt8](repeating: UInt8(number), count: number % 5 * 4_000)
            _ = await writer.store(batch.delivery(body: body))
            ends.append(await writer.status.logBytes)
        }
        let files = (database.bytes(), database.bytes(of: database.path + "-wal"))
        await writer.close()
        return Recorded(database: try #require(files.0), log: try #require(files.1), ends: ends)
    }

    private func copy(_ recorded: Recorded, cutAt end: Int) throws -> TemporaryDatabase {
        let copy = try TemporaryDatabase()
        try copy.write(recorded.database)
        try Data(recorded.log.prefix(end)).write(to: URL(fileURLWithPath: copy.path + "-wal"))
        return copy
    }

    @Test("the log cut anywhere: exactly the commits are there that were whole, for readers and for the writer")
    func cut() async throws {
        let recorded = try await record(commits: 30)
        #expect(zip(recorded.ends, recorded.ends.dropFirst()).allSatisfy(<), "each commit is in the log")
        #expect(recorded.ends.last == recorded.log.count)
        let first = recorded.ends[0]
        var generator = SeededGenerator(seed: 5)
        var cuts = (0..<200).map { _ in Int.random(in: first...recorded.log.count, using: &generator) }
        cuts += recorded.ends.flatMap { [$0 - 1, $0, $0 + 1] }.filter { first...recorded.log.count ~= $0 }
        for (number, cut) in cuts.enumerated() {
            let database = try copy(recorded, cutAt: cut)
            let whole = recorded.ends.dropFirst().count { $0 <= cut }
            #expect(try database.runs().count == whole, "cut at \(cut)")
            guard number % 16 == 0 else { continue }
            #expect(try database.problems() == [], "cut at \(cut)")
            #expect(try await database.store(EventBatch.run("new").delivery()) == [.stored(duplicates: 0)])
            #expect(try database.runs().count == whole + 1, "cut at \(cut)")
            #expect(try database.problems() == [], "cut at \(cut)")
        }
    }

    @Test("the log cut before the first commit: a database without events, or one to be begun anew")
    func beginning() async throws {
        let recorded = try await record(commits: 2)
        for cut in stride(from: 0, through: recorded.ends[0], by: max(1, recorded.ends[0] / 20)) {
            let database = try copy(recorded, cutAt: cut)
            _ = try await database.store(EventBatch.run("new").delivery())
            #expect(try database.runs().map(\.trace.text) == ["new"], "cut at \(cut)")
            #expect(try database.problems() == [], "cut at \(cut)")
        }
    }

    @Test("bits that flip in the log: what was committed before them is there, and nothing that never was")
    func flipped() async throws {
        let recorded = try await record(commits: 20)
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<60 {
            var damaged = recorded
            let place = Int.random(in: recorded.ends[0]..<recorded.log.count, using: &generator)
            damaged.log[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            let database = try copy(damaged, cutAt: damaged.log.count)
            let whole = recorded.ends.dropFirst().count { $0 <= place }
            // A commit ends with its last frame; a flip in what SQLite doesn't check there is no damage.
            #expect(try database.runs().count >= whole, "flipped at \(place)")
            #expect(try database.problems() == [], "flipped at \(place)")
        }
    }
}
