import Testing

extension Commands {
    /// What a report is over, and how it is grouped.
    @Suite("Report options")
    @MainActor struct ReportOptionTests {
        private func sandbox() throws -> Sandbox {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.pipeline.path, SampleTrace.before.path, SampleTrace.after.path)
            return sandbox
        }

        @Test func groups() throws {
            let sandbox = try sandbox()
            let byUser = try sandbox.report()
            #expect(byUser.by == "user")
            #expect(Set(byUser.keys) == ["user-0001", "user-0002", "user-0003"])
            #expect(byUser.groups.allSatisfy { $0.tasks == 3 })
            for (dimension, keys) in [
                "name": ["user task"], "service": ["billing-runner"], "version": ["1.0.0"], "outcome": ["success"],
                "label:design": ["pipeline", "semaphore", "queue"], "label:max_concurrency": ["1", "2"],
                "run": [SampleTrace.pipeline.traceID, SampleTrace.before.traceID, SampleTrace.after.traceID],
            ] {
                let report = try sandbox.report("--by", dimension)
                #expect(report.by == dimension)
                #expect(Set(report.keys) == Set(keys), "\(dimension)")
                #expect(report.groups.map(\.tasks).reduce(0, +) == 9, "\(dimension)")
                #expect(report.groups.map(\.waitUs.sum).reduce(0, +) == 563_886, "\(dimension)")
            }
            #expect(try sandbox.report("--by", "label:nosuch").keys == [nil])
        }

        @Test func severalDimensions() throws {
            let report = try sandbox().report("--by", "label:design,user")
            #expect(report.groups.count == 9)
            let third = try #require(
                report.groups.first { $0.key == .values(["label:design": "semaphore", "user": "user-0003"]) })
            #expect(third.tasks == 1)
            #expect(third.waitUs.max == 563_886)
            #expect(third.totalUs.max == 1_242_797)
            #expect(third.waitShare == 0.4537)
        }

        @Test func filters() throws {
            let sandbox = try sandbox()
            #expect(try sandbox.report("--user", "user-0002").keys == ["user-0002"])
            #expect(try sandbox.report("--user", "user-0002").tasks == 3)
            #expect(try sandbox.report("--label", "design=queue").tasks == 3)
            #expect(try sandbox.report("--label", "max_concurrency=2").tasks == 6)
            #expect(try sandbox.report("--label", "max_concurrency=2", "--label", "design=semaphore").tasks == 3)
            #expect(try sandbox.report("--service", "billing-runner", "--outcome", "success").tasks == 9)
            // Without the root's name, the root is no task.
            #expect(try sandbox.report("--name", "billing run").tasks == 3)
            #expect(try sandbox.report("--name", "user task", "--user", "user-0001").tasks == 3)
            let narrow = try sandbox.report("label:design=semaphore", "--user", "user-0003", "--by", "outcome")
            #expect(narrow.tasks == 1)
            #expect(narrow.overall.workUs.sum == 678_911)
        }

        @Test(arguments: [
            ["--user", "nosuch"], ["--label", "design=nosuch"], ["--service", "nosuch"], ["--name", "nosuch"],
            ["--outcome", "failure"],
        ])
        func nothingIsLeft(_ filter: [String]) throws {
            let outcome = try sandbox().run(Project.binary, ["report"] + filter).failed(1, "no task of 3 runs")
            #expect(outcome.output.isEmpty)
        }

        @Test func rows() throws {
            let sandbox = try sandbox()
            let one = try sandbox.report("--rows", "1")
            #expect(one.groups.count == 1)
            #expect(one.groupsLeftOut == 2)
            #expect(one.tasks == 9)
            #expect(try sandbox.report("--rows", "all").groupsLeftOut == 0)
            let text = try sandbox.waitline("report", "--rows", "1").succeeded().output
            #expect(text.contains("… 2 of 3 rows not shown (--rows all)"))
            #expect(text.contains("9 tasks  3 runs"))
            let waterfall = try sandbox.waterfall("latest", "--rows", "4")
            #expect(waterfall.rows.count == 4)
            #expect(waterfall.rowsLeftOut == 15)
            #expect(try sandbox.waitline("waterfall", "--rows", "4").succeeded().output.contains("rows not shown"))
            #expect(try sandbox.runs("--rows", "2").runs.count == 2)
            #expect(try sandbox.waitline("runs", "--rows", "2").succeeded().output.contains("… 1 of 3 rows not shown"))
        }
    }
}
