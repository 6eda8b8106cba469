import TestSupport
import Testing

@testable import TraceCore

@Suite("Background tasks")
struct BackgroundTasksTests {
    private static let process = ProcessName(host: "host", pid: 1, node: nil)

    private func other(
        _ name: String = "beat", at start: Int64, for duration: Int64 = 10, process: ProcessName = process
    ) -> OtherTransaction {
        OtherTransaction(process: process, service: "runner", name: name, start: start, duration: duration)
    }

    /// Beats of a loop that sleeps so long and then beats, each late by what `lateness` says of the number of tasks
    /// that run when it is due.
    private func beats(
        every interval: Int64, from start: Int64, to end: Int64, beside truths: [SimulatedPool.Truth],
        lateness: (Int) -> Int64
    ) -> [OtherTransaction] {
        var time = start
        var beats: [OtherTransaction] = []
        while time < end {
            beats.append(other(at: time))
            let due = time + interval
            time = due + lateness(truths.count { $0.admission <= due && due < $0.end })
        }
        return beats
    }

    @Test("a heartbeat that a full pool delays is late while its slots are taken, and on time while few tasks run")
    func starved() throws {
        for seed in UInt64(1)...10 {
            let (batch, truths) = SimulatedPool(
                tasks: 60, slots: 5, arrivals: .spread(over: 1_000), seed: seed
            ).run()
            let analysis = TraceAnalysis(batch.firstTrace)
            let beats = beats(every: 20_000, from: -3_000_000, to: 4_000_000, beside: truths) { $0 >= 5 ? 6_000 : 0 }
            let background = BackgroundTasks(of: analysis, others: beats.shuffled())
            let kind = try #require(background.kinds.first, "seed \(seed)")
            #expect(background.kinds.count == 1 && !background.isCut)
            let inside = beats.filter { $0.start < analysis.trace.end && $0.end > analysis.trace.start }
            #expect(kind.count == inside.count && kind.durations.max == 10)
            let rhythm = try #require(kind.rhythm)
            #expect(rhythm.interval == 20_000)
            let load = try #require(rhythm.load)
            #expect((load.fewBelow, load.takenFrom) == (3, 5))
            #expect(load.taken?.median == 6_000 && load.taken?.greatest == 6_000, "seed \(seed)")
            #expect(load.few?.median == 0 && load.few?.greatest == 0, "seed \(seed)")
            #expect(load.taken?.starts ?? 0 > 20 && load.few?.starts ?? 0 > 100)
            #expect(rhythm.late?.greatest == 6_000)
        }
    }

    @Test("one that keeps its time is late by nothing, whatever runs")
    func steady() throws {
        let (batch, truths) = SimulatedPool(tasks: 60, slots: 5, arrivals: .spread(over: 1_000), seed: 3).run()
        let beats = beats(every: 20_000, from: -100_000, to: 1_500_000, beside: truths) { _ in 0 }
        let kinds = BackgroundTasks(of: TraceAnalysis(batch.firstTrace), others: beats).kinds
        let rhythm = try #require(kinds.first?.rhythm)
        #expect(rhythm.late?.greatest == 0 && rhythm.load?.taken?.greatest == 0)
    }

    private static let pool = Drawing(
        """
        run |            |
        a   |####        |
        b   |..####      |
        """)

    private func rhythm(_ starts: [Int64]) -> BackgroundTasks.Rhythm? {
        let others = starts.map { other(at: Drawing.origin + $0) }
        return BackgroundTasks(of: Self.pool.analysis, others: others).kinds.first?.rhythm
    }

    @Test("regular are at least five starts of which three quarters come within a fifth of the median interval")
    func regular() throws {
        #expect(rhythm([0, 10, 20, 30]) == nil, "four")
        let late = try #require(rhythm([0, 10, 20, 30, 45])?.late)
        #expect((late.starts, late.median, late.greatest) == (4, 0, 5))
        #expect(rhythm([0, 10, 20, 33, 46]) == nil, "two of four")
        #expect(rhythm([0, 10, 20, 30, 42])?.interval == 10, "12 is within a fifth")
        #expect(rhythm([0, 0, 0, 0, 0, 0]) == nil, "no interval")
        #expect(rhythm([-40, -30, -20, -10, 5])?.late?.greatest == 5, "those before the run count")
        #expect(rhythm([-400, -300, -200, -100, 1])?.interval == 100)
        #expect(rhythm([1, 200, 300, 400, 500])?.late == nil, "the only one inside was not due")
        let span = Microseconds.instants
        let wide = [span.lowerBound, span.lowerBound / 2, Drawing.origin, span.upperBound / 2, span.upperBound]
        #expect(rhythm(wide.map { $0 - Drawing.origin }) != nil, "nothing overflows")
    }

    @Test("what overlaps the run's window counts, and what takes no time as far as it starts inside")
    func window() {
        let trace = Self.pool.trace
        let (start, end) = (trace.start, trace.end)
        let others = [
            other("a", at: start - 10, for: 10), other("b", at: start - 10, for: 11), other("c", at: start, for: 0),
            other("d", at: end - 1), other("e", at: end, for: 5), other("f", at: start - 5, for: 1_000_000),
        ]
        let background = BackgroundTasks(of: Self.pool.analysis, others: others)
        #expect(background.kinds.map(\.name) == ["b", "c", "d", "f"])
    }

    @Test("processes are told apart, and where a pid is missing there are none")
    func processes() {
        let second = ProcessName(host: "host", pid: 2, node: nil)
        let others = [other(at: Drawing.origin), other("x", at: Drawing.origin, process: second)]
        #expect(BackgroundTasks(of: Self.pool.analysis, others: others).kinds.map(\.name) == ["beat"])
        var drawing = Self.pool
        drawing.batch.processes[0].pid = nil
        #expect(BackgroundTasks(of: drawing.analysis, others: others).kinds.isEmpty)
        #expect(BackgroundReach(drawing.trace).processes.isEmpty)
        #expect(BackgroundReach(Self.pool.trace).processes == [Self.process])
        #expect(BackgroundReach(Drawing("run |###|\na |#|").trace).processes.isEmpty, "no group")
    }

    @Test("in the run's own trace neither what is above or below a task is meant, nor a task that was not sampled")
    func ownTrace() {
        let batch = EventBatch.filled { batch in
            func add(_ id: String, under parent: String?, _ edit: (inout Event) -> Void = { _ in }) {
                var event = batch.event(.transaction, id, start: 0, duration: 100)
                event.parent = parent.map { Identifier($0) }
                event.name = batch.symbols.intern(id.hasPrefix("task") ? "task" : id)
                edit(&event)
                batch.events.append(event)
            }
            add("root", under: nil)
            add("stage", under: "root")
            add("task 1", under: "stage")
            add("task 2", under: "stage")
            add("task 3", under: "stage") { $0.sampled = false }
            add("inner", under: "task 1")
            add("innermost", under: "inner")
            add("round", under: "around")
            add("around", under: "round")
            add("beside", under: "root")
            add("lost", under: "never came") { $0.sampled = false }
        }
        let background = BackgroundTasks(of: TraceAnalysis(batch.firstTrace), others: [])
        #expect(background.kinds.map(\.name) == ["around", "beside", "lost", "round"])
    }

    @Test("of a batch the other traces' transactions in reach, each once")
    func reach() {
        let batch = EventBatch.filled { batch in
            let stranger = batch.addProcess(pid: 2)
            batch.task("a", start: 0, end: 100, work: [])
            batch.task("b", start: 0, end: 100, work: [])
            for (id, start, process) in [
                ("x", 5, 0), ("x", 5, 0), ("y", 59_000_000, 0), ("z", 61_000_000, 0), ("w", 5, stranger),
            ] {
                batch.events.append(
                    batch.event(.transaction, id, start: Int64(start), duration: 1, process: process, of: "t"))
            }
            batch.events.append(batch.event(.span, "s", start: 5, duration: 1, of: "t"))
        }
        let trace = batch.firstTrace
        #expect(BackgroundReach(trace).transactions(of: batch, besides: trace.id).map(\.start) == [5, 59_000_000])
    }
}
