import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("One writer at a time")
struct LockTests {
    @Test("a second writer is refused, with the address of the first where it told")
    func second() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        #expect(throws: StorageError.heldByServer(path: database.path, address: nil)) { try database.writer() }
        await writer.announce(address: "http://127.0.0.1:8200")
        let refusal = StorageError.heldByServer(path: database.path, address: "http://127.0.0.1:8200")
        #expect(throws: refusal) { try database.writer() }
        #expect(refusal.message.contains("http://127.0.0.1:8200"))
        await writer.announce(address: "http://[::1]:1")
        #expect(throws: StorageError.heldByServer(path: database.path, address: "http://[::1]:1")) {
            try database.writer()
        }
        #expect(await writer.store(EventBatch.run("a").delivery()) == .stored(duplicates: 0))
        await writer.close()
    }

    @Test("closing lets it go, and the next does not go by the old address")
    func closing() async throws {
        let database = try TemporaryDatabase()
        let first = try database.writer()
        await first.announce(address: "http://127.0.0.1:8200")
        await first.close()
        let second = try database.writer()
        #expect(throws: StorageError.heldByServer(path: database.path, address: nil)) { try database.writer() }
        await second.close()
        await first.announce(address: "http://late")
        await (try database.writer()).close()
    }

    @Test("a writer that is refused the file lets the lock go")
    func refused() throws {
        let database = try TemporaryDatabase()
        try database.write(Array("a text".utf8))
        for _ in 1...2 {
            #expect(throws: StorageError.notOurs(path: database.path)) { try database.writer() }
        }
    }

    @Test("a reader needs no lock")
    func readers() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        #expect(try database.runs() == [])
        await writer.close()
    }
}
