import TestSupport
import Testing

@testable import TraceCore

/// What grows with a trace grows no faster than n log n, and what is asked of one event costs that event alone.
///
/// A step that is quadratic makes 20 times the events take 400 times as long; the bound stands far from that and from
/// what they should take, and of several rounds the best counts, so that a busy machine fails nothing.
@Suite("Time grows with the size of a trace", .serialized)
struct LargeTraceTests {
    enum Shape: String, CaseIterable {
        case run, chain, wide, flat, pairs, nested, equal
    }

    @Test("20 times the events take less than 120 times as long", .timeLimit(.minutes(10)), arguments: Shape.allCases)
    func growth(shape: Shape) {
        let batches = [batch(shape, 300), batch(shape, 6_000)]
        let small = best { work(batches[0].firstTrace) }
        let large = best { work(batches[1].firstTrace) }
        // Of tasks that are all alike, thousands of numbers of slots are tried, of which few tasks have few: up to 200.
        let most = shape == .equal ? 200 : 120
        #expect(large < small * most, "\(shape): \(small) and \(large)")
    }

    @Test("the states of one task cost less than a hundredth of those of all", .timeLimit(.minutes(10)))
    func oneTask() throws {
        let analysis = TraceAnalysis(batch(.run, 12_000).firstTrace)
        let task = try #require(analysis.tasks.last)
        let all = best { analysis.partitions().count }
        let one = best { analysis.partition(task)?.stretches.count ?? 0 }
        #expect(one * 100 < all)
        #expect(analysis.partition(task)?.stretches == analysis.partitions()[task]?.stretches)
    }

    @Test("a chain of 100 000 nested spans overflows no stack", .timeLimit(.minutes(10)))
    func deep() {
        let trace = batch(.chain, 100_000).firstTrace
        let analysis = TraceAnalysis(trace)
        #expect(WaterfallTree(trace).rows.last?.depth == trace.events.count - 1)
        #expect(analysis.waiting().count { $0 } == 50_000)
        #expect(EventFacts(trace.events.count - 1, in: analysis).children.isEmpty)
    }

    /// What a waterfall does before it draws.
    private func work(_ trace: Trace) -> Int {
        let analysis = TraceAnalysis(trace)
        let layout = WaterfallLayout(analysis)
        let activities = analysis.groups.map {
            GroupActivity($0, of: analysis).series(on: TimeScale(layout.window, cells: 10))
        }
        let lanes = analysis.groups.map { WorkLanes($0, of: analysis).count }
        return layout.count + activities.count + lanes.count + EventFacts(0, in: analysis).children.count
    }

    private func best(_ body: () -> Int) -> Duration {
        var best = Duration.seconds(1_000)
        for _ in 0..<3 {
            best = min(best, ContinuousClock().measure { #expect(body() >= 0) })
        }
        return best
    }

    private func batch(_ shape: Shape, _ count: Int) -> EventBatch {
        .filled { batch in
            for number in 0..<count { add(number, of: count, shape, to: &batch) }
        }
    }

    private func add(_ number: Int, of count: Int, _ shape: Shape, to batch: inout EventBatch) {
        let time = Int64(number)
        switch shape {
        case .run where number % 6 == 0, .equal where number % 6 == 0:
            let start = shape == .equal ? 0 : time / 50 * 50
            batch.transaction("\(number)", parent: "run", start: start, duration: 500)
        case .run:
            batch.span(
                "\(number)", parent: "\(number - number % 6)", of: "\(number - number % 6)", start: time, duration: 5)
        case .equal:
            batch.span("\(number)", parent: "\(number - number % 6)", of: "\(number - number % 6)", duration: 500)
        case .chain where number == 0, .wide where number == 0, .nested where number == 0:
            batch.transaction("0", duration: 2 * Int64(count))
        case .chain:
            batch.span(
                "\(number)", parent: "\(number - 1)", start: time, duration: 2 * (Int64(count) - time),
                type: number == count / 2 ? "wait" : "db")
        case .wide: batch.span("\(number)", parent: "0", of: "0", start: time, duration: Int64(count) / 2)
        case .nested:
            batch.transaction("\(number)", parent: "\(number - 1)", start: time, duration: 2 * (Int64(count) - time))
        case .flat: batch.transaction("\(number)", parent: "run", start: time, duration: 100)
        case .pairs: batch.transaction("\(number)", parent: "run \(number / 2)", start: time, duration: 100)
        }
    }
}
