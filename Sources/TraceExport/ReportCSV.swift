package import TraceCore

/// A report's groups, a row each, times in µs. Cells are quoted as in `TaskCSV`; each row names its inference, and
/// `tasks` is the n of its percentiles; a report by run has what its runs are at the end of each. A slowdown is an empty cell where there was no work.
package enum ReportCSV {
    /// At most `limit` groups where it is set.
    package static func text(_ report: TaskReport, limit: Int?) -> String {
        let kinds = report.work?.parts.map(\.kind) ?? []
        var text = line(header(report, kinds))
        for group in report.groups.prefix(limit ?? .max) { text += line(row(group, of: report, kinds)) }
        return text
    }

    private static func line(_ cells: [String]) -> String { cells.joined(separator: ",") + "\n" }

    private static func header(_ report: TaskReport, _ kinds: [WorkKind]) -> [String] {
        var names = report.dimensions.map { TaskCSV.cell($0.text) } + ["inference", "tasks", "failed", "incomplete"]
        for quantity in ReportQuantity.allCases {
            let figures = quantity.statistics(of: report.overall).columns.map(\.name) + ["sum"]
            names += figures.map { "\(quantity.rawValue)_\($0)_us" }
        }
        names += ["wait_share", "slowdown"]
        names += kinds.map { TaskCSV.cell("work_\($0.column)_us") }
        guard report.dimensions.contains(.run) else { return names }
        return names + ["run_name", "run_service", "start_us", "makespan_us", "slots"]
    }

    private static func row(_ group: TaskReport.Group, of report: TaskReport, _ kinds: [WorkKind]) -> [String] {
        let statistics = group.statistics
        var cells = group.key.map { TaskCSV.cell($0) }
        cells += [report.inference.rawValue, "\(statistics.tasks)", "\(statistics.failed)", "\(group.incomplete)"]
        for quantity in ReportQuantity.allCases {
            let values = quantity.statistics(of: statistics)
            cells += values.columns.map { "\($0.value)" } + ["\(values.sum)"]
        }
        cells += [statistics.waitShare.decimal, statistics.slowdown?.decimal ?? ""]
        let times = Dictionary(
            (group.work?.parts ?? []).map { ($0.kind, $0.time) }, uniquingKeysWith: { first, _ in first })
        cells += kinds.map { "\(times[$0] ?? 0)" }
        return cells + (group.run.map(Self.cells) ?? [])
    }

    private static func cells(_ run: ReportedRun) -> [String] {
        [
            TaskCSV.cell(run.name), TaskCSV.cell(run.service), "\(run.start)", "\(run.makespan)",
            run.slots.map { "\($0)" } ?? "",
        ]
    }
}

extension WorkKind {
    /// What its column is called between `work_` and `_us`: spans by their type behind `span_`, so that no type can
    /// be taken for own code.
    fileprivate var column: String {
        switch self {
        case .spans(let type): "span_\(type)"
        case .others, .own: text
        }
    }
}
