import TraceCore

/// The report of a run in a page: percentiles of all tasks, how they are distributed, and each user's.
struct HTMLReport {
    /// A page with more rows than these is slow to open.
    private static let mostUsers = 1_000

    private let report: TaskReport
    private let rename: ((String) -> String)?

    /// `report` is grouped by user alone.
    init(_ report: TaskReport, rename: ((String) -> String)?) {
        self.report = report
        self.rename = rename
    }

    /// What there is to say of the waiting; nil where there are no tasks.
    var diagnosis: String? { DiagnosisText(report.diagnosis).text }

    var hasWait: Bool { report.overall.wait.sum > 0 }

    func write(to html: inout HTMLWriter) {
        HTMLFrame.facts(facts, to: &html)
        guard report.overall.tasks > 0 else {
            HTMLFrame.notes(["no tasks"], to: &html)
            return
        }
        html.element("h3", text: "All tasks")
        writeOverall(to: &html)
        if let distribution = report.distribution {
            html.element("div", ["class": "charts"]) { html in
                for (place, quantity) in ["total", "work"].enumerated() {
                    let bars = HTMLHistogram.Bars(
                        label: "", style: place == 0 ? "total-bar" : "wl-work", counts: distribution.counts[place])
                    HTMLHistogram(title: quantity, bars: [bars], of: distribution).write(to: &html)
                }
            }
        }
        html.element("h3", text: "By user")
        writeUsers(to: &html)
        HTMLFrame.notes(notes, to: &html)
    }

    private var facts: [(word: String, value: String)] {
        let overall = report.overall
        var facts = [(word: "tasks", value: CountText.text(overall.tasks))]
        if overall.failed > 0 { facts.append(("failed", CountText.text(overall.failed))) }
        if report.incomplete > 0 { facts.append(("incomplete", CountText.text(report.incomplete))) }
        if report.unsampled > 0 { facts.append(("excluded", CountText.text(report.unsampled) + " unsampled")) }
        facts.append(("wait share", overall.waitShare.text))
        if let slowdown = overall.slowdown { facts.append(("slowdown", slowdown.text)) }
        facts.append(("inference", report.inference.rawValue))
        return facts
    }

    private func writeOverall(to html: inout HTMLWriter) {
        let (statistics, count) = (report.overall, report.overall.tasks)
        let form = DurationText(
            fitting: ReportQuantity.allCases.map { $0.statistics(of: statistics).max }.max() ?? 0, ascii: false)
        // Those that so many values can tell.
        let ranks = PercentileRank.standard.filter { count >= Percentile.valuesNeeded(hundredths: $0.hundredths) }
        var table = HTMLTable(
            caption: "Percentiles of \(CountText.text(count, "task", "tasks"))", isSortable: false,
            columns: [.text("")] + ranks.map { .number($0.text) } + [.number("max"), .number("mean")])
        for quantity in ReportQuantity.allCases {
            let values = quantity.statistics(of: statistics)
            let percentiles = ranks.map { values[$0] }
            let cells = (percentiles + [values.max, values.mean]).map { cell($0, quantity, form) }
            table.rows.append([.text(quantity.rawValue)] + cells)
        }
        table.write(to: &html)
    }

    private func writeUsers(to html: inout HTMLWriter) {
        let shown = report.groups.prefix(Self.mostUsers)
        let isSingle = report.groups.allSatisfy { $0.statistics.tasks == 1 }
        let quantities: [ReportQuantity] = [.total, .wait, .work, .delay].filter { quantity in
            quantity != .delay || shown.contains { $0.statistics.delay.max > 0 }
        }
        let form = DurationText(fitting: shown.map { $0.statistics.total.max }.max() ?? 0, ascii: false)
        var columns: [HTMLTable.Column] = [.text("user")]
        if !isSingle { columns.append(.number("tasks")) }
        for quantity in quantities {
            columns += (isSingle ? [""] : [" p50", " max"]).map { .number(quantity.rawValue + $0) }
        }
        columns += [.number("wait share"), .number("slowdown")]
        var table = HTMLTable(caption: caption(shown: shown.count), style: "users", isSortable: true, columns: columns)
        for group in shown {
            let statistics = group.statistics
            var row: [HTMLTable.Cell] = [.text(user(group.key.first ?? nil))]
            if !isSingle { row.append(.number(CountText.text(statistics.tasks), value: Int64(statistics.tasks))) }
            for quantity in quantities {
                let values = quantity.statistics(of: statistics)
                if !isSingle { row.append(cell(values.p50, quantity, form)) }
                row.append(cell(values.max, quantity, form))
            }
            let share = statistics.waitShare
            row.append(.number(share.text, value: Int64(share.tenThousandths)))
            row.append(
                statistics.slowdown.map { .number($0.text, value: Int64(clamping: $0.tenThousandths)) } ?? .none)
            table.rows.append(row)
        }
        table.write(to: &html)
        html.element("p", ["class": "paper"], text: "On paper stand the first 40 rows at most.")
    }

    private func caption(shown: Int) -> String {
        let count = report.groups.count
        let all = CountText.text(count, "user", "users") + ", largest wait first"
        guard shown < count else { return all }
        return all + " … \(CountText.text(count - shown)) of \(CountText.text(count)) not shown"
    }

    private func user(_ key: String?) -> String {
        key.map { HTMLWriter.name(rename?($0) ?? $0) } ?? "–"
    }

    /// A dash where there is nothing, or where it is a wait or a delay of nothing.
    private func cell(_ value: Int64?, _ quantity: ReportQuantity, _ form: DurationText) -> HTMLTable.Cell {
        guard let value else { return .none }
        let isDashed = value == 0 && (quantity == .wait || quantity == .delay)
        return .number(isDashed ? "–" : form.text(value), value: value, style: quantity == .wait ? "wait-text" : "")
    }

    private var notes: [String] {
        var notes = ["Percentiles of different quantities do not add up."]
        if report.incomplete > 0 { notes.append(EventFlag.incomplete.meaning) }
        if report.arriving > 0 { notes.append("still arriving: not all is counted yet") }
        notes += Notes.meaning(of: report.inference)
        if report.runsWithoutGroups > 0, report.inference == .auto {
            notes.append(Notes.withoutGroups(report.runsWithoutGroups, of: report.runs))
        }
        notes += [DiagnosisText(report.diagnosis).withoutWork].compactMap(\.self)
        notes += Notes.own(report.overall.own.sum, of: report.overall.work.sum)
        if report.unsampled > 0 { notes.append(Notes.excluded(report.unsampled)) }
        return notes
    }
}

extension Slowdown {
    /// With one decimal: `10.4×`.
    fileprivate var text: String {
        let tenths = (tenThousandths + 500) / 1_000
        return "\(tenths / 10).\(tenths % 10)×"
    }
}
