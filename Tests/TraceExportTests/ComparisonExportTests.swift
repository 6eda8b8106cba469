import Foundation
import TestSupport
import Testing
import TraceCore
import TraceExport

/// Comparisons for programs, and for where Markdown is shown.
struct ComparisonExportTests {
    /// So many tasks beside one another, each of which works from its start; as long as `length` says.
    private static func run(_ id: String, tasks: Int, length: (Int) -> Int64) -> TraceAnalysis {
        var batch = EventBatch.filled { _ in }
        for task in 0..<tasks {
            let name = "\(id) \(task)"
            var event = batch.event(.transaction, name, start: 0, duration: length(task), of: id)
            event.parent = Identifier("root")
            event.user = batch.symbols.intern("user \(task)")
            var span = batch.event(.span, "\(name) work", start: 0, duration: length(task), of: id)
            span.parent = Identifier(name)
            span.transaction = Identifier(name)
            batch.events += [event, span]
        }
        return TraceAnalysis(batch.firstTrace)
    }

    private static func compare(_ a: [TraceAnalysis], _ b: [TraceAnalysis]) -> Comparison {
        var builder = ComparisonBuilder()
        for analysis in a { builder.add(analysis, to: .a, isArriving: false) }
        for analysis in b { builder.add(analysis, to: .b, isArriving: false) }
        return builder.comparison()
    }

    /// Twice as long, and one user more.
    private static let slower = compare(
        [run("a", tasks: 20) { 1_000 + Int64($0) }], [run("b", tasks: 21) { 2_000 + 2 * Int64($0) }])

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func jsonHasTheContractsKeysAndNoOthers() throws {
        let text = ComparisonJSON.text(Self.slower)
        let json = try object(text)
        #expect(
            Set(json.keys) == ["schema", "a", "b", "paired", "users_left_out", "quantities", "verdict"])
        #expect(json["schema"] as? String == "waitline.compare.v1")
        #expect(json["paired"] as? Bool == true)
        #expect(json["users_left_out"] as? Int == 1)
        #expect(json["verdict"] as? String == "work")
        let sides = try ["a", "b"].map { try #require(json[$0] as? [String: Int]) }
        #expect(sides == [["runs": 1, "tasks": 20, "slots": 20], ["runs": 1, "tasks": 21, "slots": 21]])
        let quantities = try #require(json["quantities"] as? [[String: Any]])
        #expect(
            quantities.map { $0["name"] as? String } == [
                "duration", "total", "wait", "work", "delay", "turnaround", "makespan",
            ])
        #expect(quantities.allSatisfy { Set($0.keys) == ["name", "a", "b", "change", "p", "real"] })
        let work = quantities[3]
        #expect(work["a"] as? [String: Int] == ["p50": 1_009, "p95": 1_018])
        #expect(work["b"] as? [String: Int] == ["p50": 2_020, "p95": 2_038])
        #expect(work["real"] as? Bool == true)
        #expect(try #require(work["p"] as? Double) < 0.001)
        #expect(
            text.contains(#"{"name":"work","a":{"p50":1009,"p95":1018},"b":{"p50":2020,"p95":2038},"change":1.0020,"#))
        // Nothing to nothing has no change; one group a side has no test.
        #expect(text.contains(#"{"name":"wait","a":{"p50":0,"p95":0},"b":{"p50":0,"p95":0},"change":null,"p":1.0,"#))
        #expect(text.contains(#","p":null,"real":false}],"verdict":"work"}"# + "\n"))
    }

    @Test func jsonOfNothingHasNulls() throws {
        let json = try object(ComparisonJSON.text(Self.compare([], [])))
        #expect(json["verdict"] as? String == "none")
        #expect((json["a"] as? [String: Any])?["slots"] is NSNull)
        let quantities = try #require(json["quantities"] as? [[String: Any]])
        #expect(quantities.count == 7 && quantities.allSatisfy { $0["change"] is NSNull && $0["p"] is NSNull })
    }

    @Test func unpairedTestsLeaveNobodyOut() throws {
        let json = try object(
            ComparisonJSON.text(
                Self.compare([Self.run("a", tasks: 30) { _ in 5 }], [Self.run("b", tasks: 10) { _ in 5 }])))
        #expect(json["paired"] as? Bool == false)
        #expect(json["users_left_out"] as? Int == 0)
    }

    @Test func falls() throws {
        let text = ComparisonJSON.text(
            Self.compare([Self.run("a", tasks: 9) { _ in 30_000 }], [Self.run("b", tasks: 9) { _ in 29_999 }]))
        #expect(text.contains(#""change":-0.0000,"#) == false && text.contains(#""change":0.0000,"#))
        let half = ComparisonJSON.text(
            Self.compare([Self.run("a", tasks: 9) { _ in 3_000 }], [Self.run("b", tasks: 9) { _ in 1_000 }]))
        #expect(half.contains(#""change":-0.6667,"#))
    }

    @Test func csvHasARowForEachQuantity() {
        let lines = ComparisonTable.csv(Self.slower).split(separator: "\n")
        #expect(lines.count == 8)
        #expect(lines[0] == "name,n_a,n_b,p50_a_us,p50_b_us,p95_a_us,p95_b_us,change,test,p,real")
        #expect(lines[4].hasPrefix("work,20,21,1009,2020,1018,2038,1.0020,Wilcoxon,"))
        #expect(lines[4].hasSuffix(",true"))
        #expect(lines[7] == "makespan,1,1,1019,2040,1019,2040,1.0020,,,false")
        #expect(lines.allSatisfy { $0.count { $0 == "," } == 10 })
    }

    @Test func markdownIsATableAndTheVerdict() {
        let text = ComparisonTable.markdown(Self.slower, ascii: false)
        #expect(
            text.contains("\n| work | 1.01ms | 2.02ms | 1.02ms | 2.04ms | +100.2 % | Wilcoxon | <0.0001 | real |\n"))
        #expect(text.contains("\n| makespan | 1.02ms | 2.04ms | – | – | +100.2 % | – | untested | ~ |\n"))
        #expect(
            text.contains(
                "\n\n**Verdict: the tasks themselves became slower**: the median work went from 1.01ms to 2.02ms "
                    + "(+100.2 %, p <0.0001).\n\n"))
        #expect(text.hasSuffix("- inference auto; users paired 20, left out 1\n"))
        let ascii = ComparisonTable.markdown(Self.compare([], []), ascii: true)
        #expect(ascii.utf8.allSatisfy { $0 < 0x80 })
        #expect(ascii.contains("| work | 0us | 0us | - | - | - | - | untested | ~ |"))
    }
}
