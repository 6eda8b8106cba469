import Testing

extension Commands {
    /// What a report shows where it is asked for, in each format; and what set a run's length.
    @Suite("Report formats")
    @MainActor struct ReportFormatTests {
        private let path = SampleTrace.manyBefore.path

        @Test("CSV and Markdown have every group, or as many as asked for")
        func tables() throws {
            let sandbox = try Sandbox()
            let csv = try sandbox.waitline("report", path, "--format", "csv").succeeded()
            #expect(csv.lines.count == 1_001)
            #expect(csv.lines[0].hasPrefix("user,inference,tasks,failed,incomplete,total_p50_us,"))
            #expect(csv.lines.dropFirst().allSatisfy { $0.contains(/^user-[0-9]{4},auto,1,0,0,/) })
            let markdown = try sandbox.waitline("report", path, "--format", "markdown", "--rows", "2").succeeded()
            #expect(markdown.lines[0].hasPrefix("1 000 tasks · 1 run · "))
            #expect(markdown.lines.filter { $0.hasPrefix("| user-") }.count == 2)
            #expect(markdown.output.contains("998 of 1 000 rows not shown"))
        }

        @Test("work split by type is the same from a file and from a database that has figures, and sums to work")
        func breakdown() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(path)
            func report(_ arguments: String...) throws -> BreakdownAnswer {
                try sandbox.run(
                    Project.binary, ["report", "--breakdown", "--format", "json", "--rows", "3"] + arguments
                ).succeeded().decoded()
            }
            let (file, stored) = (try report(path), try report())
            #expect(file.overall == stored.overall)
            #expect(file.overall.breakdown.map(\.workUs).reduce(0, +) == 221_477_959)
            #expect(file.overall.breakdown.map(\.kind) == ["span", "span", "span", "self"])
            #expect(Set(file.overall.breakdown.compactMap(\.type)) == ["db", "external", "app"])
            let text = try sandbox.waitline("report", "--breakdown", "--rows", "3").succeeded().output
            #expect(text.contains(/\nwork +sum +share\n/) && text.contains("external"))
        }

        struct BreakdownAnswer: Decodable {
            var overall: Overall

            struct Overall: Decodable, Equatable {
                var breakdown: [Part]
            }

            struct Part: Decodable, Equatable {
                var kind: String
                var type: String?
                var workUs: Int
            }
        }

        @Test("percentiles of one's own, the distribution, and who waited for what")
        func text() throws {
            let sandbox = try Sandbox()
            let outcome = try sandbox.waitline("report", path, "--percentiles", "99.9,25", "--rows", "2").succeeded()
            #expect(
                outcome.lines[1]
                    == "950 of 1 000 tasks waited for one of 50 slots; the recorded durations are 90.4 % waiting")
            #expect(outcome.output.contains(/\n +p25 +p99.9 +max +mean\n/))
            #expect(outcome.output.contains(/\ntotal  [▁-█ ]+  peak [0-9]+\nwork   [▁-█ ]+  peak [0-9]+\n/))
            #expect(outcome.output.contains("░ wait █ work"))
        }

        @Test("the critical chain in text is the one in JSON")
        func chain() throws {
            let sandbox = try Sandbox()
            let ids = try sandbox.waterfall(path).groups[0].chain
            let text = try sandbox.waitline("waterfall", "--chain", path, "--rows", "all").succeeded()
            let shown = text.lines.compactMap { $0.firstMatch(of: /^([0-9a-f]{16})  user-/)?.1 }
            #expect(shown.map(String.init) == ids && ids.count == 19)
            for said in [
                "critical chain of 19 tasks", "Little's law: 504.49 in the group", "Jain's index", "full 94.9 %",
            ] {
                #expect(text.output.contains(said), "\(said)")
            }
        }

        @Test("how tasks went through a group, for a program: what the text says, and only where it is asked for")
        func flow() throws {
            let sandbox = try Sandbox()
            #expect(try sandbox.waterfall(path).groups[0].flow == nil)
            let answer: WaterfallAnswer = try sandbox.waitline("waterfall", "--chain", path, "--format", "json")
                .succeeded().decoded()
            let flow = try #require(answer.groups[0].flow)
            #expect(flow.chainShare == 0.9976 && flow.fullShare == 0.9486)
            let share = Double(flow.chainSlotUs) / Double(answer.groups[0].makespanUs)
            #expect(abs(share - flow.chainShare) < 0.000_1)
            #expect(abs(flow.meanTasks - 504.49) < 0.01 && abs(flow.slowdownFairness - 0.74) < 0.01)
            #expect(abs(flow.meanTasks - flow.arrivalsPerSecond * flow.meanTimeUs / 1_000_000) < 0.001)
        }
    }
}
