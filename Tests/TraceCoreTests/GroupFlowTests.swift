import TestSupport
import Testing

@testable import TraceCore

@Suite("Flow of a group")
struct GroupFlowTests {
    private let pool = Drawing(
        """
        a |####        |
        b |##          |
        c |..######    |
        d |....########|
        """)

    private func flow(_ drawing: Drawing) throws -> GroupFlow {
        GroupFlow(try #require(drawing.analysis.groups.first), of: drawing.analysis)
    }

    @Test("the chain's slot time is what set the group's length")
    func chain() throws {
        let flow = try flow(pool)
        #expect(flow.chain == [3, 0])
        #expect(flow.chainSlotTime == 80 + 40)
        #expect(flow.chainShare.tenThousandths == 10_000)
        #expect(flow.full.tenThousandths == 6_667, "80 of 120 µs")
        #expect(flow.withoutWork == 0)
    }

    @Test("the three terms of Little's law make up its identity")
    func little() throws {
        let law = try #require(try flow(pool).little)
        #expect(law.area == 40 + 20 + 80 + 120)
        #expect(law.holds)
        #expect(law.window == 120)
        #expect(abs(law.meanNumber - 260.0 / 120) < 1e-12)
        #expect(law.meanTime == 65)
        #expect(abs(law.arrivalsPerSecond - 4e6 / 120) < 1e-6)
        for seed in UInt64(1)...100 {
            let analysis = TraceAnalysis(EventBatch.random(seed: seed).firstTrace)
            for group in analysis.groups {
                guard let law = GroupFlow(group, of: analysis).little else { continue }
                if !law.holds { Issue.record("seed \(seed)") }
                let product = law.arrivalsPerSecond / 1_000_000 * law.meanTime
                if abs(law.meanNumber - product) > 1e-9 * product { Issue.record("seed \(seed)") }
            }
        }
    }

    @Test("slowdowns: how much longer than its work each task took, and how evenly")
    func slowdowns() throws {
        let slowdowns = try flow(pool).slowdowns
        // 1, 1, 80 / 60 and 120 / 80.
        #expect(slowdowns.tasks == 4 && slowdowns.withoutWork == 0)
        #expect(slowdowns.statistics.p50 == 10_000 && slowdowns.statistics.max == 15_000)
        #expect(slowdowns.statistics.p90 == 15_000)
        let (sum, squares) = (1 + 1 + 4.0 / 3 + 1.5, 1 + 1 + 16.0 / 9 + 2.25)
        #expect(abs(try #require(slowdowns.fairness) - sum * sum / (4 * squares)) < 1e-12)

        let waiting = try flow(
            Drawing(
                """
                a |~~~~|
                b |####|
                """)
        ).slowdowns
        #expect(waiting.tasks == 1 && waiting.withoutWork == 1 && waiting.fairness == 1)
        let none = try flow(
            Drawing(
                """
                a |~~~~|
                b |~~~~|
                """)
        ).slowdowns
        #expect(none.fairness == nil && none.withoutWork == 2 && none.statistics.max == 0)
    }

    @Test("tasks that take no time have no law")
    func empty() throws {
        let batch = EventBatch.filled { batch in
            for number in 0..<2 { batch.task("\(number)", start: 5, end: 5, work: []) }
        }
        let analysis = TraceAnalysis(batch.firstTrace)
        let flow = GroupFlow(try #require(analysis.groups.first), of: analysis)
        #expect(flow.little == nil)
        #expect(flow.chainShare.tenThousandths == 0)
        #expect(flow.withoutWork == 2)
    }
}
