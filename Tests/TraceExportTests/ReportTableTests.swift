import Foundation
import TestSupport
import Testing
import TraceCore
import TraceExport

/// What a report has where it is asked for: percentiles of one's own, the split of work, and a table for other programs.
struct ReportTableTests {
    /// One slot: b waits for a, then works in two types of spans at once and by itself.
    private static func report(
        by dimensions: [ReportDimension] = [.user], percentiles: [String] = [], splitsWork: Bool = false
    ) -> TaskReport {
        var drawing = Drawing(
            """
            run |           |
            a   |#####      |
            b   |.....####..|
              b1|     ####  |
            """)
        drawing.edit("b1") { event, symbols in event.type = symbols.intern("external.http") }
        drawing.edit("a") { event, symbols in event.user = symbols.intern("=1,\"2\"\u{1B}") }
        var builder = TaskReportBuilder(by: dimensions, splitsWork: splitsWork)
        builder.add(drawing.analysis, isArriving: false)
        return builder.report(percentiles: percentiles.compactMap { PercentileRank($0) })
    }

    private func rows(_ report: TaskReport, limit: Int? = nil) -> [[Substring]] {
        ReportCSV.text(report, limit: limit).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
    }

    @Test("CSV: a row for each group under named columns, its inference and how many tasks it is of")
    func csv() throws {
        let rows = rows(Self.report(by: [.name, .label("x,y")]))
        #expect(rows.count == 2)
        // The label's name is quoted, since it has a comma.
        #expect(rows[0].prefix(7).joined(separator: ",") == "name,\"label:x,y\",inference,tasks,failed,incomplete")
        let names = Array(rows[0].dropFirst())
        #expect(names.count == rows[1].count && Set(names).count == names.count)
        let cells = Dictionary(uniqueKeysWithValues: zip(names.dropFirst(), rows[1].dropFirst()))
        #expect(rows[1][0] == "task" && rows[1][1] == "")
        for (name, value) in [
            "inference": "auto", "tasks": "2", "failed": "0", "incomplete": "0", "total_p50_us": "50",
            "total_p99_us": "110", "wait_sum_us": "50", "work_mean_us": "55", "self_max_us": "20",
            "delay_sum_us": "0", "wait_share": "0.3125", "slowdown": "1.4545",
        ] {
            #expect(cells[Substring(name)] == Substring(value), "\(name)")
        }
    }

    @Test("CSV: hostile keys are escaped, no user is an empty cell, rows are as many as asked for")
    func keys() {
        let text = ReportCSV.text(Self.report(), limit: nil)
        #expect(text.contains("\n\"'=1,\"\"2\"\"\\u{1b}\",auto,1,"))
        #expect(text.contains("\n,auto,1,") && !text.contains("\u{1B}"))
        #expect(rows(Self.report(), limit: 1).count == 2)
        #expect(rows(Self.report(), limit: 0).count == 1)
    }

    @Test("percentiles that were asked for come behind the standard ones, each once")
    func percentiles() throws {
        let report = Self.report(by: [.name], percentiles: ["99.9", "50", "1", "99.9"])
        let json = ReportJSON.text(report, limit: nil)
        #expect(json.contains(#""total_us":{"p50":50,"p90":110,"p95":110,"p99":110,"p99.9":110,"p1":50,"max":110,"#))
        #expect(ReportCSV.text(report, limit: nil).contains(",wait_p99_us,wait_p99.9_us,wait_p1_us,wait_max_us,"))
    }

    @Test("work split by type sums to work, overall and in each group; nothing of it where it was not asked for")
    func breakdown() throws {
        let report = Self.report(by: [.name], splitsWork: true)
        let json = ReportJSON.text(report, limit: nil)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        for part in [object["overall"], (object["groups"] as? [Any])?.first] {
            let part = try #require(part as? [String: Any])
            let parts = try #require(part["breakdown"] as? [[String: Any]])
            #expect(parts.map { $0["kind"] as? String } == ["span", "span", "self"])
            #expect(parts.map { $0["type"] as? String } == ["db", "external", nil])
            #expect(parts.map { $0["work_us"] as? Int } == [70, 20, 20])
            #expect((part["work_us"] as? [String: Int])?["sum"] == 110)
        }
        let rows = rows(report)
        #expect(rows[0].suffix(3) == ["work_span_db_us", "work_span_external_us", "work_self_us"])
        #expect(rows[1].suffix(3) == ["70", "20", "20"])
        #expect(!ReportJSON.text(Self.report(), limit: nil).contains("breakdown"))
    }

    @Test("where there is no work there is no slowdown")
    func noWork() {
        var builder = TaskReportBuilder(by: [.name])
        builder.add(Drawing("a |~~|\nb |~~|").analysis, isArriving: false)
        let report = builder.report()
        #expect(ReportJSON.text(report, limit: nil).contains(#""wait_share":1.0000,"slowdown":null}"#))
        #expect(ReportCSV.text(report, limit: nil).hasSuffix(",1.0000,\n"))
    }
}
