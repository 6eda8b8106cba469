extension RunFigures {
    /// The figures of a run that was analysed.
    package init(_ analysis: TraceAnalysis) {
        let trace = analysis.trace
        self.init()
        id = trace.id
        inference = analysis.settings.inference
        start = trace.start
        makespan = trace.makespan
        transactions = trace.events.count { $0.kind == .transaction }
        spans = trace.events.count - transactions
        errors = trace.errorCount
        unsampled = analysis.unsampled
        largestGroup = analysis.largestGroup.map { RunSummary.Group($0, of: analysis) }
        groups = analysis.groups.map { Group($0, of: analysis) }

        var collector = FigureCollector(trace)
        let namesake = trace.namesake.map { trace.events[$0] }
        name = collector.number(namesake?.name)
        service = collector.number((namesake ?? trace.events.first)?.service)
        if let root = trace.root {
            hasRoot = true
            rootLabels = collector.set(trace.ownLabels(root))
        }
        tasks = collector.columns(of: analysis)
        lines = analysis.lines.map { line in
            Line(slots: line.slots, names: line.classes.map { collector.number($0.name ?? $0.type) })
        }
        texts = FigureTexts(collector.texts)
        labels = collector.labels
    }
}

extension RunFigures.Group {
    fileprivate init(_ group: TaskGroup, of analysis: TraceAnalysis) {
        self.init(
            slots: group.slots, kind: group.kind, explained: group.explained,
            withoutWork: group.withoutWork(in: analysis), rate: group.rate ?? 0,
            toldLag: group.toldLag ?? 0, processes: group.scope == .service && group.kind != nil ? group.processes : 0,
            working: group.working, delaysFrom: group.isDense ? group.window.start : nil)
    }
}

extension RunSummary.Group {
    /// A group of an analysis in one line.
    init(_ group: TaskGroup, of analysis: TraceAnalysis) {
        var (wait, total) = (Int128(0), Int128(0))
        for member in group.members {
            guard let breakdown = analysis.breakdown(member.transaction) else { continue }
            wait += Int128(breakdown.wait)
            total += Int128(breakdown.total)
        }
        self.init(
            tasks: group.members.count,
            failed: group.members.count { analysis.trace.events[$0.transaction].outcome == .failure },
            slots: group.knownSlots, kind: group.kind, waitShare: Share(wait, of: total))
    }
}

/// Numbers the texts and sets of labels of a run as they come.
private struct FigureCollector {
    let trace: Trace
    /// Texts as they are shown, so that those that show alike are one.
    var texts = SymbolTable()
    var labels = LabelSets()
    private var textNumbers: [Symbol: UInt32] = [:]
    private var setNumbers: [[UInt32]: UInt32] = [:]
    private var metadataSets: [Int: UInt32] = [:]

    init(_ trace: Trace) { self.trace = trace }

    mutating func number(_ symbol: Symbol?) -> UInt32 {
        guard let symbol else { return 0 }
        if let known = textNumbers[symbol] { return known }
        let number = texts.intern(trace.symbols[symbol]).rawValue + 1
        textNumbers[symbol] = number
        return number
    }

    /// Of several labels with one key the last counts.
    mutating func set(_ list: some Collection<Label>) -> UInt32 {
        guard !list.isEmpty else { return 0 }
        var numbers: [UInt32] = []
        var places: [UInt32: Int] = [:]
        for label in list {
            let (key, value) = (number(label.key), number(label.value))
            if let place = places[key] {
                numbers[place] = value
            } else {
                numbers += [key, value]
                places[key] = numbers.count - 1
            }
        }
        if let known = setNumbers[numbers] { return known }
        for place in stride(from: 0, to: numbers.count, by: 2) {
            labels.keys.append(numbers[place])
            labels.values.append(numbers[place + 1])
        }
        labels.ends.append(labels.keys.count)
        setNumbers[numbers] = labels.last
        return labels.last
    }

    private mutating func metadataSet(_ process: Int) -> UInt32 {
        if let known = metadataSets[process] { return known }
        let number = set(trace.processes[process].labels)
        metadataSets[process] = number
        return number
    }

    mutating func columns(of analysis: TraceAnalysis) -> TaskColumns {
        let sampled = trace.events.indices.filter { analysis.breakdown($0) != nil }
        var isTask = [UInt32](repeating: 0, count: trace.events.count)
        for task in analysis.tasks { isTask[task] = 1 }
        var places = [UInt32](repeating: 0, count: trace.events.count)
        for (place, task) in sampled.enumerated() { places[task] = UInt32(place + 1) }

        var columns = TaskColumns()
        columns.resize(sampled.count)
        for (task, event) in sampled.enumerated() {
            columns[.isTask, task] = isTask[event]
            columns[.group, task] = analysis.place(event).map { UInt32($0.group + 1) } ?? 0
            columns[.releaser, task] = analysis.releaser(event).map { places[$0] } ?? 0
            write(trace.events[event], to: &columns, at: task)
            write(analysis.breakdown(event) ?? Breakdown(), to: &columns, at: task)
        }
        return columns
    }

    private mutating func write(_ event: Event, to columns: inout TaskColumns, at task: Int) {
        columns[.user, task] = number(event.user)
        columns[.name, task] = number(event.name)
        columns[.service, task] = number(event.service)
        columns[.version, task] = number(event.version)
        columns[.outcome, task] = UInt32(event.outcome.rawValue)
        columns[.isIncomplete, task] = event.dropped > 0 ? 1 : 0
        columns[.ownLabels, task] = set(trace.labels[event.labels])
        columns[.sentLabels, task] = metadataSet(event.process)
        columns[.start, task] = event.start
        columns.ids.append(event.id)
    }

    private func write(_ breakdown: Breakdown, to columns: inout TaskColumns, at task: Int) {
        columns[.duration, task] = breakdown.duration
        columns[.queued, task] = breakdown.queued
        columns[.spanWait, task] = breakdown.spanWait
        columns[.inferredWait, task] = breakdown.inferredWait
        columns[.lineWait, task] = breakdown.lineWait
        columns[.own, task] = breakdown.own
        columns[.delay, task] = breakdown.delay
    }
}
