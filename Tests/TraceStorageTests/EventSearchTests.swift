import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Finding events by id")
struct EventSearchTests {
    private static let ids = RunSelectionTests.ids

    private func found(
        _ id: String, _ database: TemporaryDatabase,
        kinds: Set<FoundEvent.Kind> = Set(FoundEvent.Kind.allCases), in runs: [StoredRun]? = nil, limit: Int = 20
    ) throws -> FoundEvents {
        try TraceReader(path: database.path).read {
            try $0.events(withID: id, kinds: kinds, in: runs, limit: limit)
        }
    }

    /// A transaction, a span and an error of each id in a run, and errors of no trace.
    private func filled() async throws -> TemporaryDatabase {
        let database = try TemporaryDatabase()
        let batch = EventBatch.filled { batch in
            for (number, id) in Self.ids.enumerated() {
                batch.events += [
                    batch.event(.transaction, id, start: 0, duration: 1),
                    batch.event(.span, id, start: 0, duration: 1),
                ]
                batch.sideEvent(.error, id: id)
                batch.sideEvent(.error, id: id, of: nil, digest: UInt64(number))
                batch.sideEvent(.log, id: id, digest: UInt64(number))
                batch.sideEvent(.log, id: id, of: nil, digest: UInt64(100 + number))
            }
        }
        try await database.store(batch.delivery())
        return database
    }

    @Test("a whole id finds its events alone, any other text those that begin so, of every kind")
    func prefixes() async throws {
        let database = try await filled()
        let prefixes = Set(Self.ids.flatMap { id in (0...id.count).map { String(id.prefix($0)) } })
        for prefix in prefixes.union(["g", "F", String(repeating: "f", count: 40), "abcd", "e\u{301}"]) {
            let begun = Self.ids.filter { $0.utf8.starts(with: prefix.utf8) }
            let expected = (begun.contains(prefix) ? [prefix] : begun).sorted { Identifier($0) < Identifier($1) }
            let found = try found(prefix, database, limit: 100)
            #expect(!found.hasMore)
            for kind in FoundEvent.Kind.allCases {
                let traced = found.events.filter { $0.kind == kind && $0.run != nil }
                #expect(traced.map(\.id.text) == expected, "\(prefix), \(kind)")
            }
            let untraced = found.events.suffix(expected.count)
            #expect(untraced.allSatisfy { $0.run == nil && $0.kind == .error })
            #expect(untraced.map(\.id.text) == expected, "\(prefix)")
            #expect(found.events.count == 4 * expected.count)
        }
    }

    @Test("the newest run first, by start; runs of errors alone among them; no more than asked for, and it says so")
    func newest() async throws {
        let database = try TemporaryDatabase()
        var alone = EventBatch.filled { _ in }
        alone.sideEvent(.error, id: "1", of: "errors alone")
        var untraced = EventBatch.filled { _ in }
        for time in [3, 9, 6] as [Int64] {
            untraced.sideEvent(.error, id: "1", of: nil, digest: UInt64(time))
            untraced.sideEvents[untraced.sideEvents.count - 1].timestamp = time
            untraced.sideEvents[untraced.sideEvents.count - 1].line.offset = Int(time)
        }
        try await database.store(
            EventBatch.run("middle", start: 5_000).delivery(), EventBatch.run("newest", start: 9_000).delivery(),
            EventBatch.run("oldest", start: 1).delivery(), alone.delivery(at: 7_000), untraced.delivery())
        let order = ["newest", "errors alone", "middle", "oldest", nil, nil, nil]
        for limit in 0...8 {
            let found = try found("1", database, limit: limit)
            #expect(found.events.map { $0.run?.trace.text } == Array(order.prefix(limit)))
            #expect(found.hasMore == (limit < order.count))
        }
        #expect(try found("1", database).events.suffix(3).map(\.line.offset) == [9, 6, 3])
        #expect(try found("none", database) == FoundEvents(events: [], hasMore: false))
    }

    @Test("of some kinds, of some runs")
    func restricted() async throws {
        let database = try TemporaryDatabase()
        var error = EventBatch.filled { _ in }
        error.sideEvent(.error, id: "1", of: nil)
        try await database.store(
            EventBatch.run("a", start: 1).delivery(), EventBatch.run("b", start: 2).delivery(),
            EventBatch.run("c", start: 3).delivery(), error.delivery())
        let runs = try database.runs().filter { $0.trace.text != "b" }
        #expect(try found("1", database, in: runs).events.map { $0.run?.trace.text } == ["c", "a"])
        #expect(try found("1", database, in: runs, limit: 1).hasMore)
        #expect(try found("1", database, in: []).events.isEmpty)
        #expect(try found("1", database, kinds: [.span]).events.isEmpty)
        #expect(try found("1", database, kinds: [.error]).events.map(\.run) == [nil])
        #expect(try found("1", database, kinds: [.transaction]).events.count == 3)
    }

    @Test("what is found can be read: in its trace, or as an error of no trace")
    func reading() async throws {
        let database = try await filled()
        let reader = try TraceReader(path: database.path)
        try reader.read { snapshot in
            let found = try snapshot.events(withID: "0123456789ABCDEF").events
            #expect(found.count == 4)
            for event in found {
                let alone = try snapshot.untraced(event)
                #expect(alone.sideEvents.count == (event.run == nil ? 1 : 0))
                guard let run = event.run else {
                    #expect(alone.sideEvents[0].id == event.id)
                    #expect(alone.processes.count == 1)
                    continue
                }
                let trace = try snapshot.trace(run)
                let lines = trace.events.map(\.line) + trace.sideEvents.map(\.line)
                #expect(lines.contains(event.line))
            }
        }
    }

    @Test("each run is asked by the key of its events, newest first without sorting them")
    func plans() async throws {
        let database = try await filled()
        for kind in FoundEvent.Kind.allCases {
            for runs in [EventSearch.startedRuns, EventSearch.otherRuns, EventSearch.oneRun] {
                let plan = try database.plan(of: EventSearch.sql(kind, runs))
                let key =
                    kind == .error ? "(run=? AND kind=? AND has_id=? AND id>? AND id<?)" : "(run=? AND id>? AND id<?)"
                #expect(
                    plan.count == 2 && plan.last?.contains("SEARCH event USING PRIMARY KEY \(key)") == true, "\(plan)")
            }
            let plan = try database.plan(of: EventSearch.sql(kind, EventSearch.startedRuns))
            #expect(plan.first?.contains("runs_by_start") == true, "\(plan)")
        }
        let plan = try database.plan(of: EventSearch.untracedSQL)
        #expect(plan.first?.contains("untraced_events_by_id (id>? AND id<?)") == true, "\(plan)")
    }
}
