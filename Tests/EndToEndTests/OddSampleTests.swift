import Testing

extension Commands {
    /// The recordings of what else happens to a runner, through the program.
    @Suite("Odd samples")
    @MainActor struct OddSampleTests {
        @Test(arguments: OddSample.grouped.indices)
        func figures(_ index: Int) throws {
            let (sample, expected) = OddSample.grouped[index]
            let sandbox = try Sandbox()
            let waterfall = try sandbox.waterfall(sample.path)
            #expect(waterfall.traceId == expected.trace)
            #expect(waterfall.rows.count == expected.rows)
            let group = try #require(waterfall.groups.first)
            #expect(group.tasks == expected.tasks)
            #expect(group.slots == expected.slots)
            #expect(group.reading == expected.reading)
            #expect(group.poolSeen)
            #expect(group.waited == expected.waited)
            #expect(group.occupancy == expected.occupancy)
            #expect(group.makespanUs == expected.makespan)
            #expect(group.dense)
            let report = try sandbox.report(sample.path)
            #expect(report.tasks == expected.tasks)
            #expect(report.incomplete == expected.incomplete)
            #expect(report.overall.failed == expected.failed)
            #expect(report.overall.totalUs.sum == expected.total)
            #expect(report.overall.waitUs.sum == expected.wait)
            #expect(report.overall.workUs.sum == expected.total - expected.wait)
            #expect(report.overall.selfUs.sum == expected.own)
            #expect(report.overall.delayUs.sum == expected.delay)
            #expect(report.overall.waitShare == expected.waitShare)
        }

        @Test func tasksWithoutAParentAreToldOfInOneSentenceWithTheCure() throws {
            let sandbox = try Sandbox()
            let report = try sandbox.report(OddSample.noParent.path)
            #expect(report.tasks == 8)
            #expect(report.runs == 8)
            #expect(report.overall.waitUs.sum == 0)
            #expect(report.overall.workUs.sum == 4_881_511)
            let text = try sandbox.waitline("report", OddSample.noParent.path, "--width", "200").succeeded().output
            #expect(
                text.contains(
                    "in 8 of 8 runs waiting cannot be inferred: their tasks have no parent transaction; open one "
                        + "around them, or put a wait span around the acquire"),
                "\(text)")
            // Each waits before its first span, and only this setting may say so.
            let gap = try sandbox.report(OddSample.noParent.path, "--inference", "gap")
            #expect(gap.overall.waitUs.sum > 1_000_000)
            #expect(gap.overall.totalUs == report.overall.totalUs)
        }

        @Test func unsampledTransactionsAreCountedAndInNoStatistic() throws {
            let report = try Sandbox().report(OddSample.unsampled.path)
            #expect(report.tasks == 3)
            #expect(report.unsampled == 3)
            #expect(report.runs == 6)
            #expect(report.overall.totalUs.sum == 1_388_480)
        }

        @Test func explicitCountsWhatTheRunnerSaidItself() throws {
            let sandbox = try Sandbox()
            let said = try sandbox.report(OddSample.waitSpans.path, "--inference", "explicit")
            #expect(said.overall.waitUs.sum == 5_386_952)
            let silent = try sandbox.report(SampleTrace.before.path, "--inference", "explicit")
            #expect(silent.overall.waitUs.sum == 0)
            let waterfall = try sandbox.waterfall(SampleTrace.before.path, "--inference", "explicit")
            #expect(waterfall.rows.allSatisfy { $0.releasedBy == nil })
            #expect(waterfall.groups.map(\.slots) == [2])
        }

        @Test func waitWordsComeFromAFile() throws {
            let sandbox = try Sandbox()
            let words = try sandbox.write("words", "# none of ours\n[types]\n[names]\nnothing\n")
            let path = OddSample.waitSpans.path
            let without = try sandbox.report(path, "--inference", "explicit", "--wait-words", words)
            #expect(without.overall.waitUs.sum == 0)
            let named = try sandbox.run(
                Project.binary, ["report", path, "--inference", "explicit", "--format", "json"],
                environment: ["WAITLINE_WAIT_WORDS": words]
            ).succeeded().decoded(ReportAnswer.self)
            #expect(named.overall.waitUs.sum == 0)
            let broken = try sandbox.write("broken", "[types]\nwait\n[sorts]\n")
            try sandbox.waitline("report", path, "--wait-words", broken).failed(2, "broken, line 3: ")
            try sandbox.waitline("report", path, "--wait-words", "missing/file").failed(3, "missing/file")
        }

        @Test func aFailedTasksErrorStandsUnderItsRow() throws {
            let sandbox = try Sandbox()
            let lines = try sandbox.waitline("waterfall", OddSample.failing.path, "--rows", "all", "--width", "160")
                .succeeded().lines
            let row = try #require(lines.firstIndex { $0.contains("user-0006") })
            // Its own error, or that of the span below it in which the card was declined.
            let shown = lines[row...].prefix(10).first { $0.contains("CardDeclined: ") }
            let error = try #require(shown, "\(lines[row...].prefix(10).joined(separator: "\n"))")
            #expect(error.contains("✕"))
            #expect(error.contains("unhandled"))
        }
    }
}
