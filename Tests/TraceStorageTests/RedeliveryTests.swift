import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Delivering twice")
struct RedeliveryTests {
    private let batch: EventBatch = {
        var batch = EventBatch.run("trace")
        batch.span("s", parent: "1", of: "1")
        batch.sideEvent(.error, id: "e")
        batch.sideEvent(.error, id: "e", of: nil, digest: 1)
        batch.sideEvent(.error, digest: 2)
        batch.sideEvent(.metricset, digest: 3)
        batch.sideEvent(.log, of: nil, digest: 4)
        batch.events[0].labels = batch.addLabels([("k", "v")])
        return batch
    }()

    @Test("the same again stores nothing, in the same process and after a restart")
    func same() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        #expect(await writer.store(batch.delivery()) == .stored(duplicates: 0))
        let counts = try database.rowCounts()
        #expect(counts["transactions"] == 2)
        #expect(counts["parts"] == 1)
        #expect(counts["side_events"] == 3)
        #expect(counts["untraced_events"] == 2)
        #expect(counts["bodies"] == 1)
        #expect(await writer.store(batch.delivery(at: 2_000, body: [9])) == .stored(duplicates: 8))
        #expect(try database.rowCounts() == counts)
        await writer.close()
        #expect(try await database.store(batch.delivery(at: 3_000)) == [.stored(duplicates: 8)])
        #expect(try database.rowCounts() == counts)
        #expect(try database.runs().first?.lastRequest == 1_000)
    }

    @Test("twice in one delivery counts once")
    func withinOne() async throws {
        let database = try TemporaryDatabase()
        var twice = batch
        twice.events += batch.events
        twice.sideEvents += batch.sideEvents
        #expect(try await database.store(twice.delivery()) == [.stored(duplicates: 8)])
        #expect(try database.rowCounts()["transactions"] == 2)
    }

    @Test("of a delivery that is new in part the rest is stored, with its body")
    func partly() async throws {
        let database = try TemporaryDatabase()
        var more = batch
        more.transaction("3", parent: "parent")
        more.events[0].duration = 77
        more.events[2].duration = 77
        #expect(
            try await database.store(batch.delivery(), more.delivery(at: 2_000, body: [4])) == [
                .stored(duplicates: 0), .stored(duplicates: 6, conflicts: 2),
            ])
        let counts = try database.rowCounts()
        #expect(counts["transactions"] == 3)
        #expect(counts["bodies"] == 2)
        let trace = try #require(try database.traces().first)
        #expect(trace.events[trace.index("1")].duration == 10, "the first stored counts")
        #expect(trace.events[trace.index("s")].duration == 100, "of spans too")
        #expect(try database.runs().first?.lastRequest == 2_000)
    }

    @Test("the same ids in another trace, or of another kind, are others")
    func others() async throws {
        let database = try TemporaryDatabase()
        var other = EventBatch.run("another trace")
        other.sideEvent(.log, id: "e", of: "another trace", digest: 9)
        other.sideEvent(.error, id: "e", of: "another trace")
        var span = EventBatch.filled { $0.span("1") }
        span.sideEvent(.log, id: "e")
        #expect(
            try await database.store(batch.delivery(), other.delivery(), span.delivery()) == [
                .stored(duplicates: 0), .stored(duplicates: 0), .stored(duplicates: 0),
            ])
    }

    @Test("an empty delivery is stored without a trace of it")
    func empty() async throws {
        let database = try TemporaryDatabase()
        #expect(try await database.store(EventBatch.filled { _ in }.delivery()) == [.stored(duplicates: 0)])
        #expect(try database.rowCounts()["bodies"] == 0)
        #expect(try database.rowCounts()["processes"] == 0)
    }

    @Test("a delivery of errors alone makes no run to be listed, yet tells that something came")
    func errorsAlone() async throws {
        let database = try TemporaryDatabase()
        var errors = EventBatch.filled { _ in }
        errors.sideEvent(.error, id: "e")
        try await database.store(errors.delivery())
        #expect(try database.runs() == [])
        errors.sideEvent(.error, id: "f")
        try await database.store(EventBatch.run("trace").delivery(at: 2_000), errors.delivery(at: 3_000))
        #expect(try database.runs().first?.lastRequest == 3_000)
        #expect(try database.runs().first?.start == 0)
        #expect(try database.traces().first?.errorCount == 2)
    }
}
