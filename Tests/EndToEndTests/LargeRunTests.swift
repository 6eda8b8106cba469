import Testing

extension EndToEnd {
    /// Runs and events larger than anyone would draw: answered, and what is left out is said.
    @Suite("Large runs")
    struct LargeRunTests {
        private static let metadata =
            #"{"metadata": {"service": {"name": "billing", "agent": {"name": "python", "version": "6.26.2"}}}}"#

        private static func transaction(
            _ id: String, parent: String? = nil, name: String = "user task", start: Int, milliseconds: Int,
            user: Int? = nil
        ) -> String {
            let parent = parent.map { #""parent_id": "\#($0)", "# } ?? ""
            let context = user.map { #", "context": {"user": {"id": "user-\#($0)"}}"# } ?? ""
            return """
                {"transaction": {"id": "\(id)", "trace_id": "large", \(parent)"name": "\(name)", "type": "user", \
                "timestamp": \(1_795_414_933_000_000 + start), "duration": \(milliseconds), \
                "span_count": {"started": 0}\(context)}}
                """
        }

        /// Tasks that begin together and end one by one, of which 50 work at a time: each has a span for its work.
        private static func tasks(_ count: Int) -> String {
            var lines = [metadata, transaction("root", name: "billing run", start: 0, milliseconds: count / 50 * 10)]
            for number in 0..<count {
                let admitted = number / 50 * 10
                lines.append(
                    transaction("t\(number)", parent: "root", start: 0, milliseconds: admitted + 10, user: number))
                lines.append(
                    """
                    {"span": {"id": "s\(number)", "trace_id": "large", "transaction_id": "t\(number)", \
                    "parent_id": "t\(number)", "name": "bill", "type": "app", \
                    "timestamp": \(1_795_414_933_000_000 + admitted * 1_000), "duration": 10}}
                    """)
            }
            return lines.joined(separator: "\n") + "\n"
        }

        @Test func fiveThousandTasks() throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("large.ndjson", Self.tasks(5_000))
            let picture = try sandbox.waitline("waterfall", path).succeeded()
            #expect(picture.output.contains("5 000 × user task"))
            #expect(picture.output.contains("slots 50"))
            #expect(picture.output.contains(/… [0-9]+ [0-9]{3} of 10 001 rows not shown \(in folds: --rows all\)/))
            #expect(picture.lines.count < 300)
            #expect(picture.lines.allSatisfy { $0.count <= 100 })

            let report = try sandbox.report(path, "--rows", "10")
            #expect(report.tasks == 5_000)
            #expect(report.groups.count == 10)
            #expect(report.groupsLeftOut == 4_990)
            #expect(report.overall.workUs.p50 == 10_000)
            #expect(report.overall.workUs.max == 10_000)
            // The task at n waits for n / 50 others of 10 ms each.
            #expect(report.overall.waitUs.max == 990_000)
            #expect(report.overall.waitUs.sum == (0..<5_000).reduce(0) { $0 + $1 / 50 * 10_000 })
            let text = try sandbox.waitline("report", path).succeeded()
            #expect(text.output.contains("… 4 980 of 5 000 rows not shown (--rows all)"))
        }

        @Test func deepNesting() throws {
            let sandbox = try Sandbox()
            let depth = 2_000
            var lines = [Self.metadata, Self.transaction("d0", name: "top", start: 0, milliseconds: 5_000)]
            for level in 1...depth {
                lines.append(
                    Self.transaction(
                        "d\(level)", parent: "d\(level - 1)", name: "level", start: level, milliseconds: 4_000))
            }
            let path = try sandbox.write("deep.ndjson", lines.joined(separator: "\n") + "\n")
            let answer = try sandbox.waterfall(path)
            #expect(answer.rows.map(\.depth) == Array(0...depth))
            for width in ["30", "100"] {
                let picture = try sandbox.waitline("waterfall", path, "--rows", "all", "--width", width).succeeded()
                #expect(picture.lines.count > depth)
                #expect(picture.lines.allSatisfy { $0.count <= Int(width) ?? 0 })
            }
        }

        @Test func deepJSON() throws {
            let sandbox = try Sandbox()
            func line(_ depth: Int) -> String {
                let custom = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
                return Self.transaction("deep\(depth)", start: 0, milliseconds: 1)
                    .replacing(#""span_count""#, with: #""context": {"custom": {"x": \#(custom)}}, "span_count""#)
            }
            let lines = [Self.metadata, line(5_000), line(100_000)]
            let path = try sandbox.write("json.ndjson", lines.joined(separator: "\n") + "\n")
            let outcome = try sandbox.waitline("import", "--format", "json", path).failed(2, "1 line")
            let answer: ImportAnswer = try outcome.decoded()
            #expect(answer.accepted == 1)
            #expect(answer.errors.map(\.line) == [3])
        }

        @Test func giantNames() throws {
            let sandbox = try Sandbox()
            // As long as a name may be, in letters of four bytes that are two columns wide; one more is too much.
            let longest = String(repeating: "🚀", count: 1_024)
            let lines = [
                Self.metadata, Self.transaction("root", name: longest, start: 0, milliseconds: 10),
                Self.transaction("a", parent: "root", name: longest, start: 0, milliseconds: 4, user: 1),
                Self.transaction("b", parent: "root", name: longest, start: 1, milliseconds: 5, user: 2),
                Self.transaction("c", parent: "root", name: longest + "x", start: 1, milliseconds: 5, user: 3),
                Self.transaction("d", name: String(repeating: "y", count: 400_000), start: 0, milliseconds: 10),
            ]
            let path = try sandbox.write("names.ndjson", lines.joined(separator: "\n") + "\n")
            let outcome = try sandbox.waitline("import", "--format", "json", path).failed(2, "2 lines")
            let answer: ImportAnswer = try outcome.decoded()
            #expect(answer.accepted == 3)
            #expect(answer.errors.map(\.line) == [5, 6])
            #expect(answer.errors.last?.message == "event exceeded the permitted size")
            for command in [["waterfall"], ["report", "--by", "name"], ["runs"]] {
                let picture = try sandbox.run(Project.binary, command + ["--width", "40"]).succeeded()
                for line in picture.lines {
                    #expect(line.reduce(0) { $0 + ($1 == "🚀" ? 2 : 1) } <= 40, "\(line)")
                }
            }
        }
    }
}
