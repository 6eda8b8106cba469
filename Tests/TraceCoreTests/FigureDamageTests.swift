import TestSupport
import Testing

@testable import TraceCore

@Suite("Bytes that are no figures")
struct FigureDamageTests {
    private func body(_ seed: UInt64) -> [UInt8] {
        Array(RunFigures(RunFiguresTests.analysis(seed)).encoded()[RunFigures.sealSize...])
    }

    /// As `#expect`, which is too slow for what is asked so often.
    private func check(_ condition: Bool, _ message: @autoclosure () -> String) {
        if !condition { Issue.record(Comment(rawValue: message())) }
    }

    /// Asks damaged bytes for everything that can be asked for; whether they are figures.
    @discardableResult
    private func use(_ bytes: [UInt8]) -> Bool {
        var filter = TaskFilter()
        filter.name = "task"
        filter.labels = [("metadata", "1")]
        for (dimension, filter) in [(ReportDimension.user, TaskFilter()), (.label("k"), filter)] {
            var builder = TaskReportBuilder(by: [dimension, .outcome], filter: filter, inference: .auto)
            let isAdded = bytes.withUnsafeBytes { builder.add(decoding: $0) { !$0.hasRoot } }
            check(builder.report().runs == (isAdded ? 1 : 0), "a run that is not as it was said to be")
        }
        _ = RunFiguresTests.decoded(bytes, parts: []).map { RunSummary($0, isArriving: false) }
        guard let figures = RunFiguresTests.decoded(bytes) else { return false }
        for task in 0..<figures.tasks.count {
            let breakdown = figures.breakdown(task)
            check(breakdown.work >= breakdown.own && breakdown.delay >= 0, "\(breakdown)")
            _ = figures.releaser(task).map { figures.tasks.ids[$0] }
            _ = figures.group(task).map { figures.groups[$0] }
        }
        // What is let through can be kept again.
        check(RunFiguresTests.decoded(figures.encoded()) == figures, "\(figures)")
        return true
    }

    @Test("are refused when they end early, go on or were changed anywhere")
    func damage() {
        for seed in UInt64(1)...5 {
            let bytes = RunFigures(RunFiguresTests.analysis(seed)).encoded()
            #expect(use(bytes))
            for length in bytes.indices { check(!use(Array(bytes[..<length])), "seed \(seed), \(length) bytes") }
            #expect(!use(bytes + [0]))
            for index in bytes.indices {
                var changed = bytes
                changed[index] ^= 1 << UInt8(index % 8)
                check(!use(changed), "seed \(seed), byte \(index)")
            }
        }
    }

    @Test("are refused, or are figures that can be counted with, when somebody made them fit their checksum")
    func forgery() {
        var taken = 0
        for seed in UInt64(1)...10 {
            let body = body(seed)
            var generator = SeededGenerator(seed: seed)
            for length in body.indices { use(RunFigures.sealed(Array(body[..<length]))) }
            for _ in 0..<300 {
                var changed = body
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let index = Int.random(in: changed.indices, using: &generator)
                    changed[index] = Bool.random(using: &generator) ? .random(in: 0...255, using: &generator) : 255
                }
                taken += use(RunFigures.sealed(changed)) ? 1 : 0
            }
        }
        #expect(taken > 100, "all of it was refused")
    }

    @Test("are refused when they are random")
    func noise() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<1_000 {
            let length = Int.random(in: 0...200, using: &generator)
            use(RunFigures.sealed((0..<length).map { _ in .random(in: 0...255, using: &generator) }))
        }
        #expect(RunFiguresTests.decoded([]) == nil)
    }

    /// A head that is right, and behind it what is given.
    private func figures(_ write: (inout FigureWriter) -> Void) -> [UInt8] {
        var writer = FigureWriter()
        // That there are labels, an id of digits, and six numbers of the run.
        writer.number(16)
        writer.append([UInt8](repeating: 0, count: 9 + 6))
        write(&writer)
        return RunFigures.sealed(writer.bytes)
    }

    @Test("take no more memory than a multiple of themselves, however much they say follows", .timeLimit(.minutes(5)))
    func bombs() {
        let many = UInt64(1) << 40
        let padding = [UInt8](repeating: 0, count: 4_000)
        #expect(use(figures { $0.append([0, 0, 0, 0]) }), "no text, no label, none of the root, no task")
        // Texts, labels and tasks without number, all alike, so that none takes any bits.
        let texts = figures { writer in
            for number in [many, 0, 0, 0, 1] { writer.number(number) }
            writer.append(padding)
        }
        let labels = figures { writer in
            for number in [0, 2, 0, many, 0, 1, 0, 1] { writer.number(number) }
            writer.append(padding)
        }
        let tasks = figures { writer in
            for number in [0, 0, 0, many, 0] { writer.number(number) }
            writer.append(padding)
        }
        for bytes in [texts, labels, tasks] { #expect(!use(bytes)) }
        // Few bytes that unfold to many: each text is much of the one before it and one byte more.
        func unfolding(shared limit: Int) -> [UInt8] {
            figures { writer in
                writer.number(4_000)
                writer.column((0..<4_000).map { min($0, limit) })
                writer.column([Int](repeating: 1, count: 4_000))
                writer.append(padding + [0, 0, 0])
            }
        }
        #expect(use(unfolding(shared: FigureTexts.longestShared)))
        #expect(!use(unfolding(shared: FigureTexts.longestShared + 1)))
        #expect(!use(unfolding(shared: .max)))
    }

    @Test("are refused where a task begins so late that its delay and its duration cannot be summed")
    func late() {
        let batch = EventBatch.filled { batch in
            for id in ["a", "b", "c"] { batch.transaction(id, parent: "run") }
        }
        var figures = RunFigures(TraceAnalysis(batch.firstTrace))
        figures.start = 2 * Microseconds.instants.lowerBound
        figures.groups[0].delaysFrom = figures.start
        let latest = Microseconds.instants.upperBound + Microseconds.tenYears
        for (start, isTaken) in [(latest, true), (latest + 1, false), (Int64.max / 2, false)] {
            for task in 0..<figures.tasks.count {
                figures.tasks[.start, task] = start
                figures.tasks[.duration, task] = 1 << 60
            }
            #expect(use(figures.encoded()) == isTaken, "\(start)")
        }
    }

    @Test("of another version are none")
    func version() {
        var bytes = RunFigures(RunFiguresTests.analysis(1)).encoded()
        bytes[0] += 1
        #expect(!use(bytes))
    }

    @Test("of another inference are not added to a report")
    func inference() {
        let gap = TraceAnalysis(EventBatch.random(seed: 1).firstTrace, settings: AnalysisSettings(inference: .gap))
        var builder = TaskReportBuilder(by: [.user])
        builder.add(TraceAnalysis(EventBatch.random(seed: 1).firstTrace), isArriving: false)
        let isAdded = RunFigures(gap).encoded().withUnsafeBytes { builder.add(decoding: $0) { _ in false } }
        #expect(!isAdded)
        #expect(builder.report().runs == 1)
    }
}
