import TraceCore

extension ReportView {
    /// How many jobs are told of where nobody says.
    private static let standardJobs = 5

    /// How each job of a report by run went over its last runs: a block each, and what the change is.
    func trends() -> [[Canvas]] {
        let (jobs, left) = shownJobs
        guard !jobs.isEmpty else { return [] }
        let blocks = jobs.map { prose.line($0.title(options)) + table(of: $0, hasPicture: true).canvases() }
        return blocks + [([Self.meaning] + left).flatMap { prose.sentence(SafeText(own: $0), .faint) }]
    }

    /// As `trends`, without the pictures.
    func trendsInMarkdown() -> [[String]] {
        let (jobs, left) = shownJobs
        guard !jobs.isEmpty else { return [] }
        let blocks = jobs.flatMap { job in
            [
                [job.title(options).map(\.0.markdown).joined(separator: " · ")],
                table(of: job, hasPicture: false).markdown(),
            ]
        }
        return blocks + ([Self.meaning] + left).map { [$0] }
    }

    private static let meaning = "change: the last run against the median of those before it"

    private var shownJobs: (jobs: ArraySlice<JobRuns>, left: [String]) {
        let jobs = report.jobs
        let shown = options.rows.shown(of: jobs.count, standard: Self.standardJobs)
        if shown == 0 || shown == jobs.count { return (jobs[..<shown], []) }
        let text = "\(signs.ellipsis) \(Prose.count(jobs.count - shown)) of \(Prose.count(jobs.count)) jobs not shown"
        return (jobs[..<shown], [text + " (--rows all)"])
    }

    /// A row for each quantity: its values as heights, the oldest on the left, and what they come to.
    private func table(of job: JobRuns, hasPicture: Bool) -> Table {
        func column(_ title: String, rank: Int?, isRight: Bool = true) -> Table.Column {
            Table.Column(title: SafeText(own: title), isRightAligned: isRight, rank: rank)
        }
        let groups = job.last.map { report.groups[$0] }
        var columns = [column("", rank: nil, isRight: false), column("", rank: nil, isRight: false)]
        columns += [column("first", rank: 30), column("last", rank: 60), column("min", rank: 40)]
        columns += [column("max", rank: 50), column("change", rank: 55)]
        var rows: [[Table.Entry]] = []
        func add(_ name: String, _ style: Style, _ values: [Int64?], _ text: (Int64, Int64) -> String) {
            let values = values.compactMap(\.self)
            guard values.count == groups.count, let trend = Trend(values) else { return }
            let figures = [trend.first, trend.last, trend.least, trend.greatest].map { value in
                Table.Entry(text: SafeText(own: value == 0 ? signs.none : text(value, trend.greatest)), style: style)
            }
            rows.append(
                [
                    Table.Entry(text: SafeText(own: name), style: style),
                    Table.Entry(text: SafeText(own: signs.heights(trend.heights)), style: style),
                ] + figures + [Table.Entry(text: SafeText(own: change(of: trend)))])
        }
        func duration(_ value: Int64, _ greatest: Int64) -> String {
            DurationText(fitting: greatest, ascii: options.ascii).text(value)
        }
        add("makespan", .plain, groups.map { $0.run?.makespan }, duration)
        for quantity in [ReportQuantity.wait, .work] {
            // As in the table of runs: a p95 only where each run has tasks enough for it.
            let least = groups.map(\.statistics.tasks).min() ?? 0
            let hasTail = least >= Percentile.valuesNeeded(hundredths: 9_500)
            for figure in [StatisticFigure.p50, hasTail ? .p95 : .max] {
                let values = groups.map {
                    figure.shown(of: quantity.statistics(of: $0.statistics), count: $0.statistics.tasks)
                }
                add("\(quantity.rawValue) \(figure.text)", quantity.style, values, duration)
            }
        }
        add("slots", .plain, groups.map { $0.run?.slots.map { Int64($0) } }) { value, _ in Prose.count(Int(value)) }
        var table = Table(columns: columns, rows: rows, options: options)
        if !hasPicture { table.removeColumn(1) }
        return table
    }

    private func change(of trend: Trend) -> String {
        guard let before = trend.medianBefore, before > 0 || trend.last > 0 else { return signs.none }
        return Change(from: Int128(before), to: Int128(trend.last)).text ?? "from 0"
    }
}
