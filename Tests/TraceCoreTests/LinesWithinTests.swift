import TestSupport
import Testing

@testable import TraceCore

@Suite("Lines within tasks")
struct LinesWithinTests {
    /// Tasks that begin together, each a span that is open nearly all the while and below it these spans, which take turns
    /// at so many slots in common.
    private func batch(
        tasks: Int = 30, slots: Int = 2, classes: [(type: String, name: String)] = [("db", "SELECT")],
        hold: (Int) -> Int64 = { 1_000 + Int64($0 * 37 % 101) }
    ) -> EventBatch {
        EventBatch.filled { batch in
            var free = [Int64](repeating: 10, count: slots)
            var ends = [Int64](repeating: 10, count: tasks)
            var spans: [(task: Int, start: Int64, end: Int64, place: Int)] = []
            for place in classes.indices {
                for task in (0..<tasks).sorted(by: { ends[$0] < ends[$1] }) {
                    let slot = free.indices.min { free[$0] < free[$1] } ?? 0
                    let start = max(free[slot], ends[task])
                    free[slot] = start + hold(task + place * tasks)
                    ends[task] = free[slot]
                    spans.append((task, start, ends[task], place))
                }
            }
            for task in 0..<tasks {
                batch.transaction("t\(task)", parent: "run", duration: ends[task] + 5)
                batch.span("o\(task)", parent: "t\(task)", of: "t\(task)", start: 2, duration: ends[task])
            }
            for (number, span) in spans.enumerated() {
                batch.span(
                    "s\(number)", parent: "o\(span.task)", of: "t\(span.task)", start: span.start,
                    duration: span.end - span.start, type: classes[span.place].type, name: classes[span.place].name)
            }
        }
    }

    @Test("a pool below an open span: those above stand idle, and the wait is the task's")
    func pool() throws {
        let analysis = TraceAnalysis(batch().firstTrace)
        let line = try #require(analysis.lines.first)
        #expect(analysis.lines.count == 1 && line.slots == 2 && line.waited == 28)
        let symbols = analysis.trace.symbols
        #expect(line.classes.map { "\($0.typeText(symbols)) \(symbols.text($0.name) ?? "")" } == ["db SELECT"])
        #expect(analysis.groups.first?.kind == nil)
        var sum: Int128 = 0
        for task in analysis.tasks {
            let breakdown = try #require(analysis.breakdown(task))
            #expect(breakdown.lineWait == breakdown.inferredWait)
            sum += Int128(breakdown.lineWait)
        }
        #expect(sum == line.waitTime && sum > 0)
        let waits = LineWaits(analysis)
        let last = try #require(line.waits.last)
        #expect(waits[last.span].map(\.interval) == [last.interval])
        #expect(waits.sums(of: last.task).map(\.text) == ["SELECT, 2 at a time"])
        let states = try #require(analysis.partition(last.task)).stretches.map(\.state)
        #expect(states == [.own, .wait(.inferred), .work, .own])
    }

    @Test("classes that share a limit are one line")
    func shared() throws {
        let analysis = TraceAnalysis(batch(classes: [("db", "write"), ("db", "read")]).firstTrace)
        let line = try #require(analysis.lines.first)
        #expect(analysis.lines.count == 1)
        #expect(line.classes.map { analysis.trace.symbols.text($0.name) } == ["read", "write"])
        #expect(line.slots == 2)
    }

    @Test("fewer than five spans, no wait, and settings that infer nothing from the data: no line")
    func none() {
        #expect(TraceAnalysis(batch(tasks: 4, slots: 1).firstTrace).lines.isEmpty)
        #expect(TraceAnalysis(batch(tasks: 5, slots: 1).firstTrace).lines.count == 1)
        #expect(TraceAnalysis(batch(slots: 30).firstTrace).lines.isEmpty)
        for inference in [Inference.explicit, .gap] {
            let settings = AnalysisSettings(inference: inference)
            #expect(TraceAnalysis(batch().firstTrace, settings: settings).lines.isEmpty)
        }
    }

    @Test("figures keep the lines, and what is said of them, byte for byte as from the analysis")
    func figures() throws {
        let figures = RunFigures(TraceAnalysis(batch().firstTrace))
        let kept = figures.encoded().withUnsafeBytes { RunFigures(decoding: $0) }
        #expect(kept == figures)
        let text = try #require(DiagnosisText(Diagnosis(figures)).text)
        #expect(text.hasPrefix("28 of 30 tasks waited in line for SELECT, 2 at a time; the recorded durations are "))
        var builder = TaskReportBuilder(by: [.outcome])
        let isAdded = figures.encoded().withUnsafeBytes { builder.add(decoding: $0) { _ in false } }
        #expect(isAdded && DiagnosisText(builder.report().diagnosis).text == text)
    }
}
