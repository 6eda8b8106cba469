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

    /// `inference` is what all runs were analysed by; without it, what the first was.
    package init(by dimensions: [ReportDimension], filter: TaskFilter = TaskFilter(), inference: Inference? = nil) {
        self.dimensions = dimensions
        self.filter = filter
        self.inference = inference
        groups = ReportGroups(by: dimensions)
        parts = dimensions.reduce(into: filter.parts.union(.states)) { $0.formUnion($1.parts) }
    }

    /// Adds the tasks of a run.
    package mutating func add(_ figures: RunFigures, isArriving: Bool) {
        precondition(inference ?? figures.inference == figures.inference, "waits of two kinds")
        inference = figures.inference
        filter.choose(from: figures, into: &chosen)
        if !chosen.isEmpty { quantities.append(chosen, of: figures, to: &groups) }
        runs += 1
        arriving += isArriving ? 1 : 0
        unsampled += figures.unsampled
        runsWithoutGroups += figures.hasGroups ? 0 : 1
    }

    /// Adds the tasks of a run.
    package mutating func add(_ analysis: TraceAnalysis, isArriving: Bool) {
        add(RunFigures(analysis), isArriving: isArriving)
    }

    /// Adds the tasks of a run from its encoded figures, of which only what the report asks for is read. False, and
    /// nothing added, where the bytes are no figures, or figures by another inference. `isArriving` is told what the
    /// run is as a whole.
    package mutating func add(
        decoding bytes: UnsafeRawBufferPointer, isArriving: (RunFigures) throws -> Bool
    ) rethrows -> Bool {
        var figures = RunFigures()
        swap(&figures, &buffer)
        defer { swap(&figures, &buffer) }
        guard figures.decode(bytes, parts: parts), inference ?? figures.inference == figures.inference else {
            return false
        }
        add(figures, isArriving: try isArriving(figures))
        return true
    }

    /// The statistics of all that was added, groups ordered by one of their figures, largest first, then by key.
    package func report(sortedBy order: ReportOrder = .standard) -> TaskReport {
        let (overall, statistics) = quantities.statistics(of: groups)
        let values = statistics.map { order.value($0) }
        let keys = groups.groupKeys
        let sorted = statistics.indices.sorted { left, right in
            values[left] != values[right] ? values[left] > values[right] : keys.precedes(left, right)
        }
        return TaskReport(
            dimensions: dimensions,
            inference: inference ?? AnalysisSettings.standard.inference,
            overall: overall,
            groups: sorted.map { group in
                TaskReport.Group(
                    key: keys[group], statistics: statistics[group], incomplete: groups.incomplete[group])
            },
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

extension TaskFilter {
    /// The parts of a run's figures that it looks at.
    fileprivate var parts: FigureParts {
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
