import Foundation
import Testing

extension EndToEnd {
    /// Files on their way into the database: whatever way they take, the same is there in the end.
    @Suite("Import")
    struct ImportTests {
        @Test(arguments: SampleTrace.allCases)
        func aSecondImportAddsNothing(_ trace: SampleTrace) throws {
            let sandbox = try Sandbox()
            let first = try sandbox.importing(trace.path)
            #expect(first.schema == "waitline.import.v1")
            #expect(first.files == 1)
            #expect(first.accepted == trace.events)
            #expect(first.duplicates == 0)
            #expect(first.rejected == 0)
            let stored = try sandbox.runs()
            #expect(stored.runs.map(\.transactions) == [trace.users + 1])
            #expect(stored.runs.map(\.spans) == [5 * trace.users])

            let second = try sandbox.importing(trace.path)
            #expect(second.accepted == trace.events)
            #expect(second.duplicates == trace.events)
            #expect(try sandbox.runs() == stored)
        }

        @Test(arguments: 1...4)
        func orderAndSplittingDoNotMatter(_ seed: Int) throws {
            let sandbox = try Sandbox()
            let lines = try SampleTrace.before.lines()
            var random = SeededRandom(seed: UInt64(seed))
            let events = lines.dropFirst().shuffled(using: &random)
            // Some parts have a single event; each begins with the metadata, as every request does.
            for (number, part) in parts(of: events, using: &random).enumerated() {
                let text = ([lines[0]] + part).joined(separator: "\n") + "\n"
                try sandbox.importing(try sandbox.write("part\(number).ndjson", text))
            }
            for command in ["waterfall", "report"] {
                let whole = try sandbox.waitline(command, SampleTrace.before.path, "--format", "json").succeeded()
                let stored = try sandbox.waitline(command, "latest", "--format", "json").succeeded()
                #expect(stored.outputBytes == whole.outputBytes, "seed \(seed)")
            }
        }

        private func parts(of lines: [String], using random: inout SeededRandom) -> [[String]] {
            var parts: [[String]] = []
            var rest = lines[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...8, using: &random)
                parts.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            return parts
        }

        @Test func gzipPlainAndStandardInputAreTheSame() throws {
            let plain = try Files.read(SampleTrace.before.path)
            let sandbox = try Sandbox()
            let gzip = try sandbox.run("/bin/sh", ["-c", "gzip -c \"$1\"", "sh", SampleTrace.before.path]).succeeded()
            let packed = try sandbox.write("before.ndjson.gz", gzip.outputBytes)
            // Gzip members may follow one another, and gzip need not be named so.
            let twoMembers = try sandbox.write("two.ndjson", gzip.outputBytes + gzip.outputBytes)
            #expect(try sandbox.importing(packed).duplicates == 0)
            #expect(try sandbox.importing(SampleTrace.before.path).duplicates == 25)
            #expect(try sandbox.importing("-", input: plain).duplicates == 25)
            #expect(try sandbox.importing("-", input: gzip.outputBytes).duplicates == 25)
            let report = try sandbox.waitline("report", SampleTrace.before.path).succeeded()
            #expect(try sandbox.waitline("report", packed).succeeded().outputBytes == report.outputBytes)
            #expect(try sandbox.waitline("report", "latest").succeeded().outputBytes == report.outputBytes)
            let answer = try sandbox.importing(twoMembers)
            #expect(answer.accepted == 50)
            #expect(answer.duplicates == 50)
        }

        @Test func severalFilesAreOneImport() throws {
            let sandbox = try Sandbox()
            let answer = try sandbox.importing(SampleTrace.before.path, SampleTrace.after.path, SampleTrace.before.path)
            #expect(answer.files == 3)
            #expect(answer.accepted == 75)
            #expect(answer.duplicates == 25)
            #expect(try sandbox.runs().runs.map(\.traceId) == [SampleTrace.after.traceID, SampleTrace.before.traceID])
        }

        @Test func whileAServerHoldsTheDatabaseItIsPostedThere() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            #expect(try sandbox.importing(SampleTrace.before.path).duplicates == 0)
            #expect(try sandbox.importing(SampleTrace.before.path).duplicates == 25)
            #expect(try sandbox.importing(SampleTrace.manyBefore.path).accepted == 6_007)
            // It can be read while the server runs, and after.
            let running = try sandbox.runs()
            #expect(running.runs.map(\.transactions) == [4, 1_001])
            server.stop()
            #expect(try sandbox.runs() == running)
            for trace in [SampleTrace.before, .manyBefore] {
                let file = try sandbox.waitline("report", "--format", "json", trace.path).succeeded()
                let stored = try sandbox.waitline("report", "--format", "json", trace.traceID).succeeded()
                #expect(stored.outputBytes == file.outputBytes)
            }
        }

        @Test func rejectedLinesAreToldAndTheOthersKept() throws {
            let sandbox = try Sandbox()
            var lines = try SampleTrace.before.lines()
            lines.insert(#"{"span": {"id": "1"}}"#, at: 3)
            lines.insert("nonsense", at: 9)
            let file = try sandbox.write("mixed.ndjson", lines.joined(separator: "\n") + "\n")
            let outcome = try sandbox.waitline("import", "--format", "json", file).failed(
                2, "2 lines of \(file) rejected")
            let answer: ImportAnswer = try outcome.decoded()
            #expect(answer.accepted == 25)
            #expect(answer.rejected == 2)
            #expect(answer.errors.map(\.line) == [4, 10])
            #expect(answer.errors.allSatisfy { $0.file == file && !$0.message.isEmpty })
            #expect(try sandbox.runs().runs.map(\.spans) == [15])
            // What was rejected is told as a server tells it.
            let info = try sandbox.waitline("database", "info").succeeded().output
            #expect(info.contains("validation error: span: ") && info.contains("line 4"))
            #expect(info.contains("did not recognize object type") && info.contains("nonsense"))
            let answered = try sandbox.waitline("report", file).failed(2, "2 lines")
            #expect(answered.outputBytes == (try sandbox.waitline("report", "latest").succeeded().outputBytes))
        }

        @Test func ofOneThereIsNoPlural() throws {
            let sandbox = try Sandbox()
            let lines = try SampleTrace.before.lines()
            let file = try sandbox.write("one.ndjson", [lines[0], lines[1], "nonsense"].joined(separator: "\n") + "\n")
            let outcome = try sandbox.waitline("import", file).failed(2, "1 line of \(file) rejected")
            #expect(outcome.output == "1 event accepted, 0 of them stored before, 1 line rejected\n")
            let checked = try sandbox.waitline("database", "check").succeeded()
            #expect(checked.output == "ok: 1 event in 1 body is as it was sent\n")
        }

        /// A file that is no stream is a loss too, whoever finds it out.
        @Test(arguments: [false, true])
        func aFileThatIsNoStreamIsTold(_ isServed: Bool) throws {
            let sandbox = try Sandbox()
            let server = isServed ? try RunningServe(sandbox) : nil
            try sandbox.waitline("import", "-", input: Array("junk\n".utf8)).failed(2, "no stream")
            server?.stop()
            let info = try sandbox.waitline("database", "info").succeeded().output
            #expect(info.contains("1 request") && info.contains("\"metadata\" or \"m\" required"))
        }

        /// A run without its root that came just now: what a file held is complete when it was read.
        @Test func whatAnImportBroughtIsNotArriving() throws {
            let sandbox = try Sandbox()
            let lines = try SampleTrace.before.lines().filter { !$0.contains("billing run") }
            let file = try sandbox.write("rootless.ndjson", lines.joined(separator: "\n") + "\n")
            #expect(try sandbox.report(file).arriving == 0)
            try sandbox.importing(file)
            #expect(try sandbox.runs().runs.map(\.arriving) == [false])
            #expect(try sandbox.runs("--no-cache").runs.map(\.arriving) == [false])
            #expect(try sandbox.report("latest," + file).arriving == 0)
            let server = try RunningServe(sandbox)
            let other = try sandbox.write("other.ndjson", JoinedFiles.callee)
            try sandbox.importing(other)
            #expect(try sandbox.runs().runs.map(\.arriving) == [false, false])
            // Who sends may go on, whatever is imported meanwhile.
            let caller = String(decoding: JoinedFiles.caller, as: UTF8.self).split(separator: "\n")
            #expect(try server.post(Array("\(caller[0])\n\(caller[2])\n".utf8)).status == 202)
            #expect(try sandbox.runs().runs.filter(\.arriving).map(\.service) == ["stock"])
            try sandbox.importing(other)
            #expect(try sandbox.runs().runs.filter(\.arriving).map(\.service) == ["stock"])
            server.stop()
        }
    }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
