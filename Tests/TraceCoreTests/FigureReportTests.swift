import TestSupport
import Testing

@testable import TraceCore

@Suite("Reports from figures")
struct FigureReportTests {
    static let dimensions: [[ReportDimension]] = [
        [.user], [.name], [.service], [.version], [.outcome], [.run], [.label("k")], [.label("metadata")],
        [.label("none")], [.user, .outcome], [.label("k"), .name, .user], [.run, .version, .label("metadata"), .user],
        [.user, .name, .service, .version, .outcome, .run, .label("k")], [],
    ]

    static let filters: [TaskFilter] = {
        func filter(_ edit: (inout TaskFilter) -> Void) -> TaskFilter {
            var filter = TaskFilter()
            edit(&filter)
            return filter
        }
        return [
            filter { _ in }, filter { $0.name = "task" }, filter { $0.name = "" }, filter { $0.name = "no such" },
            filter { $0.name = "\u{E9}" }, filter { $0.name = "e\u{301}" }, filter { $0.user = "a" },
            filter { $0.user = "" }, filter { $0.service = "runner" }, filter { $0.service = "none" },
            filter { $0.outcome = "failure" }, filter { $0.outcome = "odd" }, filter { $0.labels = [("k", "1")] },
            filter { $0.labels = [("k", "none")] }, filter { $0.labels = [("none", "")] },
            filter { $0.labels = [("metadata", "1"), ("k", "2")] },
            filter { ($0.user, $0.outcome, $0.name, $0.labels) = ("b", "success", "task", [("metadata", "1")]) },
        ]
    }()

    private static let analyses = (UInt64(1)...20).map { TraceAnalysis(EventBatch.random(seed: $0).firstTrace) }

    @Test("are those that are counted plainly, for every dimension and filter", arguments: dimensions)
    func reference(dimensions: [ReportDimension]) throws {
        let analyses = Self.analyses
        let encoded = analyses.map { RunFigures($0).encoded() }
        var groups = 0
        for filter in Self.filters {
            var reference = ReportReference(by: dimensions, filter: filter)
            var (direct, kept) = (
                TaskReportBuilder(by: dimensions, filter: filter), TaskReportBuilder(by: dimensions, filter: filter)
            )
            for (analysis, bytes) in zip(analyses, encoded) {
                reference.add(analysis)
                direct.add(analysis, isArriving: analysis.trace.root == nil)
                #expect(bytes.withUnsafeBytes { bytes in kept.add(decoding: bytes) { !$0.hasRoot } })
            }
            let (expected, report) = (reference.lines, direct.report())
            #expect(report.lines == expected, "\(filter)")
            #expect("\(kept.report())" == "\(report)", "\(filter)")
            #expect(report.runs == analyses.count)
            #expect(report.arriving == analyses.count { $0.trace.root == nil })
            #expect(report.unsampled == analyses.reduce(0) { $0 + $1.unsampled })
            #expect(report.runsWithoutGroups == analyses.count { $0.groups.isEmpty })
            groups += report.groups.count
        }
        #expect(groups > 4)
    }

    @Test("don't depend on the order of runs")
    func order() {
        let figures = Self.analyses.map { RunFigures($0) }
        func report(_ figures: [RunFigures]) -> TaskReportBuilder {
            var builder = TaskReportBuilder(by: [.user, .label("k"), .name])
            for figures in figures { builder.add(figures, isArriving: false) }
            return builder
        }
        let expected = "\(report(figures).report())"
        #expect("\(report(figures.reversed()).report())" == expected)
    }
}
