import TestSupport
import Testing

@testable import TraceCore

@Suite("Work by kind of span")
struct WorkSplitTests {
    private func split(_ text: String, types: [String: String]) -> [String] {
        var drawing = Drawing(text)
        for (id, type) in types { drawing.edit(id) { event, symbols in event.type = symbols.intern(type) } }
        let analysis = drawing.analysis
        return WorkSplit(analysis.tasks, of: analysis).parts.map { "\($0.kind.text) \($0.time)" }
    }

    @Test("is the time in which a leaf of the kind was open, by the first part of the type; the rest is self")
    func plain() {
        #expect(
            split("u |##..###~~.|", types: ["u.0": "db.postgresql.query", "u.1": "external.http"])
                == ["external 30", "db 20", "self 30"])
        #expect(split("u |....|", types: [:]) == ["self 40"])
        #expect(split("u |##|", types: ["u.0": ""]) == [" 20"])
    }

    @Test("counts a span only where nothing is open below it")
    func leaves() {
        let text = """
            u |..........|
              a| ######## |
                b|  ##      |
                c|    ~~    |
            """
        #expect(split(text, types: ["a": "app.handler", "b": "db"]) == ["app 40", "db 20", "self 20"])
    }

    @Test("shares each instant equally among the kinds open, however many spans of a kind there are")
    func shared() {
        let text = """
            u |..........|
              a|######    |
              b|######    |
              c|   ####   |
            """
        #expect(split(text, types: ["a": "db", "b": "db.x", "c": "external"]) == ["db 45", "external 25", "self 30"])
        // 10 µs among three: 3.33 each, and the µs that is left goes to the first of them.
        #expect(
            split(
                """
                u |.|
                  a|#|
                  b|#|
                  c|#|
                """, types: ["a": "x", "b": "y", "c": "z"]) == ["x 4", "y 3", "z 3"])
    }

    @Test("makes up the work of each task and of all, to the µs, whatever the trace is")
    func sums() {
        var kinds = 0
        for seed in UInt64(1)...200 {
            let analysis = TraceAnalysis(EventBatch.random(seed: seed).firstTrace)
            var work: Int128 = 0
            var own: Int128 = 0
            for event in analysis.trace.events.indices {
                guard let breakdown = analysis.breakdown(event) else { continue }
                let split = WorkSplit([event], of: analysis)
                if split.total != Int128(breakdown.work) { Issue.record("seed \(seed)") }
                work += Int128(breakdown.work)
                own += Int128(breakdown.own)
            }
            let all = WorkSplit(analysis.trace.events.indices, of: analysis)
            if all.total != work { Issue.record("seed \(seed)") }
            if all.parts.first(where: { $0.kind == .own })?.time ?? 0 != own { Issue.record("seed \(seed): self") }
            kinds += all.parts.count
        }
        #expect(kinds > 400)
    }

    @Test("deals out what does not divide, and tells the commonest kinds of very many apart")
    func many() {
        let batch = EventBatch.filled { batch in
            batch.transaction("task", duration: 1_000)
            for kind in 0..<200 {
                batch.span("\(kind)", parent: "task", of: "task", duration: 1_000, type: "kind\(kind).x")
                if kind >= 150 { batch.span("b\(kind)", parent: "task", of: "task", duration: 0, type: "kind\(kind)") }
            }
            batch.span("c", parent: "task", of: "task", start: 0, duration: 10, type: "kind199")
        }
        let analysis = TraceAnalysis(batch.firstTrace)
        let split = WorkSplit(analysis.tasks, of: analysis)
        #expect(split.total == 1_000)
        #expect(split.parts.count == WorkSplitter.most + 1)
        #expect(split.parts.contains { $0.kind == .others })
        #expect(split.parts.contains { $0.kind == .spans("kind199") })
        #expect(split.parts.allSatisfy { 15...16 ~= $0.time })
    }

    @Test("of a report: in each group and overall", .timeLimit(.minutes(5)))
    func report() throws {
        var builder = TaskReportBuilder(by: [.user], splitsWork: true)
        for seed in UInt64(1)...30 {
            builder.add(TraceAnalysis(EventBatch.random(seed: seed).firstTrace), isArriving: false)
        }
        let report = builder.report()
        #expect(report.groups.count > 2)
        for group in report.groups { #expect(try #require(group.work).total == group.statistics.work.sum) }
        #expect(try #require(report.work).total == report.overall.work.sum)
        let bytes = RunFigures(TraceAnalysis(EventBatch.random(seed: 1).firstTrace)).encoded()
        #expect(bytes.withUnsafeBytes { bytes in builder.add(decoding: bytes) { _ in false } } == false)
    }
}
