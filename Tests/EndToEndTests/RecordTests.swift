import Foundation
import Testing

extension EndToEnd {
    /// `waitline record`: what its command is given, what it ends with, and what is reported.
    @Suite("Record")
    struct RecordTests {
        @Test func theReportIsThatOfWhatCame() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.pipeline.path)
            let recorded = try sandbox.record(sending: [SampleTrace.before.path, SampleTrace.after.path])
            #expect(recorded.ending == .exit(0), "\(recorded.errors)")
            let newest = String(SampleTrace.after.traceID.prefix(8))
            #expect(
                recorded.errors
                    == "waitline: recorded 2 runs, the newest \(newest): see it with `waitline waterfall \(newest)`\n")
            _ = try sandbox.waitline("waterfall", newest).succeeded()
            let report = try sandbox.waitline("report", SampleTrace.before.traceID, SampleTrace.after.traceID)
                .succeeded()
            #expect(recorded.output == "sent\nsent\n" + report.output)
            // What had been stored before is recorded again.
            let options = ["--by", "name", "--sort", "max:work", "--format", "json"]
            let again = try sandbox.record(options, sending: [SampleTrace.pipeline.path])
            let other = try sandbox.run(
                Project.binary, ["report", SampleTrace.pipeline.traceID] + options
            ).succeeded()
            #expect(again.output == "sent\n" + other.output)
            #expect(again.errors.contains("recorded run \(SampleTrace.pipeline.traceID.prefix(8)): "))
        }

        @Test func theReportAsAFile() throws {
            let sandbox = try Sandbox()
            let path = sandbox.path("report.json")
            let recorded = try sandbox.record(
                ["--format", "json", "--output", path], sending: [SampleTrace.before.path])
            #expect(recorded.ending == .exit(0))
            #expect(recorded.output == "sent\n")
            let report = try sandbox.waitline("report", "--format", "json").succeeded()
            #expect(try Files.read(path) == report.outputBytes)
            let colors = ["--color", "auto", "--output", path]
            _ = try sandbox.record(colors, sending: [SampleTrace.before.path], output: .terminal(columns: 60))
            #expect(try Files.read(path) == sandbox.waitline("report").succeeded().outputBytes)
        }

        @Test(arguments: [("exit 3", 3), ("exit 64", 64), ("kill -9 $$", 137), ("kill -INT $$", 130), ("exit 0", 1)])
        func theCommandsStatus(_ script: String, _ status: Int32) throws {
            let outcome = try Sandbox().waitline("record", "--", "sh", "-c", script)
            outcome.failed(status, "nothing was recorded: nobody connected")
            #expect(outcome.output.isEmpty)
        }

        @Test func aFailedCommandIsReported() throws {
            let sandbox = try Sandbox()
            let recorded = try sandbox.record(sending: [SampleTrace.before.path], then: "sys.exit(5)")
            #expect(recorded.ending == .exit(5))
            #expect(recorded.output.hasPrefix("sent\n3 tasks"))
        }

        @Test func whatIsRejectedIsSaid() throws {
            let sandbox = try Sandbox()
            let body = try Files.read(SampleTrace.before.path) + Array("{\"transaction\":{}}\n".utf8)
            let recorded = try sandbox.record(sending: [try sandbox.write("body", body)], status: 400)
            #expect(recorded.ending == .exit(2))
            #expect(recorded.errors.contains("waitline: 1 line rejected of what was sent: validation error"))
            #expect(recorded.output.hasPrefix("sent\n3 tasks"))
            let bad = try sandbox.record(sending: [try sandbox.write("bad", "{}\n")], status: 400)
            bad.failed(2, "nothing was recorded: ").failed(2, "1 request rejected")
        }

        @Test func anAgentThatSendsNothing() throws {
            let sandbox = try Sandbox()
            try sandbox.record(sending: []).failed(1, "nothing was recorded: an agent connected")
        }

        @Test(arguments: [("nosuchprogram", "No such file"), ("/", "denied"), ("./nosuch", "No such file")])
        func noProgram(_ name: String, _ reason: String) throws {
            let sandbox = try Sandbox()
            let path = sandbox.path("report.txt")
            let outcome = try sandbox.waitline("record", "--output", path, "--", name)
            outcome.failed(2, "cannot run `\(name)`: ").failed(2, reason)
            #expect(!FileManager.default.fileExists(atPath: path))
            try sandbox.importing(SampleTrace.before.path)
        }

        @Test(arguments: [
            (["record"], 2, "-- <command>"), (["record", "--"], 2, "-- <command>"), (["record", "touch"], 2, "record"),
            (["record", "--by", "nosuch", "--", "touch"], 2, "`nosuch`"),
            (["record", "--output", "/nosuch/report", "--", "touch"], 3, "/nosuch/report"),
            (["record", "--database", "/dev/null/x", "--", "touch"], 3, "/dev/null/x"),
        ])
        func theCommandIsNotRunInVain(_ arguments: [String], _ code: Int32, _ mention: String) throws {
            let sandbox = try Sandbox()
            let path = sandbox.path("touched")
            let rest = arguments.last == "touch" ? [path] : []
            try sandbox.run(Project.binary, arguments + rest).failed(code, mention)
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test func inputAndOutputAreTheCommands() throws {
            let sandbox = try Sandbox()
            let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let outcome = try sandbox.waitline("record", "--", "cat", input: input)
            #expect(outcome.ending == .exit(1))
            #expect(outcome.outputBytes == input)
        }

        @Test func wordsAndEnvironmentAreGivenByteForByte() throws {
            let sandbox = try Sandbox()
            let script = #"""
                export ODD=$(printf 'b\377')
                exec "$0" record -- sh -c 'printf "%s|" "$@" "$ODD"; env | grep -c ^ELASTIC_APM_SERVER_URL=http://127' \
                    sh --help -- '' "$(printf 'a\377')"
                """#
            let outcome = try sandbox.run(
                "/bin/sh", ["-c", script, Project.binary], environment: ["ELASTIC_APM_SERVER_URL": "http://elsewhere"])
            #expect(outcome.ending == .exit(1))
            #expect(
                outcome.outputBytes == Array("--help|--||a".utf8) + [0xFF] + Array("|b".utf8) + [0xFF, 0x7C]
                    + Array("1\n".utf8))
        }

        @Test func onlyTheDescriptorsGivenAreOpen() throws {
            let sandbox = try Sandbox()
            let given = try sandbox.write("given", "given\n")
            let script = #"exec 9<"$1"; ls /dev/fd/; exec "$0" record -- sh -c 'ls /dev/fd/; cat <&9'"#
            let outcome = try sandbox.run("/bin/sh", ["-c", script, Project.binary, given])
            let count = outcome.lines.count / 2
            #expect(outcome.lines.last == "given")
            #expect(outcome.lines[..<count].contains("9"))
            #expect(outcome.lines[..<count] == outcome.lines[count..<(2 * count)])
        }

        @Test func aLateFlushIsNotLost() throws {
            let sandbox = try Sandbox()
            // What the command leaves behind sends when that is long gone.
            let then = """
                parent = os.getpid()
                if os.fork() > 0: os._exit(0)
                while os.getppid() == parent: time.sleep(0.01)
                time.sleep(0.5)
                send("\(SampleTrace.after.path)")
                """
            let recorded = try sandbox.record(sending: [SampleTrace.before.path], then: then)
            #expect(recorded.ending == .exit(0), "\(recorded.errors)")
            #expect(recorded.errors.contains("recorded 2 runs"))
            #expect(recorded.output.contains("6 tasks  2 runs"))
        }

        @Test func nobodyReads() throws {
            let sandbox = try Sandbox()
            let child = try ChildProcess(
                Project.binary, try sandbox.sender([SampleTrace.before.path], then: "os.close(1)", says: ""),
                environment: sandbox.environment([:]))
            child.closeOutput()
            #expect(child.finish() == .exit(0))
            #expect(String(decoding: child.errors, as: UTF8.self).contains("recorded run"))
        }

        @Test func whereAServerHoldsTheDatabase() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox, environment: ["WAITLINE_SECRET_TOKEN": "hush"])
            for (trace, encoding) in [(SampleTrace.pipeline, "gzip"), (.before, "deflate"), (.after, "")] {
                let recorded = try sandbox.record(
                    ["--secret-token", "hush"], sending: [trace.path], encoding: encoding)
                #expect(recorded.ending == .exit(0), "\(recorded.errors)")
                #expect(recorded.errors.contains("recorded run \(trace.traceID.prefix(8)): "))
                #expect(recorded.output.hasPrefix("sent\n3 tasks  1 run"))
            }
            let refused = try sandbox.record(sending: [SampleTrace.before.path], status: 503)
            refused.failed(3, "nothing was recorded: ").failed(3, "--secret-token")
            server.stop()
            #expect(try sandbox.runs().runs.map(\.spans) == [15, 15, 15])
        }

        /// The agent is told of nothing but what `record` tells it.
        @Test func aRealAgent() throws {
            guard let python = AgentPython.path else { return }
            let sandbox = try Sandbox()
            let runner = [
                python, "\(Project.sampleTraces)/runner/billing_runner.py", "--design", "semaphore", "--users", "20",
                "--slots", "5", "--scale", "0.1", "--seed", "7",
            ]
            // Looking for a cloud provider would leave the machine.
            let agent = ["ELASTIC_APM_CLOUD_PROVIDER": "none"]
            let recorded = try sandbox.run(
                Project.binary, ["record", "--format", "json", "--output", sandbox.path("report"), "--"] + runner,
                environment: agent, seconds: 120)
            #expect(recorded.ending == .exit(0), "\(recorded.errors)")
            let run = try #require(try sandbox.runs().runs.first)
            #expect(recorded.errors.contains("recorded run \(run.traceId.prefix(8)): "))
            #expect(run.transactions == 21)
            #expect(run.spans == 100)
            #expect(run.tasks == 20)
            #expect(!run.arriving)
            let report = try sandbox.waitline("report", run.traceId, "--format", "json").succeeded()
            #expect(try sandbox.read("report") == report.outputBytes)
            let disabled = agent.merging(["ELASTIC_APM_ENABLED": "false"]) { $1 }
            let job = "import elasticapm; agent = elasticapm.Client(service_name='job'); agent.begin_transaction('job')"
            let silent = try sandbox.run(
                Project.binary, ["record", "--", python, "-c", "\(job); agent.end_transaction()"], environment: disabled
            )
            silent.failed(1, "nothing was recorded: nobody connected")
            print("RAN: real agent, record")
        }

        @Test func oneAtATime() throws {
            let sandbox = try Sandbox()
            let script = "echo ready; while :; do sleep 0.02; done"
            let first = try sandbox.started("record", "--", "sh", "-c", script)
            let path = sandbox.path("touched")
            try sandbox.waitline("record", "--", "touch", path).failed(3, "held by another Waitline")
            #expect(!FileManager.default.fileExists(atPath: path))
            first.signal(SIGTERM)
            #expect(first.finish() == .exit(143))
        }
    }
}
