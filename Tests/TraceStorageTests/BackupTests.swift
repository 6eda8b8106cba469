import Foundation
import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Copying a database")
struct BackupTests {
    /// Everything that can be read of it: runs with their events and figures, and the counts of some tables.
    private func contents(_ path: String) throws -> [String] {
        try TraceReader(path: path).read { snapshot in
            var lines: [String] = []
            for run in try snapshot.runs(.all) {
                let figures = try snapshot.withFigures(of: run) { Array($0) }
                lines.append("\(run) \(try snapshot.trace(run).contents) \(figures ?? [])")
            }
            try snapshot.forEachBody { body in
                lines.append("\(body.number) \(body.requestTime) \(body.body.bytes.hashValue) \(body.problems)")
                lines.append("\(body.events.events.count) \(body.events.sideEvents.count)")
            }
            return lines
        }
    }

    private func problems(_ path: String) throws -> [String] {
        try TraceReader(path: path).read { $0.integrityProblems() }
    }

    private func random(_ number: Int, generator: inout SeededGenerator) -> EventBatch {
        var batch = EventBatch.random(seed: UInt64(number))
        batch.events.removeFirst(Int.random(in: 0..<batch.events.count, using: &generator))
        batch = batch.renamed("run \(Int.random(in: 0...number / 4, using: &generator))")
        batch.sideEvent(.error, of: batch.traces[0].text, digest: UInt64(number))
        batch.sideEvent(.metricset, of: nil, digest: UInt64(number))
        return batch
    }

    @Test("has everything, in a file of its own that only its user can read")
    func whole() async throws {
        let database = try TemporaryDatabase()
        var generator = SeededGenerator(seed: 1)
        let writer = try database.writer()
        for number in 0..<40 {
            _ = await writer.store(random(number, generator: &generator).delivery(at: Int64(number)))
        }
        var losses = LossTally()
        losses.note("bad", .lines, LossTally.Offender(time: 5, service: "s", line: 1, document: [7]))
        await writer.note(losses)
        var figures = FigureKeeper(writer, path: database.path)
        try await figures.sweep(quietBefore: 30)
        await writer.close()
        try database.execute(
            "INSERT INTO run_ids SELECT trace_id, id FROM runs WHERE id < 5; UPDATE run_ids_end SET run = 4")
        let file = database.folder + "/copy.db"
        let summary = try DatabaseBackup.make(of: database.path, to: file)
        let counts = try database.rowCounts()
        #expect(summary.runs == counts["runs"] && summary.bodies == 40)
        #expect(summary.bytes == Platform.fileSize(file))
        #expect(try contents(file) == contents(database.path))
        #expect(try problems(file) == [])
        let permissions = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(permissions == 0o600)
        let files = try FileManager.default.contentsOfDirectory(atPath: database.folder)
        #expect(files.count { $0.hasPrefix("copy") } == 1, "\(files)")
        // It is a database like any other.
        let copy = try TraceWriter(path: file)
        #expect(try await copy.pragma("auto_vacuum") == 2)
        #expect(try await copy.pragma("page_size") == 8_192)
        #expect(await copy.store(EventBatch.run("more").delivery()) == .stored(duplicates: 0))
        await copy.close()
        for (table, count) in counts where !["runs", "run_ids", "transactions", "parts", "bodies"].contains(table) {
            let there = try await DatabaseQueue(path: file).read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)")
            }
            #expect(there == count || ["strings", "processes"].contains(table), "\(table)")
        }
        #expect(try problems(file) == [])
    }

    /// Between any two moments of the copying a request comes, and now and then something old is removed.
    @Test("is what had come when it began, whatever comes and goes meanwhile", arguments: 1...4 as ClosedRange<UInt64>)
    func meanwhile(seed: UInt64) async throws {
        let database = try TemporaryDatabase()
        var generator = SeededGenerator(seed: seed)
        let writer = try database.writer()
        for number in 0..<60 {
            let body = [UInt8](repeating: 3, count: number * 10_000)
            _ = await writer.store(random(number, generator: &generator).delivery(at: Int64(number), body: body))
        }
        var figures = FigureKeeper(writer, path: database.path)
        try await figures.sweep(quietBefore: .max)
        let before = try contents(database.path)
        let file = database.folder + "/copy.db"
        // The copying is no task: it waits for what is done meanwhile.
        let path = database.path
        let (moments, goOn) = (AsyncStream.makeStream(of: Void.self), DispatchSemaphore(value: 0))
        let copying = Task {
            try await withCheckedThrowingContinuation { result in
                // A thread of its own may wait: there are few others.
                Thread.detachNewThread {
                    result.resume(
                        with: Result {
                            defer { moments.continuation.finish() }
                            return try DatabaseBackup.make(of: path, to: file) {
                                moments.continuation.yield()
                                goOn.wait()
                            }
                        })
                }
            }
        }
        var number = 60
        for await _ in moments.stream {
            for _ in 0..<4 {
                _ = await writer.store(random(number, generator: &generator).delivery(at: Int64(number)))
                number += 1
            }
            if seed % 2 == 0, number % 3 == 0 {
                var keeper = try RetentionKeeper(writer, path: database.path, clock: 0)
                _ = try await keeper.sweep(arrivedBefore: Int64(number) - 70, now: Int64(number))
            }
            goOn.signal()
        }
        _ = try await copying.value
        await writer.close()
        #expect(number > 100, "there were moments between which something came")
        #expect(try problems(file) == [])
        let copied = try contents(file)
        func runs(_ lines: [String]) -> Set<String> {
            Set(lines.filter { $0.hasPrefix("StoredRun") }.map { $0.replacing(/\[[0-9, ]*\]$/, with: "") })
        }
        #expect(runs(copied).isSubset(of: runs(before)))
        if seed % 2 == 1 {
            #expect(runs(copied) == runs(before))
            let bodies = { (lines: [String]) in lines.filter { !$0.hasPrefix("StoredRun") } }
            #expect(bodies(copied) == bodies(before))
        }
        #expect(!runs(copied).isEmpty)
    }

    @Test("does not take the place of another file, and leaves nothing where it fails")
    func refusals() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("a").delivery())
        let file = database.folder + "/copy.db"
        for taken in [file, file + "-wal", database.path] {
            if taken != database.path { try Data([1]).write(to: URL(filePath: taken)) }
            let target = taken == database.path ? taken : file
            #expect(throws: StorageError.exists(path: taken)) { try DatabaseBackup.make(of: database.path, to: target) }
            if taken != database.path { try FileManager.default.removeItem(atPath: taken) }
        }
        #expect(throws: StorageError.self) {
            try DatabaseBackup.make(of: database.path, to: database.folder + "/none/copy.db")
        }
        #expect(throws: StorageError.missing(path: "/nowhere/x.db")) {
            try DatabaseBackup.make(of: "/nowhere/x.db", to: file)
        }
        try database.execute("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'parts'")
        #expect(throws: StorageError.self) { try DatabaseBackup.make(of: database.path, to: file) }
        let files = try FileManager.default.contentsOfDirectory(atPath: database.folder)
        #expect(!files.contains { $0.hasPrefix("copy") }, "\(files)")
    }

    @Test("knows all tables")
    func tables() throws {
        // A table that is new has to be copied, too: `BackupRows`.
        #expect(
            Schema.tables == [
                "bodies", "figures", "leaving", "losses", "offenders", "parts", "processes", "removed", "run_ids",
                "run_ids_end", "runs", "side_events", "span_ids", "strings", "transactions", "untraced_events",
            ])
    }
}
