import Foundation
import Testing

extension Commands {
    /// What `export --format chrome` writes, as Perfetto's viewer reads it.
    @Suite("Chrome's trace events")
    @MainActor struct ChromeExportTests {
        nonisolated private static let recordings =
            SampleTrace.allCases.map(\.path) + OddSample.allCases.map(\.path)
            + ["2-slots", "10-slots", "50-slots"].map { "\(Project.sampleTraces)/\($0).ndjson.gz" }

        private func export(_ path: String, in sandbox: Sandbox, _ options: String...) throws -> String {
            let file = sandbox.path("trace.json")
            let arguments = ["export", path, "--format", "chrome", "--output", file] + options
            try sandbox.run(Project.binary, arguments).succeeded()
            return file
        }

        /// Nothing is lost, misplaced or unknown, and time is where our own JSON says it is.
        @Test(arguments: recordings)
        func perfettoReadsIt(_ path: String) throws {
            guard let engine = PerfettoEngine.shared else { return }
            let sandbox = try Sandbox()
            let file = try export(path, in: sandbox)
            let answers = try engine.answers(
                file, "select name, value from stats where severity in ('error', 'data_loss') and value > 0",
                """
                select category, count(*), sum(dur) / 1000 from slice
                where category in ('task', 'transaction', 'self') group by category order by category
                """,
                "select count(*) from slice where name = 'wait' and extract_arg(arg_set_id, 'args.source') = 'inferred'",
                """
                select count(*) from slice s join slice p on s.parent_id = p.id
                where s.ts < p.ts or s.ts + s.dur > p.ts + p.dur
                """,
                """
                with up as (
                  select id as slice_id, id, arg_set_id from slice
                  union all select s.id, a.id, a.arg_set_id from slice s, ancestor_slice(s.id) a
                )
                select count(distinct flow.id) from flow join up i on i.slice_id = slice_in
                join up o on o.slice_id = slice_out where extract_arg(i.arg_set_id, 'args.released_by') =
                  extract_arg(o.arg_set_id, 'args.id')
                """, "select count(*) from flow", "select count(distinct name) from process where name is not null",
                "select min(ts), max(ts + dur) / 1000 from slice where category != 'error'", in: sandbox)
            #expect(answers[0] == [])
            let run = try sandbox.waterfall(path)
            let transactions = run.rows.filter { $0.kind == "transaction" }
            let states = transactions.compactMap(\.states).joined()
            let own = states.filter { $0.state == "self" }
            let inferred = states.filter { $0.source == "inferred" }
            let selves = answers[1].first { $0.first == "self" }
            // A state that is divided by an admission is two slices, of the same time.
            if !own.isEmpty { #expect(selves?[2] == .number(own.reduce(0) { $0 + $1.durationUs })) }
            let others = answers[1].filter { $0.first != "self" }
            #expect(others.compactMap { Self.number($0[1]) }.reduce(0, +) == transactions.count)
            #expect(answers[2] == [[.number(inferred.count)]])
            #expect(answers[3] == [[0]])
            let released = transactions.count { $0.releasedBy != nil }
            #expect(answers[4] == [[.number(released)]])
            #expect(answers[5] == [[.number(released)]])
            #expect(answers[6] == [[1]])
            #expect(answers[7] == [[0, .number(run.makespanUs)]])
        }

        private static func number(_ value: PerfettoEngine.Value?) -> Int? {
            if case .number(let number)? = value { number } else { nil }
        }

        /// Wherever there is a Python: the file as it is, without the engine.
        @Test(arguments: [SampleTrace.manyBefore, .manyAfter])
        func aThousandUsersStandInFiftyLanes(_ trace: SampleTrace) throws {
            let sandbox = try Sandbox()
            let file = try export(trace.path, in: sandbox)
            let text = String(decoding: try Files.read(file), as: UTF8.self)
            let word = trace == .manyBefore ? "slot" : "lane"
            #expect(text.matches(of: /"name":"(?:slot|lane) \d+"/).count == 50)
            #expect(text.contains("\"name\":\"\(word) 50\"") && !text.contains("\(word) 51"))
            #expect(!text.contains(" beside"))
            guard let engine = PerfettoEngine.shared else { return }
            let answers = try engine.answers(
                file, "select count(*) from thread where name glob '\(word) *'",
                "select t.name, max(c.value) from counter c join counter_track t on t.id = c.track_id group by 1 order by 1",
                """
                select count(*) from slice s join thread_track t on t.id = s.track_id
                join thread using (utid) where s.category = 'task' and thread.name glob '\(word) *' and s.depth = 0
                """, in: sandbox)
            #expect(answers[0] == [[50]])
            #expect(answers[1].map { $0[0] } == ["user task running", "user task waiting"])
            #expect(answers[2] == [[1_000]])
        }

        @Test func pseudonymsLeaveNoUser() throws {
            let sandbox = try Sandbox()
            let text = try Files.read(export(SampleTrace.manyBefore.path, in: sandbox, "--pseudonyms"))
            #expect(String(decoding: text, as: UTF8.self).firstMatch(of: /user-[0-9]{4}(?![0-9a-f])/) == nil)
        }

        @Test func errorsSayWhatWentWrong() throws {
            let sandbox = try Sandbox()
            let text = String(decoding: try Files.read(export(OddSample.failing.path, in: sandbox)), as: UTF8.self)
            let sent = String(decoding: try Files.read(OddSample.failing.path), as: UTF8.self)
            let errors = sent.split(separator: "\n").count { $0.hasPrefix("{\"error\"") }
            #expect(errors > 0 && text.matches(of: /"ph":"i"/).count == errors)
            #expect(text.firstMatch(of: /"cat":"error","s":"t","args":\{"id":"[0-9a-f]+","message":"[^"]+"/) != nil)
            // From the database too, and the same bytes.
            try sandbox.importing(OddSample.failing.path)
            let stored = try sandbox.waitline("export", "latest", "--format", "chrome").succeeded()
            #expect(stored.output == text)
        }
    }
}
