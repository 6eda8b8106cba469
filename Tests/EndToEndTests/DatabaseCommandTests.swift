import Foundation
import Testing

extension EndToEnd {
    /// `waitline database`: nothing that arrived is lost without a word.
    @Suite("Database commands")
    struct DatabaseCommandTests {
        private static let metadata = #"{"metadata":{"service":{"name":"biller","agent":{"name":"a","version":"1"}}}}"#

        private func info(_ sandbox: Sandbox) throws -> [String: Any] {
            let outcome = try sandbox.waitline("database", "info", "--format", "json").succeeded()
            return try #require(JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) as? [String: Any])
        }

        @Test func whatWasRejectedIsToldWithItsReasonAndTheLastOnes() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            let good = try SampleTrace.before.lines()[1]
            let bad = (1...7).map { #"{"span":{"id":"\#($0)"}}"# }
            let body = ([Self.metadata, good] + bad).joined(separator: "\n") + "\n"
            #expect(try server.post(Array(body.utf8)).status == 400)
            #expect(try server.post(Array(body.utf8), headers: ["Content-Type": "text/html"]).status == 400)
            server.stop()
            let answer = try info(sandbox)
            #expect(answer["schema"] as? String == "waitline.database.info.v1")
            let losses = try #require(answer["losses"] as? [[String: Any]])
            #expect(losses.compactMap { $0["unit"] as? String } == ["requests", "lines"])
            #expect(losses.compactMap { $0["count"] as? Int } == [1, 7])
            #expect((losses[0]["reason"] as? String)?.contains("content type") == true)
            #expect((losses[1]["reason"] as? String)?.hasPrefix("validation error: span: ") == true)
            let offenders = try #require(losses[1]["offenders"] as? [[String: Any]])
            #expect(offenders.compactMap { $0["document"] as? String } == Array(bad.suffix(5)))
            #expect(offenders.allSatisfy { $0["service"] as? String == "biller" })
            let text = try sandbox.waitline("database", "info").succeeded().output
            #expect(text.contains("7 lines"))
            #expect(text.contains(bad[6]))
        }

        @Test func eventsAreCountedByKind() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(OddSample.failing.path)
            let events = try #require(try info(sandbox)["events"] as? [String: Int])
            #expect(events == ["transactions": 13, "spans": 62, "errors": 5, "metricsets": 6, "logs": 0])
            let text = try sandbox.waitline("database", "info").succeeded().output
            #expect(text.contains("nothing was rejected"))
        }

        @Test func aWholeDatabaseIsWhole() throws {
            let sandbox = try Sandbox()
            for path in SampleTrace.allCases.map(\.path) + OddSample.allCases.map(\.path) {
                try sandbox.importing(path)
            }
            let outcome = try sandbox.waitline("database", "check").succeeded()
            #expect(outcome.output.hasPrefix("ok: "))
        }

        /// A column that is not what its line says, a body that is gone, a line moved.
        @Test(arguments: [
            "UPDATE transactions SET duration_us = duration_us + 1", "UPDATE parts SET start_us = start_us + 1",
            "DELETE FROM bodies",
            "UPDATE transactions SET line_offset = line_offset + 1",
            "UPDATE runs SET start_us = start_us + 1",
        ])
        func whatIsNotAsItWasSentIsFound(_ damage: String) throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let script = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
            let python = try #require(Project.tool("python3"))
            try sandbox.run(python, ["-c", script, sandbox.path("test.db"), damage]).succeeded()
            let outcome = try sandbox.waitline("database", "check").failed(1, "in \(sandbox.path("test.db"))")
            #expect(!outcome.output.isEmpty)
            #expect(!outcome.output.hasPrefix("ok"))
        }

        /// Of a run with two processes, while a server holds the database: posted stream by stream.
        @Test func aFileOfSeveralStreamsGoesThroughAServerWithoutLoss() throws {
            let sandbox = try Sandbox()
            let parts = try [SampleTrace.before, .after].map { try $0.lines().joined(separator: "\n") + "\n" }
            let file = try sandbox.write("both.ndjson", parts.joined(separator: "\n"))
            let server = try RunningServe(sandbox)
            let posted = try sandbox.importing(file)
            server.stop()
            #expect(posted.accepted == SampleTrace.before.events + SampleTrace.after.events)
            #expect(posted.rejected == 0)
            #expect(try #require(try info(sandbox)["losses"] as? [Any]).isEmpty)
            #expect(try sandbox.runs().runs.count == 2)
            try sandbox.waitline("database", "check").succeeded()
        }
    }
}
