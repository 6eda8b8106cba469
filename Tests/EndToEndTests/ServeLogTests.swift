import Foundation
import Testing

extension EndToEnd {
    /// What `waitline serve` says on standard error, and shows to those who watch it.
    @Suite("Serve's log")
    struct ServeLogTests {
        private func object(_ line: String) throws -> [String: Any] {
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }

        @Test func secretsSentRightAndWrongAreNowhere() throws {
            let sandbox = try Sandbox()
            let keys = try sandbox.write("keys", "id-7f3a:key-9c1e\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keys)
            let words = ["right-5d2b", "wrong-8e4f", "key-9c1e", "key-0a6d", "flag-1b7c"]
            func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
            let headers = [
                "Bearer right-5d2b", "Bearer flag-1b7c", "Bearer wrong-8e4f", "wrong-8e4f", "wrong-8e4f wrong-8e4f",
                "Basic \(base64("id-7f3a:wrong-8e4f"))", "ApiKey \(base64("id-7f3a:key-9c1e"))",
                "ApiKey \(base64("id-7f3a:key-0a6d"))", "ApiKey key-0a6d", "ApiKey wrong-8e4f\twrong-8e4f",
            ]
            let secrets = words + words.map(base64) + ["id-7f3a:key-9c1e", "id-7f3a:key-0a6d"].map(base64)
            for format in ["text", "json"] {
                let server = try RunningServe(
                    sandbox, "--log-level", "debug", "--log-format", format, "--api-key-file", keys,
                    "--secret-token", "flag-1b7c", environment: ["WAITLINE_SECRET_TOKEN": "right-5d2b"])
                let lock = try sandbox.read("test.db.lock")
                var answers = ""
                for header in headers {
                    for body in [try Files.read(SampleTrace.before.path), Array("nonsense\n".utf8)] {
                        let answer = try server.request(
                            "POST", "/intake/v2/events?secret_token=wrong-8e4f",
                            headers: ["Authorization": header, "Cookie": "wrong-8e4f"], body: body)
                        #expect([202, 400, 401].contains(answer.status))
                        if !header.hasPrefix("wrong") { answers += answer.body }
                    }
                    for path in ["/", "/metrics", "/healthz", "/config/v1/agents?service.name=x", "/nosuch?wrong-8e4f"]
                    {
                        let answer = try server.request("GET", path, headers: ["Authorization": header])
                        if !header.hasPrefix("wrong") { answers += answer.body }
                    }
                }
                let lines = server.endAndListen()
                #expect(lines.count >= headers.count * 7)
                let database = String(decoding: try sandbox.read("test.db"), as: UTF8.self)
                #expect(database.contains("billing"))
                for secret in secrets {
                    #expect(!lines.contains { $0.contains(secret) }, "\(secret) in the log")
                    #expect(!database.contains(secret), "\(secret) in the database")
                    #expect(!String(decoding: lock, as: UTF8.self).contains(secret))
                    #expect(!answers.contains(secret), "\(secret) in an answer")
                }
            }
        }

        @Test func everyLineIsJSONWhateverAClientSends() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox, "--log-level", "debug", "--log-format", "json")
            let paths = [
                "/\"quoted\"\\back", "/\u{1B}[31m", "/ä\u{202E}", "/%00%0a",
                "/" + String(repeating: "long", count: 2_000),
                "/tab\there", "/nul\u{0}", "*", "//", "/\u{7F}\u{9B}",
            ]
            for path in paths { _ = try? server.request("GET", path) }
            for method in ["\"", "PATCH", "M-SEARCH", "get"] { _ = try? server.request(method, "/") }
            #expect(try server.post(Files.read(SampleTrace.before.path)).status == 202)
            let lines = server.endAndListen()
            for line in lines {
                let entry = try object(line)
                #expect(["debug", "info"].contains(entry["level"] as? String))
                #expect((entry["time"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
                #expect(line.utf8.count < 8_000)
                #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x9B })
            }
            let stored = try #require(
                lines.map { try object($0) }.first { $0["path"] as? String == "/intake/v2/events" })
            #expect(stored["message"] as? String == "request")
            #expect(stored["accepted"] as? Int == 25)
            #expect(stored["status"] as? Int == 202)
            #expect(stored["client"] as? String == "127.0.0.1")
            #expect(stored["duration_ms"] as? Double != nil)
            // The rest of a minute is told at the end.
            let totals = try object(try #require(lines.last))
            #expect(totals["message"] as? String == "totals")
            #expect(totals["accepted"] as? Int == 25)
        }

        @Test func textLinesHaveNoControlCharacters() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox, "--log-level", "debug")
            for path in ["/\u{1B}[31m", "/a\u{202E}b", "/a=b\"c\\d", "/\u{9B}1m", "/nosuch"] {
                _ = try? server.request("GET", path)
            }
            let lines = server.endAndListen()
            #expect(lines.contains { $0.contains(" debug request ") && $0.contains(" path=/nosuch ") })
            for line in lines {
                #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x9B })
                #expect(!line.unicodeScalars.contains("\u{202E}"))
            }
        }

        @Test func totalsAreToldAtInfoAndNothingAtWarning() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox, "--log-level", "info")
            #expect(try server.post(Files.read(SampleTrace.before.path)).status == 202)
            server.stop(saying: ["accepted=25"])
            try RunningServe(sandbox, "--log-level", "info").stop()
            for level in ["warning", "error"] {
                let quiet = try RunningServe(sandbox, "--log-level", level)
                #expect(try quiet.post(Array("nonsense\n".utf8)).status == 400)
                quiet.stop()
            }
            for wrong in [["--log-level", "loud"], ["--log-format", "xml"]] {
                try sandbox.run(Project.binary, ["serve"] + wrong).failed(2, wrong[1])
            }
        }

        @Test func healthAndFiguresAreShown() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            let health = try server.request("GET", "/healthz")
            #expect(health.status == 200)
            #expect(health.body == "{\"status\":\"ok\"}\n")
            #expect(try server.post(Files.read(SampleTrace.before.path)).status == 202)
            #expect(try server.post(Files.read(SampleTrace.before.path)).status == 202)
            let page = try server.request("GET", "/metrics").body.split(separator: "\n")
            for line in [
                "waitline_events_accepted_total 50", "waitline_events_duplicate_total 25",
                #"waitline_requests_total{endpoint="events",status="202"} 2"#, "waitline_store_writable 1",
            ] {
                #expect(page.contains(Substring(line)), "\(line)")
            }
            server.stop()
        }
    }
}
