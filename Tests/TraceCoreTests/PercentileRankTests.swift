import TestSupport
import Testing

@testable import TraceCore

@Suite("Percentiles of choice")
struct PercentileRankTests {
    @Test(
        "are read with two decimals at most",
        arguments: [
            ("50", 5_000, "p50"), ("99.9", 9_990, "p99.9"), ("99.95", 9_995, "p99.95"), ("0.01", 1, "p0.01"),
            ("100", 10_000, "p100"), ("5", 500, "p5"), ("99.90", 9_990, "p99.9"), ("7.05", 705, "p7.05"),
        ])
    func reading(_ text: String, _ hundredths: Int, _ name: String) {
        #expect(PercentileRank(text)?.hundredths == hundredths)
        #expect(PercentileRank(text)?.text == name)
    }

    @Test(
        "are refused out of range, and where they are no numbers",
        arguments: [
            "", "0", "0.00", "100.01", "101", "1000", "-1", "+5", "5.", ".5", "5.123", "1e2", "p50", " 50", "٥",
        ])
    func refusing(_ text: String) { #expect(PercentileRank(text) == nil) }

    @Test("stand beside the standard ones, in each group and overall")
    func report() throws {
        var builder = TaskReportBuilder(by: [.user])
        var batch = EventBatch.filled { batch in
            for number in 1...Int64(2_000) {
                batch.transaction("\(number)", parent: "run", start: number, duration: number)
            }
        }
        let user = batch.symbols.intern("a")
        for index in batch.events.indices { batch.events[index].user = user }
        builder.add(TraceAnalysis(batch.firstTrace), isArriving: false)
        let wanted = ["99.9", "50", "25", "99.9", "100"].compactMap { PercentileRank($0) }
        let order = try #require(ReportOrder("p12.5(total)"))
        let report = builder.report(sortedBy: order, percentiles: wanted)
        #expect(report.percentiles.map(\.text) == ["p99.9", "p50", "p25", "p100"])
        for statistics in [report.overall, report.groups[0].statistics] {
            #expect(statistics.total.chosen.map(\.rank.text) == ["p99.9", "p25", "p100", "p12.5"])
            #expect(statistics.total.chosen.map(\.value) == [1_998, 500, 2_000, 250])
            #expect(statistics.total[.p50] == 1_000)
            #expect(statistics.wait.chosen.map(\.value) == [0, 0, 0, 0], "a quantity that is 0 has them too")
        }
        #expect(builder.report().overall.total.chosen.isEmpty)
        let rank = try #require(PercentileRank("33"))
        #expect(report.overall.total[rank] == nil)
    }
}
