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
    func precedence() {
        let trace = batch.firstTrace
        let lookup = LabelLookup(trace)
        func labels(_ id: String) -> [String?] {
            ["k", "r", "m", "o", "none"].map { lookup.label($0, of: trace.index(id)) }
        }
        #expect(labels("own") == ["own", "root", "metadata", nil, nil])
        #expect(labels("bare") == ["root", "root", "metadata", nil, nil])
        #expect(labels("root") == ["root", "root", "metadata", nil, nil])
        #expect(labels("other root") == ["root", "root", "metadata", "other", nil])
    }

    @Test("a filter looks at the same label")
    func filter() {
        func tasks(_ labels: [(key: String, value: String)]) -> [String?] {
            var filter = TaskFilter()
            filter.labels = labels
            let analysis = TraceAnalysis(batch.firstTrace)
            let lookup = LabelLookup(analysis.trace)
            return filter.tasks(of: analysis)
                .filter { filter.admits($0, of: analysis.trace, labels: lookup) }
                .map { analysis.trace.text($0) }
        }
        #expect(tasks([("k", "own")]) == ["own"])
        #expect(tasks([("k", "root")]) == ["bare"])
        #expect(tasks([("k", "own"), ("m", "metadata")]) == ["own"])
        #expect(tasks([("k", "own"), ("m", "x")]) == [])
        #expect(tasks([("none", "")]) == [])
    }
}
