import Foundation
import TestSupport
import Testing
import TraceCore
import TraceExport

/// Everything about one event, as JSON.
@Suite struct SpanJSONTests {
    private static let analysis: TraceAnalysis = {
        var drawing = Drawing(
            """
            run |             |
            a   |##########   |
            b   |#####        |
            c   |.....########|
            """)
        let labels = drawing.batch.addLabels([("plan", "paid"), ("batch", "7")])
        drawing.batch.labels[labels.upperBound - 1].isNumber = true
        drawing.edit("c") { event, symbols in
            event.labels = labels
            event.user = symbols.intern("user-3")
        }
        return drawing.analysis
    }()

    private func page(_ id: String, _ fill: (inout SpanPage) -> Void = { _ in }) -> SpanPage {
        let analysis = Self.analysis
        var page = SpanPage(.event(EventFacts(analysis.trace.index(id), in: analysis)), EventDetails())
        fill(&page)
        return page
    }

    private func side(_ kind: SideEvent.Kind, _ fill: (inout EventDetails) -> Void) -> SpanPage.Side {
        let event = SideEvent(
            kind: kind, trace: 0, id: kind == .error ? Identifier("e") : nil, transaction: nil,
            parent: Identifier("c.0"), process: 0, timestamp: Drawing.origin + 70, digest: Digest(high: 1, low: 2),
            line: BodyRange(offset: 0, length: 1))
        var details = EventDetails()
        fill(&details)
        return SpanPage.Side(event, details)
    }

    private func object(_ page: SpanPage) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(SpanJSON.text(page).utf8)) as? [String: Any])
    }

    @Test("A task has the keys of its row in a waterfall, with the same figures")
    func tasksHaveTheirRows() throws {
        let json = try object(page("c"))
        var text = ""
        WaterfallJSON(Self.analysis).write(limit: nil) { text += $0 }
        let waterfall = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let rows = try #require(waterfall["rows"] as? [[String: Any]])
        var row = try #require(rows.first { $0["id"] as? String == "c" })
        #expect(json["offset_us"] as? Int == row["start_us"] as? Int)
        row["start_us"] = nil
        row["depth"] = nil
        for (key, value) in row {
            #expect((json[key] as? NSObject) == (value as? NSObject), "\(key)")
        }
    }

    @Test("A task says when it was, whom it released, its group, its labels and its children")
    func tasks() throws {
        let json = try object(page("c") { $0.processFields = [.init(path: "process.pid", value: "4711")] })
        #expect(
            Set(json.keys) == [
                "schema", "trace_id", "inference", "kind", "id", "parent_id", "transaction_id", "name", "type",
                "subtype",
                "action", "service", "version", "user", "outcome", "start_us", "offset_us", "duration_us", "total_us",
                "wait_us", "work_us", "self_us", "delay_us", "queued_us", "wait_source", "released_by", "flags",
                "states", "released", "group", "line_waits", "children", "labels", "process", "errors", "event",
                "line",
            ])
        #expect(json["schema"] as? String == "waitline.span.v1" && json["kind"] as? String == "transaction")
        #expect(json["start_us"] as? Int64 == Drawing.origin && json["wait_us"] as? Int == 50)
        #expect(json["released_by"] as? String == "b" && json["released"] as? [String] == [])
        #expect(json["children"] as? [String] == ["c.0"])
        let group = try #require(json["group"] as? [String: Any])
        #expect(group["tasks"] as? Int == 3 && group["position"] as? Int == 3 && group["slots"] as? Int == 2)
        let labels = try #require(json["labels"] as? [String: Any])
        #expect(labels["plan"] as? String == "paid" && labels["batch"] as? Int == 7)
        #expect((json["process"] as? [String: Any])?["process.pid"] as? String == "4711")
        #expect(try object(page("b"))["released"] as? [String] == ["c"])
        #expect(try object(page("run"))["group"] is NSNull)
    }

    @Test("A span has no quantities; only the root has surroundings")
    func spansAndRoots() throws {
        let span = try object(page("c.0"))
        #expect(span["total_us"] == nil && span["states"] == nil && span["group"] == nil && span["released"] == nil)
        #expect(span["transaction_id"] as? String == "c" && span["user"] as? String == "user-3")
        #expect(span["surroundings"] == nil)
        let root = try object(page("run") { $0.surroundings = [side(.metricset) { $0.json = #"{"samples":{}}"# }] })
        let surroundings = try #require(root["surroundings"] as? [[String: Any]])
        #expect(surroundings.count == 1 && surroundings[0]["kind"] as? String == "metricset")
        #expect(surroundings[0]["time_us"] as? Int64 == Drawing.origin + 70)
        #expect((surroundings[0]["event"] as? [String: Any])?["samples"] != nil)
    }

    @Test("Errors are told with the event, and on their own page with where they were")
    func errors() throws {
        let error = side(.error) { details in
            details.error = ErrorDetails()
            details.error?.type = "CardDeclined"
            details.error?.handled = false
        }
        let told = try #require(try object(page("c") { $0.errors = [error] })["errors"] as? [[String: Any]])
        #expect(Set(told[0].keys) == ["id", "parent_id", "time_us", "type", "message", "culprit", "handled"])
        #expect(told[0]["type"] as? String == "CardDeclined" && told[0]["handled"] as? Bool == false)
        let json = try object(SpanPage(.side(SideEventFacts(error.event, in: Self.analysis)), error.details))
        #expect(json["kind"] as? String == "error" && json["parent_id"] as? String == "c.0")
        #expect(json["offset_us"] as? Int == 70 && json["message"] is NSNull)
        let lost = try object(SpanPage(.side(SideEventFacts(error.event, trace: nil)), error.details))
        #expect(lost["offset_us"] is NSNull && lost["trace_id"] is NSNull)
    }

    @Test("A log has its message, a metricset what was sent")
    func logsAndMetricsets() throws {
        let log = side(.log) { $0.message = "3 users to bill" }
        let json = try object(SpanPage(.side(SideEventFacts(log.event, in: Self.analysis)), log.details))
        #expect(json["kind"] as? String == "log" && json["message"] as? String == "3 users to bill")
        let metricset = side(.metricset) { $0.json = #"{"samples":{"a":{"value":1}}}"# }
        let other = try object(SpanPage(.side(SideEventFacts(metricset.event, in: Self.analysis)), metricset.details))
        #expect(other["kind"] as? String == "metricset" && other["message"] == nil && other["id"] is NSNull)
        #expect((other["event"] as? [String: Any])?["samples"] != nil)
    }

    @Test("What was sent keeps its meaning, and nothing of it does harm on a terminal")
    func harmlessEvents() throws {
        let sent = "{\"a\u{9B}\":\t\"\u{202E}x\u{7F}\u{2028}é\u{0301}👍\",\r\"b\":1e3}"
        let page = page("c") { page in
            page.details.json = sent
            page.rawLine = Array("line \u{1B}[31m\u{9B}".utf8) + [0xFF]
        }
        let text = SpanJSON.text(page)
        let event = try #require(try object(page)["event"] as? NSObject)
        let expected = try JSONSerialization.jsonObject(with: Data(sent.utf8)) as? NSObject
        #expect(event == expected)
        #expect(try object(page)["line"] as? String == "line \u{1B}[31m\u{9B}\u{FFFD}")
        let harmful = text.dropLast().unicodeScalars.filter { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || [0x202E, 0x2028].contains(scalar.value)
        }
        #expect(harmful.isEmpty)
    }
}
