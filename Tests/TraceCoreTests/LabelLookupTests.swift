import TestSupport
import Testing

@testable import TraceCore

@Suite("Labels of a task")
struct LabelLookupTests {
    private let batch: EventBatch = {
        var batch = EventBatch()
        _ = batch.addProcess(labels: [("k", "metadata"), ("m", "metadata"), ("r", "metadata")])
        let root = batch.addLabels([("k", "root"), ("r", "root")])
        let own = batch.addLabels([("k", "first"), ("k", "own")])
        let other = batch.addLabels([("o", "other")])
        batch.transaction("root") { $0.labels = root }
        batch.transaction("own", parent: "root", start: 1) { $0.labels = own }
        batch.transaction("bare", parent: "root", start: 2)
        batch.transaction("other root", start: 3) { $0.labels = other }
        return batch
    }()

    @Test("its own, else its run's root's, else the metadata's")
    func precedence() throws {
        let figures = RunFigures(TraceAnalysis(batch.firstTrace))
        func labels(_ id: String) throws -> [String?] {
            let task = try #require(figures.tasks.ids.firstIndex(of: Identifier(id)))
            return ["k", "r", "m", "o", "none"].map { key in
                LabelLookup(key, in: figures).flatMap { figures.texts[$0[task]] }
            }
        }
        #expect(try labels("own") == ["own", "root", "metadata", nil, nil])
        #expect(try labels("bare") == ["root", "root", "metadata", nil, nil])
        #expect(try labels("root") == ["root", "root", "metadata", nil, nil])
        #expect(try labels("other root") == ["root", "root", "metadata", "other", nil])
    }

    @Test("a filter looks at the same label")
    func filter() {
        func tasks(_ labels: [(key: String, value: String)]) -> [String?] {
            var filter = TaskFilter()
            filter.labels = labels
            let figures = RunFigures(TraceAnalysis(batch.firstTrace))
            var chosen: [UInt32] = []
            filter.choose(from: figures, into: &chosen)
            return chosen.map { figures.tasks.ids[Int($0)].text }
        }
        #expect(tasks([("k", "own")]) == ["own"])
        #expect(tasks([("k", "root")]) == ["bare"])
        #expect(tasks([("k", "own"), ("m", "metadata")]) == ["own"])
        #expect(tasks([("k", "own"), ("m", "x")]) == [])
        #expect(tasks([("none", "")]) == [])
    }
}
