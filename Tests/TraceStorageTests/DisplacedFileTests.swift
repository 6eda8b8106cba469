import Foundation
import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Files that go away under a server")
struct DisplacedFileTests {
    private let manager = FileManager.default

    private func run(_ name: String) -> EventBatch { .run(name) }

    private func names(_ path: String) throws -> [String] {
        try TraceReader(path: path).read { try $0.runs(.all).map(\.trace.text).sorted() }
    }

    @Test("the database removed: nothing is acknowledged until there is a new one, which is made")
    func removed() async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let writer = try database.quickWriter(told)
        #expect(await writer.store(run("a")) == .stored(duplicates: 0))
        try manager.removeItem(atPath: database.path)
        let message = StorageError.removed(path: database.path).message
        #expect(await writer.store(run("b")) == .failed(message))
        try await writer.recovers()
        #expect(await writer.store(run("c")) == .stored(duplicates: 0))
        #expect(try names(database.path) == ["c"])
        try await eventually("it was told") { told.messages == [message, nil] }
        await writer.close()
        #expect(try names(database.path) == ["c"])
        #expect(try database.problems() == [])
    }

    @Test("a question how it is doing notices it as well, and nothing more has to be sent")
    func asked() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.quickWriter()
        #expect(await writer.status.problem == nil)
        try manager.removeItem(atPath: database.path)
        #expect(await writer.status.problem == StorageError.removed(path: database.path).message)
        try await writer.recovers()
        #expect(manager.fileExists(atPath: database.path))
        await writer.close()
    }

    @Test("the database renamed: it is complete under its new name; put back, it is used again")
    func renamed() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.quickWriter()
        #expect(await writer.store(run("a")) == .stored(duplicates: 0))
        let other = database.folder + "/other.db"
        try manager.moveItem(atPath: database.path, toPath: other)
        guard case .failed = await writer.store(run("b")) else {
            Issue.record("it was acknowledged")
            return
        }
        #expect(try names(other).contains("a"), "although what was sent was in the log")
        try await writer.recovers()
        #expect(await writer.store(run("c")) == .stored(duplicates: 0))
        // By a rename over the new one, as a backup is put in place.
        #expect(rename(other, database.path) == 0)
        guard case .failed(let message) = await writer.store(run("d")) else {
            Issue.record("it was acknowledged")
            return
        }
        #expect(message == StorageError.replaced(path: database.path).message)
        try await writer.recovers()
        #expect(await writer.store(run("e")) == .stored(duplicates: 0))
        await writer.close()
        let names = try names(database.path)
        #expect(names.contains("a") && names.contains("e") && !names.contains("c"))
        #expect(try database.problems() == [])
    }

    @Test(
        "a file that is not ours in its place: refused, not touched, until the database is back",
        arguments: ["text", "songs", "newer", "cut"])
    func foreign(kind: String) async throws {
        let (database, foreign, told) = (try TemporaryDatabase(), try TemporaryDatabase(), Told())
        switch kind {
        case "text": try foreign.write(Array(String(repeating: "a line\n", count: 9_000).utf8))
        case "songs": try foreign.execute("CREATE TABLE songs (title); INSERT INTO songs VALUES ('a')")
        case "newer":
            try await foreign.store(run("x").delivery())
            try foreign.execute("INSERT INTO grdb_migrations VALUES ('999 of the future')")
        default:
            try await foreign.store(run("x").delivery())
            try foreign.write(Array(try #require(foreign.bytes()).prefix(20_000)))
        }
        let bytes = try #require(foreign.bytes())
        let writer = try database.quickWriter(told)
        #expect(await writer.store(run("a")) == .stored(duplicates: 0))
        let away = database.folder + "/away.db"
        try manager.moveItem(atPath: database.path, toPath: away)
        try manager.moveItem(atPath: foreign.path, toPath: database.path)
        for name in ["b", "c"] {
            guard case .failed = await writer.store(run(name)) else {
                Issue.record("it was acknowledged")
                return
            }
        }
        try await eventually("it was looked at") { told.messages.count == 2 }
        try await Task.sleep(for: .milliseconds(300))
        #expect(await writer.problem != nil)
        #expect(told.messages.count == 2, "that it is another, and what is wrong with that")
        #expect(database.bytes() == bytes)
        #expect(rename(away, database.path) == 0)
        try await writer.recovers()
        #expect(await writer.store(run("d")) == .stored(duplicates: 0))
        await writer.close()
        let names = try names(database.path)
        #expect(names.contains("a") && names.contains("d"))
        #expect(try database.problems() == [])
    }

    @Test("the log or its index removed: nothing is lost", arguments: [["-wal"], ["-shm"], ["-wal", "-shm"]])
    func log(suffixes: [String]) async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let writer = try database.quickWriter(told)
        for round in 1...3 {
            #expect(await writer.store(run("a \(round)")) == .stored(duplicates: 0))
            for suffix in suffixes { try manager.removeItem(atPath: database.path + suffix) }
            #expect(await writer.store(run("b \(round)")) == .stored(duplicates: 0))
            #expect(try names(database.path).count == round * 2)
        }
        let message = StorageError.logRemoved(path: database.path).message
        try await eventually("it was told") { told.messages.last == .some(nil) }
        #expect(told.messages.first == message)
        // What a kill would leave now has everything.
        let copy = try TemporaryDatabase()
        for suffix in ["", "-wal"] {
            try manager.copyItem(atPath: database.path + suffix, toPath: copy.path + suffix)
        }
        #expect(try names(copy.path).count == 6)
        await writer.close()
        #expect(try names(database.path).count == 6)
        #expect(try database.problems() == [])
    }

    @Test("the log removed while somebody reads: refused until the reader is done, and nothing is lost")
    func logBesideReader() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.quickWriter(busySeconds: 1)
        #expect(await writer.store(run("a")) == .stored(duplicates: 0))
        var reader: TraceReader? = try TraceReader(path: database.path)
        #expect(try reader?.read { try $0.runs(.all).count } == 1)
        for suffix in ["-wal", "-shm"] { try manager.removeItem(atPath: database.path + suffix) }
        guard case .failed = await writer.store(run("b")) else {
            Issue.record("other readers would not see it")
            return
        }
        // Its log is gone: it may fail, but sees nothing wrong.
        if let count = try? reader?.read({ try $0.runs(.all).count }) { #expect(count == 1) }
        reader = nil
        try await writer.recovers()
        #expect(await writer.store(run("c")) == .stored(duplicates: 0))
        await writer.close()
        let names = try names(database.path)
        #expect(names.contains("a") && names.contains("c"))
        #expect(try database.problems() == [])
    }

    @Test("the file of the lock removed: it is taken anew, with the address in it")
    func lock() async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let writer = try database.quickWriter(told)
        await writer.announce(address: "http://127.0.0.1:1")
        #expect(await writer.store(run("a")) == .stored(duplicates: 0))
        try manager.removeItem(atPath: database.path + ".lock")
        #expect(await writer.store(run("b")) == .stored(duplicates: 0))
        #expect(told.messages == [])
        #expect(throws: StorageError.heldByServer(path: database.path, address: "http://127.0.0.1:1")) {
            try database.writer()
        }
        await writer.close()
    }

    @Test("another server that came in that way: the first refuses, and goes on rightly when it has ended")
    func secondServer() async throws {
        let (database, told) = (try TemporaryDatabase(), Told())
        let first = try database.quickWriter(told)
        #expect(await first.store(run("a")) == .stored(duplicates: 0))
        try manager.removeItem(atPath: database.path + ".lock")
        let second = try database.writer()
        await second.announce(address: "http://127.0.0.1:2")
        let message = StorageError.heldByServer(path: database.path, address: "http://127.0.0.1:2").message
        for _ in 1...3 { #expect(await first.store(run("b")) == .failed(message)) }
        #expect(await second.store(run("c")) == .stored(duplicates: 0))
        #expect(told.messages == [message])
        await second.close()
        try await first.recovers()
        #expect(await first.store(run("c")) == .stored(duplicates: 2), "it knows what the other stored")
        #expect(await first.store(run("d")) == .stored(duplicates: 0))
        await first.close()
        #expect(try names(database.path) == ["a", "c", "d"])
        #expect(try database.problems() == [])
    }

    @Test("another folder in the place of its own: no new database is made there")
    func folder() async throws {
        let database = try TemporaryDatabase()
        let folder = database.folder + "/mounted"
        let path = folder + "/waitline.db"
        let writer = try TraceWriter(path: path, retryInterval: .milliseconds(50))
        #expect(await writer.store(run("a")) == .stored(duplicates: 0))
        try manager.moveItem(atPath: folder, toPath: database.folder + "/away")
        guard case .failed = await writer.store(run("b")) else {
            Issue.record("it was acknowledged")
            return
        }
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let message = StorageError.folderReplaced(path: path).message
        try await eventually("it was looked at") { await writer.problem == message }
        try await Task.sleep(for: .milliseconds(300))
        #expect(try manager.contentsOfDirectory(atPath: folder) == [])
        try manager.removeItem(atPath: folder)
        try manager.moveItem(atPath: database.folder + "/away", toPath: folder)
        try await writer.recovers()
        #expect(await writer.store(run("c")) == .stored(duplicates: 0))
        await writer.close()
        #expect(try names(path).contains("a") && names(path).contains("c"))
    }
}
