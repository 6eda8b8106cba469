import TestSupport
import Testing

@testable import TraceCore

/// Shapes that are deep, wide or circular must neither exhaust the stack nor take quadratic time. The bound is far
/// above what they take, in debug builds and on slow machines, and far below what a quadratic step would.
@Suite("Large and twisted traces")
struct ScaleTests {
    private static let count = 20_000

    private func analyse(_ batch: EventBatch) -> (analysis: TraceAnalysis, tree: WaterfallTree) {
        let analysis = TraceAnalysis(batch.firstTrace)
        #expect(analysis.partitions().count == analysis.trace.events.count)
        #expect(analysis.waiting().count == analysis.trace.events.count)
        return (analysis, WaterfallTree(analysis.trace))
    }

    @Test("50 000 events: 1 000 users behind 50 permits, 49 spans each", .timeLimit(.minutes(5)))
    func manyTasks() throws {
        let batch = EventBatch.filled {
            for user in 0..<Int64(1_000) {
                let taking = user / 50 * 1_000
                let work = (0..<Int64(49)).map { taking + $0 * 20..<taking + $0 * 20 + 20 }
                $0.task("user \(user)", start: user, end: taking + 1_000, work: work)
            }
        }
        let (analysis, tree) = analyse(batch)
        #expect(tree.rows.count == 50_000)
        let group = try #require(analysis.groups.first)
        #expect(group.slots == 50)
        #expect(group.waited == 950)
    }

    @Test("a chain of 20 000 nested spans, a wait span at its top", .timeLimit(.minutes(5)))
    func chain() throws {
        let count = Self.count
        let batch = EventBatch.filled {
            $0.transaction("0", duration: Int64(2 * count))
            for depth in 1...count {
                $0.span(
                    "\(depth)", parent: "\(depth - 1)", start: Int64(depth), duration: Int64(2 * (count - depth) + 1),
                    type: depth == 1 ? "wait" : "db")
            }
        }
        let (analysis, tree) = analyse(batch)
        #expect(analysis.waiting().count { $0 } == count)
        #expect(try analysis.breakdown("0").wait == Int64(2 * (count - 1) + 1))
        #expect(tree.rows.last?.depth == count)
        #expect(tree.rows.first?.descendants == count)
    }

    @Test("20 000 orphans of one transaction, and as many of none", .timeLimit(.minutes(5)))
    func orphans() {
        let batch = EventBatch.filled {
            $0.transaction("task", duration: 50_000)
            for number in 0..<Self.count {
                $0.span("a \(number)", parent: "lost \(number)", of: "task", start: Int64(number))
                $0.span("b \(number)", parent: "lost", start: Int64(number))
            }
        }
        let tree = analyse(batch).tree
        #expect(tree.rows.count { $0.depth == 1 } == Self.count)
        #expect(tree.rows.count { $0.depth == 0 } == Self.count + 1)
    }

    @Test("20 000 spans of one transaction, all open at once", .timeLimit(.minutes(5)))
    func wide() throws {
        let batch = EventBatch.filled {
            $0.transaction("task", duration: 100_000)
            for number in 0..<Int64(Self.count) {
                $0.span("\(number)", parent: "task", of: "task", start: number, duration: 50_000, type: "wait")
            }
        }
        #expect(try analyse(batch).analysis.breakdown("task").wait == 50_000 + Int64(Self.count) - 1)
    }

    @Test("one circle of 20 000 spans", .timeLimit(.minutes(5)))
    func circle() {
        let count = Self.count
        let batch = EventBatch.filled {
            $0.transaction("task", duration: 100)
            for number in 0..<count {
                let above = (number + count - 1) % count
                $0.span("\(number)", parent: "\(above)", of: "task", type: number == 7 ? "wait" : "db")
                $0.span("climbing \(number)", parent: "\(number)")
            }
        }
        let (analysis, tree) = analyse(batch)
        #expect(tree.cycle.count == count)
        #expect(analysis.waiting().count { $0 } == count)
        #expect(tree.rows.count == 2 * count + 1)
    }

    @Test("a chain of 20 000 spans, each of another transaction", .timeLimit(.minutes(5)))
    func interleaved() {
        let count = Self.count
        let batch = EventBatch.filled {
            for number in 0..<count {
                $0.transaction("t \(number)")
                $0.span("s \(number)", parent: "s \(number - 1)", of: "t \(number)")
            }
        }
        #expect(!analyse(batch).analysis.waiting().contains(true))
    }

    @Test("20 000 transactions of as many processes", .timeLimit(.minutes(5)))
    func processes() {
        var batch = EventBatch()
        for pid in 0..<Self.count {
            let process = batch.addProcess(pid: Int64(pid))
            batch.transaction("\(pid)", parent: "run", process: process)
        }
        let groups = analyse(batch).analysis.groups
        #expect(groups.map(\.scope) == [.service] && groups.first?.processes == Self.count)
    }
}
