package import TraceCore

/// Percentiles of what tasks waited and worked: all of them together, then group by group.
package struct ReportView {
    let report: TaskReport
    let options: TerminalOptions
    let signs: Signs
    let prose: Prose
    let clock: LocalClock

    /// How many groups are shown where nobody says.
    private static let standardRows = 20

    /// A report, to be drawn for a width and a terminal; `clock` shows when its runs started.
    package init(_ report: TaskReport, _ options: TerminalOptions, clock: LocalClock = .utc) {
        self.report = report
        self.options = options
        self.clock = clock
        signs = Signs(ascii: options.ascii)
        prose = Prose(width: options.width, ascii: options.ascii)
    }

    /// How many bins of a distribution there is room for.
    package static func bins(_ options: TerminalOptions) -> Int { DistributionView.bins(options) }

    /// The report as text.
    package func lines() -> [String] {
        let diagnosis = diagnosis.text.map { prose.sentence(SafeText(own: $0)) } ?? []
        var blocks: [[Canvas]] = [prose.line(header()) + diagnosis]
        if report.overall.tasks > 0 {
            blocks.append(overall().canvases())
            blocks.append(distribution())
            blocks.append(kinds()?.canvases() ?? [])
            blocks += trends()
            blocks.append(groups().flatMap(drawn) + leftOut().flatMap { prose.sentence(SafeText(own: $0)) })
        }
        blocks.append(notes().flatMap { prose.sentence(SafeText(own: $0)) })
        return blocks.filter { !$0.isEmpty }.map { $0.flatMap { $0.lines(options.colors) } }
            .joined(separator: [""]).map { $0 }
    }

    /// The report in Markdown: the same tables and sentences, without pictures.
    package func markdown() -> [String] {
        var blocks = [[header().map(\.0.text).joined(separator: " · ")]]
        if let text = diagnosis.text { blocks.append([text]) }
        if report.overall.tasks > 0 {
            for table in [overall(), kinds()].compactMap(\.self) { blocks.append(table.markdown()) }
            blocks += trendsInMarkdown()
            for table in groups() { blocks.append(table.markdown()) }
        }
        blocks += (leftOut() + notes()).map { [$0] }
        return blocks.joined(separator: [""]).map { $0 }
    }

    private var diagnosis: DiagnosisText { DiagnosisText(report.diagnosis) }

    var shown: Int { options.rows.shown(of: report.groups.count, standard: Self.standardRows) }

    private func header() -> [(SafeText, Style)] {
        let overall = report.overall
        var parts: [(SafeText, Style)] = [
            (SafeText(own: Prose.count(overall.tasks, "task", "tasks")), .bold),
            (SafeText(own: Prose.count(report.runs, "run", "runs")), .plain),
        ]
        if overall.failed > 0 {
            parts.append((SafeText(own: "failed " + Prose.count(overall.failed)), Style(foreground: .failed)))
        }
        if report.incomplete > 0 {
            parts.append((SafeText(own: "incomplete " + Prose.count(report.incomplete)), .plain))
        }
        if report.unsampled > 0 {
            parts.append((SafeText(own: "excluded " + Prose.count(report.unsampled) + " unsampled"), .plain))
        }
        parts.append((SafeText(own: "wait share " + overall.waitShare.text), Style(foreground: .wait)))
        if let slowdown = overall.slowdown {
            parts.append((SafeText(own: "slowdown " + slowdown.text(signs)), .plain))
        }
        parts.append((SafeText(own: "inference " + report.inference.rawValue), .plain))
        return parts
    }

    private func distribution() -> [Canvas] {
        guard let distribution = report.distribution, report.overall.tasks >= DistributionView.leastTasks else {
            return []
        }
        return DistributionView(distribution, options: options).canvases()
    }

    private func drawn(_ table: Table) -> [Canvas] {
        report.work == nil ? ReportBars(report.groups[..<shown], options: options).canvases(table) : table.canvases()
    }

    private func leftOut() -> [String] {
        let count = report.groups.count
        guard report.overall.tasks > 0, shown < count else { return [] }
        return [
            "\(signs.ellipsis) \(Prose.count(count - shown)) of \(Prose.count(count, "row", "rows")) not shown"
                + " (--rows all)"
        ]
    }

    private func notes() -> [String] {
        var sentences: [String] = []
        if report.overall.tasks == 0 { sentences.append("no tasks") }
        if report.overall.tasks > 0 { sentences.append("Percentiles of different quantities do not add up.") }
        if report.groups.contains(where: { $0.incomplete > 0 }) {
            sentences.append("\(signs.mark(.incomplete)) \(EventFlag.incomplete.meaning)")
        }
        if report.arriving > 0 {
            sentences.append(
                Prose.count(report.arriving, "run is", "runs are") + " still arriving: not all is counted yet")
        }
        sentences += Notes.meaning(of: report.inference)
        if report.runsWithoutGroups > 0, report.inference == .auto {
            sentences.append(Notes.withoutGroups(report.runsWithoutGroups, of: report.runs))
        }
        sentences += [diagnosis.withoutWork].compactMap(\.self)
        sentences += Notes.own(report.overall.own.sum, of: report.overall.work.sum)
        return sentences
    }
}
