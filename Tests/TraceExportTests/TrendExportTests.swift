import Foundation
import TestSupport
import Testing
import TraceCore
import TraceExport

/// What a report by run, and a run with something beside it, say for programs.
struct TrendExportTests {
    private static let drawing = Drawing(
        """
        run |            |
        a   |####        |
        b   |######      |
        """)

    private func report(by dimensions: [ReportDimension]) -> TaskReport {
        var builder = TaskReportBuilder(by: dimensions)
        builder.add(Self.drawing.analysis, isArriving: false)
        return builder.report()
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("JSON: the groups of a report by run say what the run is, those of others don't")
    func json() throws {
        let groups = try #require(
            try object(ReportJSON.text(report(by: [.run]), limit: nil))["groups"] as? [[String: Any]])
        let group = try #require(groups.first)
        #expect(group["key"] as? String == "trace")
        #expect(group["name"] as? String == "run")
        #expect(group["service"] as? String == "runner")
        #expect(group["start_us"] as? Int == Int(Drawing.origin))
        #expect(group["makespan_us"] as? Int == 60)
        #expect(group["slots"] as? Int == 2)
        let others = try #require(
            try object(ReportJSON.text(report(by: [.name]), limit: nil))["groups"] as? [[String: Any]])
        #expect(others.allSatisfy { $0["start_us"] == nil && $0["slots"] == nil })
    }

    @Test("CSV: they stand behind the other columns")
    func csv() {
        let lines = ReportCSV.text(report(by: [.name, .run]), limit: nil).split(separator: "\n")
        #expect(lines[0].hasSuffix(",slowdown,run_name,run_service,start_us,makespan_us,slots"))
        #expect(lines[1].hasSuffix(",run,runner,\(Drawing.origin),60,2"))
        #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
        #expect(!ReportCSV.text(report(by: [.name]), limit: nil).contains("start_us"))
    }

    @Test("a waterfall's background: null where starts are not regular, absent where nobody looked")
    func background() throws {
        let analysis = Self.drawing.analysis
        func waterfall(_ background: BackgroundTasks?) throws -> [String: Any] {
            var text = ""
            WaterfallJSON(analysis, background: background).write(limit: nil) { text += $0 }
            return try object(text)
        }
        let process = ProcessName(host: "host", pid: 1, node: nil)
        func other(_ name: String?, _ start: Int64) -> OtherTransaction {
            OtherTransaction(
                process: process, service: "s", name: name, start: Drawing.origin + start, duration: 3)
        }
        // Both tasks run until 40, so that the last three are due while both slots are taken.
        let beats = [-50, -38, -26, -14, -2, 10, 25, 37].map { other("beat", $0) }
        let told = try waterfall(BackgroundTasks(of: analysis, others: beats + [other(nil, 5)]))
        let kinds = try #require(told["background"] as? [[String: Any]])
        #expect(told["background_cut"] as? Bool == false)
        #expect(kinds.map { $0["name"] as? String } == ["beat", nil])
        let beat = kinds[0]
        #expect(beat["count"] as? Int == 4 && beat["interval_us"] as? Int == 12 && beat["pid"] as? Int == 1)
        #expect(beat["late_us"] as? [String: Int] == ["starts": 3, "p50": 0, "max": 3])
        let few = try #require(beat["few_running"] as? [String: Any])
        #expect(few["below"] as? Int == 1)
        #expect(few["late_us"] as? [String: Int] == ["starts": 4, "p50": 0, "max": 0])
        let taken = try #require(beat["slots_taken"] as? [String: Any])
        #expect(taken["from"] as? Int == 2)
        #expect(taken["late_us"] as? [String: Int] == ["starts": 3, "p50": 0, "max": 3])
        #expect(kinds[1]["interval_us"] is NSNull && kinds[1]["late_us"] is NSNull && kinds[1]["slots_taken"] is NSNull)
        #expect(try waterfall(nil)["background"] == nil)
    }
}
