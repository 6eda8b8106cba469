import Foundation
import Testing

extension Commands {
    /// What is exported is the run, wherever it is imported.
    @Suite("Export")
    @MainActor struct ExportTests {
        nonisolated private static let recordings =
            SampleTrace.allCases.map(\.path) + OddSample.grouped.map(\.sample.path)

        @Test(arguments: recordings)
        func importedElsewhereItGivesTheSameBytes(_ path: String) throws {
            let here = try Sandbox()
            try here.importing(path)
            let file = here.path("run.ndjson")
            try here.waitline("export", "latest", "--output", file).succeeded()
            let there = try Sandbox()
            let imported = try there.importing(file)
            #expect(imported.rejected == 0)
            let commands = [
                ["report", "--format", "json"], ["report", "--width", "100"], ["waterfall", "--format", "json"],
                ["waterfall", "--width", "100"], ["runs", "--all", "--format", "json"],
            ]
            for command in commands {
                let first = try here.run(Project.binary, command).succeeded()
                let second = try there.run(Project.binary, command).succeeded()
                #expect(first.outputBytes == second.outputBytes, "\(command)")
            }
            // Again, from there: the very same lines.
            try there.waitline("export", "latest", "--output", there.path("again.ndjson")).succeeded()
            #expect(try there.read("again.ndjson") == here.read("run.ndjson"))
        }

        @Test func everyLineIsAsItCame() throws {
            let sandbox = try Sandbox()
            let lines = try SampleTrace.before.lines()
            try sandbox.importing(SampleTrace.before.path)
            let output = try sandbox.waitline("export", "latest").succeeded().output
            // Metricsets too: those of the process at its time. The recording begins with its metadata.
            #expect(output.split(separator: "\n").map(String.init) == lines)
            let fromFile = try sandbox.waitline("export", SampleTrace.before.path).succeeded().output
            #expect(fromFile == output)
        }

        /// Two processes, times that only the requests had, a span that only has an offset, one whose transaction never
        /// came, an error, a log and a metricset without times.
        @Test func severalProcessesAndDefaultedTimes() throws {
            let here = try Sandbox()
            func metadata(_ name: String, _ pid: Int) -> String {
                #"{"metadata":{"service":{"name":"\#(name)","agent":{"name":"a","version":"1"}},"process":{"pid":\#(pid)},"system":{"hostname":"h"}}}"#
            }
            func transaction(_ id: String, _ rest: String) -> String {
                #"{"transaction":{"id":"\#(id)","trace_id":"0af7651916cd43dd8448eb211c80319c","name":"t","type":"x","duration":50,"span_count":{"started":0}\#(rest)}}"#
            }
            func span(_ id: String, _ transaction: String, _ rest: String) -> String {
                #"{"span":{"id":"\#(id)","trace_id":"0af7651916cd43dd8448eb211c80319c","parent_id":"\#(transaction)","transaction_id":"\#(transaction)","name":"s","type":"db","duration":5\#(rest)}}"#
            }
            let first = [
                metadata("one", 1), transaction("00000000000000a1", ""),
                span("00000000000000b1", "00000000000000a1", #","start":7.5"#),
                span("00000000000000b2", "00000000000000ff", #","start":3"#),
                #"{"error":{"id":"00000000000000e1","trace_id":"0af7651916cd43dd8448eb211c80319c","parent_id":"00000000000000a1","transaction_id":"00000000000000a1","exception":{"type":"Boom","message":"no"}}}"#,
                #"{"metricset":{"samples":{"a":{"value":1}}}}"#,
            ]
            let second = [
                metadata("two", 2),
                transaction("00000000000000a2", #","parent_id":"00000000000000a1","timestamp":null"#),
                #"{"log":{"message":"said","trace.id":"0af7651916cd43dd8448eb211c80319c"}}"#,
            ]
            for (index, lines) in [first, second].enumerated() {
                let path = try here.write("part\(index).ndjson", lines.joined(separator: "\n") + "\n")
                let time = Date(timeIntervalSince1970: 1_790_000_000 + Double(index) / 1_000)
                try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
                try here.importing(path)
            }
            let file = here.path("run.ndjson")
            try here.waitline("export", "0af7", "--output", file).succeeded()
            let there = try Sandbox()
            let imported = try there.importing(file)
            #expect(imported.rejected == 0)
            #expect(imported.accepted == 7)
            for command in [["waterfall", "--format", "json"], ["report", "--format", "json"], ["waterfall"]] {
                let stored = try here.run(Project.binary, command).succeeded()
                let moved = try there.run(Project.binary, command).succeeded()
                #expect(stored.outputBytes == moved.outputBytes, "\(command)")
            }
            // And it can be read without a database.
            let read = try there.run(Project.binary, ["waterfall", file, "--format", "json"]).succeeded()
            #expect(try read.outputBytes == here.run(Project.binary, ["waterfall", "--format", "json"]).outputBytes)
        }

        @Test func pseudonymsLeaveNoUserAndTheSameFigures() throws {
            let sandbox = try Sandbox()
            let path = SampleTrace.manyBefore.path
            let file = sandbox.path("pseudonyms.ndjson.gz")
            try sandbox.waitline("export", path, "--pseudonyms", "--output", file).succeeded()
            let again = sandbox.path("again.ndjson.gz")
            try sandbox.waitline("export", path, "--pseudonyms", "--output", again).succeeded()
            #expect(try sandbox.read("pseudonyms.ndjson.gz") == sandbox.read("again.ndjson.gz"))
            let plain = try sandbox.run("/bin/sh", ["-c", "gzip -dc \"$1\"", "sh", file]).succeeded().output
            #expect(plain.firstMatch(of: /user-[0-9]{4}(?![0-9a-f])/) == nil)
            let known = try sandbox.report(path)
            let unknown = try sandbox.report(file)
            #expect(known.overall.totalUs == unknown.overall.totalUs)
            #expect(known.overall.waitUs == unknown.overall.waitUs)
            #expect(unknown.groups.count == 1_000)
            #expect(Set(unknown.keys).isDisjoint(with: known.keys))
            // A key of one's own gives others.
            let keyed = sandbox.path("keyed.ndjson.gz")
            try sandbox.waitline(
                "export", path, "--pseudonyms", "--output", keyed, environment: ["WAITLINE_PSEUDONYM_KEY": "mine"]
            ).succeeded()
            #expect(Set(try sandbox.report(keyed).keys).isDisjoint(with: unknown.keys))
        }

        @Test func csvHasARowForEachTask() throws {
            let sandbox = try Sandbox()
            let output = try sandbox.waitline("export", SampleTrace.before.path, "--format", "csv").succeeded()
            let rows = output.lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            #expect(
                rows[0].prefix(10) == [
                    "run", "id", "user", "name", "start_us", "total_us", "wait_us", "work_us", "self_us", "delay_us",
                ])
            let tasks = try sandbox.waterfall(SampleTrace.before.path)
            #expect(rows.count == 4)
            for (row, task) in zip(rows.dropFirst(), tasks.tasks) {
                #expect(row.prefix(4) == [tasks.traceId, task.id, try #require(task.user), "user task"])
                #expect(row[4] == "\(tasks.startUs + task.startUs)")
                #expect(row[5] == "\(try #require(task.totalUs))")
                #expect(row[6] == "\(try #require(task.waitUs))")
            }
            let hidden = try sandbox.waitline("export", SampleTrace.before.path, "--format", "csv", "--pseudonyms")
            #expect(hidden.output.firstMatch(of: /user-[0-9]{4}(?![0-9a-f])/) == nil)
        }

        @Test func pseudonymsStandInTheNamesOfTasksToo() throws {
            let sandbox = try Sandbox()
            let lines = try SampleTrace.before.lines().map { line in
                line.replacing("user task", with: "bill user-0002 and user-00021")
            }
            let file = sandbox.path("named.ndjson")
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: file))
            for format in ["csv", "chrome", "svg", "html"] {
                let hidden = try sandbox.waitline("export", file, "--format", format, "--pseudonyms").succeeded()
                #expect(hidden.output.contains(/bill user-[0-9a-f]{16} and user-00021/), "\(format)")
                #expect(hidden.output.firstMatch(of: /user-0002(?![0-9a-f])/) == nil, "\(format)")
            }
        }

        /// Of a line that is damaged nobody can tell where users stand in it.
        @Test func whatPseudonymsLeaveOutIsSaid() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let damage = """
                import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute("UPDATE transactions SET
                line_length = line_length - 2 WHERE parent_id IS NULL".replace(chr(10), " ")); c.commit()
                """.replacing("\n", with: " ")
            let python = try #require(Project.tool("python3"))
            try sandbox.run(python, ["-c", damage, sandbox.path("test.db")]).succeeded()
            let outcome = try sandbox.waitline("export", "--pseudonyms")
            outcome.remarked("1 line is damaged, and left out")
            #expect(outcome.lines.count == SampleTrace.before.events)
        }

        @Test func aFileIsThereWholeOrNotAtAll() throws {
            let sandbox = try Sandbox()
            try sandbox.waitline("export", "nosuchrun", "--output", sandbox.path("a.ndjson")).failed(3, "no database")
            try sandbox.importing(SampleTrace.before.path)
            try sandbox.waitline("export", "ffffffff", "--output", sandbox.path("a.ndjson")).failed(1, "no run found")
            try sandbox.waitline("export", "latest", "--output", sandbox.path("no/such/folder")).failed(
                3, "cannot write")
            let written = try Files.names(in: sandbox.folder).filter { $0.contains("ndjson") }
            #expect(written == [])
            // What is no file is written as it is, and stays what it is.
            try sandbox.waitline("export", "latest", "--output", "/dev/null").succeeded()
            #expect(!FileManager.default.fileExists(atPath: "/dev/null.part"))
            #expect(
                try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
                    == .typeCharacterSpecial)
        }
    }
}
