import Foundation
import TestSupport
import Testing
import TraceCore
import TraceExport

/// The JSON of a replay: every key of the contract, with the figures of drawn runs.
struct WhatIfJSONTests {
    private func json(_ drawing: String, slots: [Int]) throws -> (text: String, object: [String: Any]) {
        let analysis = TraceAnalysis(Drawing(drawing).trace)
        let group = try #require(analysis.largestGroup)
        let replay = try #require(SlotReplay(group, of: analysis))
        let text = WhatIfJSON.text(replay, slots: slots, trace: analysis.trace.id)
        #expect(text.hasSuffix("}\n"))
        return (text, try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]))
    }

    /// Two slots: c waits for the one that b gives back.
    private let pool = """
        run |                    |
        a   |##########          |
        b   |#####               |
        c   |.....########       |
        """

    @Test("a seen pool, replayed: the rows asked for, in that order")
    func pooled() throws {
        let (text, json) = try json(pool, slots: [3, 1, 2])
        #expect(
            Set(json.keys) == [
                "schema", "trace_id", "group", "tasks", "slots", "makespan_us", "backlog_assumed", "replay_check",
                "knee", "enough", "rows",
            ])
        #expect(json["schema"] as? String == "waitline.what-if.v1")
        #expect(json["group"] as? String == "task")
        #expect(json["tasks"] as? Int == 3 && json["slots"] as? Int == 2 && json["makespan_us"] as? Int == 130)
        #expect(json["backlog_assumed"] as? Bool == false)
        #expect(text.contains(#""replay_check":0.0000,"#))
        let rows = try #require(json["rows"] as? [[String: Any]])
        #expect(rows.map { $0["slots"] as? Int } == [3, 1, 2])
        #expect(rows.map { $0["makespan_us"] as? Int } == [100, 230, 130])
        #expect(Set(rows[1].keys) == ["slots", "makespan_us", "wait_us", "utilisation"])
        #expect(rows[1]["wait_us"] as? [String: Int] == ["p50": 100, "p95": 150, "p99": 150, "max": 150])
        #expect(text.contains(#""utilisation":1.0000"#))
        #expect(rows[2]["utilisation"] as? Double == 0.8846)
    }

    @Test("without slots there is no replay check, and with none seen a backlog is assumed")
    func unpooled() throws {
        let (text, json) = try json(
            """
            run |     |
            a   |...  |
            b   |.....|
            """, slots: [1])
        #expect(text.contains(#""replay_check":null,"#))
        #expect(json["slots"] as? Int == 0 && json["backlog_assumed"] as? Bool == true)
    }

    @Test("a replay check below nothing has its sign")
    func shorter() throws {
        // c came late for reasons of its own: all at once it would have been served sooner.
        let (text, json) = try json(
            """
            run |                    |
            a   |#####               |
            b   |#####               |
            c   |          ##########|
            """, slots: [2])
        #expect(json["slots"] as? Int == 2 && json["backlog_assumed"] as? Bool == true)
        #expect(text.contains(#""replay_check":-0.2500,"#), "\(text)")
    }
}
