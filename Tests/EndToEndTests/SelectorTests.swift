import Testing

extension Commands {
    /// Sets of runs as they are named on the command line.
    @Suite("Selectors")
    @MainActor struct SelectorTests {
        /// Newest first: after, before, pipeline.
        private static let small = [SampleTrace.after, .before, .pipeline]

        private func sandbox() throws -> Sandbox {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.pipeline.path, SampleTrace.after.path, SampleTrace.before.path)
            return sandbox
        }

        private func chosen(_ selector: String..., by sandbox: Sandbox) throws -> Set<String> {
            let arguments = ["report", "--format", "json", "--by", "run", "--utc"] + selector
            let report: ReportAnswer = try sandbox.run(Project.binary, arguments).succeeded().decoded()
            #expect(report.tasks == 3 * report.runs)
            return Set(report.keys.compactMap { $0 })
        }

        @Test func oneRun() throws {
            let sandbox = try sandbox()
            let newest = SampleTrace.after.traceID
            #expect(try sandbox.waterfall().traceId == newest)
            #expect(try sandbox.waterfall("latest").traceId == newest)
            #expect(try sandbox.waterfall("latest~1").traceId == SampleTrace.before.traceID)
            #expect(try sandbox.waterfall("latest~2").traceId == SampleTrace.pipeline.traceID)
            #expect(try sandbox.waterfall("latest~2,latest~1").traceId == SampleTrace.before.traceID)
            #expect(try sandbox.waterfall("all").traceId == newest)
            #expect(try sandbox.waterfall("label:design=semaphore").traceId == SampleTrace.before.traceID)
            for trace in Self.small {
                #expect(try sandbox.waterfall(trace.traceID).traceId == trace.traceID)
                #expect(try sandbox.waterfall(String(trace.traceID.prefix(4))).traceId == trace.traceID)
            }
        }

        @Test func sets() throws {
            let sandbox = try sandbox()
            let (after, before, pipeline) = (Self.small[0].traceID, Self.small[1].traceID, Self.small[2].traceID)
            let every = Set(Self.small.map(\.traceID))
            #expect(try chosen(by: sandbox) == every)
            #expect(try chosen("all", by: sandbox) == every)
            #expect(try chosen("latest", by: sandbox) == [after])
            #expect(try chosen("latest,latest~2,latest", by: sandbox) == [after, pipeline])
            #expect(try chosen("latest", "latest~1", by: sandbox) == [after, before])
            #expect(try chosen("label:design=queue", by: sandbox) == [after])
            #expect(try chosen("label:max_concurrency=2", by: sandbox) == [after, before], "compared as text")
            #expect(try chosen("version:1.0.0", by: sandbox) == every)
            // Recorded at 06:22:01, 06:22:13 and 06:22:16.
            #expect(try chosen("2026-11-23T06:22:00..2026-11-23T06:22:10", by: sandbox) == [pipeline])
            #expect(try chosen("2026-11-23T08:22:10+02:00..2026-11-23T06:22:15Z", by: sandbox) == [before])
            #expect(try chosen("2026-11-23..2026-11-24", by: sandbox) == every)
            #expect(try chosen("since:2026-11-23T06:22:15", by: sandbox) == [after])
            #expect(try chosen("since:5000w", by: sandbox) == every)
        }

        @Test func filesAndStoredRunsTogether() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let both = "\(SampleTrace.after.path),latest"
            #expect(try chosen(both, by: sandbox) == [SampleTrace.after.traceID, SampleTrace.before.traceID])
            // A file whose name has a comma in it is meant before a set is.
            let comma = try sandbox.write("a,b.ndjson", try Files.read(SampleTrace.pipeline.path))
            #expect(try chosen(comma, by: sandbox) == [SampleTrace.pipeline.traceID])
        }

        @Test func aRunInAFileAndInTheDatabaseCountsOnce() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let report = try sandbox.report("\(SampleTrace.before.path),latest")
            #expect(report.runs == 1)
            #expect(report.tasks == 3)
        }

        @Test(arguments: [
            "nosuch", "latest~3", "label:design=nosuch", "version:2", "since:1s", "2001-01-01..2002-01-01",
        ])
        func nothingFound(_ selector: String) throws {
            let sandbox = try sandbox()
            for command in ["report", "waterfall"] {
                let outcome = try sandbox.waitline(command, selector).failed(1, "no run found for \(selector)")
                #expect(outcome.output.isEmpty)
            }
        }

        @Test func aPrefixOfSeveral() throws {
            let sandbox = try Sandbox()
            let text = String(decoding: try Files.read(SampleTrace.before.path), as: UTF8.self)
            for ending in ["0001", "0002"] {
                let renamed = text.replacing(SampleTrace.before.traceID, with: "abcdef\(ending)")
                try sandbox.importing(try sandbox.write("\(ending).ndjson", renamed))
            }
            for command in ["report", "waterfall"] {
                try sandbox.waitline(command, "abcdef").failed(2, "`abcdef` begins the trace ids of 2 runs")
                try sandbox.waitline(command, "abc").failed(2, "4 characters")
                _ = try sandbox.waitline(command, "abcdef0002").succeeded()
            }
        }
    }
}
