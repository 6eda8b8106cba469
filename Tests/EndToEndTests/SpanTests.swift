import Foundation
import Testing

extension EndToEnd {
    /// `waitline span`: one event, closely.
    @Suite("Span")
    struct SpanTests {
        private static let failing = OddSample.failing.path
        private static let declined = "feac3c3e19585472"

        @Test func aFailedTaskTellsWhatWentWrongAndWhereItsTimeWent() throws {
            let page = try Sandbox().waitline("span", Self.declined, "--run", Self.failing, "--width", "200")
                .succeeded().output
            for text in [
                "user-0006", "wait 240ms", "work 302ms", "CardDeclined: the card of user-0006 was declined",
                "services.post_usage", "unhandled", "caused by UnexpectedStatus", "released by", "user-0003", "slots 4",
                "get_clusters_used", "platform", "azure", #"{"transaction":"#,
            ] {
                #expect(page.contains(text), "\(text) is not in\n\(page)")
            }
            #expect(!page.contains("CardDeclined: CardDeclined"))
        }

        /// From a file, by the beginning of its id in all of the database, and inside a run: the same bytes.
        @Test func foundByIdInEveryWay() throws {
            let sandbox = try Sandbox()
            for sample in OddSample.allCases { try sandbox.importing(sample.path) }
            let arguments = ["span", Self.declined, "--format", "json"]
            let file = try sandbox.run(Project.binary, arguments + ["--run", Self.failing]).succeeded()
            let stored = try sandbox.run(Project.binary, arguments).succeeded()
            let begun = try sandbox.waitline("span", "feac3c3e", "--format", "json").succeeded()
            let inRun = try sandbox.waitline("span", "feac3c3e", "--run", "88483b8b", "--format", "json").succeeded()
            #expect(stored.outputBytes == file.outputBytes)
            #expect(begun.outputBytes == file.outputBytes)
            #expect(inRun.outputBytes == file.outputBytes)
            let answer = try #require(JSONSerialization.jsonObject(with: Data(file.outputBytes)) as? [String: Any])
            #expect(answer["schema"] as? String == "waitline.span.v1")
            #expect(answer["released_by"] as? String == "cb3b3d8601d7ab9b")
            #expect((answer["errors"] as? [[String: Any]])?.first?["type"] as? String == "CardDeclined")
            #expect((answer["event"] as? [String: Any])?["id"] as? String == Self.declined)
            // The line is the very one that was sent.
            let lines = try String(decoding: Files.read(Self.failing), as: UTF8.self).split(separator: "\n")
            #expect(lines.contains(Substring(try #require(answer["line"] as? String))))
        }

        @Test func anErrorAndTheRoot() throws {
            let sandbox = try Sandbox()
            let error = try sandbox.waitline("span", "6fd70406", "--run", Self.failing).succeeded().output
            #expect(error.contains("CardDeclined"))
            #expect(error.contains("UnexpectedStatus"))
            let root = try sandbox.waitline("span", "afecb51554d0fbfe", "--run", Self.failing).succeeded().output
            #expect(root.contains("system.memory.total"))
            #expect(root.contains("self time by type of span"))
        }

        @Test func whatIsNotThereOrNotUnique() throws {
            let sandbox = try Sandbox()
            try sandbox.waitline("span", "feac3c3e").failed(3, "no database")
            try sandbox.waitline("span", "ab", "--run", Self.failing).failed(2, "4 characters")
            try sandbox.waitline("span", "ffffffff", "--run", Self.failing).failed(1, "no transaction, span or error")
            let twins = ["11112222aaaaaaaa", "11112222bbbbbbbb"].map {
                #"{"transaction":{"id":"\#($0)","trace_id":"0af7651916cd43dd8448eb211c80319c","type":"x","duration":1,"span_count":{"started":0}}}"#
            }
            let metadata = #"{"metadata":{"service":{"name":"s","agent":{"name":"a","version":"1"}}}}"#
            let file = try sandbox.write("twins.ndjson", ([metadata] + twins).joined(separator: "\n") + "\n")
            try sandbox.waitline("span", "1111", "--run", file).failed(2, "names several events")
            try sandbox.importing(file)
            try sandbox.waitline("span", "1111").failed(2, "11112222bbbbbbbb")
            try sandbox.waitline("span", "11112222b").succeeded()
            try sandbox.waitline("span", "11112222b", "--kind", "error").failed(1, "no transaction, span or error")
        }
    }
}
