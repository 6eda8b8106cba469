import Foundation
import Testing

extension Commands {
    /// `--fail-if` of `report`, `compare` and `record`: the budget of a CI job.
    @Suite("Budgets")
    @MainActor struct FailIfTests {
        private static let before = SampleTrace.before.path

        @Test func reports() throws {
            let sandbox = try Sandbox()
            let plain = try sandbox.waitline("report", Self.before).succeeded().output
            let kept = try sandbox.waitline(
                "report", Self.before, "--fail-if", "p95(wait) > 5s", "--fail-if", "failed > 0"
            ).succeeded()
            #expect(kept.output == plain)
            let broken = try sandbox.waitline(
                "report", Self.before, "--fail-if", "max(wait) > 0.5s", "--fail-if", "p99.9(wait)>1h",
                "--fail-if", "each: work >= 600ms", "--fail-if", "makespan > 1s")
            #expect(broken.ending == .exit(1))
            #expect(broken.output == plain, "the report is given all the same")
            #expect(
                broken.errors.split(separator: "\n") == [
                    "waitline: --fail-if `max(wait) > 0.5s` held: it is 563.886ms",
                    "waitline: --fail-if `each: work >= 600ms` held: user-0003 has 678.911ms; user-0001 has 825.092ms",
                    "waitline: --fail-if `makespan > 1s` held: it is 1.24466s in run \(SampleTrace.before.traceID)",
                ])
            let json = try sandbox.waitline(
                "report", Self.before, "--format", "json", "--fail-if", "wait_share > 20%")
            json.failed(1, "--fail-if `wait_share > 20%` held: it is 21.4")
            #expect(json.output == (try sandbox.waitline("report", Self.before, "--format", "json").output))
        }

        @Test func comparisons() throws {
            let sandbox = try Sandbox()
            let files = [SampleTrace.manyBefore.path, SampleTrace.manyAfter.path]
            func compare(_ budget: String) throws -> Outcome {
                try sandbox.run(Project.binary, ["compare"] + files + ["--fail-if", budget])
            }
            for budget in [
                "change(p95(work)) > 10%", "p95(wait) > 0", "change(duration) > -0.5", "p99.95(turnaround) > 1min",
            ] {
                try compare(budget).succeeded()
            }
            try compare("change(p50(duration)) < -50%").failed(1, "it is -90.68 % (from 2.297204s to 214.072ms)")
            try compare("change(p95(delay)) > 1000%").failed(1, "% (from 67.191ms to 4.092998s)")
            try compare("p95(turnaround) > 4s").failed(1, "held: it is 4.305855s")
            try compare("each: wait > 1s").failed(2, "wrong at character 1, `each: wait > 1s`: expected no each:")
        }

        @Test func recordings() throws {
            let sandbox = try Sandbox()
            let kept = try sandbox.record(["--fail-if", "p95(wait) > 5s"], sending: [Self.before])
            #expect(kept.ending == .exit(0))
            #expect(kept.errors.split(separator: "\n").count == 1)
            let broken = try sandbox.record(["--fail-if", "max(wait) > 0.5s"], sending: [Self.before])
            #expect(broken.ending == .exit(1))
            #expect(broken.output == kept.output)
            #expect(broken.errors.hasSuffix("waitline: --fail-if `max(wait) > 0.5s` held: it is 563.886ms\n"))
            // The command's own status goes before.
            let failed = try sandbox.record(["--fail-if", "wait > 0"], sending: [Self.before], then: "sys.exit(5)")
            #expect(failed.ending == .exit(5))
            #expect(failed.errors.contains("--fail-if `wait > 0` held"))
            // Before the command is run.
            let path = sandbox.path("touched")
            try sandbox.waitline("record", "--fail-if", "wait", "--", "touch", path).failed(2, "wrong at its end")
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test(arguments: [
            (
                "report", "p95(wait) > 5 parsecs",
                "`p95(wait) > 5 parsecs` is wrong at character 15, `parsecs`: expected a"
            ),
            ("report", "", "wrong at its end: expected total, wait"), ("report", "wait >", "wrong at its end"),
            ("report", "change(wait) > 5%", "wrong at character 1, `change(wait) > 5%`: expected a figure of one"),
            ("report", "Wait > 5s", "wrong at character 1, `Wait > 5s`"),
            ("report", "\u{1B}[31m > 5s", "wrong at character 1"),
            ("compare", "change(wait > 5%", "wrong at character 13, `> 5%`: expected )"),
            ("compare", "p95(waiting) > 5s", "wrong at character 5, `waiting) > 5s`: expected total"),
        ])
        func malformed(_ command: String, _ budget: String, _ mention: String) throws {
            let sandbox = try Sandbox()
            let sides = command == "compare" ? [Self.before] : []
            let outcome = try sandbox.run(
                Project.binary, [command, Self.before] + sides + ["--fail-if", budget]
            ).failed(2, mention)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.utf8.allSatisfy { $0 == 10 || $0 >= 0x20 })
        }

        @Test func aReaderThatGoesAwayChangesNothing() throws {
            let sandbox = try Sandbox()
            for arguments in [
                ["report", Self.before], ["compare", Self.before, SampleTrace.after.path],
            ] {
                let child = try ChildProcess(
                    Project.binary, arguments + ["--fail-if", "work > 1ms"], environment: sandbox.environment([:]))
                child.closeOutput()
                #expect(child.finish() == .exit(1))
                #expect(String(decoding: child.errors, as: UTF8.self).contains("held"))
            }
        }

        @Test func runsThatStillArriveAreSaidTo() throws {
            let sandbox = try Sandbox()
            let lines = try SampleTrace.before.lines().filter { !$0.contains("billing run") }
            let server = try RunningServe(sandbox)
            #expect(try server.post(Array((lines.joined(separator: "\n") + "\n").utf8)).status == 202)
            server.stop()
            let outcome = try sandbox.waitline("report", "--fail-if", "wait > 1h")
            #expect(outcome.ending == .exit(0))
            #expect(outcome.errors == "waitline: --fail-if looked at what has come so far: 1 run is still arriving\n")
        }

        @Test func helpHasTheGrammar() throws {
            let sandbox = try Sandbox()
            for command in ["report", "compare", "record"] {
                let help = try sandbox.waitline(command, "--help").succeeded().output
                for part in ["FIGURE RELATION NUMBER", "p95(wait)", "> >= < <= or =", "each:", "change(FIGURE)"] {
                    #expect(help.contains(part), "\(command): \(part)")
                }
            }
        }
    }
}
