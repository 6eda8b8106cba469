import Foundation
import Testing

extension EndToEnd {
    /// `waitline database prune` and `backup`, `waitline serve --retain`, and databases of earlier versions.
    @Suite("Keeping house")
    struct KeepingHouseTests {
        /// Makes what was imported first as old as that.
        private func age(_ sandbox: Sandbox, days: Int) throws {
            let script = """
                import sqlite3,sys
                c=sqlite3.connect(sys.argv[1]); age=int(sys.argv[2])*86400000000
                c.execute("UPDATE bodies SET request_us = request_us - ? WHERE id = 1", (age,))
                c.execute("UPDATE runs SET request_us = request_us - ? WHERE id IN (SELECT run FROM parts WHERE body = 1)", (age,))
                c.commit()
                """
            let python = try #require(Project.tool("python3"))
            try sandbox.run(python, ["-c", script, sandbox.path("test.db"), "\(days)"]).succeeded()
        }

        private func object(_ outcome: Outcome) throws -> [String: Any] {
            try #require(JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) as? [String: Any])
        }

        private func report(_ sandbox: Sandbox, _ database: String = "test.db") throws -> [UInt8] {
            try sandbox.waitline(
                "report", "all", "--by", "run", "--format", "json", "--database", sandbox.path(database)
            ).succeeded().outputBytes
        }

        @Test func whatIsOldIsPrunedAndTheRestIsAsItWas() throws {
            let (sandbox, other) = (try Sandbox(), try Sandbox())
            try sandbox.importing(SampleTrace.before.path)
            try sandbox.importing(SampleTrace.after.path)
            try other.importing(SampleTrace.after.path)
            try age(sandbox, days: 40)
            let none = try sandbox.waitline("database", "prune", "--older-than", "50d").succeeded().output
            #expect(none.hasPrefix("nothing to remove"))
            let answer = try object(
                try sandbox.waitline("database", "prune", "--older-than", "30d", "--format", "json").succeeded())
            #expect(answer["schema"] as? String == "waitline.database.prune.v1")
            #expect(answer["runs"] as? Int == 1)
            #expect(answer["bodies"] as? Int == 1)
            #expect(answer["file_bytes"] as? Int == (try sandbox.read("test.db")).count)
            #expect(try report(sandbox) == report(other))
            try sandbox.waitline("database", "check").succeeded()
            let all = try sandbox.waitline("database", "prune", "--older-than", "0s")
            all.failed(1, "--everything")
            try sandbox.waitline("database", "prune", "--older-than", "0s", "--everything").succeeded()
            #expect(try sandbox.runs().runs.isEmpty)
            #expect(try sandbox.importing(SampleTrace.after.path).duplicates == 0)
            #expect(try report(sandbox) == report(other))
            try sandbox.waitline("database", "prune", "--older-than", "never").failed(2, "older-than")
            let missing = sandbox.path("none.db")
            try sandbox.waitline("database", "prune", "--older-than", "1d", "--database", missing)
                .failed(3, "no database")
            #expect(!FileManager.default.fileExists(atPath: missing))
        }

        @Test func aServerRemovesWhatIsOldAndPruneSaysSo() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            try sandbox.importing(SampleTrace.after.path)
            try age(sandbox, days: 40)
            let server = try RunningServe(sandbox, "--retain", "30d")
            try sandbox.waitline("database", "prune", "--older-than", "30d").failed(3, "--retain")
            let end = ContinuousClock.now + .seconds(120)
            while try sandbox.runs().runs.count > 1, ContinuousClock.now < end { usleep(200_000) }
            #expect(try sandbox.runs().runs.count == 1)
            server.stop()
            try sandbox.waitline("database", "check").succeeded()
        }

        @Test func aLiveDatabaseIsCopied() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let server = try RunningServe(sandbox)
            let lines = try SampleTrace.after.lines().joined(separator: "\n") + "\n"
            #expect(try server.post(Array(lines.utf8)).status == 202)
            let file = sandbox.path("copy.db")
            let answer = try object(
                try sandbox.waitline("database", "backup", file, "--format", "json").succeeded())
            #expect(answer["schema"] as? String == "waitline.database.backup.v1")
            #expect(answer["runs"] as? Int == 2)
            #expect(answer["file_bytes"] as? Int == (try sandbox.read("copy.db")).count)
            let text = try sandbox.waitline("database", "backup", sandbox.path("second.db")).succeeded().output
            #expect(text.contains("2 runs"))
            server.stop()
            #expect(try report(sandbox, "copy.db") == report(sandbox))
            try sandbox.waitline("database", "check", "--database", file).succeeded()
            let before = try sandbox.read("copy.db")
            try sandbox.waitline("database", "backup", file).failed(2, "is there already")
            #expect(try sandbox.read("copy.db") == before)
            try sandbox.waitline("database", "backup", sandbox.path("no/where.db")).failed(3, "cannot write")
            #expect(try !Files.names(in: sandbox.folder).contains { $0.contains(".part-") })
        }

        /// Puts the kept database of a version into a sandbox.
        private func unpack(_ name: String, into sandbox: Sandbox) throws {
            let tool = try #require(Project.tool("gzip"))
            let packed = try Files.read("\(Project.root)/Tests/Databases/\(name).db.gz")
            let bytes = try sandbox.run(tool, ["-dc"], input: packed).succeeded().outputBytes
            try sandbox.write("test.db", bytes)
        }

        private func kept(_ name: String) throws -> [UInt8] {
            try Files.read("\(Project.root)/Tests/Databases/\(name)")
        }

        @Test func aDatabaseOfVersionOneSaysWhatItSaidThen() throws {
            let sandbox = try Sandbox()
            try unpack("version-1", into: sandbox)
            try sandbox.waitline("runs").failed(3, "older Waitline")
            let imported = try sandbox.importing(SampleTrace.before.path)
            #expect(imported.duplicates == SampleTrace.before.events)
            let answers = [
                ("version-1.runs.json", ["runs", "--all", "--format", "json"]),
                ("version-1.report.json", ["report", "all", "--by", "run", "--rows", "all", "--format", "json"]),
                ("version-1.waterfall.json", ["waterfall", "latest", "--format", "json"]),
            ]
            for (file, arguments) in answers {
                let answer = try sandbox.run(Project.binary, arguments).succeeded().outputBytes
                let kept = try JSONSerialization.jsonObject(with: Data(try kept(file)))
                let said = try JSONSerialization.jsonObject(with: Data(answer))
                #expect(Self.missing(kept, in: said).isEmpty, "\(file)")
            }
            try sandbox.waitline("database", "check").succeeded()
        }

        /// Where a value does not say what another says; it may say more: members are added.
        private static func missing(_ kept: Any, in said: Any, at path: String = "") -> [String] {
            switch (kept, said) {
            case (let kept as [String: Any], let said as [String: Any]):
                return kept.flatMap { key, value in
                    said[key].map { missing(value, in: $0, at: "\(path).\(key)") } ?? ["\(path).\(key)"]
                }
            case (let kept as [Any], let said as [Any]) where kept.count == said.count:
                return zip(kept, said).enumerated().flatMap { place, pair in
                    missing(pair.0, in: pair.1, at: "\(path)[\(place)]")
                }
            default: return (kept as? NSObject) == (said as? NSObject) ? [] : [path]
            }
        }

        /// SIGKILL while it is brought up to date.
        @Test func aKillWhileItIsBroughtUpToDateLosesNothing() throws {
            for round in 0..<10 {
                let sandbox = try Sandbox()
                try unpack("version-1", into: sandbox)
                let child = try ChildProcess(
                    Project.binary, ["import", SampleTrace.before.path], environment: sandbox.environment([:]))
                let end = ContinuousClock.now + .seconds(60)
                let lock = sandbox.path("test.db.lock")
                while !FileManager.default.fileExists(atPath: lock), ContinuousClock.now < end { usleep(100) }
                usleep(UInt32(round * 1_500))
                child.signal(SIGKILL)
                _ = child.finish(seconds: 60)
                #expect(try sandbox.importing(SampleTrace.before.path).duplicates == SampleTrace.before.events)
                let answer = try sandbox.waitline("runs", "--all", "--format", "json").succeeded().outputBytes
                #expect(try answer == kept("version-1.runs.json"))
                try sandbox.waitline("database", "check").succeeded()
            }
        }
    }
}
