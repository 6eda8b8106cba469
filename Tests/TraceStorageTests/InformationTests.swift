import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("What a database holds")
struct InformationTests {
    private func information(_ database: TemporaryDatabase) throws -> DatabaseInformation {
        try TraceReader(path: database.path).read { try $0.information() }
    }

    @Test("an empty one holds nothing")
    func empty() async throws {
        let database = try TemporaryDatabase()
        await (try database.writer()).close()
        let information = try information(database)
        #expect(information.tables.allSatisfy { $0.rows == (["removed", "run_ids_end"].contains($0.name) ? 1 : 0) })
        #expect(information.starts == nil && information.requests == nil)
        #expect(information.droppedSpans == 0 && information.storedBodyBytes == 0)
        #expect(information.schemaVersion == 3)
    }

    @Test("events by kind, what they name, bodies, times and losses")
    func filled() async throws {
        let database = try TemporaryDatabase()
        var batch = EventBatch.run("a", start: 50)
        _ = batch.addProcess()
        batch.events[0].dropped = 7
        batch.events[1].dropped = 5
        batch.span("s")
        for (kind, count) in [(SideEvent.Kind.error, 1), (.metricset, 2), (.log, 3)] {
            for number in 0..<count {
                batch.sideEvent(kind, digest: UInt64(number))
                batch.sideEvent(kind, of: nil, digest: UInt64(Int(kind.rawValue) * 10 + number))
            }
        }
        var second = EventBatch.run("b", start: 90).delivery(at: 3_000, body: [1, 2])
        second.losses.note("bad", .lines)
        try await database.store(batch.delivery(at: 2_000), second)
        let information = try information(database)
        #expect((information.transactions, information.spans) == (4, 1))
        #expect((information.errors, information.metricsets, information.logs) == (2, 4, 6))
        #expect((information.runs, information.metadataLines, information.processes) == (3, 2, 1))
        #expect((information.bodies, information.storedBodyBytes, information.decodedBodyBytes) == (2, 5, 200))
        #expect(information.droppedSpans == 12)
        #expect(information.starts == 0...90)
        #expect(information.requests == 2_000...3_000)
        #expect(information.losses.map(\.reason) == ["bad"])
        #expect(information.pageSize == 8_192)
        #expect(information.fileSize == information.pages * 8_192)
        let counts = try database.rowCounts()
        for table in information.tables { #expect(table.rows == counts[table.name], "\(table.name)") }
        let internals = counts.keys.filter { !$0.hasPrefix("sqlite_") && !$0.hasPrefix("grdb_") }
        #expect(information.tables.map(\.name) == internals.sorted())
        #expect(information.texts == counts["strings"])
    }

    @Test("bytes by table are those of all pages, its indexes included")
    func bytes() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("a").delivery(body: [UInt8](repeating: 1, count: 1_000_000)))
        let information = try information(database)
        let canTell = try database.asStranger { db in
            try Statement("SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')", on: db).firstInteger() == 1
        }
        guard canTell else {
            #expect(information.tables.allSatisfy { $0.bytes == nil })
            return
        }
        let bytes = Dictionary(uniqueKeysWithValues: information.tables.map { ($0.name, $0.bytes ?? 0) })
        #expect(bytes.values.allSatisfy { $0 >= 8_192 && $0 % 8_192 == 0 })
        #expect((1_000_000..<1_040_000).contains(bytes["bodies"] ?? 0))
        #expect(bytes["processes"] == 4 * 8_192, "the table and its three indexes")
        #expect(bytes.values.reduce(0, +) <= information.pages * information.pageSize)
    }

    @Test("the log beside the file counts, while there is one")
    func log() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        _ = await writer.store(EventBatch.run("a").delivery())
        #expect(try information(database).logSize ?? 0 > 8_192)
        await writer.close()
        #expect(try information(database).logSize ?? 0 == 0)
    }

    @Test("damaged rows give numbers")
    func damaged() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("a").delivery(), EventBatch.run("b").delivery())
        try database.execute(
            """
            UPDATE transactions SET dropped = 9223372036854775807;
            UPDATE bodies SET decoded_size = 9223372036854775807, request_us = -9223372036854775808 WHERE id = 1;
            """)
        #expect(try information(database).transactions == 4)
    }
}
