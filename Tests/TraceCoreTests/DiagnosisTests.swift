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
        #expect(found.finding == .seen)
        #expect(found.tasks == 4 && found.inferred == 2 && found.bySpan == 0)
        #expect(found.lines[.slots]?.waited == 2)
        #expect(found.lines[.slots]?.forms == [Diagnosis.Form(slots: 2, rate: 0, processes: 0)])
        #expect(found.waits == 60 && found.durations == 260)
        #expect(found.waitShare.tenThousandths == 2_308)
        #expect(
            DiagnosisText(found).text
                == "2 of 4 tasks waited for one of 2 slots; the recorded durations are 23.1 % waiting")
    }

    @Test("slots that explain too little: how much, and that is true")
    func unexplained() {
        let found = diagnosis(
            """
            a |###      |
            b |#        |
            c |.....####|
            d |.....####|
            e |.....####|
            """)
        #expect(found.finding == .unexplained(slots: 3, Share(3, of: 15)) || found.lines.isEmpty)
        #expect(DiagnosisText(found).text?.hasPrefix("no line is seen: ") == true)
        #expect(found.inferred == 0)
    }

    @Test("why no line is seen otherwise")
    func none() {
        #expect(
            diagnosis(
                """
                a |###|
                b |###|
                """
            ).finding == .nobodyWaited)
        #expect(
            diagnosis(
                """
                a |...|
                b |...|
                """
            ).finding == .noSpans)
        #expect(diagnosis("a |###|").finding == .noGroup)
        #expect(diagnosis("run |###|").finding == .noGroup)
        #expect(Diagnosis().finding == .noTasks)
        #expect(diagnosis(pool, .explicit).finding == .notInferred(.explicit, isSeen: true))
        #expect(diagnosis(pool, .explicit).inferred == 0)
        #expect(diagnosis(pool, .gap).finding == .notInferred(.gap, isSeen: true))
    }

    @Test("tasks that say so themselves wait by span")
    func bySpan() {
        let found = diagnosis(
            """
            a |###~~|
            b |###  |
            """)
        #expect(found.finding == .nobodyWaited)
        #expect(found.bySpan == 1 && found.waits == 20)
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
        #expect(builder.report().diagnosis.lines[.slots]?.forms.map(\.slots) == [2])
        add(wide)
        add("a |##|")
        let found = builder.report().diagnosis
        #expect(found.finding == .seen)
        #expect(found.lines[.slots]?.forms.map(\.slots).sorted() == [2, 3])
        #expect(found.groups == 3 && found.groupsSeen == 3)
        #expect(found.tasks == 4 + 4 + 6 + 1 && found.inferred == 2 + 2 + 3)
        #expect(kept.report().diagnosis == found)
    }
}
