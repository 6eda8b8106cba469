import TestSupport
import Testing

@testable import TraceCore

@Suite("The diagnosis of a report")
struct DiagnosisTests {
    private func diagnosis(_ text: String, _ inference: Inference = .auto) -> Diagnosis {
        let settings = AnalysisSettings(inference: inference)
        return Diagnosis(RunFigures(TraceAnalysis(Drawing(text).trace, settings: settings)))
    }

    private let pool = """
        a |####        |
        b |##          |
        c |..######    |
        d |....########|
        """

    @Test("a pool that is seen: who waited, for how many slots, and how much of the durations that is")
    func seen() {
        let found = diagnosis(pool)
        #expect(found.pool == .seen)
        #expect(found.tasks == 4 && found.waited == 2 && found.inferred == 2 && found.bySpan == 0)
        #expect(found.slots == 2)
        #expect(found.waits == 60 && found.durations == 260)
        #expect(found.waitShare.tenThousandths == 2_308)
    }

    @Test("slots that stood free: nobody was kept waiting by them, and how full they were")
    func free() {
        let found = diagnosis(
            """
            a |###      |
            b |#        |
            c |.....####|
            d |.....####|
            e |.....####|
            """)
        // While d and e would have waited, 60 of 120 slot-microseconds were used.
        #expect(found.pool == .slotsStoodFree(occupancy: Share(1, of: 2)))
        #expect(found.waited == 0 && found.slots == nil)
    }

    @Test("why there is no pool otherwise")
    func none() {
        #expect(
            diagnosis(
                """
                a |###|
                b |###|
                """
            ).pool == .nobodyWaited)
        #expect(
            diagnosis(
                """
                a |...|
                b |...|
                """
            ).pool == .noSpans)
        #expect(diagnosis("a |###|").pool == .noGroup)
        #expect(diagnosis("run |###|").pool == .noGroup)
        #expect(Diagnosis().pool == .noTasks)
        #expect(diagnosis(pool, .explicit).pool == .notInferred(.explicit, isSeen: true))
        #expect(diagnosis(pool, .explicit).waited == 0)
        #expect(diagnosis(pool, .gap).pool == .notInferred(.gap, isSeen: true))
    }

    @Test("tasks that say so themselves wait by span")
    func bySpan() {
        let found = diagnosis(
            """
            a |###~~|
            b |###  |
            """)
        #expect(found.pool == .nobodyWaited)
        #expect(found.waited == 1 && found.bySpan == 1 && found.waits == 20)
    }

    @Test("of a report over several runs: slots only where all pools have as many, from figures as from analyses")
    func report() {
        let wide = """
            a |##    |
            b |##    |
            c |##    |
            d |..##  |
            e |..##  |
            f |..####|
            """
        var (builder, kept) = (TaskReportBuilder(by: [.user]), TaskReportBuilder(by: [.user]))
        func add(_ text: String) {
            let figures = RunFigures(TraceAnalysis(Drawing(text).trace))
            builder.add(figures, isArriving: false)
            let isAdded = figures.encoded().withUnsafeBytes { bytes in kept.add(decoding: bytes) { _ in false } }
            #expect(isAdded)
        }
        add(pool)
        add(pool)
        #expect(builder.report().diagnosis.slots == 2)
        add(wide)
        add("a |##|")
        let found = builder.report().diagnosis
        #expect(found.pool == .seen)
        #expect(found.slots == nil)
        #expect(found.groups == 3 && found.groupsSeen == 3)
        #expect(found.tasks == 4 + 4 + 6 + 1 && found.waited == 2 + 2 + 3)
        #expect(kept.report().diagnosis == found)
    }
}
