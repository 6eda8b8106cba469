import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Checking a database")
struct CheckTests {
    private func problems(_ database: TemporaryDatabase, limit: Int = 100) throws -> [String] {
        try TraceReader(path: database.path).read { $0.integrityProblems(limit: limit) }
    }

    /// Runs with labels, offsets, errors, and several processes.
    private func filled() async throws -> TemporaryDatabase {
        let database = try TemporaryDatabase()
        var batch = EventBatch.run("trace")
        _ = batch.addProcess(labels: [("env", "test"), ("k", "v")])
        _ = batch.addProcess(host: nil, pid: nil)
        batch.events[0].labels = batch.addLabels([("k", "v"), ("n", "1"), ("k", "w")])
        let version = batch.symbols.intern("1.2")
        batch.transaction("late", start: 900, process: 2) { $0.version = version }
        batch.span("s", parent: "1", of: "1", start: 40) { $0.offset = -70 }
        batch.sideEvent(.error, id: "e")
        batch.sideEvents[0].process = 1
        batch.sideEvent(.log, of: nil, digest: 4)
        batch.sideEvent(.error, id: "alone", of: "errors alone")
        for seed in 1...5 as ClosedRange<UInt64> {
            var random = EventBatch.random(seed: seed)
            // Lines of one byte each, inside a body of a hundred.
            for index in random.events.indices { random.events[index].line.offset = index % 100 }
            batch.absorb(random)
        }
        for index in batch.events.indices { batch.events[index].line.offset = index % 100 }
        var delivery = batch.delivery()
        delivery.losses.note(
            "bad", .lines, LossTally.Offender(time: 1, service: nil, line: 1, document: nil))
        try await database.store(delivery, EventBatch.run("b").delivery(at: 7_000))
        return database
    }

    @Test("a sound one has no problem, however its events came")
    func sound() async throws {
        #expect(try problems(try await filled()) == [])
        let database = try TemporaryDatabase()
        await (try database.writer()).close()
        #expect(try problems(database) == [])
    }

    @Test(
        "what cannot be is found",
        arguments: [
            ("DELETE FROM bodies WHERE id = 2", "transactions.body: 2 rows name a row of bodies"),
            ("DELETE FROM processes WHERE id = 3", "a row of processes"),
            ("DELETE FROM strings WHERE text = 'runner'", ".service: "),
            ("UPDATE offenders SET loss = 77 WHERE document IS NULL", "offenders.loss: 1 row names a row of losses"),
            ("UPDATE transactions SET line_offset = 100 WHERE id = '2'", "transactions, id 2, trace "),
            ("UPDATE transactions SET line_length = -1 WHERE id = '2'", "lies outside the body's 100 bytes"),
            ("UPDATE bodies SET decoded_size = 2 WHERE id = 1", "spans, id s, trace trace: its line"),
            ("UPDATE bodies SET decoded_size = -1 WHERE id = 1", "lies outside the body's -1 bytes"),
            ("DELETE FROM bodies WHERE id = 1", "spans, id s, trace trace: it names a row of bodies"),
            ("DELETE FROM processes", "it names a row of processes"),
            ("DELETE FROM strings WHERE text = 'db'", "spans, id s, trace trace: it names a row of strings"),
            (
                "UPDATE parts SET data = substr(data, 1, length(data) - 1) WHERE spans > 0",
                "in body 1: their data is damaged"
            ),
            ("UPDATE parts SET data = x'00ff00'", "in body 1: their data is damaged"),
            ("UPDATE parts SET spans = spans + 1", "and its row says"),
            ("UPDATE parts SET start_us = start_us + 4000000000000000000", "it has figures that no event has"),
            ("UPDATE parts SET start_us = start_us - 5000 WHERE spans > 0", "trace trace: its start is not"),
            ("UPDATE parts SET start_us = 7 WHERE spans = 0", "their start is not that of the earliest"),
            (
                "INSERT INTO parts SELECT run, 3, spans, start_us, selectors, data FROM parts WHERE run = 1",
                "it is stored twice"
            ),
            ("INSERT INTO span_ids SELECT 77, id FROM transactions LIMIT 1", "span_ids: 1 row of no span"),
            ("INSERT INTO span_ids SELECT run, 'x' FROM parts WHERE spans > 0", "span_ids has no row of it"),
            ("UPDATE runs SET parented = parented + 1 WHERE trace_id = 'b'", "trace b: the number of its transactions"),
            (
                "UPDATE parts SET selectors = substr(selectors, 9) WHERE run = 1",
                "trace trace: it cannot be selected by 1 label or version of its events"
            ),
            (
                "UPDATE parts SET selectors = CAST(selectors || x'0102030405060708' AS BLOB) WHERE run = 1",
                "trace trace: it can be selected by 1 label or version that no event of it has"
            ),
            ("UPDATE side_events SET line_length = 101 WHERE id = 'e'", "side_events, id e, trace trace"),
            ("UPDATE untraced_events SET line_offset = -1", "untraced_events: its line"),
            ("UPDATE transactions SET duration_us = -1 WHERE id = 'late'", "it has figures that no event has"),
            ("UPDATE untraced_events SET kind = 9", "it has figures that no event has"),
            ("UPDATE bodies SET encoding = 3 WHERE id = 1", "body 1: its encoding"),
            ("UPDATE runs SET start_us = start_us + 1 WHERE trace_id = 'b'", "trace b: its start is not"),
            ("UPDATE runs SET start_us = NULL WHERE trace_id = 'b'", "trace b: its start is not"),
            ("UPDATE runs SET start_us = 5 WHERE trace_id = 'errors alone'", "trace errors alone: its start is not"),
            (
                "INSERT INTO runs (trace_id, request_us, parented) VALUES ('empty', 1, 0)",
                "trace empty: it has no event"
            ),
            ("UPDATE processes SET identity = 3 WHERE id = 2", "process 2: its identity"),
            ("UPDATE processes SET identity = 1 WHERE id = 3", "process 3: its identity"),
        ])
    func wrong(sql: String, problem: String) async throws {
        let database = try await filled()
        try database.execute("PRAGMA foreign_keys = OFF; \(sql)")
        let problems = try problems(database)
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }

    @Test("no more are told than asked for")
    func limit() async throws {
        let database = try await filled()
        try database.execute("UPDATE transactions SET duration_us = -1")
        #expect(try problems(database, limit: 3).count == 3)
        #expect(try problems(database, limit: 0) == [])
        #expect(try problems(database).count > 3)
    }

    @Test("of damaged pages it tells, and never fails", arguments: 1...60 as ClosedRange<UInt64>)
    func damaged(seed: UInt64) async throws {
        let database = try await filled()
        var bytes = try #require(database.bytes())
        var generator = SeededGenerator(seed: seed)
        // Not the first page: without it the file is none of ours.
        let start = Int.random(in: 8_192..<bytes.count - 64, using: &generator)
        for index in start..<start + 64 { bytes[index] = UInt8.random(in: 0...255, using: &generator) }
        try database.write(bytes)
        do {
            try TraceReader(path: database.path).read { snapshot in
                _ = snapshot.integrityProblems(limit: 20)
                try snapshot.forEachBody { _ = $0.differences(from: EventBatch()) }
                _ = try snapshot.information()
                for run in try snapshot.runs(.all) {
                    let trace = try snapshot.trace(run, withSurroundings: true)
                    _ = try snapshot.lines(trace.events.map(\.line))
                    _ = try snapshot.events(withID: "1")
                }
            }
        } catch let error as StorageError {
            #expect(error.message.contains(database.path))
        }
    }

    @Test("a page of an index that is lost is told of")
    func lostPage() async throws {
        let database = try await filled()
        let page = try database.asStranger { db in
            try Statement("SELECT rootpage FROM sqlite_schema WHERE name = 'runs_by_start'", on: db).firstInteger()
        }
        var bytes = try #require(database.bytes())
        let start = (Int(try #require(page)) - 1) * 8_192
        for index in start..<start + 8_192 { bytes[index] = 0 }
        try database.write(bytes)
        #expect(try problems(database).contains { $0.contains("integrity of the file") || $0.contains("damaged: ") })
    }
}
