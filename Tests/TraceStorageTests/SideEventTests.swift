import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Errors, metricsets and logs")
struct SideEventTests {
    private struct Sent {
        let kind: SideEvent.Kind
        let id: String?
        let trace: String?

        /// One of each kind, with and without id and trace.
        static let all: [Sent] = SideEvent.Kind.allCases.flatMap { kind in
            [("e", "trace"), ("0123456789abcdef", "trace"), (nil, "trace"), ("NOT HEX", nil), (nil, nil)].map {
                Sent(kind: kind, id: $0.0, trace: $0.1)
            }
        }

        func batch(digest: UInt64, time: Int64 = 5) -> EventBatch {
            .filled { batch in
                batch.sideEvent(kind, id: id, of: trace, digest: digest)
                batch.sideEvents[0].timestamp = time
            }
        }
    }

    @Test("the same again, at another time too, adds nothing; another that is told apart by its digest does")
    func redelivery() async throws {
        for sent in Sent.all {
            let database = try TemporaryDatabase()
            try await database.store(sent.batch(digest: 1).delivery())
            let counts = try database.rowCounts()
            #expect(counts["bodies"] == 1)
            #expect(counts["side_events"] == (sent.trace == nil ? 0 : 1))
            #expect(counts["untraced_events"] == (sent.trace == nil ? 1 : 0))
            // As where its time is that of its request, and its request is sent again.
            let again = sent.batch(digest: 1, time: 77).delivery(at: 2_000, body: [4])
            #expect(try await database.store(again) == [.stored(duplicates: 1)], "\(sent)")
            #expect(try database.rowCounts() == counts, "\(sent)")
            let isNamed = sent.id != nil && sent.trace != nil
            let other = sent.batch(digest: 2).delivery(at: 2_000, body: [5])
            let outcome = DeliveryOutcome.stored(duplicates: 0, conflicts: isNamed ? 1 : 0)
            #expect(try await database.store(other) == [outcome], "\(sent)")
            #expect(try database.rowCounts()["bodies"] == (isNamed ? 1 : 2), "\(sent)")
        }
    }

    @Test("of two with the same id the first stored counts, and ids come back as they were sent")
    func firstStored() async throws {
        let database = try TemporaryDatabase()
        var first = EventBatch.run("trace")
        for id in ["NOT HEX", "0123456789ABCDEF", "", "a\u{0}b"] { first.sideEvent(.error, id: id) }
        var second = first
        for index in second.sideEvents.indices {
            second.sideEvents[index].timestamp = 99
            second.sideEvents[index].parent = Identifier("elsewhere")
        }
        try await database.store(first.delivery(), second.delivery(at: 2_000))
        let trace = try #require(try database.traces().first)
        #expect(Set(trace.sideEvents.map { $0.id?.text }) == ["NOT HEX", "0123456789ABCDEF", "", "a\u{0}b"])
        #expect(trace.sideEvents.allSatisfy { $0.timestamp == 5 && $0.parent == nil })
    }

    @Test("an id of 32 digits is another than the same digest")
    func idAndDigest() async throws {
        let database = try TemporaryDatabase()
        var batch = EventBatch.run("trace")
        batch.sideEvent(.log, id: "00000000000000070000000000000001")
        batch.sideEvent(.log, digest: 1)
        #expect(try await database.store(batch.delivery()) == [.stored(duplicates: 0)])
        let trace = try #require(try database.traces().first)
        #expect(trace.sideEvents.map { $0.id == nil }.sorted { !$0 && $1 } == [false, true])
        #expect(trace.sideEvents.first { $0.id == nil }?.digest == Digest(high: 7, low: 1))
    }

    /// Runs of several processes, and what those sent for no trace, around the times of the runs.
    private func crowd(seed: UInt64) -> EventBatch {
        var generator = SeededGenerator(seed: seed)
        func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        var batch = EventBatch()
        for process in 0..<6 { _ = batch.addProcess(host: process == 5 ? nil : "host", pid: Int64(process / 2)) }
        for number in 0..<12 {
            var event = batch.event(
                .transaction, "\(number)", start: Int64(random(0...200)) * 1_000_000, duration: 2_000_000,
                process: random(0...5), of: "trace \(number % 4)")
            event.line.body = 0
            batch.events.append(event)
        }
        for number in 0..<300 {
            batch.sideEvent(
                SideEvent.Kind.allCases[number % 3], id: number % 3 == 0 ? "e\(number)" : nil,
                of: number % 5 == 0 ? "trace \(number % 4)" : nil, digest: UInt64(number))
            let last = batch.sideEvents.count - 1
            batch.sideEvents[last].process = random(0...5)
            batch.sideEvents[last].timestamp = Int64(random(-20...260)) * 1_000_000
            batch.sideEvents[last].line.offset = last
        }
        return batch
    }

    @Test("a trace's surroundings are those that the batch it came in gives", arguments: 1...8 as ClosedRange<UInt64>)
    func surroundings(seed: UInt64) async throws {
        let batch = crowd(seed: seed)
        let database = try TemporaryDatabase()
        try await database.store(batch.delivery())
        for withSurroundings in [true, false] {
            let expected = Trace.all(of: batch, withSurroundings: withSurroundings)
            let read = try TraceReader(path: database.path).read { snapshot in
                try snapshot.runs(.all).map { try snapshot.trace($0, withSurroundings: withSurroundings) }
            }
            #expect(read.count == 4)
            for trace in read {
                let same = try #require(expected.first { $0.id == trace.id })
                #expect(trace.sideEvents.map(\.line.offset) == same.sideEvents.map(\.line.offset))
                #expect(trace.sideEvents.map { $0.trace == nil } == same.sideEvents.map { $0.trace == nil })
                #expect(trace.sideEvents.contains { $0.trace == nil } == withSurroundings)
                #expect(trace.errorCount == same.errorCount)
            }
        }
    }

    @Test("a run's process is known again by another metadata line, also one that came later")
    func laterMetadata() async throws {
        let database = try TemporaryDatabase()
        var metric = EventBatch()
        for _ in 0..<2 { _ = metric.addProcess() }
        metric.sideEvent(.metricset, of: nil, digest: 1)
        metric.sideEvents[0].process = 1
        try await database.store(EventBatch.run("trace").delivery(), metric.delivery())
        let reader = try TraceReader(path: database.path)
        let trace = try reader.read { try $0.trace($0.runs(.all)[0], withSurroundings: true) }
        #expect(trace.sideEvents.map(\.kind) == [.metricset])
        #expect(trace.processes.count == 2)
    }

    @Test("none of these reads goes through a whole table")
    func plans() async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("trace").delivery())
        let reads = [
            TraceLoader.transactionsSQL, TraceLoader.spansSQL, TraceLoader.sideEventsSQL, TraceLoader.surroundingsSQL,
            TraceLoader.untracedSQL, BodyLines.bodySQL,
        ]
        for sql in reads {
            let plan = try database.plan(of: sql)
            #expect(!plan.isEmpty && plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(sql): \(plan)")
        }
        #expect(try database.plan(of: TraceLoader.surroundingsSQL).last?.contains("process=? AND time_us>") == true)
    }
}
