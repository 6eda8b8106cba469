/// Takes runs one at a time, so that a report never holds more than one of them and a row of integers for each task.
/// All of them were analysed with the same settings.
package struct TaskReportBuilder: Sendable {
    private let dimensions: [ReportDimension]
    private let filter: TaskFilter
    /// What is read of encoded figures.
    private let parts: FigureParts
    private var inference: Inference?
    private var groups: ReportGroups
    private var quantities = TaskQuantities()
    /// Which tasks of a run are taken.
    private var chosen: [UInt32] = []
    /// What encoded figures are read into.
    private var buffer = RunFigures()
    private var runs = 0
    private var arriving = 0
    private var unsampled = 0
    private var runsWithoutGroups = 0
    private var makespans: RunMakespans?
    private var diagnosis = Diagnosis()
    /// By trace id as text: of a report by run, the runs that have tasks in it.
    private var heads: [String: ReportedRun] = [:]
    /// By group: its work in fractions of a µs. Nil where work is not split.
    private var work: [[WorkKind: Int128]]?

    /// `inference` is what all runs were analysed by; without it, what the first was. Work can be split by kind only of
    /// analyses: figures don't have it.
    package init(
        by dimensions: [ReportDimension], filter: TaskFilter = TaskFilter(), inference: Inference? = nil,
        splitsWork: Bool = false
    ) {
        self.dimensions = dimensions
        self.filter = filter
        self.inference = inference
        groups = ReportGroups(by: dimensions)
        work = splitsWork ? [] : nil
        parts = dimensions.reduce(into: filter.parts.union(.states)) { $0.formUnion($1.parts) }
    }

    /// Adds the tasks of a run.
    package mutating func add(_ figures: RunFigures, isArriving: Bool) {
        precondition(work == nil, "figures have no kinds of work")
        take(figures, isArriving: isArriving)
    }

    private mutating func take(_ figures: RunFigures, isArriving: Bool) {
        precondition(inference ?? figures.inference == figures.inference, "waits of two kinds")
        inference = figures.inference
        filter.choose(from: figures, into: &chosen)
        if !chosen.isEmpty {
            quantities.append(chosen, of: figures, to: &groups)
            diagnosis.add(chosen, of: figures)
            if dimensions.contains(.run) {
                heads[figures.id.text] = ReportedRun(figures, isArriving: isArriving)
            }
        }
        runs += 1
        arriving += isArriving ? 1 : 0
        unsampled += figures.unsampled
        runsWithoutGroups += figures.hasGroups ? 0 : 1
        makespans.add(figures)
    }

    /// Adds the tasks of a run.
    package mutating func add(_ analysis: TraceAnalysis, isArriving: Bool) {
        take(RunFigures(analysis), isArriving: isArriving)
        guard work != nil, !chosen.isEmpty else { return }
        let transactions = analysis.trace.events.indices.filter(analysis.trace.isSampledTransaction)
        var splitter = WorkSplitter(analysis)
        for (task, group) in zip(chosen, quantities.lastGroups) {
            let group = Int(group)
            if let known = work?.count, known <= group {
                work?.append(contentsOf: repeatElement([:], count: group + 1 - known))
            }
            splitter.tell(transactions[Int(task)]) { kind, sum in work?[group][kind, default: 0] += sum }
        }
    }

    /// Adds the tasks of a run from its encoded figures, of which only what the report asks for is read. False, and
    /// nothing added, where the bytes are no figures, or figures by another inference, or where work is split.
    /// `isArriving` is told what the run is as a whole.
    package mutating func add(
        decoding bytes: UnsafeRawBufferPointer, isArriving: (RunFigures) throws -> Bool
    ) rethrows -> Bool {
        var figures = RunFigures()
        swap(&figures, &buffer)
        defer { swap(&figures, &buffer) }
        guard work == nil, figures.decode(bytes, parts: parts),
            inference ?? figures.inference == figures.inference
        else { return false }
        add(figures, isArriving: try isArriving(figures))
        return true
    }

    /// The statistics of all that was added, groups ordered by one of their figures, largest first, then by key.
    /// `percentiles` are shown beside the standard ones, `hidden` are only worked out: for budgets. The distribution of
    /// all has at most so many bins; without any, there is none.
    package func report(
        sortedBy order: ReportOrder = .standard, percentiles: [PercentileRank] = [], hidden: [PercentileRank] = [],
        bins: Int = 0
    ) -> TaskReport {
        let ranks = percentiles + hidden + (order.measure.chosenRank.map { [$0] } ?? [])
        let (overall, statistics) = quantities.statistics(of: groups, percentiles: ranks.eachOnce)
        let values = statistics.map { order.measure.value(of: $0) }
        let keys = groups.groupKeys
        let runPlace = dimensions.firstIndex(of: .run)
        let sorted = statistics.indices.sorted { left, right in
            values[left] != values[right] ? values[left] > values[right] : keys.precedes(left, right)
        }
        return TaskReport(
            dimensions: dimensions,
            inference: inference ?? AnalysisSettings.standard.inference,
            overall: overall,
            groups: sorted.map { group in
                let key = keys[group]
                return TaskReport.Group(
                    key: key, statistics: statistics[group], incomplete: groups.incomplete[group],
                    run: runPlace.flatMap { key[$0] }.flatMap { heads[$0] },
                    work: work.map { WorkSplit($0[group]) })
            },
            work: work.map { groups in WorkSplit(groups.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }) },
            percentiles: percentiles.eachOnce,
            distribution: bins > 0 ? quantities.distribution(bins: bins) : nil,
            makespans: makespans,
            diagnosis: diagnosis,
            runs: runs,
            arriving: arriving,
            unsampled: unsampled,
            incomplete: groups.incomplete.reduce(0, +),
            runsWithoutGroups: runsWithoutGroups)
    }
}

extension ReportDimension {
    /// The parts of a run's figures that tell a task's key.
    fileprivate var parts: FigureParts {
        switch self {
        case .user: .users
        case .name: .names
        case .service: .services
        case .version: .versions
        case .label: .labels
        case .outcome, .run: []
        }
    }
}

extension [PercentileRank] {
    /// Without those that stood there before.
    var eachOnce: [PercentileRank] {
        var seen: Set<PercentileRank> = []
        return filter { seen.insert($0).inserted }
    }
}

extension TaskFilter {
    /// The parts of a run's figures that it looks at.
    var parts: FigureParts {
        var parts: FigureParts = []
        if name != nil { parts.insert(.names) }
        if service != nil { parts.insert(.services) }
        if user != nil { parts.insert(.users) }
        if !labels.isEmpty { parts.insert(.labels) }
        return parts
    }

    /// The tasks of a run that match: of the transactions of the name asked for, else of the tasks of the run, those of
    /// the service, user, outcome and labels asked for.
    func choose(from figures: RunFigures, into chosen: inout [UInt32]) {
        let (tasks, texts) = (figures.tasks, figures.texts)
        chosen.resize(tasks.count)
        for task in chosen.indices { chosen[task] = UInt32(truncatingIfNeeded: task) }
        if let name {
            let wanted = texts.number(of: name)
            chosen.keep { tasks[.name, $0] == wanted }
        } else {
            chosen.keep { tasks[.isTask, $0] != 0 }
        }
        if let service {
            let wanted = texts.number(of: service)
            chosen.keep { tasks[.service, $0] == wanted }
        }
        if let user {
            let wanted = texts.number(of: user)
            chosen.keep { tasks[.user, $0] == wanted }
        }
        if let outcome {
            let wanted = Event.Outcome.allCases.first { $0.text.utf8.elementsEqual(outcome.utf8) }
            chosen.keep { tasks[.outcome, $0] == wanted.map { UInt32($0.rawValue) } }
        }
        for (key, value) in labels {
            let (lookup, wanted) = (LabelLookup(key, in: figures), texts.number(of: value))
            chosen.keep { lookup?[$0] == wanted && wanted != nil }
        }
    }
}

extension [UInt32] {
    /// Keeps the tasks of which this is true.
    @inline(__always)
    fileprivate mutating func keep(_ isChosen: (Int) -> Bool) {
        var kept = 0
        withUnsafeMutableBufferPointer { tasks in
            for task in tasks {
                tasks[kept] = task
                kept += isChosen(Int(task)) ? 1 : 0
            }
        }
        resize(kept)
    }
}
