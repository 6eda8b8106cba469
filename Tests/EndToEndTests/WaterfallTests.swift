import Testing

extension EndToEnd {
    /// `waitline waterfall`: what of a run is drawn, and as what.
    @Suite("Waterfall")
    struct WaterfallTests {
        private func lines(_ arguments: String...) throws -> [String] {
            try Sandbox().run(Project.binary, ["waterfall"] + arguments).succeeded().lines.map { String($0) }
        }

        @Test("a thousand users behind 50 permits are one line, and 50 lanes")
        func manyUsers() throws {
            let folded = try lines(SampleTrace.manyBefore.path)
            #expect(folded.contains { $0.hasPrefix("▸ 1 000 × user task") })
            for word in ["p50", "p99", "max"] { #expect(folded.contains { $0.contains(" \(word) user-") }) }
            let lanes = try lines(SampleTrace.manyBefore.path, "--lanes", "--width", "200")
            #expect(lanes.count { $0.contains("lane ") } == 50)
            let cut = try lines(SampleTrace.manyBefore.path, "--lanes", "--rows", "5")
            #expect(cut.contains("… 45 of 50 lanes not shown (--rows all)"))
        }

        @Test("the longest waits are told with --sort and --depth")
        func longest() throws {
            let lines = try self.lines(SampleTrace.manyBefore.path, "--sort", "wait", "--depth", "1", "--rows", "4")
            #expect(lines.count { $0.contains(" user-") || $0.hasPrefix("▸ user-") } == 3)
            #expect(lines.contains("… 997 of 1 001 rows not shown (--rows all)"))
            #expect(lines.contains("… 5 000 of 6 001 rows not shown (deeper: --depth)"))
        }

        @Test("failed tasks are found, with what went wrong")
        func failed() throws {
            let lines = try self.lines(OddSample.failing.path, "--failed", "--width", "160")
            #expect(lines.contains { $0.contains("rows not shown (--failed)") })
            #expect(lines.contains { $0.contains("✕ CardDeclined: ") })
            #expect(!lines.contains { $0.contains("user-0001") })
        }

        @Test("a zoom is drawn from and to the times asked for")
        func zoom() throws {
            let lines = try self.lines(SampleTrace.before.path, "--from", "25%", "--to", "1s", "--utc")
            #expect(lines.contains { $0.contains("to 1.000s of 1.24s") })
            #expect(lines.contains { $0.contains("1.000s  total") })
        }

        @Test(
            "times that make no sense, or are not in the run, are refused in one line",
            arguments: [
                (["--from", "soon"], "--from `soon`"), (["--to", "5"], "--to `5`"), (["--from", "2h"], "1.24s"),
                (["--from", "1s", "--to", "1s"], "--from has to lie before --to"), (["--to", "101%"], "100 %"),
                (["--min-duration", "50%"], "--min-duration"), (["--min-duration", "-1s"], "--min-duration"),
            ])
        func wrongTimes(arguments: [String], mention: String) throws {
            try Sandbox().run(Project.binary, ["waterfall", SampleTrace.before.path] + arguments).failed(2, mention)
        }

        @Test("a span that stands for several says for how many, from a file and from the database")
        func compressed() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(OddSample.compressed.path)
            let file = try sandbox.waitline("waterfall", OddSample.compressed.path, "--width", "140").succeeded()
            let stored = try sandbox.waitline("waterfall", "--width", "140").succeeded()
            #expect(file.outputBytes == stored.outputBytes)
            #expect(file.lines.contains { $0.contains(/≈\d+/) })
        }

        @Test("in JSON, filters and depth choose rows, and those left out are counted")
        func json() throws {
            let sandbox = try Sandbox()
            let whole = try sandbox.waterfall(SampleTrace.before.path)
            let picture = try sandbox.waterfall(SampleTrace.before.path, "--lanes")
            #expect(picture.rows.count == whole.rows.count && picture.rowsLeftOut == 0)
            let user = try sandbox.waterfall(SampleTrace.before.path, "--user", "user-0002")
            #expect(user.rows.count == 7 && user.rowsLeftOut == whole.rows.count - 7)
            let flat = try sandbox.waterfall(SampleTrace.before.path, "--depth", "1", "--sort", "total")
            #expect(flat.rows.count == 4 && flat.rowsLeftOut == whole.rows.count - 4)
        }
    }
}
