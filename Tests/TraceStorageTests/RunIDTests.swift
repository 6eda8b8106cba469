import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Finding runs by trace id")
struct RunIDTests {
    /// One span in each of these traces; a fifth of the ids is no hex.
    private func delivery(_ numbers: Range<Int>) -> Delivery {
        EventBatch.filled { batch in
            let model = batch.event(.span, "s", start: 5, duration: 1)
            for number in numbers {
                var event = model
                event.trace = batch.trace(Self.id(number))
                batch.events.append(event)
            }
        }.delivery()
    }

    private static func id(_ number: Int) -> Identifier {
        let word = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        switch number % 5 {
        case 0: return Identifier("trace \(number)")
        case 1: return .short(word)
        default: return .long(word, UInt64(number))
        }
    }

    @Test("holds while runs go into the index, through restarts in between")
    func rounds() async throws {
        let database = try TemporaryDatabase()
        let count = RunIDs.roundSize + 40
        var writer = try database.writer()
        #expect(await writer.store(delivery(0..<count)) == .stored(duplicates: 0))
        // The first step came with the delivery itself.
        let first = try #require(try database.rowCounts()["run_ids"])
        #expect(first > 0 && first < count)
        #expect(await writer.store(delivery(count..<count + 3)) == .stored(duplicates: 0))
        await writer.close()
        // Begun anew after a restart, over runs that are partly there.
        writer = try database.writer()
        var next = count + 3
        for _ in 0..<200 {
            #expect(await writer.store(delivery(next..<next + 1)) == .stored(duplicates: 0))
            next += 1
        }
        let rows = try #require(try database.rowCounts()["run_ids"])
        #expect(rows >= count + 3 && rows < next, "the round is over, and what came during it is in the next")
        #expect(await writer.store(delivery(0..<next)) == .stored(duplicates: next))
        await writer.close()
        #expect(try await database.store(delivery(0..<next)) == [.stored(duplicates: next)])
        #expect(try database.runs().count == next)
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
        for number in [0, 1, 2, 65_530, count + 2, next - 1] {
            let found = try database.runs(.tracePrefix(Self.id(number).text))
            #expect(found.map(\.trace) == [Self.id(number)], "\(number)")
        }
        #expect(try database.runs(.tracePrefix("trace 6553")).count == 2)
    }

    @Test("is the same after a commit that failed in the middle of a round")
    func failure() async throws {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        let count = RunIDs.roundSize
        #expect(await writer.store(delivery(0..<count)) == .stored(duplicates: 0))
        try database.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON run_ids BEGIN SELECT RAISE(ABORT, 'not now'); END")
        guard case .failed = await writer.store(delivery(count..<count + 10)) else {
            Issue.record("it was stored")
            return
        }
        try database.execute("DROP TRIGGER refuse")
        #expect(await writer.store(delivery(count - 5..<count + 10)) == .stored(duplicates: 5))
        await writer.close()
        #expect(try database.runs().count == count + 10)
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
    }

    @Test(
        "what is wrong with the index is found",
        arguments: [
            ("UPDATE run_ids_end SET run = 1", "trace trace: its id cannot be looked up"),
            ("INSERT INTO run_ids VALUES ('x', 1)", "run_ids: trace x leads to a run of another"),
            (
                "INSERT INTO runs SELECT 9, trace_id, start_us, request_us, parented, sent_us FROM runs",
                "trace trace: it is 2 runs"
            ),
        ])
    func check(sql: String, problem: String) async throws {
        let database = try TemporaryDatabase()
        try await database.store(EventBatch.run("trace").delivery())
        try database.execute("PRAGMA foreign_keys = OFF; \(sql)")
        let problems = try TraceReader(path: database.path).read { $0.integrityProblems() }
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }
}
