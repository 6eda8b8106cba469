import TestSupport
import Testing
import TraceCore
import TraceExport

/// Everything that `ChromeTraceFile` checks holds of every file that is read here.
@Suite("Chrome's trace events")
struct ChromeTraceTests {
    /// Two slots: c waits for the one that b gives back. d has a wait span of its own.
    private static let run = Drawing(
        """
        run |                    |
        a   |##########          |
        b   |#####               |
        c   |.....##.#####       |
        d   |..........#~~~######|
        """)

    @Test("a task stands in its slot's lane from its admission, its spans and its own code in it")
    func lanes() throws {
        let file = try ChromeTraceFile(TraceAnalysis(Self.run.trace))
        #expect(file.processNames == [1: "runner"])
        #expect(Set(file.threadNames.values) == ["transactions", "slot 1", "slot 2"])
        let first = file.slices(on: "slot 1")
        #expect(first.map(\.name) == ["task", "query", "task", "query", "query", "query"])
        #expect(first.map(\.category) == ["task", "work", "task", "work", "wait", "work"])
        #expect(first.map(\.time) == [0, 0, 100, 100, 110, 140])
        #expect(first.map(\.duration) == [100, 100, 100, 10, 30, 60])
        let second = file.slices(on: "slot 2")
        #expect(second.map(\.name) == ["task", "query", "task", "query", "self", "query"])
        #expect(second.map(\.time) == [0, 0, 50, 50, 70, 80])
    }

    @Test("waits before an admission stand aside, and say for whom and whose slot it was")
    func waits() throws {
        let file = try ChromeTraceFile(TraceAnalysis(Self.run.trace))
        let waits = file.asyncSlices
        #expect(waits.map(\.name) == ["wait", "wait"])
        #expect(Set(waits.map { $0.text("id") }) == ["c", "d"])
        let wait = try #require(waits.first { $0.text("id") == "d" })
        #expect(wait.category == "wait" && wait.time == 0 && wait.duration == 100)
        #expect(wait.text("source") == "inferred")
        #expect(wait.text("released_by") == "a")
    }

    @Test("a task has its figures, as everywhere")
    func figures() throws {
        var run = Self.run
        run.edit("c") { event, symbols in
            event.user = symbols.intern("user-3")
            event.outcome = .failure
        }
        let file = try ChromeTraceFile(TraceAnalysis(run.trace))
        let task = try #require(file.slices.first { $0.text("id") == "c" && $0.category == "task" })
        #expect(task.name == "task: user-3")
        #expect(
            task.text("user") == "user-3" && task.text("outcome") == "failure"
                && task.text("flags") == "outlives-parent,failed")
        #expect(task.text("parent_id") == "run" && task.text("type") == "task")
        #expect(task.number("start_us") == 0 && task.number("duration_us") == 130)
        #expect(task.number("total_us") == 130 && task.number("wait_us") == 50 && task.number("work_us") == 80)
        #expect(task.number("self_us") == 10 && task.number("delay_us") == 0 && task.number("queued_us") == 0)
        #expect(task.text("wait_source") == "inferred" && task.text("released_by") == "b")
        #expect(file.other["trace_id"] as? String == "trace")
        #expect(file.other["origin_us"] as? Int == Int(Drawing.origin))
        #expect(file.other["start_us"] as? Int == Int(Drawing.origin) && file.other["makespan_us"] as? Int == 200)
        #expect(file.other["inference"] as? String == "auto" && file.other["schema"] as? String == "waitline.chrome.v1")
    }

    @Test("an arrow leads from who released to who was released")
    func flows() throws {
        let file = try ChromeTraceFile(TraceAnalysis(Self.run.trace))
        let (starts, ends) = (file.entries.filter { $0.phase == "s" }, file.entries.filter { $0.phase == "f" })
        #expect(starts.map(\.time).sorted() == [49, 99])
        #expect(ends.map(\.time).sorted() == [50, 100])
        #expect(Set(starts.compactMap(\.thread)) == Set(ends.compactMap(\.thread)))
    }

    @Test("counters tell how many run and how many wait")
    func counters() throws {
        let file = try ChromeTraceFile(TraceAnalysis(Self.run.trace))
        let counters = file.entries.filter { $0.phase == "C" }
        #expect(counters.allSatisfy { $0.name == "task" && $0.process == 1 })
        #expect(counters.map(\.time) == [0, 50, 100, 110, 130, 140, 200])
        #expect(counters.map { $0.number("running") } == [2, 2, 2, 1, 0, 1, 0])
        #expect(counters.map { $0.number("waiting") } == [2, 1, 0, 1, 1, 0, 0])
    }

    @Test("errors stand where they belong, with what they say")
    func errors() throws {
        var run = Self.run
        let trace = run.batch.events[0].trace
        func error(_ id: String, parent: String?, at time: Int64) -> SideEvent {
            SideEvent(
                kind: .error, trace: trace, id: Identifier(id), transaction: nil, parent: parent.map { Identifier($0) },
                process: 0, timestamp: time, digest: Digest(high: 0, low: 0), line: BodyRange(offset: 0, length: 0))
        }
        run.batch.sideEvents = [
            error("e1", parent: "c", at: Drawing.origin + 60), error("e2", parent: "d.1", at: Drawing.origin + 120),
            error("e3", parent: "nobody", at: 5),
        ]
        let file = try ChromeTraceFile(TraceAnalysis(run.trace)) { trace in
            trace.errors = [1: ChromeTrace.ErrorText(type: "Timeout", message: "too late")]
        }
        let errors = file.entries.filter { $0.phase == "i" }.sorted { $0.text("id") ?? "" < $1.text("id") ?? "" }
        #expect(errors.map(\.name) == ["Timeout", "error", "error"])
        #expect(errors.map { $0.thread.flatMap { file.threadNames[$0] } } == ["slot 2", "slot 1", nil])
        #expect(errors.map(\.time) == [60, 120, 0])
        #expect(errors[0].text("message") == "too late")
        #expect(errors[2].scope == "p" && errors[2].number("timestamp_us") == 5)
    }

    @Test("spans that do not nest stand beside their lane, each below its own parent")
    func beside() throws {
        let batch = EventBatch.filled {
            $0.transaction("a", start: 0, duration: 100)
            $0.span("one", parent: "a", of: "a", start: 0, duration: 60)
            $0.span("two", parent: "a", of: "a", start: 30, duration: 60)
            $0.span("inner", parent: "two", of: "a", start: 40, duration: 10)
            $0.span("late", parent: "a", of: "a", start: 95, duration: 10)
            $0.span("empty", parent: "a", of: "a", start: 100, duration: 0)
        }
        let file = try ChromeTraceFile(TraceAnalysis(batch.firstTrace))
        func ids(_ thread: String) -> [String?] { file.slices(on: thread).map { $0.text("id") } }
        #expect(ids("transactions") == ["a", "one", "a", "empty"])
        #expect(ids("transactions beside") == ["two", "inner", "late"])
    }

    @Test("each service is a process, each group has threads and counters of its own")
    func services() throws {
        let batch = EventBatch.filled {
            let (other, second) = ($0.symbols.intern("other"), $0.symbols.intern("again"))
            let name = $0.symbols.intern("task")
            for task in ["a", "b"] {
                $0.transaction(task, parent: "run") { $0.name = name }
                $0.transaction("second \(task)", parent: "run") { $0.name = second }
                $0.transaction("child \(task)", parent: task) { $0.service = other }
            }
            $0.span("loose", parent: "nobody", of: "nobody") { $0.service = other }
        }
        let file = try ChromeTraceFile(TraceAnalysis(batch.firstTrace))
        #expect(Set(file.processNames.values) == ["runner", "other"])
        #expect(
            Set(file.threadNames.values) == [
                "task lane 1", "task lane 2", "again lane 1", "again lane 2", "transactions 1", "transactions 2",
                "spans without a transaction",
            ])
        #expect(Set(file.entries.filter { $0.phase == "C" }.map(\.name)) == ["task", "again"])
        #expect(file.slices(on: "transactions 1").first?.name == "(no name)")
    }

    @Test("a message's age comes before its task, and before time 0 of the run")
    func queued() throws {
        var run = Self.run
        run.edit("a") { event, _ in event.messageAge = 500 }
        let file = try ChromeTraceFile(TraceAnalysis(run.trace))
        let wait = try #require(file.asyncSlices.first { $0.text("source") == "message" })
        #expect(wait.time == 0 && wait.duration == 500 && wait.text("id") == "a")
        #expect(file.other["origin_us"] as? Int == Int(Drawing.origin) - 500)
        #expect(file.slices.first { $0.text("id") == "a" }?.time == 500)
    }

    @Test("pseudonyms stand for users, in names and texts too")
    func pseudonyms() throws {
        var run = Self.run
        run.edit("a", "c") { event, symbols in
            event.user = symbols.intern("user-3")
            event.name = symbols.intern("bill user-3")
        }
        let file = try ChromeTraceFile(TraceAnalysis(run.trace)) { trace in
            trace.pseudonym = { _ in "nobody" }
            trace.rewriting = { $0.replacing("user-3", with: "someone") }
        }
        let names = Set(file.slices.map(\.name))
        #expect(names.contains("bill someone: nobody"))
        #expect(!file.entries.contains { "\($0)".contains("user-3") })
    }

    @Test("of any run every event stands somewhere once, and no time is lost", arguments: UInt64(1)...300)
    func anything(seed: UInt64) throws {
        var batch = EventBatch.random(seed: seed)
        batch.keepFirstOfEach()
        let analysis = TraceAnalysis(batch.firstTrace)
        let file = try ChromeTraceFile(analysis)
        let slices = file.slices + file.asyncSlices
        let events = slices.filter { !["self", "wait"].contains($0.name) || $0.arguments["outcome"] != nil }
        #expect(events.count == analysis.trace.events.count, "seed \(seed)")
        let states = slices.filter { $0.arguments["outcome"] == nil }
        func time(_ name: String, _ source: String? = nil) -> Int {
            states.filter { $0.name == name && $0.text("source") == source }.reduce(0) { $0 + $1.duration }
        }
        let breakdowns = analysis.trace.transactions.compactMap { analysis.breakdown($0) }
        #expect(time("self") == breakdowns.reduce(0) { $0 + Int($1.own) }, "seed \(seed)")
        #expect(time("wait", "inferred") == breakdowns.reduce(0) { $0 + Int($1.inferredWait) }, "seed \(seed)")
    }

    @Test("a pool of 50 slots is 50 threads", arguments: [SimulatedPool.Design.semaphore, .queue])
    func pool(design: SimulatedPool.Design) throws {
        var pool = SimulatedPool(tasks: 1_000, slots: 50, arrivals: .spread(over: 1_000), seed: 11)
        pool.design = design
        let file = try ChromeTraceFile(TraceAnalysis(pool.batch.firstTrace))
        #expect(file.threadNames.count == 50)
        #expect(file.slices.count { $0.category == "task" } == 1_000)
        #expect(file.entries.count { $0.phase == "f" } == (design == .semaphore ? 950 : 0))
    }

    @Test("a run of no length, and hostile texts")
    func odd() throws {
        var run = Drawing("u1 ||")
        run.edit("u1") { event, symbols in event.name = symbols.intern("\u{1B}[31m\u{202E}</script>\u{0}\"") }
        let file = try ChromeTraceFile(TraceAnalysis(run.trace))
        #expect(file.slices.map(\.name) == ["\u{1B}[31m\u{202E}</script>\u{0}\""])
    }
}

extension String {
    fileprivate func replacing(_ text: String, with other: String) -> String {
        split(separator: text, omittingEmptySubsequences: false).joined(separator: other)
    }
}
