import Foundation
import TestSupport
import Testing
import TraceCore
import TraceExport

/// The JSON of each setting of inference.
struct InferenceJSONTests {
    /// Two slots: c waits for the one that b gives back.
    private static let trace = Drawing(
        """
        run |                    |
        a   |##########          |
        b   |#####               |
        c   |.....########       |
        """
    ).trace

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(
        arguments: [
            (.auto, 1, ["c", "b"], 50, "b"), (.explicit, 0, ["c"], 0, nil), (.gap, 1, ["c"], 50, nil),
        ] as [(Inference, Int, [String], Int, String?)])
    func waits(inference: Inference, waited: Int, chain: [String], sum: Int, releaser: String?) throws {
        let analysis = TraceAnalysis(Self.trace, settings: AnalysisSettings(inference: inference))
        var text = ""
        WaterfallJSON(analysis).write(limit: nil) { text += $0 }
        let json = try object(text)
        #expect(json["inference"] as? String == inference.rawValue)
        let group = try #require((json["groups"] as? [[String: Any]])?.first)
        #expect(group["slots"] as? Int == 2)
        #expect(group["pool_seen"] as? Bool == true)
        #expect(group["waited"] as? Int == waited)
        #expect(group["chain"] as? [String] == chain)
        let rows = try #require(json["rows"] as? [[String: Any]])
        let last = try #require(rows.first { $0["id"] as? String == "c" })
        #expect(last["released_by"] as? String == releaser)
        var builder = TaskReportBuilder(by: [.name])
        builder.add(analysis, isArriving: false)
        let report = try object(ReportJSON.text(builder.report(), limit: nil))
        #expect(report["inference"] as? String == inference.rawValue)
        let overall = try #require(report["overall"] as? [String: Any])
        #expect((overall["wait_us"] as? [String: Any])?["sum"] as? Int == sum)
    }
}
