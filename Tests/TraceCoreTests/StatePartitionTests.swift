import TestSupport
import Testing

@testable import TraceCore

@Suite("The states of a task")
struct StatePartitionTests {
    @Test("work where a leaf works, wait where all wait, else the task's own code")
    func plain() throws {
        let drawing = Drawing("u1 |.##..~~#.|")
        #expect(drawing.states("u1") == ".##..~~#.")
        let breakdown = try drawing.analysis.breakdown("u1")
        #expect(breakdown.duration == 90)
        #expect(breakdown.spanWait == 20)
        #expect(breakdown.wait == 20)
        #expect(breakdown.work == 70)
        #expect(breakdown.own == 40)
        #expect(breakdown.waitSources == [.span])
    }

    @Test("a wait span inside a work span waits, a span below a wait span too, work beside it works")
    func leaves() {
        let nested = Drawing(
            """
            u1    |..........|
              a   | ######## |
                b |  ~~~~    |
                c |     ##   |
            """)
        #expect(nested.states("u1") == ".#~~~####.")
        let below = Drawing(
            """
            u1    |........|
              a   | ~~~~~~ |
                b |  ####  |
            """)
        #expect(below.states("u1") == ".~~~~~~.")
        let beside = Drawing(
            """
            u1    |........|
              a   | ~~~~~~ |
              b   |  ###   |
            """)
        #expect(beside.states("u1") == ".~###~~.")
    }

    @Test("neighbours of one state are joined, whichever span they come from")
    func joined() {
        let drawing = Drawing(
            """
            u1  |........|
              a |###     |
              b |  ###   |
              c |     ~~ |
            """)
        #expect(drawing.states("u1") == "#####~~.")
        let stretches = drawing.analysis.partitions()[drawing.trace.index("u1")]?.stretches ?? []
        #expect(stretches.map(\.state) == [.work, .wait(.span), .own])
        #expect(stretches.map(\.interval.length) == [50, 20, 10])
        #expect(stretches.first?.interval.start == Drawing.origin)
    }

    @Test("spans are clipped to the task; outside it, or empty, they contribute nothing")
    func clipped() {
        let drawing = Drawing(
            """
            u1  |  ....    |
              a |###       |
              b |     ~~~~ |
              c |        # |
            """)
        #expect(drawing.states("u1") == "#..~")
        var empty = Drawing("u1 |.##.~~.|")
        empty.edit("u1.0", "u1.1") { event, _ in event.duration = 0 }
        #expect(empty.states("u1") == ".......")
    }

    @Test("a child outlives its parent: it is the leaf that is left")
    func outliving() {
        let drawing = Drawing(
            """
            u1    |........|
              a   |####    |
                b |  ~~~~~ |
            """)
        #expect(drawing.states("u1") == "##~~~~~.")
    }

    @Test("child transactions are spans of the task, sampled or not; their own spans are not")
    func childTransactions() throws {
        var drawing = Drawing(
            """
            u1    |.......|
              t   | ====  |
                s |  ~~   |
            """)
        #expect(drawing.states("u1") == ".####..")
        #expect(drawing.states("t") == ".~~.")
        drawing.edit("t") { event, _ in event.sampled = false }
        #expect(drawing.states("u1") == ".####..")
        #expect(drawing.states("t") == "unsampled")
        #expect(drawing.analysis.breakdown(drawing.trace.index("t")) == nil)
        #expect(drawing.analysis.breakdown(drawing.trace.index("s")) == nil)
    }

    @Test("where a circle leaves no leaf, every open span is one")
    func circles() {
        var work = Drawing(
            """
            u1  |........|
              a |######  |
              b | ~~~~~  |
            """)
        work.edit("a") { event, _ in event.parent = Identifier("b") }
        work.edit("b") { event, _ in event.parent = Identifier("a") }
        // Below each other, so that both wait.
        #expect(work.states("u1") == "~~~~~~..")
        work.edit("b") { event, symbols in event.type = symbols.intern("db") }
        #expect(work.states("u1") == "######..")
    }

    @Test("a span that is its own parent is a leaf only where there is no other")
    func selfParent() {
        var drawing = Drawing(
            """
            u1  |........|
              a |######  |
              b |  ~~    |
            """)
        drawing.edit("a") { event, _ in event.parent = Identifier("a") }
        #expect(drawing.states("u1") == "##~~##..")
    }

    @Test("a parent counts by id, not by time: a leaf's open parent is none, its closed one does not matter")
    func parentsOfOtherTasks() {
        var drawing = Drawing(
            """
            u1  |........|
              a |####    |
              b | ~~     |
            """)
        drawing.edit("b") { event, _ in event.parent = Identifier("of another run") }
        #expect(drawing.states("u1") == "####....")
        drawing.edit("b") { event, _ in event.parent = Identifier("a") }
        #expect(drawing.states("u1") == "#~~#....")
    }

    @Test("time in a queue comes before the task: part of total and wait, not of the states")
    func queued() throws {
        var drawing = Drawing("u1 |.~~##|")
        drawing.edit("u1") { event, _ in event.messageAge = 1_000 }
        #expect(drawing.states("u1") == ".~~##")
        let breakdown = try drawing.analysis.breakdown("u1")
        #expect(breakdown.total == 1_050)
        #expect(breakdown.wait == 1_020)
        #expect(breakdown.work == 30)
        #expect(breakdown.own == 10)
        #expect(breakdown.turnaround == 50)
        #expect(breakdown.waitSources == [.span, .message])
    }

    @Test("an empty task has no states and no time")
    func empty() throws {
        let drawing = Drawing("u1 ||")
        #expect(drawing.states("u1") == "")
        let breakdown = try drawing.analysis.breakdown("u1")
        #expect(breakdown == Breakdown())
    }

    @Test("times at the ends of what is allowed do not trap", arguments: [-1, 1] as [Int64])
    func extremes(sign: Int64) throws {
        let (time, decade) = (sign * (1 << 61), Microseconds.tenYears)
        let analysis = TraceAnalysis(
            EventBatch.filled {
                for id in ["u1", "u2", "u3"] {
                    $0.transaction(id, parent: "run", start: time, duration: decade) { $0.messageAge = decade }
                    $0.span("wait \(id)", of: id, start: time, duration: decade, type: "wait") { $0.offset = decade }
                    $0.span("far \(id)", of: id, start: -time, duration: decade)
                }
                $0.span("before", of: "u1") { $0.offset = -(1 << 61) }
            }.firstTrace)
        let breakdown = try analysis.breakdown("u1")
        #expect(breakdown.total == 2 * decade)
        #expect(breakdown.work + breakdown.wait == 2 * decade)
        #expect(analysis.groups.first?.members.count == 3)
    }
}
