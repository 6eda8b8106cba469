import Testing
import TraceCore
import TraceTerminal

/// What report and waterfall say at their head of who waited, and why nobody did.
@Suite struct DiagnosisViewTests {
    private static let options = TerminalOptions(width: 400)

    private func head(_ analyses: TraceAnalysis...) -> String {
        let lines = ReportView(Samples.report(analyses), Self.options).lines()
        // Of one run its picture says the same.
        if let only = analyses.first, analyses.count == 1 {
            #expect(WaterfallView(only, Self.options).lines().contains(lines[1]))
        }
        return lines[1]
    }

    private func analysis(_ analysis: TraceAnalysis, _ inference: Inference) -> TraceAnalysis {
        TraceAnalysis(analysis.trace, settings: AnalysisSettings(inference: inference))
    }

    @Test("tasks waited for the slots of one pool, of several, of some groups")
    func pools() {
        #expect(
            head(Samples.before)
                == "1 of 3 tasks waited for one of 2 slots; the recorded durations are 26.2 % waiting")
        let crowd = Samples.crowd(120, slots: 12)
        #expect(head(crowd).hasPrefix("108 of 120 tasks waited for one of 12 slots; the recorded durations are "))
        #expect(head(crowd, Samples.before).hasPrefix("109 of 123 tasks waited for slots; "))
        #expect(head(crowd, Samples.after).hasSuffix(" waiting. In 1 of 2 groups none is seen"))
        let single = RunBuilder.run(
            """
            a |####    |
            b |....####|
            """)
        #expect(head(single) == "1 of 2 tasks waited for the one slot; the recorded durations are 33.3 % waiting")
    }

    @Test("where no line is seen, why")
    func none() {
        #expect(head(Samples.after) == "no line is seen: no task waited until another ended")
        #expect(head(Samples.defects) == "no line is seen: no two of the tasks share a parent transaction")
        let empty = RunBuilder.run("a |....|\nb |....|")
        #expect(
            head(empty) == "no line is seen: no task has a work span, so that nothing shows when one began to work")
        let free = RunBuilder.run(
            """
            a |###      |
            b |#        |
            c |.....####|
            d |.....####|
            e |.....####|
            """)
        #expect(
            head(free)
                == "no line is seen: the best number of slots, 3, explains 30.8 % of the gaps in which tasks may have"
                + " waited")
    }

    @Test("waits that the data tells of are told, beside a line and without one")
    func told() {
        let span = RunBuilder.run("a |##ww|\nb |####|")
        #expect(
            head(span)
                == "no line is seen: no task waited until another ended."
                + " 1 of 2 tasks waited in wait spans; the recorded durations are 25.0 % waiting")
    }

    @Test("by another setting, what counted")
    func settings() {
        #expect(
            head(analysis(Samples.before, .explicit))
                == "none of 3 tasks waited. A line is seen, but by inference explicit it does not count.")
        #expect(
            head(analysis(Samples.before, .gap))
                == "1 of 3 tasks waited before their first work span; the recorded durations are 26.2 % waiting."
                + " A line is seen, but by inference gap it does not count.")
    }

    @Test("how many tasks have no work span, where others have")
    func withoutWork() {
        let note = "1 task has no work span: nothing shows when such a task began to work"
        let run = RunBuilder.run("a |####|\nb |....|")
        #expect(ReportView(Samples.report([run]), Self.options).lines().contains(note))
        #expect(WaterfallView(run, Self.options).lines().contains(note))
        #expect(!ReportView(Samples.report([Samples.before]), Self.options).lines().contains { $0.contains("no work") })
    }
}
