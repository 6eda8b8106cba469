import TestSupport
import Testing

@testable import TraceCore

@Suite("Comparisons")
struct ComparisonTests {
    /// Users behind some slots. `isVisible` opens each task at once, as behind a semaphore; otherwise when its turn
    /// comes, as from a queue.
    private func run(
        _ id: String = "a", users: Int = 40, slots: Int = 4, isVisible: Bool = true, first: Int = 0,
        hold: (Int) -> Int64 = { 1_000 + Int64($0 * 37 % 200) }
    ) -> RunFigures {
        var batch = EventBatch.filled { _ in }
        var free = [Int64](repeating: 0, count: slots)
        for user in first..<first + users {
            let slot = free.indices.min { free[$0] < free[$1] } ?? 0
            let (start, end) = (free[slot], free[slot] + hold(user))
            free[slot] = end
            let (name, opened) = ("user \(user)", isVisible ? 0 : start)
            var task = batch.event(.transaction, name, start: opened, duration: end - opened, of: id)
            task.parent = Identifier("run")
            task.user = batch.symbols.intern(name)
            var span = batch.event(.span, "\(name) work", start: start, duration: end - start, of: id)
            span.parent = Identifier(name)
            span.transaction = Identifier(name)
            batch.events += [task, span]
        }
        return RunFigures(TraceAnalysis(batch.firstTrace))
    }

    private func compare(_ a: [RunFigures], _ b: [RunFigures], filter: TaskFilter = TaskFilter()) -> Comparison {
        var builder = ComparisonBuilder(filter: filter)
        for figures in a { builder.add(figures, to: .a, isArriving: false) }
        for figures in b { builder.add(figures, to: .b, isArriving: true) }
        return builder.comparison()
    }

    @Test("the queue in the place of the semaphore: the measurement changed, the speed did not")
    func measurement() {
        let comparison = compare([run()], [run("b", isVisible: false)])
        #expect(comparison.verdict == .measurement)
        #expect(comparison.isPaired)
        #expect(comparison.usersLeftOut == 0)
        #expect(comparison.a.slots == 4 && comparison.b.slots == 4)
        #expect(comparison[.duration].isReal)
        #expect(comparison[.wait].isReal && comparison[.wait].b.sum == 0)
        #expect(!comparison[.work].isReal && comparison[.work].test?.p == 1)
        #expect(comparison[.turnaround].change.tenThousandths == 0)
        #expect(comparison[.makespan].test == nil)
        #expect(comparison[.makespan].counts == (1, 1))
        #expect(comparison[.makespan].change.tenThousandths == 0)
        #expect(comparison[.duration].test?.kind == .wilcoxon)
        #expect(comparison.b.arriving == 1 && comparison.a.arriving == 0)
    }

    @Test("tasks that take twice as long: the work changed")
    func work() throws {
        let comparison = compare([run()], [run("b") { 2 * (1_000 + Int64($0 * 37 % 200)) }])
        #expect(comparison.verdict == .work)
        #expect(comparison[.work].change.tenThousandths == 10_000)
        #expect(comparison.usersByWork.count == 5)
        let most = try #require(comparison.usersByWork.first)
        #expect(most.b == 2 * most.a)
        #expect(most.tasksOfA == 1 && most.tasksOfB == 1)
        #expect(comparison.usersByWork.map { $0.b - $0.a } == comparison.usersByWork.map { $0.b - $0.a }.sorted(by: >))
    }

    @Test("twice the slots: the scheduling changed")
    func scheduling() {
        let comparison = compare([run()], [run("b", slots: 8)])
        #expect(comparison.verdict == .scheduling)
        #expect(!comparison[.work].isReal)
        #expect(comparison[.turnaround].isReal)
        #expect(comparison.a.slots == 4 && comparison.b.slots == 8)
    }

    @Test("the same run twice: no change, and it is said that it is the same")
    func none() {
        let comparison = compare([run(), run("c")], [run(), run("d", slots: 5)])
        #expect(comparison.runsOnBothSides == 1)
        #expect(comparison.verdict == .none || comparison.verdict == .scheduling)
        #expect(comparison.b.slots == nil, "the runs differ")
        let same = compare([run()], [run()])
        #expect(same.verdict == .none)
        #expect(same.isTested)
        #expect(same.runsOnBothSides == 1)
        #expect(same.quantities.allSatisfy { !$0.isReal })
        #expect(same.usersByWork.isEmpty)
    }

    @Test("fewer than eight values: no test, whatever the medians say")
    func tooFew() {
        let comparison = compare([run(users: 7)], [run("b", users: 7) { _ in 90_000 }])
        #expect(comparison.verdict == .none)
        #expect(!comparison.isTested)
        #expect(!comparison.isPaired)
        #expect(comparison.quantities.allSatisfy { $0.test == nil && !$0.isReal })
        #expect(comparison[.work].change.exceeds(percent: 5))
        #expect(compare([], []).verdict == .none)
        #expect(compare([], [])[.work].histogram == nil)
        #expect(compare([run()], []).verdict == .none)
        #expect(compare([run()], [])[.work].change.tenThousandths == -10_000)
    }

    @Test("eight groups a side: their makespans are tested as well")
    func makespans() {
        let comparison = compare(
            (0..<8).map { run("a\($0)") }, (0..<8).map { run("b\($0)", slots: 8) })
        #expect(comparison[.makespan].test?.kind == .mannWhitney)
        #expect(comparison[.makespan].isReal)
        #expect(comparison[.makespan].counts == (8, 8))
        #expect(comparison.usersByWait.allSatisfy { $0.tasksOfA == 8 && $0.tasksOfB == 8 })
    }

    @Test("users are paired where both sides have nine in ten of each other's")
    func pairing() {
        let enough = compare([run(users: 20)], [run("b", users: 20, first: 2)])
        #expect(enough.isPaired)
        #expect(enough.usersOnBothSides == 18)
        #expect(enough.usersLeftOut == 4)
        #expect(enough.usersLost == ["user 0", "user 1"])
        #expect(enough.usersGained == ["user 20", "user 21"])
        let few = compare([run(users: 20)], [run("b", users: 20, first: 3)])
        #expect(!few.isPaired)
        #expect(few[.work].test?.kind == .mannWhitney)
        #expect(!compare([run(users: 20)], [run("b", users: 30)]).isPaired)
        #expect(compare([run(users: 8)], [run("b", users: 8)]).isPaired)
    }

    @Test("filters take the same tasks as those of reports")
    func filters() {
        var filter = TaskFilter()
        filter.user = "user 3"
        let comparison = compare([run(), run("c")], [run("b")], filter: filter)
        #expect(comparison.a.tasks == 2 && comparison.b.tasks == 1)
        #expect(comparison.a.users == 1)
        #expect(comparison.a.runs == 2)
        // A group counts whole, whoever was asked for.
        #expect(comparison[.makespan].a.p50 == compare([run()], [])[.makespan].a.p50)
        filter.user = "nobody"
        #expect(compare([run()], [run("b")], filter: filter).a.tasks == 0)
    }

    @Test("budgets look at the second side, or at the change")
    func budgets() throws {
        let comparison = compare([run()], [run("b", slots: 8) { 2 * (1_000 + Int64($0 * 37 % 200)) }])
        func holds(_ text: String) throws -> Bool {
            !(try Budget(parsing: text, for: .compare)).breaches(in: comparison).isEmpty
        }
        #expect(try holds("p50(work) > 2ms"))
        #expect(try !holds("max(work) > 2.4ms"))
        #expect(try holds("change(p95(work)) >= 100%"))
        #expect(try !holds("change(p95(work)) > 100%"))
        #expect(try holds("change( p95:work ) = 1"))
        #expect(try holds("change(wait_share) < -5%"))
        #expect(try !holds("change(failed) > 0"))
        #expect(try !holds("change(makespan) > 10%"))
        #expect(try holds("makespan > 1ms"))
        #expect(try holds("p99(turnaround) > 1ms") && holds("duration > 1ms"))
        #expect(try holds("change(p90(duration)) > -50%"))
        #expect(throws: ExpressionError.self) { try Budget(parsing: "each: wait > 1s", for: .compare) }
        // From nothing, any number is exceeded; from nothing to nothing is no change.
        let waits = compare([run(isVisible: false)], [run("b")])
        func breaches(_ text: String) throws -> [BudgetBreach] {
            try Budget(parsing: text, for: .compare).breaches(in: waits)
        }
        #expect(try breaches("change(p95(wait)) > 1000%").count == 1)
        #expect(try breaches("change(p95(wait)) < 1000%").isEmpty)
        #expect(try breaches("change(failed) = 0%").count == 1)
    }

    @Test("is the same from encoded figures, in any order of runs, and with its sides turned")
    func encoded() {
        let (left, right) = ((1...12).map { random(seed: $0) }, (7...20).map { random(seed: $0) })
        var (direct, kept) = (ComparisonBuilder(), ComparisonBuilder())
        for figures in left { direct.add(figures, to: .a, isArriving: !figures.hasRoot) }
        for figures in right { direct.add(figures, to: .b, isArriving: !figures.hasRoot) }
        for (side, runs) in [(ComparedSide.b, right), (.a, left)] {
            for figures in runs.reversed() {
                let isAdded = figures.encoded().withUnsafeBytes { bytes in
                    kept.add(decoding: bytes, to: side) { !$0.hasRoot }
                }
                #expect(isAdded)
            }
        }
        let (expected, found) = (direct.comparison(), kept.comparison())
        #expect("\(found)" == "\(expected)")
        #expect(expected.a.runs == 12 && expected.b.runs == 14)
        #expect(expected.runsOnBothSides == 1, "all of them have one id")
        for quantity in expected.quantities {
            guard quantity.quantity != .makespan else { continue }
            #expect(quantity.a.figures == ReportReference.naive(values(of: left, quantity.quantity)))
            #expect(quantity.b.figures == ReportReference.naive(values(of: right, quantity.quantity)))
        }
        #expect(expected.a.statistics.own.figures[6] > 0)
        #expect(kept.add(decoding: UnsafeRawBufferPointer(start: nil, count: 0), to: .a) { _ in false } == false)
    }

    private func values(of runs: [RunFigures], _ quantity: ComparedQuantity) -> [Int64] {
        var values: [Int64] = []
        for figures in runs {
            for task in 0..<figures.tasks.count where figures.tasks[.isTask, task] != 0 {
                values.append(quantity.naive(figures.breakdown(task)))
            }
        }
        return values
    }

    private func random(seed: Int) -> RunFigures {
        RunFigures(TraceAnalysis(EventBatch.random(seed: UInt64(seed)).firstTrace))
    }
}

extension ComparedQuantity {
    fileprivate func naive(_ breakdown: Breakdown) -> Int64 {
        switch self {
        case .duration: breakdown.duration
        case .total: breakdown.total
        case .wait: breakdown.wait
        case .work: breakdown.work
        case .delay: breakdown.delay
        case .turnaround: breakdown.turnaround
        case .makespan: 0
        }
    }
}
