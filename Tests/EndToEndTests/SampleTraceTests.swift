import Testing

extension Commands {
    /// The recordings of the project, through the program: what it says of them, and that it says the same however they
    /// came.
    @Suite("Sample traces")
    @MainActor struct SampleTraceTests {
        /// Of each recording: as the recorder's table says, and exact to the microsecond. Another reading of the
        /// definitions (Tests/oracle) came to the same figures.
        @Test(arguments: SampleTrace.allCases)
        func figures(_ trace: SampleTrace) throws {
            let sandbox = try Sandbox()
            let expected = SampleFigures(of: trace)
            let waterfall = try sandbox.waterfall(trace.path)
            #expect(waterfall.schema == "waitline.waterfall.v1")
            #expect(waterfall.traceId == trace.traceID)
            #expect(waterfall.rows.count == 1 + 6 * trace.users)
            #expect(waterfall.rowsLeftOut == 0)
            let group = try #require(waterfall.groups.first)
            #expect(waterfall.groups.count == 1)
            #expect(group.tasks == trace.users)
            #expect(group.slots == expected.slots)
            #expect(group.waited == expected.waited)
            #expect(group.poolSeen == (expected.waited > 0))
            #expect(group.occupancy == expected.occupancy)
            #expect(group.makespanUs == expected.makespan)
            #expect(group.dense)
            #expect(waterfall.tasks.filter { $0.waitSource == "inferred" }.count == expected.waited)

            let report = try sandbox.report(trace.path)
            #expect(report.schema == "waitline.report.v1")
            #expect(report.tasks == trace.users)
            #expect(report.runs == 1)
            #expect(report.groups.count == trace.users)
            #expect(report.overall.failed == 0)
            #expect(expected.total.matches(report.overall.totalUs), "\(report.overall.totalUs)")
            #expect(expected.wait.matches(report.overall.waitUs), "\(report.overall.waitUs)")
            #expect(expected.work.matches(report.overall.workUs), "\(report.overall.workUs)")
            #expect(expected.delay.matches(report.overall.delayUs), "\(report.overall.delayUs)")
            #expect(report.overall.waitShare == expected.waitShare)
        }

        @Test(arguments: SampleTrace.allCases)
        func statesCoverEveryTask(_ trace: SampleTrace) throws {
            let waterfall = try Sandbox().waterfall(trace.path)
            #expect(waterfall.tasks.count == trace.users)
            for task in waterfall.tasks {
                let states = try #require(task.states)
                var end = task.startUs
                for state in states {
                    #expect(state.startUs == end)
                    end += state.durationUs
                }
                #expect(end == task.startUs + task.durationUs)
                let waited = states.filter { $0.state == "wait" }.reduce(0) { $0 + $1.durationUs }
                #expect(waited == task.waitUs)
                #expect(try #require(task.waitUs) + #require(task.workUs) == task.totalUs)
            }
        }

        @Test(arguments: SampleTrace.allCases)
        func aFileAndTheDatabaseGiveTheSameBytes(_ trace: SampleTrace) throws {
            let sandbox = try Sandbox()
            try sandbox.importing(trace.path)
            var cases = [["report"], ["waterfall"]].flatMap { [$0 + ["--format", "json"], $0 + ["--width", "100"]] }
            cases.append(["report", "--rows", "all", "--color", "always"])
            if trace.users == 3 { cases.append(["waterfall", "--rows", "all", "--color", "always"]) }
            for arguments in cases {
                let file = try sandbox.run(Project.binary, arguments + [trace.path]).succeeded()
                let stored = try sandbox.run(Project.binary, arguments + [trace.traceID]).succeeded()
                #expect(file.outputBytes == stored.outputBytes, "\(stored.command)")
                #expect(!file.output.isEmpty)
            }
        }

        @Test func theThirdUserWaitedForTheSecond() throws {
            let waterfall = try Sandbox().waterfall(SampleTrace.before.path)
            let second = try #require(waterfall.tasks.first { $0.user == "user-0002" })
            let third = try #require(waterfall.tasks.first { $0.user == "user-0003" })
            #expect(third.waitUs == 563_886)
            #expect(third.workUs == 678_911)
            #expect(third.releasedBy == second.id)
            #expect(waterfall.groups.first?.chain == [third.id, second.id])
        }

        @Test func theManyAreSummedUpAndNotCutSilently() throws {
            let sandbox = try Sandbox()
            let waterfall = try sandbox.waitline("waterfall", SampleTrace.manyBefore.path).succeeded()
            #expect(waterfall.output.contains("1 000 × user task"))
            #expect(waterfall.output.contains("slots 50"))
            #expect(waterfall.output.contains("… 5 997 of 6 001 rows not shown (in folds: --rows all)"))
            let report = try sandbox.waitline("report", SampleTrace.manyBefore.path).succeeded()
            #expect(report.output.contains("… 980 of 1 000 rows not shown (--rows all)"))
        }
    }
}
