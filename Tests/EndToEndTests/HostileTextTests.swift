import Foundation
import Testing

extension Commands {
    /// Whatever stands in a trace, a file's name or an argument: what does not belong on a terminal does not get there.
    @Suite("Hostile text")
    @MainActor struct HostileTextTests {
        /// C0 with NUL and ESC, DEL, C1, and everything that turns the direction of writing or ends a line.
        private static let hostile =
            "a\u{0}\u{1B}[31m\u{7}\u{8}\r\n\t\u{7F}\u{85}\u{9B}2J\u{61C}\u{200E}\u{200F}\u{202A}\u{202E}\u{2066}\u{2069}"
            + "\u{2028}\u{2029}\u{1B}]0;title\u{7}z"

        @Test(arguments: [
            ["runs", "--all"], ["waterfall", "--rows", "all"], ["report"], ["report", "--by", "name,version,outcome"],
            ["report", "--by", "run"], ["report", "--by", "service,label:design"],
            ["waterfall", "--width", "39"],
        ])
        func fromATrace(_ command: [String]) throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write(Self.fileName, try Self.trace())
            try sandbox.importing(path)
            for options in [[], ["--ascii", "always"], ["--format", "json"]] {
                let outcome = try sandbox.run(Project.binary, command + options).succeeded()
                expectClean(outcome)
                #expect(!outcome.output.isEmpty)
            }
            // Escapes of our own are no one else's: without them nothing is left.
            let colored = try sandbox.run(Project.binary, command + ["--color", "always"]).succeeded()
            let rest = colored.output.replacing(/\u{1B}\[[0-9;]*m/, with: "")
            #expect(unclean(rest).isEmpty, "\(colored.command)")
            if command[0] != "runs" { expectClean(try sandbox.run(Project.binary, command + [path]).succeeded()) }
        }

        @Test func fromAComparison() throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write(Self.fileName, try Self.trace())
            try sandbox.importing(path)
            for options in [
                [], ["--ascii", "always"], ["--width", "40"], ["--format", "json"], ["--format", "markdown"],
            ] {
                let outcome = try sandbox.run(
                    Project.binary, ["compare", "all", path, "--fail-if", "change(wait) < -90%"] + options)
                #expect(outcome.ending == .exit(0))
                expectClean(outcome)
                #expect(!outcome.output.isEmpty)
            }
            let budgets = ["--fail-if", "each: total > 1us"]
            for options in [[], ["--by", "name"], ["--by", "label:design,user"]] {
                let outcome = try sandbox.run(Project.binary, ["report"] + budgets + options)
                expectClean(outcome.failed(1, "held: "))
            }
        }

        @Test func fromArgumentsAndFileNames() throws {
            let sandbox = try Sandbox()
            let text = Self.hostile.replacing("\u{0}", with: "")
            for arguments in [
                [text], ["--\(text)"], ["report", text], ["report", "/\(text)"], ["report", "--by", text],
                ["report", "--label", text], ["report", "--fail-if", text], ["compare", text, text],
                ["report", "--outcome", text], ["report", "--width", text],
                ["report", "label:\(text)"], ["waterfall", "label:x=\(text)"], ["import", text],
                ["demo", "--traces", text],
                ["runs", "--database", "\(sandbox.folder)/\(text)"], ["serve", "--listen", text],
                ["serve", "--listen", "127.0.0.1:0", "--database", "/dev/null/\(text)"],
            ] {
                let outcome = try sandbox.run(Project.binary, arguments)
                #expect(outcome.ending != .exit(0))
                #expect(outcome.errors.hasPrefix("waitline: ") && outcome.errors.hasSuffix("\n"))
                expectClean(outcome)
            }
        }

        @Test func fromRejectedLines() throws {
            let sandbox = try Sandbox()
            var lines = try SampleTrace.before.lines()
            lines.insert("{\"\u{1B}[31m\u{202E}\": {}}", at: 1)
            lines.insert("{\"\u{202E}x\u{9B}\": {}}", at: 2)
            lines.insert("{\"span\": {\"id\": \"\u{1B}\"}}", at: 3)
            let path = try sandbox.write(Self.fileName, lines.joined(separator: "\n") + "\n")
            for options in [[], ["--format", "json"]] {
                let outcome = try sandbox.run(Project.binary, ["import", path] + options)
                #expect(outcome.ending == .exit(2))
                expectClean(outcome)
            }
            expectClean(try sandbox.waitline("report", path).failed(2, "3 lines"))
        }

        private static var fileName: String { "evil\u{1B}[31m\u{202E}name\u{9B}.ndjson" }

        private func expectClean(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(
                unclean(outcome.output).isEmpty, "\(outcome.command.debugDescription)", sourceLocation: sourceLocation)
            let errors = outcome.errors.hasSuffix("\n") ? String(outcome.errors.dropLast()) : outcome.errors
            let unclean = unclean(errors).union(errors.unicodeScalars.contains("\n") ? ["\n"] : [])
            #expect(unclean.isEmpty, "\(outcome.command.debugDescription)", sourceLocation: sourceLocation)
        }

        private func unclean(_ text: String) -> Set<Unicode.Scalar> {
            Set(
                text.unicodeScalars.filter { scalar in
                    switch scalar.value {
                    case 0x0A: false
                    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
                    default: false
                    }
                })
        }

        /// A run of four tasks in which every text that may be anything is hostile.
        private static func trace() throws -> String {
            var events: [[String: Any]] = []
            let time = 1_795_414_933_885_692
            func add(_ kind: String, _ id: String, _ parent: String?, start: Int, _ more: [String: Any]) {
                var event: [String: Any] = [
                    "id": id + hostile, "trace_id": "trace" + hostile, "name": "\(kind) \(hostile)",
                    "type": "type" + hostile,
                    "duration": 50, "timestamp": time + start,
                ]
                if let parent { event["parent_id"] = parent + hostile }
                events.append([kind: event.merging(more) { $1 }])
            }
            let tags = ["design": hostile, "key" + hostile: hostile]
            add("transaction", "root", nil, start: 0, ["span_count": ["started": 0], "context": ["tags": tags]])
            for number in 0..<4 {
                let context: [String: Any] = ["user": ["id": "\(number)" + hostile], "tags": tags]
                add(
                    "transaction", "task\(number)", "root", start: number,
                    ["span_count": ["started": 1, "dropped": 1], "result": hostile, "context": context])
                add(
                    "span", "span\(number)", "task\(number)", start: number + 10_000 * (number / 2),
                    [
                        "subtype": hostile, "action": hostile, "duration": 20,
                        "transaction_id": "task\(number)" + hostile,
                    ])
            }
            add("span", "orphan", "never", start: 5, [:])
            let agent = ["name": hostile, "version": hostile]
            let service: [String: Any] = [
                "name": "billing", "version": hostile, "environment": hostile, "agent": agent,
                "node": ["configured_name": hostile],
            ]
            let metadata: [String: Any] = [
                "service": service, "system": ["detected_hostname": hostile], "user": ["id": hostile], "labels": tags,
            ]
            return try ([["metadata": metadata]] + events).map { line in
                String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self) + "\n"
            }.joined()
        }
    }
}
