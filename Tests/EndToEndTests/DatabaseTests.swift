import Foundation
import Testing

extension EndToEnd {
    /// Databases that cannot be read or written: exit code 3 and one line, and what was there is left as it was.
    @Suite("Databases")
    struct DatabaseTests {
        static let readers = [["runs"], ["report"], ["waterfall"]]
        static let all = readers + [["import", SampleTrace.before.path], ["serve", "--listen", "127.0.0.1:0"]]

        @Test func missing() throws {
            let sandbox = try Sandbox()
            for command in Self.readers {
                try sandbox.run(Project.binary, command).failed(3, "no database at \(sandbox.path("test.db"))")
            }
            #expect(try Files.names(in: sandbox.folder).isEmpty, "a reader makes none")
        }

        @Test(arguments: ["garbage\n", String(repeating: "x", count: 65_536), "SQLite format 3\u{0}and no more"])
        func notADatabase(_ content: String) throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("test.db", content)
            for command in Self.all {
                try sandbox.run(Project.binary, command).failed(3, "\(path) is not a Waitline database")
            }
            #expect(try sandbox.read("test.db") == Array(content.utf8))
        }

        @Test func aFolder() throws {
            let sandbox = try Sandbox()
            try FileManager.default.createDirectory(atPath: sandbox.path("test.db"), withIntermediateDirectories: false)
            for command in Self.all { try sandbox.run(Project.binary, command).failed(3, sandbox.path("test.db")) }
        }

        @Test func ofAnotherProgram() throws {
            let sandbox = try Sandbox()
            try sandbox.sqlite("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')")
            let content = try sandbox.read("test.db")
            for command in Self.all {
                try sandbox.run(Project.binary, command).failed(3, "is not a Waitline database")
            }
            #expect(try sandbox.read("test.db") == content)
        }

        @Test func ofANewerVersion() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            try sandbox.sqlite("INSERT INTO grdb_migrations VALUES ('9999 something to come')")
            for command in Self.all { try sandbox.run(Project.binary, command).failed(3, "newer Waitline") }
            try sandbox.sqlite("DELETE FROM grdb_migrations WHERE identifier LIKE '9999%'")
            #expect(try sandbox.runs().runs.map(\.spans) == [15])
        }

        @Test func lockedByAnotherProgram() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let script = """
                import sqlite3, sys
                other = sqlite3.connect(sys.argv[1], isolation_level=None)
                other.execute("BEGIN IMMEDIATE")
                print("held", flush=True)
                import time
                time.sleep(60)
                """
            let python = try #require(Project.tool("python3"))
            let holder = try ChildProcess(
                python, ["-c", script, sandbox.path("test.db")], environment: sandbox.environment([:]))
            _ = holder.pump(seconds: 30) { !$0.output.isEmpty }
            try #require(String(decoding: holder.output, as: UTF8.self) == "held\n")
            try sandbox.waitline("import", SampleTrace.after.path).failed(3, "locked by another program")
            // Readers do not mind.
            #expect(try sandbox.runs().runs.count == 1)
            holder.signal(SIGKILL)
            _ = holder.finish()
            #expect(try sandbox.importing(SampleTrace.after.path).duplicates == 0)
        }

        @Test func heldByAServer() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            try sandbox.waitline("serve", "--listen", "127.0.0.1:0").failed(3, "held by the server at \(server.url)")
            // The refused one did no harm.
            #expect(try server.request("GET", "/").status == 200)
            server.stop()
        }

        @Test func inAFolderThatCannotBeMade() throws {
            let sandbox = try Sandbox()
            try sandbox.write("file", "")
            let path = sandbox.path("file/below/test.db")
            let environment = ["WAITLINE_DATABASE": path]
            try sandbox.waitline("import", SampleTrace.before.path, environment: environment).failed(3, path)
            try sandbox.waitline("serve", "--listen", "127.0.0.1:0", environment: environment).failed(3, path)
        }

        /// Root may write whatever the permissions say, so that another user is asked.
        @Test func thatMayOnlyBeRead() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let program = sandbox.path("waitline")
            try FileManager.default.copyItem(atPath: Project.binary, toPath: program)
            let trace = try sandbox.write("after.ndjson", try Files.read(SampleTrace.after.path))
            for name in try Files.names(in: sandbox.folder) where name != "waitline" {
                try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: sandbox.path(name))
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: sandbox.folder)
            defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: sandbox.folder) }
            let script = """
                import os, sys
                if os.getuid() == 0:
                    os.setgroups([]); os.setgid(65534); os.setuid(65534)
                os.execv(sys.argv[1], sys.argv[1:])
                """
            let python = try #require(Project.tool("python3"))
            func run(_ arguments: String...) throws -> Outcome {
                try sandbox.run(python, ["-c", script, program] + arguments)
            }
            try run("import", trace).failed(3, sandbox.path("test.db"))
            try run("serve", "--listen", "127.0.0.1:0").failed(3, sandbox.path("test.db"))
            #expect(try run("report", trace).ending == .exit(0), "a file needs no database")
            let runs: RunsAnswer = try run("runs", "--format", "json").succeeded().decoded()
            #expect(runs.runs.map(\.traceId) == [SampleTrace.before.traceID])
        }
    }
}

extension Sandbox {
    /// Runs SQL on the database, as another program.
    func sqlite(_ statements: String) throws {
        let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.close()"
        let python = try #require(Project.tool("python3"))
        _ = try run(python, ["-c", script, path("test.db"), statements]).succeeded()
    }
}
