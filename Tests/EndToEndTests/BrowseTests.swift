import Foundation
import Testing

extension EndToEnd {
    /// The browser on a real terminal: keys in, a screen out.
    @Suite("Browsing", .serialized)
    struct BrowseTests {
        private static let run = "\(Project.sampleTraces)/failing-users.ndjson"

        @Test("walks through a run at every size", arguments: [(80, 24), (120, 40), (40, 15)])
        func walking(columns: Int, rows: Int) throws {
            let sandbox = try Sandbox()
            let size = "\(columns)x\(rows)"
            guard
                let terminal = try TerminalMultiplexer(
                    sandbox, columns: columns, rows: rows, [Project.binary, "browse", "--utc", Self.run])
            else { return }
            try terminal.check(golden: "browse-\(size)", showing: "row 1 of")
            try terminal.type("j", "e")
            try terminal.check(golden: "browse-\(size)-failure", showing: "row 8 of")
            try terminal.type("Tab")
            try terminal.check(golden: "browse-\(size)-details", showing: "transaction ")
            try terminal.type("Escape")
            try terminal.wait(for: "the pane to close") { !$0.contains("details") }
            try terminal.type("+", "+")
            try terminal.check(golden: "browse-\(size)-zoom", showing: "whole run")
            try terminal.type("r")
            try terminal.check(golden: "browse-\(size)-report", showing: "wait share")
            try terminal.type("q", "L")
            try terminal.check(golden: "browse-\(size)-lanes", showing: "lane ")
            try terminal.type("q")
            try terminal.wait(for: "ended with 0")
        }

        @Test("a large run is one line and its exemplars, each of which leads to its task")
        func folded() throws {
            let sandbox = try Sandbox()
            let command = [Project.binary, "browse", SampleTrace.manyBefore.path]
            guard let terminal = try TerminalMultiplexer(sandbox, columns: 80, rows: 24, command) else { return }
            try terminal.check(golden: "browse-80x24-folded", showing: "row 1 of")
            try terminal.type("G", "Enter")
            try terminal.check(golden: "browse-80x24-exemplar", showing: "of 1 005")
            try terminal.type("q")
            try terminal.wait(for: "ended with 0")
        }

        @Test("the list opens a run, and a search there takes letters that are keys elsewhere")
        func list() throws {
            let sandbox = try Sandbox()
            for name in ["before-3users", "after-3users"] {
                try sandbox.waitline("import", "\(Project.sampleTraces)/\(name).ndjson").succeeded()
            }
            guard
                let terminal = try TerminalMultiplexer(
                    sandbox, columns: 80, rows: 24, [Project.binary, "browse", "--utc"])
            else { return }
            try terminal.check(golden: "browse-list", showing: "run 1 of 2")
            try terminal.type("Enter")
            try terminal.wait(for: "3 \u{D7} user task")
            try terminal.type("/")
            try terminal.type(text: "quser")
            try terminal.wait(for: "/quser")
            try terminal.type("BSpace", "BSpace", "BSpace", "BSpace", "BSpace")
            try terminal.type(text: "user-0003")
            try terminal.type("Enter")
            try terminal.wait(for: "/user-0003")
            try terminal.type("Escape")
            try terminal.wait(for: "run 1 of 2")
            try terminal.type("q")
            try terminal.wait(for: "ended with 0")
        }

        @Test("the terminal is as it was after quitting and after signals", arguments: ["q", "INT", "TERM", "HUP"])
        func restoring(end: String) throws {
            let sandbox = try Sandbox()
            guard
                let terminal = try TerminalMultiplexer(
                    sandbox, columns: 80, rows: 24, [Project.binary, "browse", Self.run])
            else { return }
            try terminal.wait(for: "row 1 of")
            if end == "q" {
                try terminal.type("q")
            } else {
                let processID = try #require(try terminal.processID)
                try sandbox.run("/bin/sh", ["-c", "kill -\(end) \(processID)"]).succeeded()
            }
            let screen = try terminal.wait(for: "ended with")
            #expect(!screen.contains("row 1 of"))
            #expect(screen.contains("isig icanon") && screen.contains(" echo echoe"))
            let status = ["q": 0, "INT": 130, "TERM": 143, "HUP": 129][end] ?? -1
            #expect(screen.contains("ended with \(status)"))
        }

        @Test("Ctrl-Z gives the terminal back, and fg draws the screen again") func suspending() throws {
            let sandbox = try Sandbox()
            let shell = try #require(Project.tool("bash"))
            guard
                let terminal = try TerminalMultiplexer(
                    sandbox, columns: 80, rows: 24, [shell, "--norc", "-i"], environment: ["PS1": "shell> "])
            else { return }
            try terminal.wait(for: "shell>")
            try terminal.type(text: "'\(Project.binary)' browse '\(Self.run)'")
            try terminal.type("Enter")
            try terminal.wait(for: "row 1 of")
            try terminal.type("j", "j")
            try terminal.wait(for: "row 3 of")
            try terminal.type("C-z")
            let stopped = try terminal.wait(for: "Stopped")
            #expect(!stopped.contains("row 3 of"))
            try terminal.type(text: "fg")
            try terminal.type("Enter")
            try terminal.wait(for: "row 3 of")
            try terminal.type("j")
            try terminal.wait(for: "row 4 of")
            try terminal.type("q")
            try terminal.wait(for: "the shell's line") { $0.contains("shell>") && !$0.contains("row 4 of") }
        }

        @Test("what is stored meanwhile appears, what is deleted or replaced is said") func following() throws {
            let sandbox = try Sandbox()
            try sandbox.waitline("import", "\(Project.sampleTraces)/before-3users.ndjson").succeeded()
            guard
                let terminal = try TerminalMultiplexer(
                    sandbox, columns: 100, rows: 24, [Project.binary, "browse", "--follow"])
            else { return }
            try terminal.wait(for: "run 1 of 1")
            try sandbox.waitline("import", "\(Project.sampleTraces)/failing-users.ndjson").succeeded()
            try terminal.wait(for: "run 2 of 2")
            try terminal.type("Enter")
            try terminal.wait(for: "3 \u{D7} user task")
            let database = sandbox.path("test.db")
            try sandbox.waitline("database", "backup", database + ".other").succeeded()
            try FileManager.default.removeItem(atPath: database)
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + suffix) }
            try FileManager.default.moveItem(atPath: database + ".other", toPath: database)
            try terminal.wait(for: "the database was replaced by another file")
            try terminal.type("j", "Tab")
            try terminal.wait(for: "not read: the database was replaced")
            try terminal.type("Escape", "Escape")
            try terminal.wait(for: "run 2 of 2")
            try terminal.type("q")
            try terminal.wait(for: "ended with 0")
        }

        @Test("a screen too small says so until it grows, and hostile names stay text") func surroundings() throws {
            let sandbox = try Sandbox()
            let name = "\\u001b[2J\\u001b]0;owned\\u0007\\u202e漢字"
            let metadata = #"{"metadata":{"service":{"name":"s","agent":{"name":"a","version":"1"}}}}"#
            let transaction = """
                {"transaction":{"id":"t1","trace_id":"hostile","name":"\(name)","type":"x","duration":5,\
                "timestamp":1795406603260035,"span_count":{"started":0}}}
                """
            let path = try sandbox.write("hostile.ndjson", metadata + "\n" + transaction + "\n")
            guard
                let terminal = try TerminalMultiplexer(
                    sandbox, columns: 80, rows: 24, [Project.binary, "browse", path], environment: ["NO_COLOR": "1"])
            else { return }
            try terminal.wait(for: "\\u{1b}[2J")
            try terminal.resize(15, 4)
            try terminal.wait(for: "needs 20x5")
            try terminal.resize(80, 24)
            try terminal.wait(for: "row 1 of 1")
            try terminal.type("q")
            try terminal.wait(for: "ended with 0")
        }

        @Test("without a terminal it says what to use instead") func noTerminal() throws {
            let sandbox = try Sandbox()
            try sandbox.waitline("browse", Self.run).failed(2, "waitline waterfall")
            let dumb = try sandbox.waitline(
                "browse", Self.run, environment: ["TERM": "dumb"], output: .terminal(columns: 80))
            #expect(dumb.ending == .exit(2))
            let help = try sandbox.waitline("browse", "--help").succeeded()
            #expect(help.output.contains("--follow"))
        }
    }
}
