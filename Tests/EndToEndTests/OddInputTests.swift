import Foundation
import Testing

extension Commands {
    /// Input that hardly has an answer, or none: said in one line with the right exit code, whatever is asked and in
    /// whatever format; never a crash, a figure that is none, or an empty table.
    @Suite("Odd input")
    @MainActor struct OddInputTests {
        nonisolated private static let formats = ["text", "json", "csv", "markdown"]

        /// What is asked of a run, and whether that takes tasks, or a group.
        private enum Need { case nothing, tasks, group }

        private static let questions: [(arguments: [String], formats: [String], need: Need)] = [
            (["report"], formats, .tasks), (["report", "--by", "run"], formats, .tasks),
            (["report", "--by", "run,label:x", "--breakdown", "--sort", "slowdown"], ["text", "csv"], .tasks),
            (["report", "--percentiles", "0.01,99.99,100", "--inference", "gap"], ["json", "markdown"], .tasks),
            (["report", "--inference", "explicit", "--rows", "0"], ["text"], .tasks),
            (["what-if", "--slots", "1,9223372036854775807"], ["text", "json"], .group),
            (["waterfall"], ["text", "json"], .nothing), (["waterfall", "--chain"], ["text", "json"], .nothing),
        ]

        /// Has ended as it should: with an answer that is one, or with 1 and one line.
        private func check(
            _ outcome: Outcome, isAnswered: Bool, isTimely: Bool = true, _ mention: String, format: String
        ) throws {
            guard isAnswered else {
                outcome.failed(1, mention)
                #expect(outcome.output.isEmpty, "\(outcome.command)")
                return
            }
            if isTimely { try outcome.succeeded() } else { outcome.remarked("more than a day ahead") }
            try checkFigures(outcome, format: format)
        }

        private func checkFigures(_ outcome: Outcome, format: String) throws {
            #expect(!outcome.output.isEmpty, "\(outcome.command)")
            let words = try Regex(#"\b(nan|inf|infinity)\b"#).ignoresCase()
            #expect(try words.firstMatch(in: outcome.output) == nil, "\(outcome.command): \(outcome.output)")
            if format == "json" { _ = try JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) }
        }

        @Test(arguments: OddInput.allCases) func everyQuestion(_ input: OddInput) throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("odd.ndjson", input.stream)
            for (arguments, formats, need) in Self.questions {
                for format in formats {
                    let isAnswered =
                        switch need {
                        case .nothing: true
                        case .tasks: input.hasTasks
                        case .group: input.hasGroup
                        }
                    let words = [arguments[0], path] + arguments.dropFirst() + ["--format", format]
                    try check(
                        try sandbox.run(Project.binary, words), isAnswered: isAnswered, isTimely: input.isTimely,
                        need == .group ? "has no group" : "no task of 1 run is in that selection", format: format)
                }
            }
            #expect(try sandbox.waitline("import", path).ending == .exit(0))
            let runs = try sandbox.run(Project.binary, ["runs", "--all"]).succeeded()
            try checkFigures(runs, format: "text")
        }

        @Test(arguments: OddInput.allCases) func comparedWithItself(_ input: OddInput) throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("odd.ndjson", input.stream)
            for format in Self.formats {
                let outcome = try sandbox.waitline(
                    "compare", path, path, "--format", format, "--fail-if", "p99.99(duration) < 0")
                guard input.hasTasks else {
                    try check(outcome, isAnswered: false, "no task of 1 run of A is in that selection", format: format)
                    continue
                }
                // Overlapping sets are compared, and it is said that they overlap.
                #expect(outcome.ending == .exit(0))
                let said = format == "text" ? outcome.output : outcome.errors
                #expect(said.contains("both sides are the same runs"), "\(outcome.command)")
                let remarks = (format == "text" ? 0 : 1) + (input.isTimely ? 0 : 1)
                #expect(outcome.errors.split(separator: "\n").count == remarks)
                try checkFigures(outcome, format: format)
            }
        }

        @Test(arguments: [OddInput.noTasks, .oneTask, .allUnsampled, .instants]) func recorded(_ input: OddInput) throws
        {
            let sandbox = try Sandbox()
            let path = try sandbox.write("odd.ndjson", input.stream)
            for format in Self.formats {
                let report = sandbox.path("report.\(format)")
                let outcome = try sandbox.record(
                    ["--format", format, "--output", report, "--fail-if", "each: slowdown > 99"], sending: [path])
                #expect(outcome.ending == .exit(input.hasTasks ? 0 : 1), "\(outcome.errors)")
                let lines = outcome.errors.split(separator: "\n")
                #expect(lines.first?.hasPrefix("waitline: recorded run ") == true)
                #expect(lines.count == (input.hasTasks ? 1 : 2), "\(outcome.errors)")
                guard !input.hasTasks else { continue }
                #expect(lines.last?.hasPrefix("waitline: no task of 1 run is in that selection") == true)
            }
        }

        @Test func whatWasNotSampledIsTheReason() throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("odd.ndjson", OddInput.allUnsampled.stream)
            try sandbox.waitline("report", path).failed(1, "selection; not sampled, and so in no statistic: 4")
            try sandbox.waitline("compare", path, path).failed(1, "selection; not sampled, and so in no statistic: 4")
        }

        @Test func usersOfOneSideOnly() throws {
            let sandbox = try Sandbox()
            let left = try sandbox.write(
                "left.ndjson", OddInput.stream(users: (0..<12).map { "left-\($0)" }, trace: "b"))
            let right = try sandbox.write(
                "right.ndjson", OddInput.stream(users: (0..<12).map { "right-\($0)" }, trace: "c"))
            for format in Self.formats {
                let outcome = try sandbox.waitline("compare", left, right, "--format", format)
                try check(outcome, isAnswered: true, "", format: format)
            }
            let answer = try sandbox.waitline("compare", left, right, "--format", "json").succeeded()
                .decoded(ComparisonAnswer.self)
            #expect(!answer.paired && answer.verdict == "none" && answer.quantities[0].p == 1)
            // One run of both sides on one of them: they overlap, but are not the same.
            let both = try sandbox.waitline("compare", left, "\(left),\(right)", "--format", "json")
            #expect(both.ending == .exit(0) && both.errors.contains("1 run is on both sides"), "\(both.errors)")
        }

        @Test(arguments: formats) func selectionsOfNothing(_ format: String) throws {
            let sandbox = try Sandbox()
            let path = SampleTrace.before.path
            for filter in [
                ["--user", "nobody"], ["--name", "nothing"], ["--service", "none"], ["--label", "a=b"],
                ["--outcome", "failure"],
            ] {
                let words = filter + ["--format", format]
                let report = try sandbox.run(Project.binary, ["report", path] + words)
                try check(report, isAnswered: false, "no task of 1 run is in that selection", format: format)
                let compare = try sandbox.run(Project.binary, ["compare", path, path] + words)
                try check(compare, isAnswered: false, "no task of 1 run of A is in that selection", format: format)
            }
            try sandbox.importing(path)
            for selector in ["label:a=b", "version:9", "ffff", "since:1h", "2001-01-01..2001-01-02", "latest~7"] {
                for words in [
                    ["report", selector], ["compare", selector, "latest"], ["compare", "latest", selector],
                ] {
                    let outcome = try sandbox.run(Project.binary, words + ["--format", format])
                    try check(outcome, isAnswered: false, "no run found for \(selector)", format: format)
                }
            }
        }

        @Test(arguments: ["0", "0.001", "-1", "100.01", "101", "1e1", "nan", "inf", "50,,90", "fifty", "99.999"])
        func percentilesThatAreNone(_ percentiles: String) throws {
            let sandbox = try Sandbox()
            for words in [["report", SampleTrace.before.path], ["record"]] {
                let command = words[0] == "record" ? ["--", "true"] : []
                let outcome = try sandbox.run(
                    Project.binary, words + ["--percentiles=\(percentiles)"] + command
                ).failed(2, "--percentiles takes numbers from 0.01 to 100")
                #expect(outcome.output.isEmpty)
            }
        }

        @Test(arguments: [
            "p0(wait) > 1s", "p100.01(wait) > 1s", "p(wait) > 1s", "p95 > 1s", "p95(wait) > nan", "p95(wait) > 1e400s",
            "p95(wait) >> 1s", "wait > -", "each:", "failed > 1s", "wait_share > 1s",
            "makespan > 99999999999999999999h",
        ])
        func budgetsThatAreNone(_ budget: String) throws {
            let sandbox = try Sandbox()
            let path = SampleTrace.before.path
            for words in [["report", path], ["compare", path, path], ["record"]] {
                let command = words[0] == "record" ? ["--", "true"] : []
                let outcome = try sandbox.run(Project.binary, words + ["--fail-if", budget] + command)
                    .failed(2, "--fail-if `\(budget)` is wrong at ")
                #expect(outcome.output.isEmpty)
            }
        }
    }
}
