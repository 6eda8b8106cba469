import TestSupport
import Testing

@testable import TraceCore

@Suite("Trends")
struct TrendTests {
    @Test("heights are between the least and the greatest, or its three quarters where all are above that")
    func heights() throws {
        #expect(try #require(Trend([0, 10, 20, 40, 70])).heights == [1, 2, 3, 5, 8])
        #expect(try #require(Trend([100, 97, 99])).heights == [8, 7, 8], "noise is not drawn as a change")
        #expect(try #require(Trend([75, 100])).heights == [1, 8])
        #expect(try #require(Trend([0, 0, 0])).heights == [1, 1, 1])
        #expect(try #require(Trend([5])).heights == [8])
        #expect(try #require(Trend([0, .max])).heights == [1, 8])
        #expect(Trend([]) == nil)
        for seed in UInt64(1)...50 {
            var generator = SeededGenerator(seed: seed)
            let values = (0..<20).map { _ in Int64.random(in: 0...(.max), using: &generator) >> Int64(seed) }
            let trend = try #require(Trend(values))
            let order = values.indices.sorted { values[$0] < values[$1] }
            let heights = order.map { trend.heights[$0] }
            #expect(heights == heights.sorted() && heights.allSatisfy { (1...8).contains($0) }, "seed \(seed)")
        }
    }

    @Test("the last is compared with the median of those before it")
    func median() throws {
        let trend = try #require(Trend([30, 10, 20, 40, 99]))
        #expect(trend.medianBefore == 20, "nearest rank of 10, 20, 30 and 40")
        #expect((trend.first, trend.last, trend.least, trend.greatest) == (30, 99, 10, 99))
        #expect(try #require(Trend([7])).medianBefore == nil)
    }

    private func run(_ name: String?, _ service: String?, at start: Int64, _ place: Int) -> JobRuns.Run {
        JobRuns.Run(service: service, name: name, start: start, id: Identifier("\(place)"), place: place)
    }

    @Test(
        "runs of different jobs are not mixed, the job with the most runs comes first, the last runs of each are taken")
    func jobs() {
        var runs = (0..<25).map { run("bill", "a", at: 100 - Int64($0), $0) }
        runs += (25..<29).map { run("bill", "b", at: 5, $0) } + (29..<33).map { run(nil, "b", at: 5, $0) }
        runs += [run("mail", "a", at: 1, 33), run("mail", "a", at: 2, 34), run("bill", nil, at: 1, 35)]
        let jobs = JobRuns.all(of: runs)
        #expect(jobs.map(\.count) == [25, 4, 4], "two runs are no trend")
        #expect(jobs[0].last == Array((0..<20).reversed()), "the oldest first")
        #expect(jobs.map(\.name) == ["bill", nil, "bill"])
        #expect(jobs[2].last == [28, 27, 26, 25], "of one start as lists have them, reversed")
        #expect(JobRuns.all(of: runs.shuffled()).map(\.last) == jobs.map(\.last))
    }

    /// Three runs of one job, the second of them the newest.
    private func report(by dimensions: [ReportDimension], arriving: Int? = nil) -> TaskReport {
        var builder = TaskReportBuilder(by: dimensions)
        for (place, start) in [Int64(0), 9_000, 4_000].enumerated() {
            let batch = EventBatch.filled { batch in
                for (id, begin) in [("a", start), ("b", start + 50)] {
                    var event = batch.event(.transaction, id, start: begin, duration: 100, of: "run \(place)")
                    event.parent = Identifier("root")
                    event.name = batch.symbols.intern("bill")
                    batch.events.append(event)
                }
            }
            builder.add(TraceAnalysis(batch.firstTrace), isArriving: place == arriving)
        }
        return builder.report()
    }

    @Test("a report by run knows its runs, and can have them in order of time")
    func runs() throws {
        var report = report(by: [.run])
        report.orderByTime()
        #expect(report.groups.map { $0.key[0] } == ["run 1", "run 2", "run 0"])
        let run = try #require(report.groups.first?.run)
        #expect(run.start == 9_000 && run.makespan == 150 && run.slots == 0 && run.name == "bill")
        #expect(report.jobs.map(\.last) == [[2, 1, 0]])
        #expect(self.report(by: [.run], arriving: 1).jobs.isEmpty, "what still arrives is in no trend")
        var several = self.report(by: [.name, .run])
        let keys = several.groups.map(\.key)
        several.orderByTime()
        #expect(several.groups.map(\.key) == keys && several.jobs.isEmpty)
        #expect(several.groups.allSatisfy { $0.run?.id.text == $0.key[1] })
        #expect(self.report(by: [.user]).groups.allSatisfy { $0.run == nil })
    }
}
