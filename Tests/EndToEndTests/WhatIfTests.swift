import Testing

extension EndToEnd {
    /// `waitline what-if`: a run replayed with other numbers of slots.
    @Suite("What-if")
    struct WhatIfTests {
        private func replay(_ trace: SampleTrace, _ arguments: String...) throws -> WhatIfAnswer {
            try Sandbox().run(
                Project.binary, ["what-if", trace.path, "--format", "json"] + arguments
            ).succeeded().decoded()
        }

        @Test("the recorded number of slots gives the recorded makespan, others what the line would take")
        func manyUsers() throws {
            let answer = try replay(.manyBefore, "--slots", "1,50,1000")
            #expect(answer.schema == "waitline.what-if.v1" && answer.traceId == SampleTrace.manyBefore.traceID)
            #expect(answer.group == "user task" && answer.tasks == 1_000 && answer.slots == 50)
            #expect(answer.makespanUs == 4_574_771 && !answer.backlogAssumed)
            #expect(abs(try #require(answer.replayCheck)) < 0.01)
            #expect(answer.rows.map(\.slots) == [1, 50, 1_000])
            // One after the other: hardly anything but work, all the time.
            #expect((221_000_000...225_000_000).contains(answer.rows[0].makespanUs))
            #expect(answer.rows[0].utilisation > 0.999)
            let recorded = answer.rows[1]
            #expect(abs(recorded.makespanUs - answer.makespanUs) < 45_000)
            // Waits are those that were recorded, but for what a permit takes to be handed on.
            #expect(abs(recorded.waitUs.p50 - 2_091_247) < 20_000 && abs(recorded.waitUs.max - 4_280_518) < 45_000)
            #expect(recorded.waitUs.p50 <= recorded.waitUs.p95 && recorded.waitUs.p95 <= recorded.waitUs.p99)
            #expect(answer.rows[2].waitUs.max == 0 && answer.rows[2].makespanUs < 600_000)
        }

        @Test("the recordings of one seeded job on one slot and on two foretell one another within 3 %")
        func validation() throws {
            let onOne = try replay(.pipeline, "--slots", "2")
            #expect(onOne.slots == 1 && onOne.backlogAssumed)
            for recorded in [SampleTrace.before, .after] {
                let onTwo = try replay(recorded, "--slots", "1")
                #expect(Self.isNear(onOne.rows[0].makespanUs, onTwo.makespanUs), "\(recorded)")
                #expect(Self.isNear(onTwo.rows[0].makespanUs, onOne.makespanUs), "\(recorded)")
            }
            let (before, after) = (try replay(.manyBefore, "--slots", "50"), try replay(.manyAfter, "--slots", "50"))
            #expect(Self.isNear(before.rows[0].makespanUs, after.makespanUs))
            #expect(Self.isNear(after.rows[0].makespanUs, before.makespanUs))
            #expect(after.backlogAssumed && !before.backlogAssumed)
        }

        @Test("runs of one seeded job at 2, 10 and 50 slots foretell one another's makespan within 3 %")
        func foretelling() throws {
            let recorded = [2, 10, 50]
            let paths = recorded.map { "\(Project.sampleTraces)/\($0)-slots.ndjson.gz" }
            let answers: [WhatIfAnswer] = try paths.map { path in
                try Sandbox().waitline("what-if", path, "--slots", "2,10,50", "--format", "json").succeeded().decoded()
            }
            #expect(answers.map(\.slots) == recorded && answers.allSatisfy { $0.tasks == 200 })
            for (source, answer) in zip(recorded, answers) {
                for (row, real) in zip(answer.rows, answers) {
                    #expect(
                        Self.isNear(row.makespanUs, real.makespanUs),
                        "\(source) slots say \(row.makespanUs) µs of \(row.slots), which took \(real.makespanUs)")
                }
            }
        }

        private static func isNear(_ foretold: Int, _ recorded: Int) -> Bool {
            100 * abs(foretold - recorded) <= 3 * recorded
        }

        @Test("in text: every number asked for, the recorded one and the knee, the check and what is assumed")
        func text() throws {
            let outcome = try Sandbox().waitline("what-if", SampleTrace.manyBefore.path, "--slots", "7,100")
                .succeeded()
            let rows = outcome.lines.filter { $0.contains(/^ *[0-9 ]+ +[0-9.]+s\b/) }
            #expect(rows.count == 5, "\(outcome.output)")
            #expect(rows.contains { $0.contains("  enough  ") })
            #expect(rows.contains { $0.contains(/^ *50 .*recorded/) } && rows.contains { $0.contains("  knee  ") })
            let text = outcome.output.replacing("\n", with: " ")
            for said in [
                "1 000 × user task", "inference auto", "replay check: recorded 4.57s",
                "Assumed: slot times do not grow with more slots.",
            ] { #expect(text.contains(said), "\(said)") }
            #expect(!text.contains("backlog") && !text.contains("unreliable"))
            let queue = try Sandbox().waitline("what-if", SampleTrace.manyAfter.path).succeeded().output
            #expect(queue.replacing("\n", with: " ").contains("Assumed: a full backlog."))
        }

        @Test("the standard list of slots, and one of a stored run's groups by its name")
        func named() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let answer: WhatIfAnswer = try sandbox.waitline(
                "what-if", "--name", "user task", "--format", "json"
            ).succeeded().decoded()
            #expect(answer.rows.map(\.slots) == [1, 2, 5, 10, 25, 50, 100])
            try sandbox.waitline("what-if", "--name", "user").failed(1, "`user`: it has `user task`")
        }

        @Test("a run without a group has no slots to change: one line, exit code 1")
        func withoutGroup() throws {
            let path = "\(Project.sampleTraces)/no-parent.ndjson"
            let outcome = try Sandbox().waitline("what-if", path).failed(1, "has no group")
            #expect(outcome.output.isEmpty)
        }

        @Test(
            "slots that are none are refused",
            arguments: ["", "0", "-1", "1,,2", "1,x", "1.5", "99999999999999999999", " 1"])
        func wrongSlots(_ slots: String) throws {
            try Sandbox().waitline("what-if", SampleTrace.before.path, "--slots=\(slots)").failed(2, "--slots")
        }

        @Test("as many slots as there are numbers")
        func manySlots() throws {
            let answer = try replay(.before, "--slots", "\(Int.max)")
            #expect(answer.rows.map(\.slots) == [.max] && answer.rows[0].waitUs.max == 0)
            let numbers = (1...101).map(String.init).joined(separator: ",")
            try Sandbox().waitline("what-if", SampleTrace.before.path, "--slots", numbers).failed(2, "100 numbers")
        }
    }
}

/// The JSON of `waitline what-if`.
struct WhatIfAnswer: Decodable {
    var schema: String
    var traceId: String
    var group: String?
    var tasks: Int
    var slots: Int
    var makespanUs: Int
    var backlogAssumed: Bool
    var replayCheck: Double?
    var rows: [Row]

    struct Row: Decodable {
        var slots: Int
        var makespanUs: Int
        var waitUs: Percentiles
        var utilisation: Double
    }

    struct Percentiles: Decodable {
        var p50: Int
        var p95: Int
        var p99: Int
        var max: Int
    }
}
