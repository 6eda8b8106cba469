import TraceCore

extension RunsView {
    /// How many jobs are told of, where not all rows are asked for.
    private static let mostJobs = 5

    /// How the jobs of the list went, a line each: makespans and wait shares of their last runs, the newest on the right.
    /// Runs that still arrive are left out.
    func trends() -> [Canvas] {
        let arrived = summaries.indices.filter { !summaries[$0].isArriving }
        let jobs = JobRuns.all(
            of: arrived.map { place in
                let run = summaries[place]
                return JobRuns.Run(service: run.service, name: run.name, start: run.start, id: run.id, place: place)
            })
        let shown = options.rows == .all ? jobs.count : min(jobs.count, Self.mostJobs)
        let prose = Prose(width: options.width, ascii: options.ascii)
        var canvases = jobs[..<shown].flatMap { prose.line(parts(of: $0)) }
        if shown < jobs.count {
            let left = Prose.count(jobs.count - shown)
            let text = "\(Signs(ascii: options.ascii).ellipsis) \(left) of \(Prose.count(jobs.count)) jobs not shown"
            canvases += prose.sentence(SafeText(own: text + " (--rows all)"))
        }
        return canvases
    }

    private func parts(of job: JobRuns) -> [(SafeText, Style)] {
        let signs = Signs(ascii: options.ascii)
        var parts = job.title(options)
        func add(_ name: String, _ values: [Int64], _ style: Style, isNothing: Bool, last: String) {
            guard let trend = Trend(values) else { return }
            let text = isNothing ? signs.none : last
            parts.append((SafeText(own: "\(name) \(signs.heights(trend.heights)) \(text)"), style))
        }
        let runs = job.last.map { summaries[$0] }
        if let last = runs.last?.makespan {
            add(
                "makespan", runs.map(\.makespan), .plain, isNothing: runs.allSatisfy { $0.makespan == 0 },
                last: DurationText(fitting: last, ascii: options.ascii).text(last))
        }
        let shares = runs.compactMap { $0.group?.waitShare }
        if shares.count == runs.count, let last = shares.last {
            add(
                "wait share", shares.map { Int64($0.tenThousandths) }, Style(foreground: .wait),
                isNothing: shares.allSatisfy { $0 == Share(0, of: 1) }, last: last.text)
        }
        return parts
    }
}

extension JobRuns {
    /// What it is called, and how many of its runs are told of.
    func title(_ options: TerminalOptions) -> [(SafeText, Style)] {
        let columns = max(12, options.width / 4)
        func safe(_ text: String) -> SafeText { SafeText(name: text, columns: columns, ascii: options.ascii) }
        var parts: [(SafeText, Style)] = [(safe(name ?? "(no name)"), .bold)]
        if let service { parts.append((safe(service), .faint)) }
        let all = Prose.count(count, "run", "runs")
        let text = last.count < count ? "last \(Prose.count(last.count)) of \(all)" : all
        return parts + [(SafeText(own: text), .plain)]
    }
}
