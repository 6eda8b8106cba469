import Foundation
import Testing

extension EndToEnd {
    /// `waitline check-intake`: what it finds, what it says, and that nobody else's answers change by it.
    @Suite("Check intake")
    struct CheckIntakeTests {
        @Test("A server that is well: each step with its time, and the run is where it has to be")
        func aServerThatIsWell() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            let text = try sandbox.waitline("check-intake", server.url, "--within", "2m").succeeded()
            #expect(text.lines.count == 4)
            for (line, words) in zip(text.lines, ["GET / names", "5 events accepted (202)", "read back", "is well"]) {
                #expect(line.contains(words), "\(line)")
                #expect(line.firstMatch(of: /^[ ]*[0-9.]+(µs|ms|s)[ ]{2}/) != nil, "\(line)")
            }
            let answer = try sandbox.check(server.url, "--within", "1m")
            #expect(answer.ok && answer.url == server.url && answer.withinUs == 60_000_000)
            #expect(answer.steps.map(\.step) == ["greet", "send", "read"])
            #expect(answer.steps.allSatisfy { $0.result == "done" && $0.durationUs ?? 0 > 0 })
            #expect(answer.steps.compactMap(\.durationUs).reduce(0, +) <= answer.totalUs)
            #expect(try sandbox.check(server.url, "--database", sandbox.path("test.db")).ok)
            let runs = try sandbox.runs().runs
            #expect(runs.count == 3 && runs.allSatisfy { $0.service == "waitline-check" && $0.spans == 2 })
            #expect(runs.map(\.traceId).contains(answer.traceId))
            let found = try sandbox.waterfall(answer.traceId)
            #expect(found.rows.map(\.kind) == ["transaction", "transaction", "span", "transaction", "span"])
            #expect(found.rows.allSatisfy { !$0.flags.contains("orphan") })
            #expect(try sandbox.waterfall("label:waitline_check=intake").rows.count == 5)
            try sandbox.waitline("report").failed(1, "no task of 3 runs")
            server.stop()
        }

        @Test("Marked runs are in no list, are not the latest, and move no figure of a report")
        func markedRunsDisturbNobody() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            #expect(try server.post(Files.read(SampleTrace.before.path)).status == 202)
            let questions = [["runs"], ["waterfall"], ["waterfall", "latest"], ["report", "since:10d"]]
            func answers() throws -> [String] {
                try questions.map { try sandbox.run(Project.binary, $0 + ["--format", "json"]).succeeded().output }
            }
            let (before, report) = (try answers(), try sandbox.report())
            for _ in 0..<3 { #expect(try sandbox.check(server.url).ok) }
            #expect(try answers() == before)
            let after = try sandbox.report()
            #expect(after.tasks == report.tasks && after.keys == report.keys && after.arriving == 0)
            #expect(after.overall.totalUs == report.overall.totalUs && after.overall.waitUs == report.overall.waitUs)
            server.stop()
        }

        @Test("Without a group anywhere, the latest run is still one of the users' own")
        func theLatestWithoutGroups() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            let trace = "4f2a8b1c9d3e5f60718293a4b5c6d7e8"
            let lines = """
                {"metadata":{"service":{"name":"shop","agent":{"name":"a","version":"1"}}}}
                {"transaction":{"id":"1","trace_id":"\(trace)","type":"t","duration":1,"timestamp":1700000000000000,\
                "span_count":{"started":0}}}

                """
            #expect(try server.post(Array(lines.utf8)).status == 202)
            #expect(try sandbox.check(server.url).ok)
            #expect(try sandbox.waterfall("latest").traceId == trace)
            let report = try sandbox.report()
            #expect(report.tasks == 1 && report.unsampled == 1)
            server.stop()
        }

        @Test("A wrong credential is told from a right one, and never said again")
        func credentials() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox, environment: ["WAITLINE_SECRET_TOKEN": "hush-hush"])
            let (right, wrong) = (
                try sandbox.write("right", "# mine\r\n\n hush-hush \nother\n"), try sandbox.write("wrong", "loud-loud")
            )
            try sandbox.waitline("check-intake", server.url, "--within", "2m").failed(1, "--secret-token-file")
            let refused = try sandbox.waitline(
                "check-intake", server.url, "--within", "2m", "--secret-token-file", wrong
            )
            .failed(1, "does not accept this credential")
            #expect(!(refused.errors + refused.output).contains("loud-loud"))
            #expect(try sandbox.check(server.url, "--secret-token-file", right).ok)
            let told = ["WAITLINE_SECRET_TOKEN": " hush-hush, another"]
            try sandbox.waitline("check-intake", server.url, "--within", "2m", environment: told).succeeded()
            try sandbox.waitline(
                "check-intake", server.url, "--within", "2m", "--secret-token-file", wrong, environment: told
            )
            .failed(1, "does not accept this credential")
            try sandbox.waitline(
                "check-intake", server.url, "--within", "2m", "--secret-token-file", sandbox.path("none")
            )
            .failed(3, "none")
            let odd = try sandbox.write("odd", "# nothing\nh\u{FC}sh\n")
            try sandbox.waitline("check-intake", server.url, "--within", "2m", "--secret-token-file", odd).failed(
                2, "no secret token")
            #expect(try sandbox.runs().runs.count == 2)
            server.stop()
        }

        @Test("Nobody who listens, and somebody who hangs up: exit code 3")
        func nobodyThere() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            server.stop()
            let outcome = try sandbox.waitline("check-intake", server.url, "--within", "2m").failed(
                3, "cannot connect to \(server.url)")
            #expect(outcome.output.isEmpty)
            let json = try sandbox.waitline("check-intake", server.url, "--format", "json").failed(3, server.url)
            let answer = try json.decoded(CheckAnswer.self)
            #expect(!answer.ok && answer.steps.map(\.result) == ["failed"])
            let silent = try FakeIntake(sandbox, status: 0)
            try sandbox.waitline("check-intake", silent.url).failed(3, "closed the connection")
        }

        @Test(
            "Another server than an intake: exit code 1",
            arguments: [
                ("<html>It works!</html>", "not an intake"), (#"{"version":"seven"}"#, "not an intake"),
                (#"{"version":"8.7.0"}"#, "8.7.1 or later"), ("", "credential"),
            ])
        func notAnIntake(_ root: String, _ mention: String) throws {
            let sandbox = try Sandbox()
            let other = try FakeIntake(sandbox, root: root)
            try sandbox.waitline("check-intake", other.url, "--within", "2m").failed(1, mention)
        }

        @Test(
            "An intake that does not take the run, or not all of it: exit code 1",
            arguments: [
                (503, #"{"error":"queue \#u{1B}[31mis full"}"#, "503"), (429, "", "429"),
                (400, "no\u{202E}\r\nno", "400"),
                (202, #"{"accepted":4}"#, "4 of 5"), (202, "", "how many"), (200, #"{"accepted":5}"#, "200"),
            ])
        func notTaken(_ status: Int, _ answer: String, _ mention: String) throws {
            let sandbox = try Sandbox()
            let other = try FakeIntake(sandbox, status: status, answer: answer)
            let outcome = try sandbox.waitline("check-intake", other.url, "--within", "2m").failed(1, mention)
            #expect(outcome.lines.count == 1 && outcome.output.contains("8.19.0"))
            #expect(!outcome.errors.contains { "\u{1B}\u{202E}".contains($0) })
        }

        @Test("An acknowledged run that is not stored: exit code 1, where the database is named")
        func notStored() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            let liar = try FakeIntake(sandbox, answer: #"{"accepted":5}"#)
            let database = sandbox.path("test.db")
            try sandbox.waitline("check-intake", liar.url, "--within", "2m", "--database", database).failed(
                1, "is not in \(database)")
            let unnamed = try sandbox.check(liar.url)
            #expect(unnamed.ok && unnamed.steps.map(\.result) == ["done", "done", "skipped"])
            server.stop()
            try sandbox.waitline("check-intake", liar.url, "--within", "2m", "--database", sandbox.path("none.db"))
                .failed(3, "no database at")
        }

        @Test("A server that was killed left its address behind: whoever listens there now does not hold its database")
        func anAddressLeftBehind() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            server.kill()
            let successor = try FakeIntake(sandbox, port: server.port, answer: #"{"accepted":5}"#)
            #expect(successor.url == server.url)
            let answer = try sandbox.check(successor.url)
            #expect(answer.steps.last?.result == "skipped")
            #expect(answer.steps.last?.message.contains("no server holds") == true)
        }

        @Test("A database that is not the server's is not taken for it")
        func anotherDatabase() throws {
            let sandbox = try Sandbox()
            let (mine, other) = (
                try RunningServe(sandbox), try RunningServe(sandbox, "--database", sandbox.path("o.db"))
            )
            let answer = try sandbox.check(other.url)
            #expect(answer.ok && answer.steps.last?.result == "skipped")
            try sandbox.waitline("check-intake", other.url, "--within", "2m", "--database", sandbox.path("test.db"))
                .failed(1, "which \(mine.url) holds")
            #expect(try sandbox.check(other.url, "--database", sandbox.path("o.db")).steps.last?.result == "done")
            mine.stop()
            other.stop()
        }

        @Test("One who takes too long is given up in time: exit code 1")
        func tooSlow() throws {
            let sandbox = try Sandbox()
            let slow = try FakeIntake(sandbox, answer: #"{"accepted":5}"#, delay: 60)
            let clock = ContinuousClock()
            let time = try clock.measure {
                _ = try sandbox.waitline("check-intake", slow.url, "--within", "700ms").failed(1, "700ms are allowed")
            }
            #expect(time > .milliseconds(650) && time < .seconds(40))
        }

        @Test("A server whose disk takes no more says so, and the check says it")
        func theDiskIsFull() throws {
            let sandbox = try Sandbox()
            // A limit to the size of files stands for the disk; blocks of 512 bytes, as POSIX has it.
            let script = "trap '' XFSZ; ulimit -f 1600; exec \"$0\" serve --listen 127.0.0.1:0"
            let child = try ChildProcess(
                "/bin/sh", ["-c", script, Project.binary], environment: sandbox.environment([:]))
            _ = child.pump(seconds: 120) { $0.errors.contains(UInt8(ascii: "\n")) }
            let said = String(decoding: child.errors, as: UTF8.self)
            let url = try #require(said.split(separator: "\n").first?.split(separator: " ").last.map(String.init))
            #expect(try sandbox.check(url).ok)
            func again() throws -> Outcome { try sandbox.waitline("check-intake", url, "--within", "2m") }
            var outcome = try again()
            for _ in 0..<500 where outcome.ending == .exit(0) { outcome = try again() }
            outcome.failed(1, "answered 503 to the marked run")
            child.signal(SIGKILL)
            _ = child.finish(seconds: 60)
        }

        @Test(
            "Arguments that cannot be followed: exit code 2",
            arguments: [
                (["https://127.0.0.1:8200"], "https"), (["http://127.0.0.1:8200/intake"], "http://127.0.0.1:8200"),
                (["--within", "0s"], "--within"), (["--within", "5"], "--within"), (["--within", "2h"], "--within"),
            ])
        func usage(_ arguments: [String], _ mention: String) throws {
            let sandbox = try Sandbox()
            try sandbox.run(Project.binary, ["check-intake"] + arguments).failed(2, mention)
        }
    }
}

/// The JSON of `waitline check-intake`.
private struct CheckAnswer: Decodable {
    var schema: String
    var url: String
    var ok: Bool
    var traceId: String
    var steps: [Step]
    var totalUs: Int
    var withinUs: Int

    struct Step: Decodable {
        var step: String
        var result: String
        var durationUs: Int?
        var message: String
    }
}

extension Sandbox {
    /// A check that has to go well, in a time that a busy machine can keep too.
    fileprivate func check(_ url: String, _ arguments: String...) throws -> CheckAnswer {
        let time = arguments.contains("--within") ? [] : ["--within", "2m"]
        let answer = try run(Project.binary, ["check-intake", url, "--format", "json"] + time + arguments)
            .succeeded().decoded(CheckAnswer.self)
        #expect(answer.schema == "waitline.check-intake.v1")
        return answer
    }
}
