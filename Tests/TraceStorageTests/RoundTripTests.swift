import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("What is read back is what was stored")
struct RoundTripTests {
    @Test("split over deliveries in any order, every event and figure", arguments: Array(1...12) as [UInt64])
    func anyOrder(seed: UInt64) async throws {
        let database = try TemporaryDatabase()
        var batch = EventBatch.random(seed: seed)
        batch.keepFirstOfEach()
        for id in ["e", "f", "g"] { batch.sideEvent(.error, id: id) }
        var generator = SeededGenerator(seed: seed)
        let expected = batch.firstTrace
        batch.events.shuffle(using: &generator)
        let writer = try database.writer()
        while !batch.events.isEmpty {
            var part = batch
            part.events = Array(batch.events.prefix(Int.random(in: 1...20, using: &generator)))
            batch.events.removeFirst(part.events.count)
            #expect(await writer.store(part.delivery()) != .queueFull)
        }
        await writer.close()
        let trace = try #require(try database.traces().first)
        #expect(trace.contents == expected.contents, "seed \(seed)")
        #expect(TraceAnalysis(trace).description == TraceAnalysis(expected).description, "seed \(seed)")
    }

    @Test("ids come back as they were sent, those that are no hex too")
    func ids() async throws {
        let ids = [
            "", "0", "0123456789abcdef", "0123456789ABCDEF", "0123456789abcdef0", "00000000000000000000000000000000",
            "ffffffffffffffffffffffffffffffff", "\u{E9}", "e\u{301}", "a\u{0}b", "'; DROP TABLE runs; --", "../../x",
            "0123456789abcde", String(repeating: "\u{1F600}", count: 1_024),
        ]
        let database = try TemporaryDatabase()
        let batch = EventBatch.filled { batch in
            for (index, id) in ids.enumerated() {
                var transaction = batch.event(.transaction, id, start: 0, duration: 1, of: id)
                transaction.parent = Identifier(ids[(index + 1) % ids.count])
                var span = batch.event(.span, id, start: 1, duration: 1, of: id)
                span.parent = transaction.parent
                span.transaction = Identifier(ids[(index + 2) % ids.count])
                batch.events += [transaction, span]
            }
        }
        try await database.store(batch.delivery())
        let read = Dictionary(uniqueKeysWithValues: try database.traces().map { ($0.id, $0.contents) })
        #expect(read.count == ids.count)
        for trace in Trace.all(of: batch) { #expect(read[trace.id] == trace.contents) }
    }

    @Test("labels keep keys, values, digits and order, on events and metadata")
    func labels() async throws {
        let database = try TemporaryDatabase()
        let texts = [("k", "v"), ("n", "1.50"), ("", ""), ("\u{E9}", "e\u{301}"), ("nul", "a\u{0}b"), ("k", "again")]
        var batch = EventBatch()
        _ = batch.addProcess(labels: texts)
        for number in 0..<200 { _ = batch.symbols.intern("filler \(number)") }
        let range = batch.addLabels(texts + [("long", String(repeating: "x", count: 1_024))])
        for index in range where index % 2 == 1 { batch.labels[index].isNumber = true }
        batch.transaction("1") { $0.labels = range }
        batch.transaction("2")
        try await database.store(batch.delivery())
        #expect(try database.traces().first?.contents == batch.firstTrace.contents)
    }

    @Test("texts come back as bytes, broken UTF-8 and NUL too")
    func texts() async throws {
        let database = try TemporaryDatabase()
        var batch = EventBatch()
        _ = batch.addProcess()
        let samples: [[UInt8]] = [
            [0xFF, 0xFE], [0], [0x61, 0, 0x62], [], Array("e\u{301}".utf8), Array("\u{E9}".utf8),
        ]
        for (number, bytes) in samples.enumerated() {
            let symbol = bytes.withUnsafeBufferPointer { batch.symbols.intern(utf8: $0) }
            batch.transaction("\(number)") { ($0.name, $0.user, $0.version) = (symbol, symbol, symbol) }
        }
        try await database.store(batch.delivery())
        let trace = try #require(try database.traces().first)
        for (number, bytes) in samples.enumerated() {
            let name = try #require(trace.events[trace.index("\(number)")].name)
            #expect(trace.symbols.withUTF8(name) { Array($0) } == bytes)
        }
        #expect(trace.contents == batch.firstTrace.contents)
    }

    @Test("processes are the same where host, pid and node are, over deliveries and restarts")
    func processIdentity() async throws {
        let database = try TemporaryDatabase()
        func batch(_ id: String, line: String, host: String?, pid: Int64?, node: String?) -> Delivery {
            var batch = EventBatch()
            _ = batch.addProcess(host: host, pid: pid, node: node, user: "u \(id)")
            batch.processes[0].line = Array(line.utf8)
            batch.transaction(id)
            return batch.delivery()
        }
        try await database.store(
            batch("a", line: "1", host: "h", pid: 1, node: nil), batch("b", line: "2", host: "h", pid: 1, node: nil))
        try await database.store(
            batch("c", line: "3", host: "h", pid: 1, node: nil), batch("d", line: "4", host: "h", pid: 2, node: nil),
            batch("e", line: "5", host: nil, pid: nil, node: nil),
            batch("f", line: "6", host: nil, pid: nil, node: nil),
            batch("g", line: "7", host: "h", pid: 1, node: "n"))
        let trace = try #require(try database.traces().first)
        func identity(_ id: String) -> Int { trace.processIdentity(trace.index(id)) }
        #expect(identity("a") == identity("b"))
        #expect(identity("a") == identity("c"))
        #expect(identity("e") == identity("f"))
        #expect(Set(["a", "d", "e", "g"].map(identity)).count == 4)
        let stored = try database.asStranger {
            try Int.fetchOne($0, sql: "SELECT count(DISTINCT identity) FROM processes")
        }
        #expect(stored == 4)
    }

    @Test("numbers at their ends")
    func numbers() async throws {
        let database = try TemporaryDatabase()
        let decade = Microseconds.tenYears
        let batch = EventBatch.filled {
            $0.transaction("a", start: -(1 << 61), duration: decade) {
                $0.dropped = .max
                $0.messageAge = decade
                $0.line = BodyRange(offset: .max, length: .max)
            }
            $0.transaction("b", start: 1 << 61, duration: 0) { $0.dropped = -1 }
            $0.span("c", of: "a", start: 0, duration: decade) { $0.offset = -(1 << 61) }
            $0.span("d", of: "a", start: 0, duration: decade) { $0.offset = decade }
        }
        try await database.store(batch.delivery())
        #expect(try database.traces().first?.contents == batch.firstTrace.contents)
    }
}
