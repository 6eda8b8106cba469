/// All that is known of an error, a log or a metricset beside what its line says.
package struct SideEventFacts: Sendable {
    package let row: SideEvent
    /// Nil where it names no trace.
    package let traceID: Identifier?
    /// The run that it belongs to or was sent beside; nil where that is not known.
    package let analysis: TraceAnalysis?

    /// Of a side event of a run, or of its surroundings.
    package init(_ event: SideEvent, in analysis: TraceAnalysis) {
        row = event
        traceID = event.trace.map { _ in analysis.trace.id }
        self.analysis = analysis
    }

    /// Of a side event whose run has neither transaction nor span, or that names none.
    package init(_ event: SideEvent, trace: Identifier?) {
        row = event
        traceID = trace
        analysis = nil
    }

    /// The event that its `parent_id` names, as an index into the trace's events; nil where it never came, and where
    /// the event belongs to no trace.
    package var parent: Int? { row.parent.flatMap { id in find { $0.id == id } } }

    /// The transaction that its `transaction_id` names, else that of its parent, where that came.
    package var transaction: Int? {
        guard let id = row.transaction else { return parent.flatMap { analysis?.trace.owners[$0] } }
        return find { $0.id == id && $0.kind == .transaction }
    }

    /// µs from the run's start; nil where the run is not known.
    package var offset: Int64? { analysis.map { row.timestamp - $0.trace.start } }

    /// What the metadata that it came under says of its process.
    package var process: ProcessMetadata? { analysis.map { $0.trace.processes[row.process] } }

    /// An event of its trace, a transaction before a span.
    private func find(_ matches: (Event) -> Bool) -> Int? {
        guard row.trace != nil, let trace = analysis?.trace else { return nil }
        let found = trace.events.indices.filter { matches(trace.events[$0]) }
        return found.first { trace.events[$0].kind == .transaction } ?? found.first
    }
}
