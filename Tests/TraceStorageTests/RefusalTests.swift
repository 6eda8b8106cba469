import Foundation
import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Files that cannot be used")
struct RefusalTests {
    /// Expects one line that names the file.
    private func expectMessage(_ error: StorageError?, names path: String) {
        let message = error?.message ?? ""
        #expect(message.contains(path))
        #expect(!message.contains("\n"))
    }

    @Test("a missing one: a reader says so and makes none")
    func missing() throws {
        let database = try TemporaryDatabase()
        #expect(throws: StorageError.missing(path: database.path)) { try TraceReader(path: database.path) }
        #expect(database.bytes() == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: database.folder).isEmpty)
    }

    @Test("an empty one: no reader takes it, a writer makes it a database")
    func empty() async throws {
        let database = try TemporaryDatabase()
        try database.write([])
        #expect(throws: StorageError.notOurs(path: database.path)) { try TraceReader(path: database.path) }
        #expect(database.bytes() == [])
        try await database.store(EventBatch.run("trace").delivery())
        #expect(try database.runs().count == 1)
    }

    @Test("another program's, with and without a log: refused and left as it is", arguments: ["DELETE", "WAL"])
    func foreign(mode: String) throws {
        let database = try TemporaryDatabase()
        try database.execute(
            "PRAGMA journal_mode = \(mode); CREATE TABLE songs (title); INSERT INTO songs VALUES ('a')")
        let before = database.bytes()
        let refusals = database.refusals()
        #expect(refusals.writer == .notOurs(path: database.path))
        #expect(refusals.reader == .notOurs(path: database.path))
        expectMessage(refusals.writer, names: database.path)
        #expect(database.bytes() == before)
    }

    @Test("a text: refused and left as it is", arguments: [1, 20, 5_000])
    func text(size: Int) throws {
        let database = try TemporaryDatabase()
        let text = Array(String(repeating: "a line of text\n", count: size).utf8)
        try database.write(text)
        let refusals = database.refusals()
        #expect(refusals.writer == .notOurs(path: database.path))
        #expect(refusals.reader == .notOurs(path: database.path))
        #expect(database.bytes() == text)
    }

    @Test("one of a newer version: refused and left as it is")
    func newerSchema() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("trace").delivery())
        try database.execute("INSERT INTO grdb_migrations VALUES ('2 of the future')")
        let before = database.bytes()
        let refusals = database.refusals()
        #expect(refusals.writer == .newerSchema(path: database.path))
        #expect(refusals.reader == .newerSchema(path: database.path))
        expectMessage(refusals.reader, names: database.path)
        #expect(database.bytes() == before)
    }

    @Test("a header of zeros: refused and left as it is")
    func zeroedHeader() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("trace").delivery())
        var bytes = try #require(database.bytes())
        for index in 0..<100 { bytes[index] = 0 }
        try database.write(bytes)
        let refusals = database.refusals()
        #expect(refusals.writer == .notOurs(path: database.path))
        #expect(refusals.reader == .notOurs(path: database.path))
        #expect(database.bytes() == bytes)
    }

    @Test(
        "one cut off anywhere: an error in one line, or what is still there",
        arguments: [50, 100, 4_000, 8_192, 20_000, 60_000])
    func truncated(size: Int) async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("trace").delivery())
        let bytes = try #require(database.bytes())
        #expect(bytes.count > size)
        try database.write(Array(bytes.prefix(size)))
        #expect {
            _ = try database.traces()
        } throws: { error in
            guard let error = error as? StorageError else { return false }
            return !error.message.contains("\n") && error.message.contains(database.path)
        }
        #expect(database.bytes() == Array(bytes.prefix(size)))
    }

    @Test("a folder in its place, or a file in its folder's")
    func notAFile() throws {
        let database = try TemporaryDatabase()
        let (folder, file) = (database.folder + "/folder", database.folder + "/file")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("text".utf8).write(to: URL(fileURLWithPath: file))
        for path in [folder, file + "/waitline.db"] {
            #expect(throws: StorageError.self) { try TraceWriter(path: path) }
            #expect(throws: StorageError.self) { try TraceReader(path: path) }
        }
    }

    @Test("what cannot be written, as SQLite says it")
    func readOnly() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("trace").delivery())
        do {
            try database.asStranger { db in
                try db.execute(sql: "PRAGMA query_only = 1")
                try db.execute(sql: "DELETE FROM runs")
            }
            Issue.record("it was written")
        } catch {
            #expect(StorageError(error, path: database.path) == .readOnly(path: database.path))
        }
    }

    @Test(
        "a file or folder without permission to write; one without permission to read",
        .enabled(if: !Self.mayWriteEverything, "the superuser may write everything"))
    func permissions() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("trace").delivery())
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o400], ofItemAtPath: database.path)
        #expect(throws: StorageError.readOnly(path: database.path)) { try TraceWriter(path: database.path) }
        try manager.setAttributes([.posixPermissions: 0o500], ofItemAtPath: database.folder)
        #expect(try database.runs().count == 1)
        try manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: database.folder)
        try manager.setAttributes([.posixPermissions: 0o000], ofItemAtPath: database.path)
        #expect(throws: StorageError.self) { try TraceReader(path: database.path) }
    }

    @Test("rows with impossible numbers are read without a trap")
    func damagedRows() async throws {
        let database = try TemporaryDatabase()
        var batch = EventBatch.run("trace")
        batch.span("s", parent: "1", of: "1") { $0.offset = 1 }
        batch.labels.append(Label(key: .empty, value: .empty, isNumber: true))
        batch.events[0].labels = 0..<1
        try await database.store(batch.delivery())
        for number in ["9223372036854775807", "-9223372036854775808", "-1"] {
            try database.execute(
                """
                PRAGMA foreign_keys = OFF;
                UPDATE transactions SET start_us = \(number), duration_us = \(number), outcome = \(number),
                dropped = \(number), message_age_us = \(number), name = \(number), line_offset = \(number),
                labels = x'ffffffffffffffffff7f01';
                UPDATE parts SET start_us = \(number), spans = 9223372036854775807 WHERE spans > 0;
                """)
            let trace = try #require(try database.traces().first)
            let analysis = TraceAnalysis(trace)
            #expect(analysis.trace.makespan >= 0)
            #expect(WaterfallTree(trace).rows.count == 3)
        }
    }

    /// Whether permissions are not asked: the superuser's power, which can be taken from him. Looked at, since who one
    /// is doesn't tell.
    private static let mayWriteEverything: Bool = {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        guard FileManager.default.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o400])
        else { return false }
        return FileHandle(forWritingAtPath: file) != nil
    }()
}
