import Testing
import TraceCore
import TraceTerminal

/// What the views say of waits that were inferred by another setting than the standard one.
@Suite struct InferenceViewTests {
    private static let meanings: [Inference: String] = [
        .explicit: "inference explicit: only wait spans and message age count as wait",
        .gap: "inference gap: all time of a task before its first work span counts as wait",
    ]

    private func analyses(_ inference: Inference) -> [TraceAnalysis] {
        [Samples.before, Samples.after, Samples.defects].map {
            TraceAnalysis($0.trace, settings: AnalysisSettings(inference: inference))
        }
    }

    @Test(arguments: Inference.allCases)
    func aReportNamesItsSettingAndWhatItMeans(inference: Inference) {
        for analysis in analyses(inference) {
            let lines = ReportView(Samples.report([analysis]), TerminalOptions(width: 200)).lines()
            #expect(lines[0].hasSuffix("  inference \(inference.rawValue)"))
            for (other, meaning) in Self.meanings { #expect(lines.contains(meaning) == (other == inference)) }
        }
    }

    @Test(arguments: Inference.allCases)
    func aWaterfallNamesAnotherSettingThanTheStandardOne(inference: Inference) {
        for analysis in analyses(inference) {
            let lines = WaterfallView(analysis, TerminalOptions(width: 200)).lines()
            #expect(lines[0].contains("  inference \(inference.rawValue)") == (inference != .auto))
            for (other, meaning) in Self.meanings { #expect(lines.contains(meaning) == (other == inference)) }
        }
    }

    @Test func onlyTheStandardSettingSaysThatWaitingCannotBeInferredOrSlotsWereFull() {
        for (inference, expected) in [(Inference.auto, true), (.explicit, false), (.gap, false)] {
            let analyses = analyses(inference)
            let options = TerminalOptions(width: 200)
            let lines = analyses.flatMap { WaterfallView($0, options).lines() }
            let report = analyses.flatMap { ReportView(Samples.report([$0]), options).lines() }
            #expect(lines.contains { $0.hasPrefix("waiting cannot be inferred") } == expected)
            #expect(report.contains { $0.contains("waiting cannot be inferred") } == expected)
            #expect(lines.contains { $0.contains("of the makespan") } == expected)
            #expect(lines.contains { $0.contains("no line is seen") } == expected)
        }
    }

    @Test func theSentenceAboutRunsWithoutGroupsCountsThem() {
        let cure = "; open one around them, or put a wait span around the acquire"
        let none = "waiting cannot be inferred"
        #expect(Notes.withoutGroups(1, of: 1) == "\(none) here: its tasks have no parent transaction" + cure)
        #expect(
            Notes.withoutGroups(1, of: 2) == "in 1 of 2 runs \(none): its tasks have no parent transaction" + cure)
        #expect(
            Notes.withoutGroups(3, of: 1_000)
                == "in 3 of 1 000 runs \(none): their tasks have no parent transaction" + cure)
    }

    @Test func theLegendNamesTheSourcesThatOccur() {
        for (inference, expected) in [(Inference.auto, true), (.explicit, false), (.gap, true)] {
            let before = TraceAnalysis(Samples.before.trace, settings: AnalysisSettings(inference: inference))
            let head = WaterfallView(before, TerminalOptions(width: 200)).lines()[0]
            #expect(head.contains("wait (inferred)") == expected)
        }
    }
}
