import Testing

extension Commands {
    /// The hour that a clock shows twice when summer time ends, and the one that it skips when it begins.
    @Suite("Local time")
    @MainActor struct LocalTimeTests {
        /// Europe's rule, told to the system in full: no list of zones is needed.
        private static let berlin: [String: String?] = ["TZ": "CET-1CEST,M3.5.0,M10.5.0/3"]

        /// A job of one task that starts so many seconds after the epoch.
        private static func run(_ digit: Int, at seconds: Int) -> String {
            let trace = String(repeating: "\(digit)", count: 32)
            func transaction(_ id: String, _ more: String) -> String {
                #"{"transaction":{"id":"\#(id)","trace_id":"\#(trace)","name":"nightly","type":"job","#
                    + #""timestamp":\#(seconds)000000,"duration":60000,"span_count":{"started":0}\#(more)}}"# + "\n"
            }
            return #"{"metadata":{"service":{"name":"billing","agent":{"name":"a","version":"1"}}}}"# + "\n"
                + transaction("000000000000000\(digit)", "")
                + transaction("100000000000000\(digit)", #","parent_id":"000000000000000\#(digit)""#)
        }

        /// In autumn 2025 at 00:15, 00:30, 01:30 and 02:00 UTC: 02:15 and 02:30 of summer time, 02:30 and 03:00 of
        /// winter time. In spring 2026 at 00:59 and 01:01 UTC: 01:59 and 03:01.
        private func sandbox() throws -> Sandbox {
            let sandbox = try Sandbox()
            let starts = [1_761_437_700, 1_761_438_600, 1_761_442_200, 1_761_444_000, 1_774_745_940, 1_774_746_060]
            for (place, start) in starts.enumerated() {
                try sandbox.importing(try sandbox.write("\(place).ndjson", Self.run(place + 1, at: start)))
            }
            return sandbox
        }

        private func chosen(_ selector: String, _ options: String..., by sandbox: Sandbox) throws -> [Int] {
            let arguments = ["report", "--format", "json", "--by", "run", selector] + options
            let outcome = try sandbox.run(Project.binary, arguments, environment: Self.berlin)
            if outcome.ending == .exit(1) { return [] }
            let report: ReportAnswer = try outcome.succeeded().decoded()
            return report.keys.compactMap { $0?.first?.wholeNumberValue }.sorted()
        }

        @Test(
            "both readings of an hour that comes twice are meant",
            arguments: [
                ("2025-10-26T02:30..2025-10-26T02:30", [2, 3]), ("2025-10-26T02:20..2025-10-26T02:40", [2, 3]),
                ("2025-10-26T02:00..2025-10-26T02:14", [1, 2]), ("2025-10-26T01:59..2025-10-26T02:15", [1, 2]),
                ("2025-10-26T02:31..2025-10-26T03:00", [3, 4]), ("2025-10-26..2025-10-26T02:59", [1, 2, 3]),
                ("since:2025-10-26T02:30", [2, 3, 4, 5, 6]), ("since:2025-10-26T03:00", [4, 5, 6]),
                ("2025-10-26 02:30:00 +02:00..2025-10-26 02:30:00 +02:00", [2]),
                ("2025-10-26 02:30:00 +01:00..2025-10-26 03:00:00 +01:00", [3, 4]),
            ])
        func twice(_ selector: String, _ runs: [Int]) throws {
            #expect(try chosen(selector, by: sandbox()) == runs)
        }

        @Test(
            "a time that the clock skips is the moment at which it does",
            arguments: [
                ("2026-03-29T02:30..2026-03-30", [6]), ("2026-03-29..2026-03-29T02:30", [5]),
                ("2026-03-29T02:10..2026-03-29T02:50", []), ("since:2026-03-29T02:00", [6]),
                ("2026-03-29T01:59..2026-03-29T03:01", [5, 6]),
            ])
        func skipped(_ selector: String, _ runs: [Int]) throws {
            #expect(try chosen(selector, by: sandbox()) == runs)
        }

        @Test("in UTC nothing comes twice")
        func utc() throws {
            let sandbox = try sandbox()
            #expect(try chosen("2025-10-26T00:30..2025-10-26T01:30", "--utc", by: sandbox) == [2, 3])
            let lines = try sandbox.waitline("runs", "--all", "--utc", environment: Self.berlin).succeeded().lines
            #expect(lines[3].contains("2025-10-26 02:00:00  ") && lines[4].contains("2025-10-26 01:30:00  "))
        }

        @Test("the two are told apart wherever a time is shown")
        func shown() throws {
            let sandbox = try sandbox()
            let arguments = [
                ["runs", "--all"], ["report", "--by", "run"], ["report", "--by", "run", "--format", "markdown"],
                ["database", "info"], ["span", "0000000000000003"],
            ]
            let outputs = try arguments.map { words in
                try sandbox.run(Project.binary, words, environment: Self.berlin).succeeded().output
            }
            for output in outputs[..<3] {
                #expect(output.contains("2025-10-26 02:30:00 +02:00") && output.contains("2025-10-26 02:30:00 +01:00"))
            }
            #expect(outputs[3].contains("2025-10-26 02:15:00 +02:00 to 2026-03-29 03:01:00 +02:00"))
            #expect(outputs[4].contains("start 2025-10-26 02:30:00.000000 +01:00"))
        }
    }
}
