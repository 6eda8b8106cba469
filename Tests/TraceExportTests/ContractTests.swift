import Foundation
import TestSupport
import Testing
import TraceCore
import TraceExport

/// The JSON that people script against: every key of the contract, with the figures of a drawn run.
struct ContractTests {
    /// Two slots: c waits for the one that b gives back. d has a wait span of its own.
    private static let run = Drawing(
        """
        run |                    |
        a   |##########          |
        b   |#####               |
        c   |.....########       |
        d   |..........#~~~######|
        """)

    private static let analysis = TraceAnalysis(run.trace)

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func waterfall(limit: Int?) throws -> [String: Any] {
        var text = ""
        WaterfallJSON(Self.analysis).write(limit: limit) { text += $0 }
        return try object(text)
    }

    private func row(_ id: String) throws -> [String: Any] {
        let rows = try #require(try waterfall(limit: nil)["rows"] as? [[String: Any]])
        return try #require(rows.first { $0["id"] as? String == id })
    }

    @Test func waterfallNamesItsRunAndGroups() throws {
        let json = try waterfall(limit: nil)
        #expect(
            Set(json.keys) == [
                "schema", "trace_id", "start_us", "makespan_us", "inference", "lines", "groups", "rows",
                "rows_left_out",
            ])
        #expect(json["schema"] as? String == "waitline.waterfall.v1")
        #expect(json["makespan_us"] as? Int == 200)
        let group = try #require((json["groups"] as? [[String: Any]])?.first)
        #expect(
            Set(group.keys) == [
                "parent_id", "service", "name", "tasks", "slots", "pool_seen", "pool", "rate_us", "lag_us", "scope",
                "reading", "occupancy", "waited", "dense", "makespan_us", "chain",
            ])
        #expect(group["slots"] as? Int == 2)
        #expect(group["waited"] as? Int == 2)
        #expect(group["pool_seen"] as? Bool == true)
        #expect(group["pool"] as? String == "slots" && group["rate_us"] is NSNull && group["lag_us"] as? Int == 0)
        #expect(group["scope"] as? String == "process")
        #expect(group["reading"] as? String == "start")
        #expect(group["occupancy"] as? Double == 1)
        #expect(group["chain"] as? [String] == ["d", "a"])
    }

    @Test func transactionsHaveQuantitiesAndStates() throws {
        let waiting = try row("c")
        #expect(waiting["wait_us"] as? Int == 50)
        #expect(waiting["work_us"] as? Int == 80)
        #expect(waiting["wait_source"] as? String == "inferred")
        #expect(waiting["released_by"] as? String == "b")
        let states = try #require(waiting["states"] as? [[String: Any]])
        #expect(states.map { $0["state"] as? String } == ["wait", "work"])
        #expect(states.map { $0["start_us"] as? Int } == [0, 50])
        #expect(states[0]["source"] as? String == "inferred")
        #expect(states[1]["source"] == nil)
        #expect(try row("d")["wait_source"] as? String == "mixed")
        #expect(try row("a")["wait_source"] is NSNull)
    }

    @Test func spansHaveNoQuantities() throws {
        let span = try row("d.1")
        for key in ["total_us", "wait_us", "work_us", "self_us", "delay_us", "queued_us", "states", "released_by"] {
            #expect(span[key] == nil)
        }
        #expect(span["kind"] as? String == "span")
        #expect(span["transaction_id"] as? String == "d")
        #expect(span["depth"] as? Int == 2)
    }

    @Test func rowsLeftOutAreCounted() throws {
        let whole = try waterfall(limit: nil)
        let count = try #require(whole["rows"] as? [Any]).count
        let cut = try waterfall(limit: 2)
        #expect((cut["rows"] as? [Any])?.count == 2)
        #expect(cut["rows_left_out"] as? Int == count - 2)
        #expect(whole["rows_left_out"] as? Int == 0)
    }

    @Test func unsampledTransactionsHaveNullQuantities() throws {
        var run = Self.run
        run.edit("a") { event, _ in event.sampled = false }
        var text = ""
        WaterfallJSON(TraceAnalysis(run.trace)).write(limit: nil) { text += $0 }
        let rows = try #require(try object(text)["rows"] as? [[String: Any]])
        let row = try #require(rows.first { $0["id"] as? String == "a" })
        for key in ["total_us", "wait_us", "work_us", "self_us", "delay_us", "queued_us", "states", "wait_source"] {
            #expect(row[key] is NSNull)
        }
        #expect(try #require(row["flags"] as? [String]).contains("unsampled"))
    }

    @Test func reportHasEveryFigure() throws {
        var builder = TaskReportBuilder(by: [.name])
        builder.add(Self.analysis, isArriving: true)
        let json = try object(ReportJSON.text(builder.report(), limit: nil))
        #expect(
            Set(json.keys) == [
                "schema", "percentiles", "inference", "by", "tasks", "unsampled", "incomplete", "runs", "arriving",
                "overall", "groups", "groups_left_out",
            ])
        #expect(json["arriving"] as? Int == 1)
        let overall = try #require(json["overall"] as? [String: Any])
        #expect(
            Set(overall.keys) == [
                "tasks", "failed", "total_us", "wait_us", "work_us", "self_us", "delay_us", "wait_share",
                "slowdown",
            ])
        #expect(overall["slowdown"] as? Double == 1.6)
        let wait = try #require(overall["wait_us"] as? [String: Int])
        #expect(Set(wait.keys) == ["p50", "p90", "p95", "p99", "max", "mean", "sum"])
        #expect(wait["sum"] == 180 && wait["max"] == 130)
        #expect(overall["wait_share"] as? Double == 0.375)
        let groups = try #require(json["groups"] as? [[String: Any]])
        #expect(groups.map { $0["key"] as? String } == ["task"])
    }

    @Test func severalDimensionsMakeTheKeyAnObject() throws {
        var builder = TaskReportBuilder(by: [.name, .user])
        builder.add(Self.analysis, isArriving: false)
        let report = builder.report()
        let groups = try #require(try object(ReportJSON.text(report, limit: nil))["groups"] as? [[String: Any]])
        let key = try #require(groups.first?["key"] as? [String: Any])
        #expect(key["name"] as? String == "task")
        #expect(key["user"] is NSNull)
    }

    @Test func runsHaveTheirLargestGroup() throws {
        let summary = RunSummary(Self.analysis, isArriving: false)
        let json = try object(RunsJSON.text([summary]))
        let run = try #require((json["runs"] as? [[String: Any]])?.first)
        #expect(
            Set(run.keys) == [
                "trace_id", "name", "service", "start_us", "makespan_us", "arriving", "transactions", "spans", "errors",
                "tasks", "failed", "slots", "wait_share",
            ])
        #expect(run["slots"] as? Int == 2 && run["tasks"] as? Int == 4)
    }

    @Test func runsWithoutAGroupHaveNoSlots() throws {
        let summary = RunSummary(TraceAnalysis(Drawing("run |####|").trace), isArriving: false)
        let json = try object(RunsJSON.text([summary]))
        let run = try #require((json["runs"] as? [[String: Any]])?.first)
        #expect(run["slots"] is NSNull)
        #expect(run["tasks"] as? Int == 0 && run["wait_share"] as? Double == 0)
    }
}
