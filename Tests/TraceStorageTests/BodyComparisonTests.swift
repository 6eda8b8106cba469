import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Rows against what their lines give")
struct BodyComparisonTests {
    private static func batch(_ trace: String = "trace") -> EventBatch {
        var batch = EventBatch()
        _ = batch.addProcess(labels: [("env", "test")])
        _ = batch.addProcess(service: "other", pid: 2)
        var task = batch.event(.transaction, "1", start: 5, duration: 10, of: trace)
        task.labels = batch.addLabels([("k", "v")])
        var span = batch.event(.span, "1", start: 6, duration: 2, process: 1, of: trace)
        span.parent = Identifier("1")
        span.line.offset = 10
        batch.events += [task, span]
        batch.sideEvent(.error, id: "e", of: trace)
        batch.sideEvent(.metricset, of: nil, digest: 1)
        batch.sideEvent(.log, of: trace, digest: 2)
        for index in 0..<3 { batch.sideEvents[index].line.offset = 20 + index }
        return batch
    }

    private func bodies(_ database: TemporaryDatabase) throws -> [StoredBody] {
        var bodies: [StoredBody] = []
        try TraceReader(path: database.path).read { snapshot in try snapshot.forEachBody { bodies.append($0) } }
        return bodies
    }

    @Test("every body comes once, in order, with its rows and no others")
    func bodies() async throws {
        let database = try TemporaryDatabase()
        var deliveries: [Delivery] = []
        for number in 0..<9 {
            var batch = Self.batch("trace \(number % 3)")
            for index in batch.events.indices { batch.events[index].id = Identifier("\(number)") }
            batch.sideEvents = [batch.sideEvents[1]]
            batch.sideEvents[0].digest.low = UInt64(number)
            deliveries.append(batch.delivery(at: Int64(100 + number), body: [UInt8(number)]))
        }
        let writer = try database.writer()
        for delivery in deliveries { #expect(await writer.store(delivery) == .stored(duplicates: 0)) }
        await writer.close()
        let read = try bodies(database)
        #expect(read.map(\.number) == Array(1...9))
        for (stored, delivery) in zip(read, deliveries) {
            #expect(stored.requestTime == delivery.requestTime)
            #expect(stored.body.bytes == delivery.body.bytes)
            #expect(stored.body.decodedSize == 100 && stored.body.encoding == .gzip)
            #expect(stored.events.events.count == 2 && stored.events.sideEvents.count == 1)
            #expect(stored.metadata == delivery.batch.processes[0].line)
            #expect(stored.differences(from: delivery.batch) == [])
        }
        #expect(read[0].differences(from: deliveries[3].batch).count == 3, "those are others' events")
    }

    @Test("what was decoded behind a metadata line put before it stands that much further on")
    func prefix() async throws {
        let database = try TemporaryDatabase()
        var fresh = Self.batch()
        try await database.store(fresh.delivery())
        for index in fresh.events.indices { fresh.events[index].line.offset += 50 }
        for index in fresh.sideEvents.indices { fresh.sideEvents[index].line.offset += 50 }
        let body = try #require(try bodies(database).first)
        #expect(body.differences(from: fresh, behind: 50) == [])
        #expect(body.differences(from: fresh).count == 5)
    }

    @Test("an event that an earlier body brought is no difference")
    func duplicates() async throws {
        let database = try TemporaryDatabase()
        var more = Self.batch()
        more.transaction("2")
        more.events[2].line.offset = 50
        try await database.store(Self.batch().delivery(), more.delivery(at: 2_000))
        let bodies = try bodies(database)
        #expect(bodies.map(\.events.events.count) == [2, 1])
        #expect(bodies.map { $0.differences(from: more) } == [[], []])
    }

    private struct Change: Sendable, CustomStringConvertible {
        let description: String
        let edit: @Sendable (inout EventBatch) -> Void

        init(_ description: String, _ edit: @escaping @Sendable (inout EventBatch) -> Void) {
            self.description = description
            self.edit = edit
        }
    }

    private static let changes: [Change] = [
        Change("parent") { $0.events[0].parent = Identifier("p") },
        Change("parent") { $0.events[1].parent = nil },
        Change("transaction") { $0.events[1].transaction = Identifier("t") },
        Change("name") { $0.events[0].name = $0.symbols.intern("n") },
        Change("type") { $0.events[0].type = $0.symbols.intern("n") },
        Change("subtype") { $0.events[1].subtype = $0.symbols.intern("n") },
        Change("action") { $0.events[1].action = .empty },
        Change("service") { $0.events[0].service = $0.symbols.intern("n") },
        Change("version") { $0.events[1].version = $0.symbols.intern("n") },
        Change("user") { $0.events[0].user = $0.symbols.intern("n") },
        Change("start") { $0.events[0].start += 1 },
        Change("offset") { $0.events[1].offset = 0 },
        Change("duration") { $0.events[1].duration = 0 },
        Change("outcome") { $0.events[0].outcome = .failure },
        Change("sampled") { $0.events[0].sampled = false },
        Change("dropped") { $0.events[0].dropped = 1 },
        Change("message age") { $0.events[0].messageAge = 1 },
        Change("compressed") { $0.events[1].compressed = true },
        Change("line length") { $0.events[1].line.length = 2 },
        Change("labels") { $0.labels[0].isNumber = true },
        Change("labels") { $0.labels[0].value = .empty },
        Change("labels") { $0.events[0].labels = 0..<0 },
        Change("its metadata line") { $0.processes[0].line = [1] },
        Change("metadata's service") { $0.processes[0].service = .empty },
        Change("metadata's version") { $0.processes[0].version = .empty },
        Change("metadata's environment") { $0.processes[0].environment = .empty },
        Change("metadata's host") { $0.processes[0].host = nil },
        Change("metadata's pid") { $0.processes[0].pid = 9 },
        Change("metadata's node") { $0.processes[0].node = .empty },
        Change("metadata's agent") { $0.processes[0].agent = .empty },
        Change("metadata's user") { $0.processes[0].user = .empty },
        Change("metadata's labels") { $0.processes[0].labels = [] },
        Change("holds no such event") { $0.events[0].id = Identifier("x") },
        Change("holds no such event") { $0.events[0].kind = .span },
        Change("holds no such event") { $0.events[0].line.offset += 1 },
        Change("id") { $0.sideEvents[0].id = Identifier("x") },
        Change("trace") { $0.sideEvents[0].trace = nil },
        Change("transaction") { $0.sideEvents[1].transaction = Identifier("t") },
        Change("parent") { $0.sideEvents[2].parent = Identifier("t") },
        Change("time") { $0.sideEvents[1].timestamp = 0 },
        Change("digest") { $0.sideEvents[1].digest.high = 0 },
        Change("digest") { $0.sideEvents[2].digest.low = 0 },
        Change("line length") { $0.sideEvents[2].line.length = 0 },
        Change("holds no such event") { $0.sideEvents[2].kind = .metricset },
    ]

    @Test("each column that is not what its line gives is named")
    func columns() async throws {
        let database = try TemporaryDatabase()
        try await database.store(Self.batch().delivery())
        let body = try #require(try bodies(database).first)
        var labelled = Self.batch()
        labelled.events[1].labels = 0..<1
        #expect(body.differences(from: labelled) == [], "a span's labels have no column")
        for change in Self.changes {
            var fresh = Self.batch()
            change.edit(&fresh)
            let differences = body.differences(from: fresh)
            #expect(!differences.isEmpty, "\(change)")
            #expect(differences.allSatisfy { $0.hasPrefix("body 1") })
            let isNamed = differences.contains { $0.contains("its \(change) ") || $0.contains(change.description) }
            #expect(isNamed, "\(change): \(differences)")
        }
        var fresh = Self.batch("elsewhere")
        fresh.sideEvents = Self.batch().sideEvents
        #expect(body.differences(from: fresh).filter { $0.contains("its trace is trace in its row") }.count >= 2)
    }

    @Test("a body without events, rows that name what is not there, and very many differences")
    func damaged() async throws {
        let database = try TemporaryDatabase()
        var many = EventBatch.filled { batch in for number in 0..<500 { batch.transaction("\(number)") } }
        try await database.store(Self.batch().delivery(), many.delivery(at: 2_000))
        try database.execute(
            """
            PRAGMA foreign_keys = OFF; DELETE FROM processes WHERE id = 2;
            INSERT INTO bodies VALUES (9, 0, 7, 1, x'00');
            """)
        many.events = []
        let bodies = try bodies(database)
        #expect(bodies.map { $0.differences(from: many).count } == [5, StoredBody.maximumDifferences, 1])
        #expect(bodies[0].differences(from: Self.batch()).count == 1)
        #expect(bodies[2].metadata == nil)
    }
}
