import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("What ran beside a run")
struct BackgroundQueryTests {
    /// A run of two tasks at 0, and transactions of other traces: at a start, of a process, with a name.
    private func stored(_ others: [(trace: String, start: Int64, pid: Int64?, node: String?)]) async throws
        -> TemporaryDatabase
    {
        let batch = EventBatch.filled { batch in
            batch.task("a", start: 0, end: 100, work: [])
            batch.task("b", start: 0, end: 100, work: [])
            for (number, other) in others.enumerated() {
                let process = batch.addProcess(pid: other.pid, node: other.node)
                var event = batch.event(
                    .transaction, "\(number)", start: other.start, duration: 7, process: process, of: other.trace)
                event.name = batch.symbols.intern("beat")
                batch.events.append(event)
            }
        }
        let database = try TemporaryDatabase()
        try await database.store(batch.delivery())
        return database
    }

    @Test("transactions of the same process in reach are found, of other traces alone")
    func found() async throws {
        let database = try await stored([
            ("t1", 5, 1, nil), ("t2", 5, 2, nil), ("t3", 5, 1, "node"), ("t4", 59_000_000, 1, nil),
            ("t5", 60_000_200, 1, nil), ("t6", -60_000_007, 1, nil), ("t7", -60_000_008, 1, nil), ("t8", 5, nil, nil),
            // One that began long ago, and goes on.
            ("t9", -3_600_000_000, 1, nil), ("t9", 6, 1, nil), ("t10", -3_700_000_000, 1, nil), ("t10", 8, 1, nil),
        ])
        try TraceReader(path: database.path).read { snapshot in
            let run = try #require(try snapshot.runs(.tracePrefix("trace")).first)
            let trace = try snapshot.trace(run)
            let (others, isCut) = try snapshot.transactions(BackgroundReach(trace), besides: trace.id)
            #expect(!isCut)
            #expect(others.map(\.start).sorted() == [-60_000_007, 5, 6, 59_000_000])
            #expect(
                others.first
                    == OtherTransaction(
                        process: ProcessName(host: "host", pid: 1, node: nil), service: "runner", name: "beat",
                        start: 59_000_000, duration: 7))
        }
    }

    @Test("runs are found by their start, and their transactions by their run")
    func plan() async throws {
        let plan = try await stored([]).plan(of: BackgroundQuery.sql)
        #expect(plan.count == 2)
        #expect(plan.first?.contains("SEARCH runs USING INDEX runs_by_start (start_us>? AND start_us<?)") == true)
        #expect(plan.last?.contains("SEARCH transactions USING PRIMARY KEY (run=?)") == true)
        let processes = try await stored([]).plan(of: BackgroundQuery.processesSQL)
        #expect(processes.first?.contains("processes_by_host (host=? AND pid=? AND node=?)") == true, "\(processes)")
    }
}
