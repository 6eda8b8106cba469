import TestSupport
import Testing

@testable import TraceCore

@Suite("Gaps before the spans of a task")
struct TaskGapsTests {
    private let task = Interval(start: 0, end: 100)

    /// Items of these (start, end, parent).
    private func spans(_ items: [(Int64, Int64, Int?)]) -> TaskSpans {
        TaskSpans(
            task: task,
            items: items.map {
                TaskSpans.Item(interval: Interval(start: $0.0, end: $0.1), waits: false, parent: $0.2)
            })
    }

    private func above(_ spans: TaskSpans) -> [Int32] {
        spans.items.enumerated().map { place, item in
            item.parent.flatMap { $0 == place ? nil : Int32($0) } ?? -1
        }
    }

    private func gap(_ item: Int, of spans: TaskSpans, after wait: Interval? = nil, mostSteps: Int = 64) -> Interval {
        var gaps = TaskGaps(spans, above: above(spans), mostSteps: mostSteps)
        return gaps.gap(of: item, after: wait)
    }

    @Test("from the task's start, the start of what is above, the end of what came before, the end of a wait")
    func begins() {
        #expect(gap(0, of: spans([(30, 40, nil)])) == Interval(start: 0, end: 30))
        #expect(gap(1, of: spans([(10, 90, nil), (30, 40, 0)])) == Interval(start: 10, end: 30))
        #expect(gap(1, of: spans([(10, 20, nil), (30, 40, nil)])) == Interval(start: 20, end: 30))
        #expect(gap(2, of: spans([(5, 90, nil), (10, 20, 0), (30, 40, 0)])) == Interval(start: 20, end: 30))
        let one = spans([(30, 40, nil)])
        #expect(gap(0, of: one, after: Interval(start: 0, end: 25)) == Interval(start: 25, end: 30))
        #expect(gap(0, of: one, after: Interval(start: 0, end: 35)) == Interval(start: 0, end: 30))
    }

    @Test("empty where something else is open around its start, or where what is above begins no earlier")
    func empty() {
        let nothing = Interval(start: 30, end: 30)
        #expect(gap(1, of: spans([(10, 31, nil), (30, 40, nil)])) == nothing)
        #expect(gap(1, of: spans([(10, 30, nil), (30, 40, nil)])) == nothing)
        #expect(gap(1, of: spans([(30, 50, nil), (30, 40, 0)])) == nothing)
        #expect(gap(0, of: spans([(30, 40, 1), (35, 50, nil)])) == nothing)
        // What begins or ends with it is not open around its start.
        #expect(gap(1, of: spans([(30, 50, nil), (30, 40, nil)])) == Interval(start: 0, end: 30))
    }

    @Test("of any items as the definitions say, whether one goes up step by step or counts all in one walk")
    func anything() {
        var generator = SeededGenerator(seed: 15)
        var found = 0
        for round in 0..<2_000 {
            let count = Int.random(in: 1...12, using: &generator)
            let items = (0..<count).map { _ -> (Int64, Int64, Int?) in
                let start = Int64.random(in: 0...12, using: &generator)
                let end = start + Int64.random(in: 1...12, using: &generator)
                let parent = Int.random(in: -2..<count, using: &generator)
                return (start, end, parent < 0 ? nil : parent)
            }.sorted { $0.0 < $1.0 }
            let spans = spans(items)
            let children = Set(items.compactMap(\.2))
            let wait = round % 3 == 0 ? Interval(start: 0, end: Int64.random(in: 1...12, using: &generator)) : nil
            for item in items.indices where !children.contains(item) {
                let expected = naive(item, items, after: wait)
                for steps in [64, 2, 0] {
                    let told = gap(item, of: spans, after: wait, mostSteps: steps)
                    #expect(told == expected, "round \(round), item \(item), \(steps) steps")
                }
                found += expected.isEmpty ? 0 : 1
            }
        }
        #expect(found > 300, "the items are too tame to test anything")
    }

    @Test("what stands deep below costs no more than what stands high: each level has the next and a span below it")
    func deep() {
        let depth = 2_000
        let levels = (0..<depth).map { (Int64($0), Int64(10 * depth - $0), $0 == 0 ? nil : $0 - 1 as Int?) }
        let leaves = (0..<depth).map { level in
            let start = Int64(2 * depth + 2 * level)
            return (start, start + 1, level as Int?)
        }
        let all = levels + leaves
        let deep = TaskSpans(
            task: Interval(start: 0, end: Int64(20 * depth)),
            items: all.map {
                TaskSpans.Item(interval: Interval(start: $0.0, end: $0.1), waits: false, parent: $0.2)
            })
        var gaps = TaskGaps(deep, above: above(deep))
        for leaf in depth..<2 * depth {
            let isDeepest = leaf == 2 * depth - 1
            // Below the others, levels are open that are not above them.
            let gap = gaps.gap(of: leaf, after: nil)
            #expect(gap.isEmpty != isDeepest)
        }
        #expect(gaps.stepsTaken <= (TaskGaps.mostSteps + 1) * depth)
    }

    private func naive(_ item: Int, _ items: [(Int64, Int64, Int?)], after wait: Interval?) -> Interval {
        let start = items[item].0
        var above: Set<Int> = []
        var next = items[item].2
        while let current = next, current != item, above.insert(current).inserted { next = items[current].2 }
        let others = items.indices.filter { $0 != item }
        let isBusy = others.contains { !above.contains($0) && items[$0].0 < start && start < items[$0].1 }
        var from = ([0] + above.map { items[$0].0 } + others.map { items[$0].1 }.filter { $0 <= start }).max() ?? 0
        if let wait, from <= wait.end, wait.end <= start { from = wait.end }
        return Interval(start: from > start || isBusy ? start : from, end: start)
    }
}
