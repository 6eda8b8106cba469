import TestSupport
import Testing

@testable import TraceCore

@Suite("The tree of a waterfall")
struct WaterfallTreeTests {
    /// The rows as text, indented, with the number of descendants and the flags.
    private func drawn(_ fill: (inout EventBatch) -> Void) -> [String] {
        let trace = EventBatch.filled(fill).firstTrace
        let tree = WaterfallTree(trace)
        return tree.rows.map { row in
            let flags = tree.flags(of: row.event, in: trace).map(\.rawValue)
            let name = trace.events[row.event].id.text
            return ([String(repeating: "  ", count: row.depth) + name, "\(row.descendants)"] + flags)
                .joined(separator: " ")
        }
    }

    @Test("depth first, siblings by start, then id")
    func order() {
        let rows = drawn {
            $0.span("leaf", parent: "b", of: "b", start: 3, duration: 1)
            $0.transaction("b", parent: "root", start: 2, duration: 50)
            $0.transaction("a", parent: "root", start: 2, duration: 50)
            $0.transaction("c", parent: "root", start: 1, duration: 50)
            $0.transaction("root")
            $0.transaction("second root", start: 9)
        }
        #expect(rows == ["root 4", "  c 0", "  a 0", "  b 1", "    leaf 0", "second root 0"])
    }

    @Test("an orphan hangs under its transaction where that is known, else stands at the top")
    func orphans() {
        let rows = drawn {
            $0.transaction("root")
            $0.span("with owner", parent: "lost", of: "root", start: 1, duration: 1)
            $0.span("below orphan", parent: "with owner", start: 2, duration: 1)
            $0.span("adrift", parent: "lost", start: 3, duration: 1)
            $0.span("owner lost", parent: "lost", of: "lost", start: 4, duration: 1)
            $0.span("no parent", of: "root", start: 5, duration: 1)
            $0.transaction("task", parent: "lost", start: 6)
        }
        #expect(
            rows == [
                "root 3", "  with owner 1 orphan", "    below orphan 0 outlives-parent", "  no parent 0",
                "adrift 0 orphan",
                "owner lost 0 orphan", "task 0 orphan",
            ])
    }

    @Test("an orphan is not hung below itself")
    func orphanAboveItsOwner() {
        let rows = drawn {
            $0.span("orphan", parent: "lost", of: "task")
            $0.transaction("task", parent: "orphan")
        }
        #expect(rows == ["orphan 1 orphan", "  task 0"])
        let crossed = drawn {
            $0.span("a", parent: "lost", of: "below b")
            $0.span("b", parent: "lost", of: "below a")
            $0.transaction("below a", parent: "a", start: 1, duration: 1)
            $0.transaction("below b", parent: "b", start: 1, duration: 1)
        }
        #expect(crossed == ["b 3 orphan", "  below b 2", "    a 1 orphan", "      below a 0"])
    }

    @Test("a circle is cut at its first event, which hangs under its transaction")
    func circles() {
        let rows = drawn {
            $0.transaction("root")
            $0.span("b", parent: "c", of: "root", start: 2, duration: 1)
            $0.span("c", parent: "a", of: "root", start: 3, duration: 1)
            $0.span("a", parent: "b", start: 1, duration: 9)
            $0.span("tail", parent: "c", of: "root", start: 4, duration: 1)
            $0.span("self", parent: "self", of: "root", start: 5, duration: 1)
        }
        #expect(
            rows == [
                "root 1", "  self 0 cycle", "a 3 outlives-parent before-parent cycle", "  c 2 cycle",
                "    b 0 before-parent cycle", "    tail 0 outlives-parent",
            ])
    }

    @Test("the flags, in their order")
    func flags() {
        let rows = drawn {
            $0.transaction("root", start: 10, duration: 10)
            $0.transaction("a", parent: "root", start: 9, duration: 30) {
                $0.dropped = 1
                $0.sampled = false
                $0.outcome = .failure
            }
            $0.span("b", parent: "root", of: "root", start: 10, duration: 10) {
                $0.compressed = true
                $0.outcome = .success
            }
        }
        #expect(
            rows == [
                "root 2", "  a 0 incomplete unsampled outlives-parent before-parent failed", "  b 0 compressed",
            ])
    }
}
