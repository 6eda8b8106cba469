/// All that the analysis of a run knows of one of its events.
package struct EventFacts: Sendable {
    package let analysis: TraceAnalysis
    /// As an index into the trace's events.
    package let event: Int
    /// In the order of `EventFlag`.
    package let flags: [EventFlag]
    /// Of a sampled transaction, where its time went; nil for others.
    package let breakdown: Breakdown?
    /// Of a sampled transaction, in order of time; nil for others.
    package let states: [StatePartition.Stretch]?
    /// The waits in lines within the task, or before the span, in order of time.
    package let lineWaits: [LineWaits.Wait]
    /// The transactions that took the slot of this one, in order of (start, id).
    package let released: [Int]
    /// The events whose parent it is, in order of (start, id).
    package let children: [Int]

    package init(_ event: Int, in analysis: TraceAnalysis) {
        let trace = analysis.trace
        self.analysis = analysis
        self.event = event
        flags = trace.flags(of: event)
        breakdown = analysis.breakdown(event)
        states = analysis.partition(event)?.stretches
        lineWaits = LineWaits(analysis)[event]
        released =
            analysis.place(event).map { place in
                let members = analysis.groups[place.group].members
                return members.filter { $0.releaser == place.member }.map(\.transaction)
            } ?? []
        children = trace.events.indices.filter { trace.parents[$0] == event }
    }

    /// The trace that it belongs to.
    package var trace: Trace { analysis.trace }

    /// The event's row.
    package var row: Event { trace.events[event] }

    /// The event that its `parent_id` names, where it came.
    package var parent: Int? { trace.parents[event] }

    /// The transaction that a span belongs to, where it came; nil for transactions.
    package var transaction: Int? { row.kind == .span ? trace.owners[event] : nil }

    /// A span's transaction as it was sent, else the one it was found to belong to; a transaction's own id.
    package var transactionID: Identifier? { row.transaction ?? trace.owners[event].map { trace.events[$0].id } }

    /// The transaction whose slot it got.
    package var releaser: Int? { analysis.releaser(event) }

    /// The user of the transaction that it is or belongs to.
    package var user: String? { user(of: event) }

    /// µs from the run's start.
    package var offset: Int64 { row.start - trace.start }

    /// Whether it is the transaction that the run began with.
    package var isRoot: Bool { trace.root == event }

    /// The group of tasks that it is in, and its place there from 1, by (start, id); nil where it is in none.
    package var group: (group: TaskGroup, position: Int)? {
        analysis.place(event).map { (analysis.groups[$0.group], $0.member + 1) }
    }

    /// Its own labels: each key once, the last value of it.
    package var labels: [LabelText] { LabelText.eachOnce(trace.ownLabels(event), trace.symbols) }

    /// What the metadata that it came under says of its process.
    package var process: ProcessMetadata { trace.processes[row.process] }

    /// The labels of the metadata that it came under: each key once, the last value of it.
    package var processLabels: [LabelText] { LabelText.eachOnce(process.labels[...], trace.symbols) }

    /// The name of any event of the run, as it was sent.
    package func name(of event: Int) -> String? { trace.symbols.text(trace.events[event].name) }

    /// The user of the transaction that an event of the run is or belongs to.
    package func user(of event: Int) -> String? {
        trace.owners[event].flatMap { trace.symbols.text(trace.events[$0].user) }
    }

    /// Its bar: the queue before the task, then its states; of a span or of an unsampled transaction one stretch.
    package var stretches: [BarStretch] {
        let whole = Interval(start: row.start, end: trace.end(event))
        guard let states, let breakdown, !whole.isEmpty else {
            return [BarStretch(analysis.waiting()[event] ? .wait : .work, whole)]
        }
        let queued = Interval(start: row.start - breakdown.queued, end: row.start)
        return (queued.isEmpty ? [] : [BarStretch(.wait, queued)])
            + states.map { BarStretch(BarFill($0.state), $0.interval) }
    }
}

/// A label as text.
package struct LabelText: Sendable, Hashable {
    package var key: String
    package var value: String
    /// Whether the value was sent as a number.
    package var isNumber: Bool

    /// The last value of each key, in the order in which the keys first came.
    static func eachOnce(_ labels: ArraySlice<Label>, _ symbols: SymbolTable) -> [LabelText] {
        var places: [Symbol: Int] = [:]
        var texts: [LabelText] = []
        for label in labels {
            let text = LabelText(key: symbols[label.key], value: symbols[label.value], isNumber: label.isNumber)
            if let known = places[label.key] {
                texts[known] = text
            } else {
                places[label.key] = texts.count
                texts.append(text)
            }
        }
        return texts
    }
}
