import TestSupport
import Testing

@testable import TraceCore

/// Events that came compressed, late or not at all. How they are drawn and counted is tested with the waterfall's rows
/// and the reports.
@Suite("Compressed, dropped, late and unsampled events")
struct OddEventTests {
    /// Two slots: u3 waits for u2.
    private let pool = Drawing(
        """
        run |..............|
        u1  |########      |
        u2  |####          |
        u3  |....#######   |
        """)

    private func group(_ drawing: Drawing) throws -> TaskGroup { try #require(drawing.analysis.groups.first) }

    @Test("a compressed span is open from its start to its end, whatever was between, and waits by its type")
    func compressed() throws {
        var drawing = Drawing("u1 |.####~~~.|")
        drawing.edit("u1.0", "u1.1") { event, _ in event.compressed = true }
        #expect(drawing.states("u1") == ".####~~~.")
        let breakdown = try drawing.analysis.breakdown("u1")
        #expect(breakdown.work == 60)
        #expect(breakdown.own == 20)
    }

    @Test("a compressed span takes a slot and gives it back as any other")
    func compressedInPool() throws {
        var drawing = pool
        drawing.edit("u1.0", "u2.0", "u3.0") { event, _ in event.compressed = true }
        #expect(try group(drawing).slots == 2)
        #expect(drawing.analysis.releasedBy("u3") == "u2")
        #expect(drawing.states("u3") == "????#######")
        #expect(try drawing.analysis.breakdown("u3") == pool.analysis.breakdown("u3"))
    }

    @Test("a task whose spans were dropped never held a slot that is seen, and waits as long as all are taken")
    func droppedStates() throws {
        var drawing = pool
        drawing.batch.events.removeAll { $0.id == Identifier("u1.0") }
        drawing.edit("u1") { event, _ in event.dropped = 40 }
        // Of one slot: u3 took over from u2.
        #expect(drawing.states("u1") == "????????")
        #expect(drawing.states("u3") == "????#######")
        #expect(try group(drawing).members.count == 3)
    }

    @Test("an incomplete task is in the statistics and marked; an unsampled one is neither, whatever it dropped")
    func droppedCounts() {
        var drawing = pool
        drawing.edit("u1", "u2") { event, _ in event.dropped = 1 }
        drawing.edit("u2") { event, _ in event.sampled = false }
        var builder = TaskReportBuilder(by: [.name])
        builder.add(drawing.analysis, isArriving: false)
        let report = builder.report()
        #expect(report.overall.tasks == 2)
        #expect(report.incomplete == 1)
        #expect(report.groups.map(\.incomplete) == [1])
        #expect(report.unsampled == 1)
    }

    @Test("a span that ends after its task holds no slot longer than the task")
    func lateEnd() throws {
        var drawing = pool
        drawing.edit("u2.0") { event, _ in event.duration = 10_000 }
        #expect(try group(drawing).slots == 2)
        #expect(drawing.states("u3") == "????#######")
        #expect(drawing.analysis.releasedBy("u3") == "u2")
        #expect(try group(drawing).makespan == 110)
        #expect(drawing.trace.makespan == 10_000)
    }

    @Test("a span that starts after its task has ended is no work of it, and no first work")
    func lateStart() throws {
        var drawing = Drawing("u1 |..##| ")
        drawing.edit("u1.0") { event, _ in event.start += 20 }
        #expect(drawing.states("u1") == "....")
        #expect(drawing.states("u1", AnalysisSettings(inference: .gap)) == "....")
        #expect(try drawing.analysis.breakdown("u1").own == 40)
        drawing.edit("u1.0") { event, _ in event.start -= 10 }
        #expect(drawing.states("u1") == "...#")
    }

    @Test("a wait span that began before its task waits only inside it")
    func earlyWait() throws {
        let drawing = Drawing("u1  |   ..##|\n  a |~~~~   |")
        #expect(drawing.states("u1") == "~.##")
        #expect(try drawing.analysis.breakdown("u1").spanWait == 10)
    }

    @Test("a span whose transaction has not come yet is in no task, and in its own as soon as that comes")
    func transactionComesLast() throws {
        var drawing = pool
        let tasks = drawing.batch.events.filter { $0.kind == .transaction }
        drawing.batch.events.removeAll { $0.kind == .transaction }
        #expect(drawing.analysis.tasks.isEmpty && drawing.analysis.groups.isEmpty)
        #expect(drawing.analysis.partitions().allSatisfy { $0 == nil })
        drawing.batch.events += tasks.reversed()
        #expect(drawing.analysis.description == pool.analysis.description)
    }

    @Test("a child transaction that has not come yet leaves its spans to the child, not to the task above")
    func childComesLast() {
        var drawing = Drawing(
            """
            u1    |.......|
              t   | ====  |
                s |  ##   |
            """)
        let child = drawing.batch.events.filter { $0.id == Identifier("t") }
        drawing.batch.events.removeAll { $0.id == Identifier("t") }
        #expect(drawing.states("u1") == ".......")
        drawing.batch.events += child
        #expect(drawing.states("u1") == ".####..")
        #expect(drawing.states("t") == ".##.")
    }

    @Test("an unsampled task holds no slot, waits for none and gives none back")
    func unsampledInPool() throws {
        var drawing = pool
        drawing.edit("u2") { event, _ in event.sampled = false }
        #expect(try group(drawing).members.count == 2)
        #expect(try group(drawing).waited == 0)
        #expect(drawing.states("u2") == "unsampled")
        #expect(drawing.states("u3") == "....#######")
        #expect(drawing.analysis.releasedBy("u3") == nil)
        drawing.edit("u1") { event, _ in event.sampled = false }
        #expect(drawing.analysis.groups.isEmpty)
        #expect(drawing.analysis.tasks.map { drawing.trace.text($0) } == ["run"])
        #expect(drawing.analysis.unsampled == 2)
    }

    @Test("a span that names an unsampled transaction is of no other task")
    func spansOfUnsampled() throws {
        var drawing = Drawing(
            """
            u1    |.......|
              t   | ====  |
                s |  ~~   |
            """)
        drawing.edit("t") { event, _ in event.sampled = false }
        #expect(drawing.states("u1") == ".####..")
        drawing.edit("s") { event, _ in event.transaction = nil }
        #expect(drawing.trace.owner("s") == "t")
        #expect(drawing.states("u1") == ".####..")
        #expect(drawing.analysis.breakdown(drawing.trace.index("t")) == nil)
    }
}
