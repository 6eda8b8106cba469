import Foundation
import TestSupport
import Testing
import TraceCore
import TraceExport

/// How a query acts on the rows of the JSON.
struct WaterfallQueryJSONTests {
    private static let analysis = Drawing(
        """
        run |                    |
        a   |##########          |
        b   |#####               |
        c   |.....########       |
        d   |..........#~~~######|
        e   |#                   |
        """
    ).analysis

    private func rows(limit: Int? = nil, _ change: (inout WaterfallQuery) -> Void) throws -> (ids: [String], left: Int)
    {
        var query = WaterfallQuery()
        change(&query)
        var text = ""
        WaterfallJSON(Self.analysis, query: query).write(limit: limit) { text += $0 }
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let rows = try #require(json["rows"] as? [[String: Any]])
        return (rows.compactMap { $0["id"] as? String }, try #require(json["rows_left_out"] as? Int))
    }

    @Test("without conditions every row is there, whatever is folded or moved in pictures")
    func everything() throws {
        let count = WaterfallTree(Self.analysis.trace).rows.count
        for (folds, aligns) in [(true, true), (false, false)] {
            let found = try rows { ($0.folds, $0.alignsClocks) = (folds, aligns) }
            #expect(found.ids.count == count && found.left == 0)
        }
    }

    @Test("conditions, order, depth and window choose rows; those left out are counted together with those cut")
    func chosen() throws {
        let count = WaterfallTree(Self.analysis.trace).rows.count
        let tasks = try rows { ($0.sort, $0.depth) = (.total, 1) }
        #expect(tasks.ids == ["run", "d", "c", "a", "b", "e"] && tasks.left == count - 6)
        let found = try rows { $0.text = "d.1" }
        #expect(found.ids == ["run", "d", "d.1"] && found.left == count - 3)
        let cut = try rows(limit: 2) { $0.text = "d.1" }
        #expect(cut.ids == ["run", "d"] && cut.left == count - 2)
        let late = try rows { $0.window = Interval(start: Drawing.origin + 150, end: Drawing.origin + 200) }
        #expect(late.ids == ["run", "d", "d.2"])
    }
}
