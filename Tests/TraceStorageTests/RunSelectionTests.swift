import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Selecting runs")
struct RunSelectionTests {
    static let ids = [
        "0123456789abcdef0123456789abcdef", "0123456789abcdef", "0123456789ABCDEF", "0123", "012", "ab",
        "ffffffffffffffffffffffffffffffff", "fffffffffffffffffffffffffffffff0", "ffffffffffffffff", "ff", "f\u{E9}",
        "abcdf000000000000000000000000000", "abce0000000000000000000000000000", "abcdefffffffffffffffffffffffffff", "",
        "zz%_'", "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff0",
    ]

    @Test("by a whole trace id, else by any prefix of its text, of an odd number of digits too, up to the very last id")
    func prefix() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        for id in Self.ids { _ = await writer.store(EventBatch.run(id).delivery()) }
        await writer.close()
        let reader = try TraceReader(path: database.path)
        let prefixes = Set(Self.ids.flatMap { id in (0...id.count).map { String(id.prefix($0)) } })
        for prefix in prefixes.union(["g", "fg", "F", String(repeating: "f", count: 40), "abcd", "e\u{301}"]) {
            let begun = Self.ids.filter { $0.utf8.starts(with: prefix.utf8) }
            let expected = begun.contains(prefix) ? [prefix] : begun.sorted { Identifier($0) < Identifier($1) }
            let found = try reader.read { try $0.runs(.tracePrefix(prefix)) }
            #expect(found.map(\.trace.text) == expected, "\(prefix)")
        }
    }

    @Test("all, newest first, those of one start by id")
    func all() async throws {
        let database = try TemporaryDatabase()
        try await database.store(
            EventBatch.run("b", start: 5).delivery(), EventBatch.run("a", start: 5).delivery(),
            EventBatch.run("c", start: 9).delivery(at: 77))
        let runs = try database.runs()
        #expect(runs.map(\.trace.text) == ["c", "a", "b"])
        #expect(runs.map(\.start) == [9, 5, 5])
        #expect(runs.first?.lastRequest == 77)
    }

    @Test("when something of a run was last sent, imports apart")
    func lastSent() async throws {
        let database = try TemporaryDatabase()
        func delivery(_ id: String, at time: Int64, isImport: Bool) -> Delivery {
            var delivery = EventBatch.filled { $0.transaction(id) }.delivery(at: time)
            delivery.isImport = isImport
            return delivery
        }
        let writer = try database.writer()
        for (id, time, isImport, expected) in [
            ("1", 50, true, nil), ("2", 30, false, 30), ("3", 70, true, 30), ("4", 40, false, 40), ("5", 35, false, 40),
        ] as [(String, Int64, Bool, Int64?)] {
            _ = await writer.store(delivery(id, at: time, isImport: isImport))
            #expect(try database.runs().first?.lastSent == expected, "\(id)")
        }
        #expect(try database.runs().first?.lastRequest == 70)
        await writer.close()
    }

    private func latest(_ back: Int, _ database: TemporaryDatabase) throws -> [String] {
        try database.runs(.latest(back)).map(\.trace.text)
    }

    @Test("the latest that has a group, and those before it")
    func latestWithGroups() async throws {
        let database = try TemporaryDatabase()
        try await database.store(
            EventBatch.run("old", start: 1).delivery(), EventBatch.run("grouped", start: 5).delivery(),
            EventBatch.run("between", start: 4, grouped: false).delivery(),
            EventBatch.run("newest", start: 9, grouped: false).delivery())
        #expect(try latest(0, database) == ["grouped"])
        #expect(try latest(1, database) == ["old"])
        #expect(try latest(2, database) == [])
    }

    @Test("without any group the newest, and those before it")
    func latestWithoutGroups() async throws {
        let database = try TemporaryDatabase()
        #expect(try await database.store(EventBatch.filled { _ in }.delivery()).count == 1)
        #expect(try latest(0, database) == [])
        try await database.store(
            EventBatch.run("old", start: 1, grouped: false).delivery(),
            EventBatch.run("new", start: 2, grouped: false).delivery())
        #expect(try latest(0, database) == ["new"])
        #expect(try latest(1, database) == ["old"])
        #expect(try latest(2, database) == [])
    }

    @Test("a group is what the analysis calls one")
    func groups() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        for seed in 1...40 as ClosedRange<UInt64> {
            var batch = EventBatch.random(seed: seed)
            batch.events = Array(batch.events.prefix(12))
            batch.renameTrace("\(seed)")
            _ = await writer.store(batch.delivery())
        }
        await writer.close()
        let reader = try TraceReader(path: database.path)
        let grouped = try reader.read { snapshot in
            try snapshot.runs(.all).filter { try !TraceAnalysis(snapshot.trace($0)).groups.isEmpty }
        }
        #expect((5...35).contains(grouped.count), "the traces are too much alike to test anything")
        for (back, run) in grouped.enumerated() {
            #expect(try reader.read { try $0.runs(.latest(back)) } == [run])
        }
        #expect(try reader.read { try $0.runs(.latest(grouped.count)) } == [])
    }

    @Test("by a label of a transaction or of the metadata, as text; not of a span")
    func label() async throws {
        let database = try TemporaryDatabase()
        var sent = EventBatch()
        _ = sent.addProcess(labels: [("env", "test")])
        sent.batchTransaction("metadata")
        var own = EventBatch.run("own")
        own.events[1].labels = own.addLabels([("env", "prod"), ("n", "1.50")])
        var span = EventBatch.run("span")
        span.events.append(span.event(.span, "s", start: 0, duration: 1, of: "span"))
        span.events[2].labels = span.addLabels([("env", "prod")])
        try await database.store(sent.delivery(), own.delivery(), span.delivery())
        func found(_ key: String, _ value: String) throws -> [String] {
            try database.runs(.label(key: key, value: value)).map(\.trace.text)
        }
        #expect(try found("env", "test") == ["metadata"])
        #expect(try found("env", "prod") == ["own"])
        #expect(try found("n", "1.50") == ["own"])
        #expect(try found("n", "1.5") == [])
        #expect(try found("ENV", "prod") == [])
        #expect(try found("env' OR 1 --", "x") == [])
    }

    @Test("numbers and booleans of labels are compared as the text they were sent as, on events and metadata")
    func labelValues() async throws {
        let database = try TemporaryDatabase()
        var sent = EventBatch()
        _ = sent.addProcess(labels: [("n", "2.0"), ("b", "true")])
        for index in sent.processes[0].labels.indices { sent.processes[0].labels[index].isNumber = index == 0 }
        sent.batchTransaction("metadata")
        var own = EventBatch.run("own")
        own.events[0].labels = own.addLabels([("n", "2.0"), ("n", "2"), ("b", "false")])
        for index in own.labels.indices { own.labels[index].isNumber = index < 2 }
        var text = EventBatch.run("text")
        text.events[0].labels = text.addLabels([("n", "2.0"), ("b", "true")])
        try await database.store(sent.delivery(), own.delivery(), text.delivery())
        func found(_ key: String, _ value: String) throws -> Set<String> {
            Set(try database.runs(.label(key: key, value: value)).map(\.trace.text))
        }
        #expect(try found("n", "2.0") == ["metadata", "own", "text"])
        #expect(try found("n", "2") == ["own"])
        #expect(try found("b", "true") == ["metadata", "text"])
        #expect(try found("b", "false") == ["own"])
        #expect(try found("b", "1") == [])
    }

    @Test("metadata is kept once for each distinct line, and its labels count for every run that came under it")
    func metadataOnce() async throws {
        let database = try TemporaryDatabase()
        var deliveries: [Delivery] = []
        for number in 0..<6 {
            var batch = EventBatch()
            _ = batch.addProcess(labels: [("half", "\(number % 2)")])
            batch.batchTransaction("\(number)")
            if number == 5 { batch.sideEvent(.error, id: "e", of: "4") }
            deliveries.append(batch.delivery())
        }
        let writer = try database.writer()
        for delivery in deliveries { _ = await writer.store(delivery) }
        await writer.close()
        #expect(try database.rowCounts()["processes"] == 2)
        let runs = try database.runs(.label(key: "half", value: "1")).map(\.trace.text)
        #expect(Set(runs) == ["1", "3", "5", "4"], "an error's metadata counts too")
    }

    @Test("by the version of a transaction")
    func version() async throws {
        let database = try TemporaryDatabase()
        var batch = EventBatch.run("old")
        let versions = (batch.symbols.intern("1.0"), batch.symbols.intern("2.0"))
        batch.events[0].version = versions.0
        batch.events += [batch.event(.span, "s", start: 0, duration: 1, of: "old")]
        batch.events[2].version = versions.1
        try await database.store(batch.delivery(), EventBatch.run("none").delivery())
        #expect(try database.runs(.version("1.0")).map(\.trace.text) == ["old"])
        #expect(try database.runs(.version("2.0")) == [])
        #expect(try database.runs(.version("3.0")) == [])
    }

    @Test("by when they started, both ends included, open ends too")
    func started() async throws {
        let database = try TemporaryDatabase()
        try await database.store(
            EventBatch.run("a", start: -5).delivery(), EventBatch.run("b", start: 5).delivery(),
            EventBatch.run("c", start: 9).delivery())
        func found(_ from: Int64?, _ to: Int64?) throws -> [String] {
            try database.runs(.started(from: from, to: to)).map(\.trace.text)
        }
        #expect(try found(5, 9) == ["c", "b"])
        #expect(try found(6, 8) == [])
        #expect(try found(nil, 5) == ["b", "a"])
        #expect(try found(6, nil) == ["c"])
        #expect(try found(nil, nil) == ["c", "b", "a"])
    }

    @Test("a run starts with its earliest event, whichever came first")
    func earliestStart() async throws {
        let database = try TemporaryDatabase()
        var late = EventBatch.filled { $0.transaction("late", start: 50) }
        late.renameTrace("a")
        try await database.store(
            late.delivery(), EventBatch.run("a", start: 20).delivery(), EventBatch.run("a", start: 30).delivery())
        #expect(try database.runs().map(\.start) == [20])
        #expect(try database.traces().first?.start == 20)
    }
}

extension EventBatch {
    /// Moves every event to a trace of this id.
    fileprivate mutating func renameTrace(_ id: String) {
        let trace = trace(Identifier(id))
        for index in events.indices { events[index].trace = trace }
    }

    fileprivate mutating func batchTransaction(_ trace: String) {
        let event = event(.transaction, "1", start: 0, duration: 1, of: trace)
        events.append(event)
    }
}
