import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

/// Events with the id of one that is stored: the same again, or another, which is lost.
@Suite("Events with the same id")
struct ConflictTests {
    /// A run with an event of each kind that has an id.
    private func batch(
        service: String = "runner", host: String = "host", _ edit: (inout EventBatch) -> Void = { _ in }
    ) -> EventBatch {
        var batch = EventBatch()
        _ = batch.addProcess(service: service, host: host)
        let name = batch.symbols.intern("task")
        batch.transaction("t", parent: "p", start: 10) { $0.name = name }
        batch.span("s", parent: "t", of: "t", start: 20)
        batch.sideEvent(.error, id: "e", digest: 1)
        batch.events[0].labels = batch.addLabels([("k", "v")])
        edit(&batch)
        return batch
    }

    private func lost(_ database: TemporaryDatabase) throws -> [String] {
        let losses = try database.losses()
        #expect(losses.allSatisfy { $0.reason == LossTally.sameID && $0.unit == .lines })
        return losses.flatMap(\.offenders).compactMap { $0.document.map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test("another event is lost, and it is told in what it differs")
    func another() async throws {
        let database = try TemporaryDatabase()
        let first = batch()
        try await database.store(first.delivery())
        let second = batch(service: "other", host: "h2") {
            $0.events[0].duration = 7
            $0.events[1].outcome = .failure
            $0.sideEvents[0].digest = Digest(high: 7, low: 2)
        }
        #expect(try await database.store(second.delivery(at: 2_000)) == [.stored(duplicates: 0, conflicts: 3)])
        #expect(
            try lost(database) == [
                "transaction t with another service, process, duration; trace trace",
                "span s with another service, process, outcome; trace trace",
                "error e with another service, process; trace trace",
            ])
        #expect(try database.losses().map(\.count) == [3])
        #expect(try database.losses().flatMap(\.offenders).map(\.service) == ["other", "other", "other"])
        #expect(try database.losses().map(\.first) == [2_000])
        #expect(try database.traces().first?.contents == first.firstTrace.contents)
        #expect(try database.rowCounts()["bodies"] == 1)
        // It is lost again, each time that it comes.
        #expect(try await database.store(second.delivery(at: 3_000)) == [.stored(duplicates: 0, conflicts: 3)])
        #expect(try database.losses().map(\.count) == [6])
    }

    @Test("of one that differs in a single field too")
    func eachField() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        _ = await writer.store(batch().delivery())
        let changes: [(String, (inout EventBatch) -> Void)] = [
            ("parent", { $0.events[0].parent = nil }), ("name", { $0.events[0].name = nil }),
            ("type", { $0.events[0].type = $0.symbols.intern("x") }),
            ("version", { $0.events[0].version = $0.symbols.intern("x") }),
            ("user", { $0.events[0].user = $0.symbols.intern("u") }), ("start", { $0.events[0].start = 11 }),
            ("duration", { $0.events[0].duration = 99 }), ("outcome", { $0.events[0].outcome = .success }),
            ("sampled", { $0.events[0].sampled = false }), ("dropped spans", { $0.events[0].dropped = 1 }),
            ("message age", { $0.events[0].messageAge = 1 }), ("labels", { $0.events[0].labels = 0..<0 }),
            ("service", { $0.events[0].service = $0.symbols.intern("x") }),
            ("transaction", { $0.events[1].transaction = Identifier("x") }),
            ("subtype", { $0.events[1].subtype = $0.symbols.intern("x") }),
            ("action", { $0.events[1].action = $0.symbols.intern("x") }),
            ("compressed", { $0.events[1].compressed = true }), ("start", { $0.events[1].start = 21 }),
            ("content", { $0.sideEvents[0].digest = Digest(high: 7, low: 2) }),
            (
                "time",
                {
                    $0.sideEvents[0].timestamp = 6
                    $0.sideEvents[0].digest = Digest(high: 7, low: 2)
                }
            ),
        ]
        for (number, (name, change)) in changes.enumerated() {
            let outcome = await writer.store(batch(change).delivery(at: 2_000))
            #expect(outcome == .stored(duplicates: 2, conflicts: 1), "\(name)")
            let last = try #require(try lost(database).last)
            #expect(last.hasSuffix(" with another \(name); trace trace"), "\(last)")
            #expect(try database.losses().map(\.count) == [number + 1])
        }
        await writer.close()
    }

    @Test("the same again is none, under other metadata of the same process and in another body too")
    func again() async throws {
        let database = try TemporaryDatabase()
        try await database.store(batch().delivery())
        let other = batch {
            $0.processes[0].line = Array("other line".utf8)
            $0.processes[0].environment = $0.symbols.intern("test")
            for index in $0.events.indices { $0.events[index].line.offset += 500 }
        }
        #expect(try await database.store(other.delivery(at: 9, body: [4])) == [.stored(duplicates: 3)])
        #expect(try database.losses().isEmpty)
    }

    /// Without a time of its own an event starts with its request, each time another.
    @Test("times that were not sent are not compared")
    func unsentTimes() async throws {
        let database = try TemporaryDatabase()
        func sent(at time: Int64) -> Delivery {
            batch {
                $0.events[0].start = time
                $0.events[1].start = time + 5
                $0.events[1].offset = 5
                $0.sideEvents[0].timestamp = time
            }.delivery(at: time)
        }
        try await database.store(sent(at: 1_000))
        #expect(try await database.store(sent(at: 2_000)) == [.stored(duplicates: 3)])
        // As an export has it, with the times filled in, and its lines others.
        let exported = batch {
            $0.events[0].start = 1_000
            $0.events[1].start = 1_005
            $0.sideEvents[0].timestamp = 1_000
            $0.sideEvents[0].digest = Digest(high: 7, low: 9)
        }
        #expect(try await database.store(exported.delivery(at: 3_000)) == [.stored(duplicates: 3)])
        let moved = batch { $0.events[1].offset = 6 }
        try await database.store(sent(at: 1_000))
        #expect(
            try await database.store(moved.delivery(at: 2_000)) == [.stored(duplicates: 1, conflicts: 2)],
            "a start and an offset that were sent")
    }

    @Test("in one delivery, the first counts")
    func withinOne() async throws {
        let database = try TemporaryDatabase()
        var twice = batch()
        twice.absorb(batch())
        twice.absorb(batch(service: "other"))
        twice.sideEvents[2].digest = Digest(high: 7, low: 3)
        #expect(try await database.store(twice.delivery()) == [.stored(duplicates: 3, conflicts: 3)])
        #expect(try database.losses().map(\.count) == [3])
        #expect(twice.firstTrace.conflicts == 3, "read from a file, they are told of too")
        #expect(batch().firstTrace.conflicts == 0)
    }

    @Test("an id is another's in another run, and of another kind")
    func elsewhere() async throws {
        let database = try TemporaryDatabase()
        var batch = EventBatch.filled {
            for trace in ["a", "b"] {
                let event = $0.event(.transaction, "t", start: trace == "a" ? 0 : 5, duration: 1, of: trace)
                $0.events.append(event)
                $0.events.append($0.event(.span, "t", start: 7, duration: 3, of: trace))
            }
        }
        batch.sideEvent(.error, id: "t", of: nil, digest: 1)
        batch.sideEvent(.error, id: "t", of: nil, digest: 2)
        #expect(try await database.store(batch.delivery()) == [.stored(duplicates: 0)])
        #expect(try database.losses().isEmpty)
    }

    /// Spans are found whatever part of the run they are in, and in whatever order they come again.
    @Test("among the spans of many requests", arguments: [false, true])
    func manyParts(_ isReversed: Bool) async throws {
        let database = try TemporaryDatabase()
        func part(_ number: Int, duration: Int64 = 3) -> Delivery {
            EventBatch.filled {
                for span in 0..<10 {
                    let id = span == 3 ? "span \(number)" : String(number * 10 + span + 0x1000_0000, radix: 16)
                    $0.span(String(repeating: "0", count: 16 - min(16, id.count)) + id, duration: duration)
                }
            }.delivery(at: 1_000, body: [UInt8(number)])
        }
        let writer = try database.writer()
        for number in 0..<20 { _ = await writer.store(part(number)) }
        let numbers = isReversed ? Array((0..<20).reversed()) : Array(0..<20)
        for number in numbers { #expect(await writer.store(part(number)) == .stored(duplicates: 10)) }
        for number in numbers {
            #expect(await writer.store(part(number, duration: 4)) == .stored(duplicates: 0, conflicts: 10))
        }
        #expect(try database.losses().map(\.count) == [200])
        await writer.close()
    }

    @Test("an error that an earlier version stored is compared by what is known of it")
    func earlierVersion() async throws {
        let database = try TemporaryDatabase()
        try await database.store(batch().delivery())
        try database.execute("UPDATE side_events SET digest = NULL")
        let other = batch { $0.sideEvents[0].digest = Digest(high: 7, low: 2) }
        #expect(try await database.store(other.delivery(at: 2_000)) == [.stored(duplicates: 3)])
        let moved = batch {
            $0.sideEvents[0].digest = Digest(high: 7, low: 2)
            $0.sideEvents[0].parent = Identifier("x")
        }
        #expect(try await database.store(moved.delivery(at: 2_000)) == [.stored(duplicates: 2, conflicts: 1)])
    }

    @Test("where one of several deliveries fails, those of the others are told")
    func besideAFailure() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        _ = await writer.store(batch().delivery())
        try database.execute(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON transactions WHEN NEW.duration_us = 77
            BEGIN SELECT RAISE(ABORT, 'not this one'); END
            """)
        var refused = batch()
        refused.transaction("new", duration: 77)
        guard case .failed = await writer.store(refused.delivery()) else {
            Issue.record("it was stored")
            return
        }
        #expect(
            await writer.store(batch(service: "other").delivery(at: 2_000)) == .stored(duplicates: 1, conflicts: 2))
        await writer.close()
        #expect(try database.losses().map(\.count) == [2])
    }
}
