import TestSupport
import Testing

@testable import TraceCore

@Suite("Figures of a run")
struct RunFiguresTests {
    static let seeds: [UInt64] = Array(1...250)

    static func analysis(_ seed: UInt64) -> TraceAnalysis {
        TraceAnalysis(
            EventBatch.random(seed: seed).firstTrace, settings: AnalysisSettings(inference: inference(seed)))
    }

    private static func inference(_ seed: UInt64) -> Inference { Inference.allCases[Int(seed % 3)] }

    static func decoded(_ bytes: [UInt8], parts: FigureParts = .all) -> RunFigures? {
        bytes.withUnsafeBytes { RunFigures(decoding: $0, parts: parts) }
    }

    @Test("come back from their bytes as they were, whatever the run")
    func roundTrip() throws {
        var reused = RunFigures()
        var (groups, releasers, labels) = (0, 0, 0)
        for seed in Self.seeds {
            let figures = RunFigures(Self.analysis(seed))
            let bytes = figures.encoded()
            #expect(Self.decoded(bytes) == figures, "seed \(seed)")
            #expect(bytes.withUnsafeBytes { reused.decode($0) })
            #expect(reused == figures, "seed \(seed), in the memory of others")
            groups += figures.groups.count
            releasers += (0..<figures.tasks.count).count { figures.releaser($0) != nil }
            labels += Int(figures.labels.last)
        }
        #expect(min(groups, releasers, labels) > 100, "the traces are too tame to test anything")
    }

    @Test("keep that a run waited, however little", arguments: [1, 999_999])
    func rounded(part: Int128) throws {
        var figures = RunFigures(Self.analysis(1))
        figures.largestGroup = RunSummary.Group(
            tasks: 2, failed: 0, slots: 1, kind: .slots, waitShare: Share(part, of: 1_000_000))
        #expect(Self.decoded(figures.encoded())?.largestGroup == figures.largestGroup)
    }

    @Test("say of every sampled transaction what the analysis says")
    func tasks() throws {
        for seed in Self.seeds {
            let analysis = Self.analysis(seed)
            let (trace, figures) = (analysis.trace, RunFigures(analysis))
            let events = trace.events.indices.filter { analysis.breakdown($0) != nil }
            let tasks = Set(analysis.tasks)
            try #require(figures.tasks.count == events.count)
            for (task, event) in events.enumerated() {
                let place = analysis.place(event)
                let isSame =
                    figures.tasks.ids[task] == trace.events[event].id
                    && figures.tasks[.start, task] == trace.events[event].start
                    && figures.breakdown(task) == analysis.breakdown(event)
                    && figures.tasks[.isTask, task] == (tasks.contains(event) ? 1 : 0)
                    && figures.tasks[.outcome, task] == UInt32(trace.events[event].outcome.rawValue)
                    && figures.group(task) == place?.group
                    && figures.group(task).map { figures.groups[$0].slots }
                        == place.map { analysis.groups[$0.group].slots }
                    && figures.releaser(task).map { events[$0] } == analysis.releaser(event)
                    && figures.texts[figures.tasks[.user, task]] == trace.symbols.text(trace.events[event].user)
                #expect(isSame, "seed \(seed), \(trace.events[event].id.text)")
            }
        }
    }

    @Test("say of the run what the analysis says")
    func run() {
        for seed in Self.seeds {
            let analysis = Self.analysis(seed)
            let (trace, figures) = (analysis.trace, RunFigures(analysis))
            #expect(figures.id == trace.id)
            #expect(figures.inference == Self.inference(seed))
            #expect(figures.hasRoot == (trace.root != nil))
            #expect(figures.hasGroups == !analysis.groups.isEmpty)
            #expect([figures.start, figures.makespan] == [trace.start, trace.makespan])
            #expect(figures.transactions == trace.transactions.count)
            #expect(figures.spans == trace.events.count - trace.transactions.count)
            #expect(figures.unsampled == analysis.unsampled)
            #expect(figures.largestGroup?.tasks == analysis.largestGroup?.members.count)
            #expect(figures.largestGroup?.slots == analysis.largestGroup?.slots)
        }
    }

    @Test("are the same bytes in whatever order events, symbols and labels came")
    func orderOfInput() {
        for seed in Self.seeds.prefix(50) {
            var batch = EventBatch.random(seed: seed)
            batch.keepFirstOfEach()
            let expected = RunFigures(TraceAnalysis(batch.firstTrace)).encoded()
            var generator = SeededGenerator(seed: seed)
            batch.events.shuffle(using: &generator)
            var merged = EventBatch()
            for name in ["z", "k", "1", "b"] { _ = merged.symbols.intern(name) }
            merged.absorb(batch)
            #expect(RunFigures(TraceAnalysis(merged.firstTrace)).encoded() == expected, "seed \(seed)")
        }
    }

    @Test("that are read in part are those of the whole in that part, and zeros elsewhere")
    func parts() throws {
        let columns: [(FigureParts, [TaskColumns.Number])] = [
            (.states, [.isTask, .outcome, .isIncomplete, .group]), (.users, [.user]), (.names, [.name]),
            (.services, [.service]), (.versions, [.version]), (.labels, [.ownLabels, .sentLabels]),
            (.identities, [.releaser]),
        ]
        for seed in Self.seeds.prefix(15) {
            let figures = RunFigures(Self.analysis(seed))
            let bytes = figures.encoded()
            for (part, numbers) in columns {
                let read = try #require(Self.decoded(bytes, parts: part))
                for column in TaskColumns.Number.allCases {
                    let expected = (0..<figures.tasks.count).map {
                        numbers.contains(column) ? figures.tasks[column, $0] : 0
                    }
                    #expect(
                        (0..<read.tasks.count).map { read.tasks[column, $0] } == expected, "\(column), seed \(seed)")
                }
                for column in TaskColumns.Time.allCases {
                    let expected = (0..<figures.tasks.count).map { part == .states ? figures.tasks[column, $0] : 0 }
                    #expect(
                        (0..<read.tasks.count).map { read.tasks[column, $0] } == expected, "\(column), seed \(seed)")
                }
                #expect(read.tasks.ids == (part == .identities ? figures.tasks.ids : []))
            }
            let head = try #require(Self.decoded(bytes, parts: []))
            let (short, long) = (RunSummary(head, isArriving: true), RunSummary(figures, isArriving: true))
            #expect("\(short)" == "\(long)", "seed \(seed)")
        }
    }

    @Test("of the longest times, of odd ids and of texts with much in common come back")
    func extremes() {
        let longest = Microseconds.tenYears
        for start in [Microseconds.instants.lowerBound, 0, Microseconds.instants.upperBound - longest] {
            let batch = EventBatch.filled { batch in
                for (number, id) in ["0123456789abcdef", "0123456789abcdef0123456789abcdef", "", "\u{0}", "ID"]
                    .enumerated()
                {
                    let user = String(repeating: "user", count: 40) + String(repeating: "x", count: number)
                    let symbol = batch.symbols.intern(user)
                    batch.transaction(id, parent: "run", start: start, duration: longest) {
                        ($0.user, $0.messageAge) = (symbol, longest)
                    }
                }
                batch.transaction("root", start: -start, duration: longest)
            }
            let figures = RunFigures(TraceAnalysis(batch.firstTrace))
            #expect(Self.decoded(figures.encoded()) == figures)
        }
        let spansAlone = RunFigures(TraceAnalysis(EventBatch.filled { $0.span("s") }.firstTrace))
        #expect(Self.decoded(spansAlone.encoded()) == spansAlone)
    }

    @Test(
        "come back where a span that came with an offset begins before any other event can, and where one begins last")
    func offsets() {
        let (first, last, longest) = (
            Microseconds.instants.lowerBound, Microseconds.instants.upperBound, Microseconds.tenYears
        )
        for (owner, offset) in [(first, first), (last, longest)] {
            for start in [0, last - longest, last] {
                let batch = EventBatch.filled { batch in
                    for id in ["a", "b", "c"] {
                        batch.task(id, start: start, end: start + longest, work: [start..<start + longest])
                    }
                    batch.transaction("owner", start: owner, duration: 1)
                    batch.span("s", of: "owner", duration: longest) { $0.offset = offset }
                }
                let figures = RunFigures(TraceAnalysis(batch.firstTrace))
                #expect(figures.groups.contains { $0.delaysFrom == start })
                #expect(Self.decoded(figures.encoded()) == figures, "\(owner), \(start)")
            }
        }
        let alone = EventBatch.filled { batch in batch.span("s", start: last + longest) { $0.offset = longest } }
        let figures = RunFigures(TraceAnalysis(alone.firstTrace))
        #expect(Self.decoded(figures.encoded()) == figures)
    }

    @Test("take little room: 1 000 users behind 50 permits, and a single transaction")
    func size() {
        let batch = EventBatch.filled { batch in
            for user in 0..<Int64(1_000) {
                let symbol = batch.symbols.intern("user-\(1_000 + user)")
                let taking = user / 50 * 213_456
                batch.transaction("", parent: "run", start: user * 7, duration: taking + 213_456 - user * 7) {
                    $0.id = .short(UInt64(user) &* 0x9E37_79B9_7F4A_7C15)
                    $0.user = symbol
                }
            }
        }
        #expect(RunFigures(TraceAnalysis(batch.firstTrace)).encoded().count < 25_000)
        let single = EventBatch.filled { batch in
            let (name, user) = (batch.symbols.intern("GET /invoices"), batch.symbols.intern("user-17"))
            batch.transaction("0123456789abcdef", start: 1_700_000_000_123_456, duration: 213_456) {
                ($0.name, $0.user, $0.outcome) = (name, user, .success)
            }
        }
        #expect(RunFigures(TraceAnalysis(single.firstTrace)).encoded().count < 100)
    }
}
