import TestSupport
import Testing

@testable import TraceCore

@Suite("Reports over tasks")
struct TaskReportTests {
    private func report(
        _ batches: [EventBatch], by dimensions: [ReportDimension], filter: TaskFilter = TaskFilter()
    ) -> TaskReport {
        var builder = TaskReportBuilder(by: dimensions, filter: filter)
        for batch in batches {
            for trace in Trace.all(of: batch) { builder.add(TraceAnalysis(trace), isArriving: false) }
        }
        return builder.report()
    }

    /// Three tasks of a group: u1 waits 20 µs, u2 (failed) 50, u3 not at all and has no user.
    private func run(users: (String, String) = ("ann", "bob")) -> EventBatch {
        var drawing = Drawing(
            """
            run |..........|
            u1  |~~##      |
            u2  |~~~~~###  |
            u3  |######    |
            """)
        drawing.edit("u1") { $0.user = $1.intern(users.0) }
        drawing.edit("u2") { $0.user = $1.intern(users.1) }
        drawing.edit("u2") { event, _ in
            event.outcome = .failure
            event.dropped = 2
        }
        return drawing.batch
    }

    @Test("groups by user, the largest wait first, those without a user as one")
    func byUser() {
        let report = report([run(), run()], by: [.user])
        #expect(report.runs == 2)
        #expect(report.overall.tasks == 6)
        #expect(report.overall.failed == 2)
        #expect(report.incomplete == 2)
        #expect(report.groups.map(\.key) == [["bob"], ["ann"], [nil]])
        #expect(report.groups.map(\.statistics.wait.sum) == [100, 40, 0])
        #expect(report.groups.map(\.statistics.total.sum) == [160, 80, 120])
        #expect(report.groups.map(\.statistics.tasks) == [2, 2, 2])
        #expect(report.groups.map(\.incomplete) == [2, 0, 0])
        #expect(report.groups.map(\.statistics.waitShare.tenThousandths) == [6_250, 5_000, 0])
        #expect(report.overall.waitShare.tenThousandths == 3_889)
        #expect(report.overall.work.max == 60)
        #expect(report.overall.own.sum == 0)
    }

    @Test("equal waits are ordered by key as bytes, dimension by dimension, none last")
    func ties() {
        let batch = EventBatch.filled { batch in
            for (id, user, name) in [
                ("1", nil, "x"), ("2", "b", "x"), ("3", "\u{E9}", "x"), ("4", "e\u{301}", "y"), ("5", "b", "X"),
                ("6", nil, "a"), ("7", "", "z"),
            ] as [(String, String?, String)] {
                let symbols = (user.map { batch.symbols.intern($0) }, batch.symbols.intern(name))
                batch.transaction(id) { ($0.user, $0.name) = symbols }
            }
        }
        var filter = TaskFilter()
        filter.outcome = "unknown"
        let keys = report([batch], by: [.user, .name], filter: filter).groups.map(\.key)
        #expect(keys == [["", "z"], ["b", "X"], ["b", "x"], ["e\u{301}", "y"], ["\u{E9}", "x"]])
        let all = report([batch], by: [.user, .name], filter: named("x")).groups.map(\.key)
        #expect(all == [["b", "x"], ["\u{E9}", "x"], [nil, "x"]])
    }

    private func named(_ name: String) -> TaskFilter {
        var filter = TaskFilter()
        filter.name = name
        return filter
    }

    @Test("a name takes the sampled transactions of that name instead, grouped or not")
    func byName() {
        var drawing = Drawing("run |....|\nu1 |##  |\nu2 |  ##|\nu3 |.   |")
        drawing.edit("u3") { event, _ in event.sampled = false }
        #expect(report([drawing.batch], by: [.name]).groups.map(\.key) == [["task"]])
        #expect(report([drawing.batch], by: [.name], filter: named("run")).overall.tasks == 1)
        #expect(report([drawing.batch], by: [.name], filter: named("task")).overall.tasks == 2)
        #expect(report([drawing.batch], by: [.name], filter: named("nothing")).overall.tasks == 0)
        #expect(report([drawing.batch], by: [.name]).unsampled == 1)
    }

    @Test("service, user and outcome must match as bytes, all that are given")
    func filters() {
        func tasks(_ edit: (inout TaskFilter) -> Void) -> Int {
            var filter = TaskFilter()
            edit(&filter)
            return report([run(users: ("\u{E9}", "bob"))], by: [.user], filter: filter).overall.tasks
        }
        #expect(tasks { $0.user = "\u{E9}" } == 1)
        #expect(tasks { $0.user = "e\u{301}" } == 0)
        #expect(tasks { $0.service = "runner" } == 3)
        #expect(tasks { $0.service = "Runner" } == 0)
        #expect(tasks { $0.outcome = "failure" } == 1)
        #expect(tasks { ($0.outcome, $0.user) = ("failure", "\u{E9}") } == 0)
        #expect(tasks { ($0.outcome, $0.user) = ("failure", "bob") } == 1)
    }

    @Test("every dimension has its key")
    func dimensions() {
        let dimensions: [ReportDimension] = [.user, .name, .service, .version, .outcome, .run, .label("k")]
        var filter = TaskFilter()
        filter.user = "bob"
        let report = report([run()], by: dimensions, filter: filter)
        #expect(report.groups.map(\.key) == [["bob", "task", "runner", nil, "failure", "trace", nil]])
    }

    @Test("dimensions are read from the words of --by")
    func words() {
        for word in ["user", "name", "service", "version", "outcome", "run", "label:k", "label:a:b", "label: "] {
            #expect(ReportDimension(word)?.text == word)
        }
        for word in ["", "User", "label:", "label", "labels:k", "wait"] { #expect(ReportDimension(word) == nil) }
    }

    @Test("what is still arriving and what has no group is counted by run")
    func runs() {
        var builder = TaskReportBuilder(by: [.user])
        builder.add(Drawing("u1 |##|").analysis, isArriving: true)
        builder.add(Drawing("u1 |##|\nu2 |##|").analysis, isArriving: false)
        let report = builder.report()
        #expect(report.runs == 2)
        #expect(report.arriving == 1)
        #expect(report.runsWithoutGroups == 1)
        #expect(TaskReportBuilder(by: [.user]).report().overall.tasks == 0)
    }
}
