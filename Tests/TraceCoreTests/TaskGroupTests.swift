import TestSupport
import Testing

@testable import TraceCore

@Suite("Groups of tasks")
struct TaskGroupTests {
    @Test("two slots, three users: the third waits for the first to end")
    func drawn() throws {
        let drawing = Drawing(
            """
            run |==============|
            u1  |########      |
            u2  |####          |
            u3  |....#######   |
            u4  |........######|
            """)
        let analysis = drawing.analysis
        let group = try #require(analysis.groups.first)
        #expect(group.slots == 2)
        #expect(group.kind == .slots)
        #expect(group.reading == .start)
        #expect(group.occupancy == 1)
        #expect(group.waited == 2)
        #expect(drawing.states("u3") == "????#######")
        #expect(drawing.states("u4") == "????????######")
        #expect(analysis.releasedBy("u3") == "u2")
        #expect(analysis.releasedBy("u4") == "u1")
        #expect(analysis.releasedBy("u1") == nil)
        #expect(try analysis.breakdown("u4").waitSources == [.inferred])
        #expect(
            group.criticalChain(in: analysis.trace).map { analysis.trace.text(group.members[$0].transaction) } == [
                "u4", "u1",
            ])
    }

    @Test("time between admission and the first work is the task's own; an open wait span says itself")
    func ownAfterAdmission() {
        let drawing = Drawing(
            """
            u1 |.###        |
            u2 |.~~..###    |
            """)
        #expect(drawing.analysis.groups.first?.lag == 10)
        #expect(drawing.states("u2") == "?~~?.###")
    }

    @Test("the same parent, service and name; sampled; at least two; of several processes where none shows a line")
    func membership() {
        var batch = EventBatch()
        let first = batch.addProcess(pid: 1)
        let same = batch.addProcess(service: "other metadata", pid: 1)
        let pid = batch.addProcess(pid: 2)
        let host = batch.addProcess(host: "\u{E9}", pid: 1)
        let node = batch.addProcess(pid: 1, node: "n")
        let (service, name) = (batch.symbols.intern("other"), batch.symbols.intern("other"))
        let runner = batch.symbols.intern("runner")
        batch.transaction("a", parent: "p", process: first)
        batch.transaction("b", parent: "p", process: same) { $0.service = runner }
        batch.transaction("c", parent: "p", process: pid)
        batch.transaction("d", parent: "p", process: host)
        batch.transaction("e", parent: "p", process: node)
        batch.transaction("f", parent: "p") { $0.service = service }
        batch.transaction("g", parent: "p") { $0.name = name }
        batch.transaction("h", parent: "q")
        batch.transaction("i", parent: "p") { $0.sampled = false }
        batch.transaction("j")
        batch.transaction("k")
        let analysis = TraceAnalysis(batch.firstTrace)
        #expect(analysis.groups.count == 1)
        let group = analysis.groups.first
        #expect(group?.members.map { analysis.trace.text($0.transaction) } == ["a", "b", "c", "d", "e"])
        #expect(group?.scope == .service && group?.processes == 4)
        #expect(analysis.place(analysis.trace.index("b")) == TraceAnalysis.Place(group: 0, member: 1))
        #expect(analysis.place(analysis.trace.index("f")) == nil)
        #expect(analysis.unsampled == 1)
    }

    @Test("names that are canonically equivalent are two")
    func namesAsBytes() {
        let batch = EventBatch.filled {
            let (composed, decomposed) = ($0.symbols.intern("\u{E9}"), $0.symbols.intern("e\u{301}"))
            $0.transaction("a", parent: "p") { $0.name = composed }
            $0.transaction("b", parent: "p") { $0.name = decomposed }
        }
        #expect(TraceAnalysis(batch.firstTrace).groups.isEmpty)
    }

    @Test("the later reading: a lookup before the semaphore")
    func later() throws {
        let drawing = Drawing(
            """
            u1 |#####       |
            u2 |#....####   |
            u3 |#........###|
            """)
        let group = try #require(drawing.analysis.groups.first)
        #expect(group.reading == .later)
        #expect(group.slots == 1)
        #expect(group.waited == 2)
        #expect(drawing.states("u3") == "#????????###")
        #expect(drawing.states("u2") == "#????####")
        #expect(group.members.map(\.taking) == [0, 50, 90].map { Drawing.origin + $0 })
    }

    @Test("the gap of the later reading is the longest, the earliest of equals, empty where nothing is free")
    func longestGap() {
        func gap(_ text: String) -> Interval {
            let trace = Drawing(unit: 1, text).trace
            let spans = TaskSpansIndex(trace, words: .standard).spans(of: trace.index("u1"))
            return Interval(
                start: spans.longestGap.start - Drawing.origin, end: spans.longestGap.end - Drawing.origin)
        }
        #expect(gap("u1 |.#..~..#|") == Interval(start: 2, end: 4))
        #expect(gap("u1 |..#...|") == Interval(start: 3, end: 6))
        #expect(gap("u1 |##~~##|") == Interval(start: 0, end: 0))
        #expect(gap("u1 |  ..|") == Interval(start: 2, end: 4))
        #expect(gap("u1 ||") == Interval(start: 0, end: 0))
    }

    @Test("the gap at the start ends with the first work, of a child transaction too; without work it is the task")
    func leadingGap() {
        func gap(_ text: String) -> Int64 {
            let trace = Drawing(unit: 1, text).trace
            return TaskSpansIndex(trace, words: .standard).spans(of: trace.index("u1")).leadingGap.length
        }
        #expect(gap("u1 |.~~.##|") == 4)
        #expect(gap("u1 |.~~...|") == 6)
        #expect(gap("u1 |......|\n  t |  ==  |") == 2)
        #expect(gap("u1 |  ....|\n  s |###   |") == 0)
    }

    @Test("processes that show lines of their own are groups of their own, unless one limit explains twice as much")
    func processes() throws {
        /// Two processes, each with slots of its own, or both with two slots in common.
        func groups(inCommon: Bool) -> [TaskGroup] {
            let batch = EventBatch.filled { batch in
                let processes = [batch.addProcess(pid: 1), batch.addProcess(pid: 2)]
                var free: [[Int64]] = inCommon ? [[0, 0]] : [[0, 0], [0, 0]]
                for task in 0..<60 {
                    let place = task % 2
                    let pool = inCommon ? 0 : place
                    let slot = free[pool][0] <= free[pool][1] ? 0 : 1
                    let taking = free[pool][slot]
                    free[pool][slot] = taking + 900 + Int64(task * task * 37 % 211)
                    batch.task("\(task)", start: 0, end: free[pool][slot], work: [taking..<free[pool][slot]])
                    for event in batch.events.indices.suffix(2) { batch.events[event].process = processes[place] }
                }
            }
            return TraceAnalysis(batch.firstTrace).groups
        }
        let apart = groups(inCommon: false)
        #expect(apart.map(\.slots) == [2, 2] && apart.allSatisfy { $0.scope == .process && $0.kind == .slots })
        let common = groups(inCommon: true)
        #expect(common.map(\.slots) == [2])
        #expect(common.first?.scope == .service && common.first?.kind == .slots && common.first?.processes == 2)
    }

    @Test("two containers with one host name and pid are two processes")
    func containers() throws {
        let batch = EventBatch.filled { batch in
            var processes: [Int] = []
            for name in ["a", "b"] {
                let process = batch.addProcess(service: "s \(name)", pid: 1)
                batch.processes[process].container = batch.symbols.intern(name)
                processes.append(process)
            }
            for (task, process) in (processes + processes).enumerated() {
                let start = Int64(task / 2) * 100
                batch.task("\(task)", start: 0, end: start + 100, work: [start..<start + 100])
                for event in batch.events.indices.suffix(2) { batch.events[event].process = process }
            }
        }
        let groups = TraceAnalysis(batch.firstTrace).groups
        #expect(groups.map(\.members.count) == [2, 2])
        #expect(groups.allSatisfy { $0.kind == .slots && $0.slots == 1 })
    }

    @Test(
        "the later reading must explain a hundredth of the durations",
        arguments: [(0, .later), (1, .start)] as [(Int64, TaskGroup.Reading)])
    func hundredth(extra: Int64, expected: TaskGroup.Reading) throws {
        let batch = EventBatch.filled {
            $0.task("u0", start: 0, end: 10_000, work: [0..<10_000])
            $0.task(
                "u1", start: 9_700, end: 19_900 + extra, work: [9_700..<9_798, 10_000..<19_900 + extra])
        }
        let group = try #require(TraceAnalysis(batch.firstTrace).groups.first)
        #expect(group.reading == expected)
        #expect(group.kind == (expected == .later ? .slots : nil))
    }

    @Test(
        "a dense group: held for half of its window; only there is a delay",
        arguments: [(300, 300), (301, 0)] as [(Int64, Int64)])
    func dense(start: Int64, delay: Int64) throws {
        let analysis = TraceAnalysis(
            EventBatch.filled {
                $0.task("u0", start: 0, end: 100, work: [0..<100])
                $0.task("u1", start: start, end: start + 100, work: [start..<start + 100])
            }.firstTrace)
        let group = try #require(analysis.groups.first)
        #expect(group.slots == 1)
        #expect(group.isDense == (delay > 0))
        #expect(group.makespan == start + 100)
        #expect(try analysis.breakdown("u1").delay == delay)
        #expect(try analysis.breakdown("u1").turnaround == delay + 100)
        #expect(try analysis.breakdown("u0").delay == 0)
    }

    @Test("a group in which nobody holds has no slots, no pool and no delay")
    func nobodyHolds() throws {
        let drawing = Drawing(
            """
            u1 |...  |
            u2 |  ...|
            """)
        let group = try #require(drawing.analysis.groups.first)
        #expect(group.slots == 0)
        #expect(group.kind == nil)
        #expect(!group.isDense)
        #expect(drawing.states("u2") == "...")
        #expect(try drawing.analysis.breakdown("u2").delay == 0)
    }

    @Test("of groups with most tasks the largest is the first by start, parent and name, whatever their services")
    func largest() {
        let analysis = TraceAnalysis(
            EventBatch.filled { batch in
                func symbol(_ text: String) -> Symbol { batch.symbols.intern(text) }
                let texts = [("a", "y"), ("b", "x"), ("c", "z")].map { (symbol($0.0), symbol($0.1)) }
                for (number, (service, name)) in (texts + texts).enumerated() {
                    batch.transaction("\(number)", parent: "p", start: 5) { ($0.service, $0.name) = (service, name) }
                }
            }.firstTrace)
        let symbols = analysis.trace.symbols
        #expect(analysis.groups.map { symbols[$0.service] } == ["a", "b", "c"])
        #expect(analysis.largestGroup.map { symbols[$0.service] } == "b")
    }

    @Test("groups are ordered by start, parent and name; the largest is the first of those with most tasks")
    func order() {
        let analysis = TraceAnalysis(
            EventBatch.filled {
                let (first, second) = ($0.symbols.intern("first"), $0.symbols.intern("second"))
                for (id, parent, name) in [
                    ("1", "q", first), ("2", "p", second), ("3", "p", first), ("4", "q", first), ("5", "p", second),
                    ("6", "p", first),
                ] {
                    $0.transaction(id, parent: parent, start: 5) { $0.name = name }
                }
                $0.transaction("0", parent: "z", start: 9)
                $0.transaction("00", parent: "z", start: 9)
            }.firstTrace)
        let trace = analysis.trace
        #expect(
            analysis.groups.map { "\($0.parent.text) \(trace.symbols.text($0.name) ?? "")" } == [
                "p first", "p second", "q first", "z ",
            ])
        #expect(analysis.largestGroup?.parent == Identifier("p"))
        #expect(analysis.largestGroup.flatMap { trace.symbols.text($0.name) } == "first")
    }
}
