import TestSupport
import Testing

@testable import TraceCore

@Suite("Inference auto, explicit and gap")
struct InferenceTests {
    private let explicit = AnalysisSettings(inference: .explicit)
    private let gap = AnalysisSettings(inference: .gap)

    /// One slot: u2 waits for u1, and u3, which has no work span, never gets it.
    private let pool = Drawing(
        """
        run |...............|
        u1  |##########     |
        u2  |.~~.......#####|
        u3  |.~............ |
        """)

    @Test("the setting is auto and the words are the standard ones where nobody says")
    func standard() {
        let settings = pool.analysis.settings
        #expect(settings.inference == .auto)
        #expect(settings.words.typeParts == WaitWords.standard.typeParts)
        #expect(TraceAnalysis(pool.trace, settings: gap).settings.inference == .gap)
        #expect(Inference.allCases.map(\.rawValue) == ["auto", "explicit", "gap"])
    }

    @Test("explicit counts wait spans and message age alone")
    func explicitWaits() throws {
        var drawing = pool
        drawing.edit("u2") { event, _ in event.messageAge = 7 }
        let analysis = TraceAnalysis(drawing.trace, settings: explicit)
        #expect(drawing.states("u2") == "?~~???????#####")
        #expect(drawing.states("u3") == "?~????????????")
        #expect(drawing.states("u1", explicit) == "##########")
        #expect(drawing.states("u2", explicit) == ".~~.......#####")
        #expect(drawing.states("u3", explicit) == ".~............")
        let breakdown = try analysis.breakdown("u2")
        #expect(breakdown.wait == 27)
        #expect(breakdown.work == 130)
        #expect(breakdown.own == 80)
        #expect(breakdown.waitSources == [.span, .message])
    }

    @Test("gap takes the whole gap before the first work, where no wait span is open")
    func gapWaits() throws {
        #expect(pool.states("u1", gap) == "##########")
        #expect(pool.states("u2", gap) == "?~~???????#####")
        #expect(pool.states("u3", gap) == ".~............")
        let breakdown = try TraceAnalysis(pool.trace, settings: gap).breakdown("u2")
        #expect(breakdown.inferredWait == 80)
        #expect(breakdown.spanWait == 20)
        #expect(breakdown.wait + breakdown.work == 150)
    }

    @Test("gap looks at every sampled transaction: without a parent, alone below one, and the run itself")
    func gapWithoutGroups() throws {
        var drawing = Drawing(
            """
            run |..........|
            u1  |..###     |
              t |   ====   |
            """)
        drawing.edit("u1") { event, _ in event.parent = nil }
        #expect(drawing.analysis.groups.isEmpty)
        #expect(drawing.states("u1", gap) == "??###")
        #expect(drawing.states("u1") == "..###")
        // The run has no span of its own, and the child transaction none either.
        #expect(drawing.states("run", gap) == "..........")
        #expect(drawing.states("t", gap) == "....")
        drawing.edit("u1") { event, _ in event.sampled = false }
        #expect(drawing.states("u1", gap) == "unsampled")
        let nested = Drawing("run |......|\n  u1 |  ===|")
        #expect(nested.states("run", gap) == "??###.")
    }

    @Test("a work span that is open at the start, from before it, or empty, leaves the gap that it leaves")
    func gapEdges() {
        let early = Drawing("u1  |  ....    |\n  a |###       |")
        #expect(early.states("u1", gap) == "#...")
        var empty = Drawing("u1 |.#..##|")
        empty.edit("u1.0") { event, _ in event.duration = 0 }
        #expect(empty.states("u1", gap) == "????##")
        empty.edit("u1.1") { event, _ in event.duration = 0 }
        #expect(empty.states("u1", gap) == "......")
        #expect(Drawing("u1 ||").states("u1", gap) == "")
    }

    @Test("a work span below a wait span waits, so that it ends no gap")
    func gapBelowWait() {
        let drawing = Drawing(
            """
            u1    |.......|
              a   | ~~~   |
                b |  #    |
              c   |     # |
            """)
        #expect(drawing.states("u1", gap) == "?~~~?#.")
    }

    @Test("what is said of the pool is the same; nobody is released, and the chain is the last task")
    func poolFacts() throws {
        let group = try #require(pool.analysis.groups.first)
        #expect(pool.analysis.releasedBy("u2") == "u1")
        #expect(group.kind == .slots && group.waited == 2)
        #expect(group.criticalChain(in: pool.trace).count == 2)
        for (settings, waited) in [(explicit, 0), (gap, 1)] {
            let analysis = TraceAnalysis(pool.trace, settings: settings)
            let other = try #require(analysis.groups.first)
            #expect(other.facts == group.facts)
            #expect(other.waited == waited)
            #expect(analysis.releasedBy("u2") == nil)
            let chain = other.criticalChain(in: analysis.trace).map { other.members[$0].transaction }
            #expect(chain.map { analysis.trace.text($0) } == ["u2"])
        }
    }

    @Test("the words in force tell where the gap ends")
    func words() {
        let drawing = Drawing("u1 |.~~.##|")
        let settings = AnalysisSettings(inference: .gap, words: WaitWords(typeParts: [], nameWords: []))
        #expect(drawing.states("u1", settings) == "?##.##")
        #expect(TraceAnalysis(drawing.trace, settings: settings).waitingIDs.isEmpty)
    }

    @Test("a report says by which setting its tasks waited")
    func reports() {
        for inference in Inference.allCases {
            var builder = TaskReportBuilder(by: [.user])
            builder.add(
                TraceAnalysis(pool.trace, settings: AnalysisSettings(inference: inference)), isArriving: false)
            let report = builder.report()
            #expect(report.inference == inference)
            #expect(report.overall.wait.sum == [.auto: 240, .explicit: 30, .gap: 110][inference])
        }
        #expect(TaskReportBuilder(by: [.user]).report().inference == .auto)
    }
}

/// What holds of every trace under each setting. A failure names its seed.
@Suite("Properties of the settings of inference")
struct InferencePropertyTests {
    private func check(_ condition: Bool, _ message: @autoclosure () -> String) {
        if !condition { Issue.record(Comment(rawValue: message())) }
    }

    @Test("explicit and gap differ from auto in inferred waits and releasers alone")
    func facts() {
        var different = 0
        for seed in RandomTraceTests.seeds {
            let trace = EventBatch.random(seed: seed).firstTrace
            let auto = TraceAnalysis(trace)
            for inference in [Inference.explicit, .gap] {
                let analysis = TraceAnalysis(trace, settings: AnalysisSettings(inference: inference))
                check(analysis.groups.map(\.facts) == auto.groups.map(\.facts), "seed \(seed)")
                check(analysis.tasks == auto.tasks && analysis.waiting() == auto.waiting(), "seed \(seed)")
                for event in trace.events.indices {
                    guard let breakdown = analysis.breakdown(event), var expected = auto.breakdown(event) else {
                        check(auto.breakdown(event) == nil, "seed \(seed)")
                        continue
                    }
                    different += breakdown == expected ? 0 : 1
                    expected.own += expected.inferredWait - breakdown.inferredWait
                    expected.inferredWait = breakdown.inferredWait
                    check(breakdown == expected, "seed \(seed) \(inference)")
                    check(breakdown.own >= 0, "seed \(seed) \(inference)")
                    check(breakdown.wait + breakdown.work == breakdown.total, "seed \(seed) \(inference)")
                    check(inference == .gap || breakdown.inferredWait == 0, "seed \(seed)")
                    check(analysis.releaser(event) == nil, "seed \(seed)")
                }
            }
        }
        #expect(different > 500, "the traces are too tame to test anything")
    }

    @Test("by gap a task waits at each instant before its first work at which nothing is open, counted anew")
    func naiveGap() {
        var waited = 0
        for seed in RandomTraceTests.seeds {
            let trace = EventBatch.random(seed: seed).firstTrace
            let analysis = TraceAnalysis(trace, settings: AnalysisSettings(inference: .gap))
            let index = TaskSpansIndex(trace, words: .standard)
            for task in trace.events.indices where trace.isSampledTransaction(task) {
                let items = index.spans(of: task).items
                var expected: Int64 = 0
                for time in trace.events[task].start..<trace.end(task) {
                    if items.contains(where: { !$0.waits && $0.interval.start <= time }) { break }
                    guard items.contains(where: { !$0.waits }) else { break }
                    let isFree = items.allSatisfy { time < $0.interval.start || $0.interval.end <= time }
                    expected += isFree ? 1 : 0
                }
                check(analysis.breakdown(task)?.inferredWait == expected, "seed \(seed): \(task)")
                waited += expected > 0 ? 1 : 0
            }
        }
        #expect(waited > 200, "the traces are too tame to test anything")
    }
}

extension TaskGroup {
    /// What is said of the line, and not of who waited for it.
    fileprivate var facts: String {
        let takings = members.map { "\($0.transaction) \($0.gap)" }
        return "\(parent) \(slots) \(kind as Any) \(rate as Any) \(lag as Any) \(scope) \(reading) "
            + "\(occupancy ?? -1) \(isDense) \(window) \(takings)"
    }
}
