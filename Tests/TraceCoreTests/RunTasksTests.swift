import TestSupport
import Testing

@testable import TraceCore

@Suite("Which transactions are the tasks of a run")
struct RunTasksTests {
    private func tasks(_ fill: (inout EventBatch) -> Void) -> [String?] {
        let analysis = TraceAnalysis(EventBatch.filled(fill).firstTrace)
        return analysis.tasks.map { analysis.trace.text($0) }
    }

    @Test("the grouped ones, where there is a group")
    func grouped() {
        let ids = tasks { batch in
            let user = batch.symbols.intern("somebody")
            batch.transaction("run")
            batch.transaction("b", parent: "run", start: 1)
            batch.transaction("a", parent: "run", start: 2)
            batch.transaction("alone", parent: "b") { $0.user = user }
        }
        #expect(ids == ["b", "a"])
    }

    @Test("without a group those with a user, the empty one too")
    func withUser() {
        let ids = tasks { batch in
            let user = batch.symbols.intern("somebody")
            batch.transaction("run")
            batch.transaction("a", parent: "run", start: 1) { $0.user = .empty }
            batch.transaction("b", parent: "a", start: 2) { $0.user = user }
            batch.transaction("c", parent: "b", start: 3) {
                $0.user = user
                $0.sampled = false
            }
        }
        #expect(ids == ["a", "b"])
    }

    @Test("without either those whose parent is absent or not in the run")
    func tops() {
        let ids = tasks { batch in
            batch.transaction("top")
            batch.transaction("orphan", parent: "never came", start: 1)
            batch.transaction("child", parent: "top", start: 2)
            batch.transaction("of span", parent: "span", start: 2)
            batch.transaction("not sampled", start: 3) { $0.sampled = false }
            batch.span("span", parent: "child")
        }
        #expect(ids == ["top", "orphan"])
    }

    @Test("a run of spans alone has none")
    func none() {
        #expect(tasks { $0.span("span") }.isEmpty)
    }
}
