/// A run: the transactions and spans of one trace, each once, and how they hang together.
///
/// Assembling one never fails. Events may come in any order, twice, without their parents, outside them, or
/// in circles; what is amiss shows as `nil` parents and owners and in `flags(of:)`.
///
/// Events are known by their index in `events`, which are ordered by (start, id, kind): the same events give
/// the same trace however they arrived.
package struct Trace: Sendable {
    package let id: Identifier
    package let symbols: SymbolTable
    package let processes: [ProcessMetadata]
    package let labels: [Label]
    /// Ordered by (start, id, kind); starts are final, also of spans that came with an offset.
    package let events: [Event]
    /// The event that `parent_id` names, where it came.
    package let parents: [Int?]
    /// The transaction that a span belongs to, where it came: named by its `transaction_id`; without one, the
    /// first met going up. A transaction owns itself.
    package let owners: [Int?]
    /// The number of errors that were sent for this trace.
    package let errorCount: Int
    /// For each of `processes`, the first of them that is the same process.
    private let processIdentities: [Int]

    /// Assembles the events of one trace of a batch. Of two events with the same kind and id the first counts.
    package init(_ traceIndex: Int, of batch: EventBatch, events: [Event], errorCount: Int) {
        let assembly = TraceAssembly(events)
        self.id = batch.traces[traceIndex]
        self.symbols = batch.symbols
        self.processes = batch.processes
        self.labels = batch.labels
        self.events = assembly.events
        self.parents = assembly.parents
        self.owners = assembly.owners
        self.errorCount = errorCount
        var first: [ProcessMetadata.Identity: Int] = [:]
        self.processIdentities = batch.processes.enumerated().map { index, process in
            if let known = first[process.identity] { return known }
            first[process.identity] = index
            return index
        }
    }

    /// All traces of a batch that have a transaction or a span, in the order they were first named.
    package static func all(of batch: EventBatch) -> [Trace] {
        var events = [[Event]](repeating: [], count: batch.traces.count)
        for event in batch.events { events[event.trace].append(event) }
        let errors = batch.errorCounts
        return events.indices.filter { !events[$0].isEmpty }.map { index in
            Trace(index, of: batch, events: events[index], errorCount: errors[index])
        }
    }

    /// When an event ends, µs since the epoch.
    package func end(_ index: Int) -> Int64 { events[index].start + events[index].duration }

    /// A number that is equal for transactions of the same process: same host name, pid and node name.
    package func processIdentity(_ index: Int) -> Int { processIdentities[events[index].process] }

    /// Whether one event goes before another by (start, id).
    package func precedes(_ left: Int, _ right: Int) -> Bool { left < right }

    /// The earliest start of any event, µs since the epoch.
    package var start: Int64 { events.first?.start ?? 0 }

    /// The latest end of any event, µs since the epoch.
    package var end: Int64 { events.indices.map(end).max() ?? 0 }

    /// From the earliest start to the latest end, µs.
    package var makespan: Int64 { end - start }

    /// The transactions, in order of (start, id).
    package var transactions: [Int] { events.indices.filter { events[$0].kind == .transaction } }

    /// The transaction without a parent; the earliest of several.
    package var root: Int? { events.indices.first { events[$0].kind == .transaction && events[$0].parent == nil } }

    /// The event that the run is named after: its root, else its earliest transaction.
    package var namesake: Int? { root ?? events.indices.first { events[$0].kind == .transaction } }

    /// The labels that a transaction carries itself.
    package func ownLabels(_ index: Int) -> ArraySlice<Label> { labels[events[index].labels] }
}

extension EventBatch {
    /// The number of errors that name each trace; an error with an id counts once.
    package var errorCounts: [Int] {
        var counts = [Int](repeating: 0, count: traces.count)
        var seen: Set<ErrorKey> = []
        for event in sideEvents where event.kind == .error {
            guard let trace = event.trace else { continue }
            if let id = event.id, !seen.insert(ErrorKey(trace: trace, id: id)).inserted { continue }
            counts[trace] += 1
        }
        return counts
    }

    private struct ErrorKey: Hashable {
        let trace: Int
        let id: Identifier
    }
}
