import Foundation
import Testing

extension EndToEnd {
    /// What is lost, or is hardly meant, is said: on the way in, of a file that is only read, and in the database.
    @Suite("Lost events")
    struct LostEventsTests {
        private static let trace = #""trace_id":"51831aa63b37387a0e100dc8daa4d14a""#

        /// A service's task and its span, of the ids that all have.
        private static func stream(_ service: String, duration: Int, user: String) -> [UInt8] {
            let rest = #""timestamp":1795406603000000,"duration":\#(duration),"span_count":{"started":1}"#
            return Array(
                """
                {"metadata":{"service":{"name":"\(service)","agent":{"name":"python","version":"6"}}}}
                {"transaction":{"id":"00000000000000bb",\(trace),"name":"t","type":"task",\(rest),\
                "context":{"user":{"id":"\(user)"}}}}
                {"span":{"id":"00000000000000cc",\(trace),"parent_id":"00000000000000bb","name":"q","type":"db",\(rest)}}

                """.utf8)
        }

        private static let sameIDs =
            stream("billing", duration: 500, user: "u1")
            + stream("other", duration: 600, user: "u2")
        private static let lost = "2 events of - left out: another event with the same id came first"

        private func info(_ sandbox: Sandbox) throws -> InformationAnswer {
            try sandbox.waitline("database", "info", "--format", "json").succeeded().decoded()
        }

        @Test(arguments: [false, true])
        func anEventWithAnothersIDIsNoDuplicate(_ isServed: Bool) throws {
            let sandbox = try Sandbox()
            let server = isServed ? try RunningServe(sandbox) : nil
            let first = try sandbox.waitline("import", "-", input: Self.sameIDs)
            first.remarked(Self.lost)
            #expect(
                first.output == "4 events accepted, 0 of them stored before, 2 of them left out, 0 lines rejected\n")
            let again = try sandbox.waitline("import", "--format", "json", "-", input: Self.sameIDs)
            let answer: ImportAnswer = try again.remarked(Self.lost).decoded()
            #expect(answer.accepted == 4 && answer.duplicates == 2 && answer.conflicts == 2 && answer.rejected == 0)
            if let server {
                let figures = try server.request("GET", "/metrics").body
                #expect(figures.contains("waitline_events_rejected_total{reason=\"same_id\"} 4\n"))
                #expect(figures.contains("waitline_events_accepted_total 4\n"))
                server.stop()
            }
            let losses = try info(sandbox).losses
            #expect(losses.map(\.reason) == ["another event with the same id came first"])
            #expect(losses.map(\.count) == [4] && losses.map(\.unit) == ["lines"])
            let documents = losses.flatMap(\.offenders).compactMap(\.document)
            #expect(documents.count == 4)
            #expect(
                documents.last == "span 00000000000000cc with another service, duration; "
                    + "trace 51831aa63b37387a0e100dc8daa4d14a")
            #expect(losses.flatMap(\.offenders).allSatisfy { $0.service == "other" })
            #expect(try sandbox.waterfall().rows.map(\.service) == ["billing", "billing"])
        }

        @Test func aFileThatIsReadSaysSoToo() throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write("same.ndjson", Self.sameIDs)
            let lost = Self.lost.replacing(" - ", with: " \(file) ")
            for arguments in [
                ["waterfall", file], ["report", file], ["export", file], ["span", "00000000000000cc", "--run", file],
            ] {
                try sandbox.run(Project.binary, arguments).remarked(lost)
            }
            // Between two files it is the same, and the same file twice loses nothing.
            let other = try sandbox.write("other.ndjson", Self.stream("other", duration: 600, user: "u2"))
            let first = try sandbox.write("first.ndjson", Self.stream("billing", duration: 500, user: "u1"))
            try sandbox.waitline("report", "\(first),\(other)").remarked("2 events of \(first),\(other) left out")
            try sandbox.waitline("report", "\(first),\(first)").succeeded()
        }

        /// Lines without a time of their own get that of the file, each time another; an export fills it in.
        @Test func whatIsImportedAgainIsADuplicateWheneverItWas() throws {
            let sandbox = try Sandbox()
            let text = String(decoding: Self.stream("billing", duration: 500, user: "u1"), as: UTF8.self)
            let timeless = text.replacing(#""timestamp":1795406603000000,"#, with: "")
                .replacing(#""type":"db","duration""#, with: #""type":"db","start":3,"duration""#)
            let error = #"{"error":{"id":"e",\#(Self.trace),"parent_id":"00000000000000bb","log":{"message":"m"}}}"#
            let file = try sandbox.write("timeless.ndjson", timeless + error + "\n")
            try sandbox.run("/bin/sh", ["-c", "touch -d '2026-11-01 10:00' \"$1\"", "sh", file]).succeeded()
            #expect(try sandbox.importing(file).duplicates == 0)
            let exported = try sandbox.waitline("export").succeeded().outputBytes
            #expect(exported.count > timeless.utf8.count)
            try sandbox.run("/bin/sh", ["-c", "touch -d '2026-11-02 10:00' \"$1\"", "sh", file]).succeeded()
            #expect(try sandbox.importing(file).duplicates == 3)
            let copy = try sandbox.write("exported.ndjson", exported)
            #expect(try sandbox.importing(copy).duplicates == 3)
            #expect(try info(sandbox).losses.isEmpty)
        }

        private static func times(_ time: String) -> [UInt8] {
            Array(
                String(decoding: stream("billing", duration: 500, user: "u1"), as: UTF8.self)
                    .replacing("1795406603000000", with: time).utf8)
        }

        @Test(arguments: [
            ("1795406603", "timestamps look like seconds: microseconds are expected", "seconds"),
            ("1795406603000", "timestamps look like milliseconds: microseconds are expected", "milliseconds"),
            ("1795406603000000000", "timestamps look like nanoseconds: microseconds are expected", "nanoseconds"),
            (#""1999-12-31T23:59:59Z""#, "timestamps before the year 2000 or more than a day ahead", nil),
        ])
        func timesThatAreHardlyMeantAreStoredAndTold(_ time: String, _ reason: String, _ unit: String?) throws {
            let sandbox = try Sandbox()
            let imported = try sandbox.waitline("import", "--format", "json", "-", input: Self.times(time))
            let answer: ImportAnswer = try imported.remarked("2 events of -: \(reason)").decoded()
            #expect(answer.accepted == 2 && answer.conflicts == 0)
            let information = try info(sandbox)
            #expect(information.losses.isEmpty)
            #expect(information.oddTimes.map(\.reason) == [reason])
            #expect(information.oddTimes.map(\.count) == [2] && information.oddTimes.map(\.unit) == ["events"])
            #expect(information.oddTimes.map(\.looksLike) == [unit])
            #expect(information.oddTimes.flatMap(\.offenders).compactMap(\.line) == [2, 3])
            let text = try sandbox.waitline("database", "info").succeeded().output
            #expect(text.contains("nothing was rejected") && text.contains("2 events") && text.contains(reason))
            let file = try sandbox.write("odd.ndjson", Self.times(time))
            try sandbox.waitline("report", file).remarked("2 events of \(file): \(reason)")
            try sandbox.waitline("report").succeeded()
        }

        @Test func aServerWarnsOfThemOnce() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            for _ in 1...3 {
                let answer = try server.post(Self.times("1795406603"))
                #expect(answer.status == 202)
            }
            let figures = try server.request("GET", "/metrics").body
            #expect(figures.contains("waitline_events_odd_time_total 6\n"))
            server.stop(saying: ["timestamps look like seconds: microseconds are expected"])
            #expect(try info(sandbox).oddTimes.map(\.count) == [6])
        }
    }
}
