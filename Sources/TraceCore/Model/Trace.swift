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
    package let parents: EventLinks
    /// The transaction that a span belongs to, where it came: named by its `transaction_id`; without one, the
    /// first met going up. A transaction owns itself.
    package let owners: EventLinks
    /// The errors and logs that name this trace, each once, by (time, kind, id, digest). Behind the same order, where
    /// it was assembled with its surroundings, also what its processes sent at its time and for no trace.
    package private(set) var sideEvents: [SideEvent]
    /// The latest end of any event, µs since the epoch.
    package let end: Int64
    /// The transaction without a parent; the earliest of several.
    package let root: Int?
    /// The event that the run is named after: its root, else its earliest transaction.
    package let namesake: Int?
    /// Events that are left out, since others with their ids came first.
    package let conflicts: Int
    /// For each of `processes`, the first of them that is the same process.
    private let processIdentities: [Int]

    /// Assembles the events of one trace of a batch. Of two events with the same kind and id the first counts, and
    /// of side events that are the same.
    package init(_ traceIndex: Int, of batch: EventBatch, events: [Event], sideEvents: [SideEvent] = []) {
        self.init(
            traceIndex, of: batch, events: events, sideEvents: sideEvents,
            processIdentities: Self.processIdentities(of: batch))
    }

    private init(
        _ traceIndex: Int, of batch: EventBatch, events: [Event], sideEvents: [SideEvent], processIdentities: [Int]
    ) {
        let assembly = TraceAssembly(events, of: batch)
        self.id = batch.traces[traceIndex]
        self.symbols = batch.symbols
        self.processes = batch.processes
        self.labels = batch.labels
        self.events = assembly.events
        self.parents = assembly.parents
        self.owners = assembly.owners
        let sides = SideEvent.eachOnce(sideEvents, of: batch)
        self.sideEvents = sides.events
        conflicts = assembly.conflicts + sides.conflicts
        self.processIdentities = processIdentities
        end = assembly.events.lazy.map { $0.start + $0.duration }.max() ?? 0
        let first = assembly.events.firstIndex { $0.kind == .transaction }
        root = assembly.events.firstIndex { $0.kind == .transaction && $0.parent == nil }
        namesake = root ?? first
    }

    private static func processIdentities(of batch: EventBatch) -> [Int] {
        var first: [ProcessMetadata.Identity: Int] = [:]
        return batch.processes.enumerated().map { index, process in
            if let known = first[process.identity] { return known }
            first[process.identity] = index
            return index
        }
    }

    /// All traces of a batch that have a transaction or a span, in the order they were first named.
    package static func all(of batch: EventBatch, withSurroundings: Bool = false) -> [Trace] {
        var counts = [Int](repeating: 0, count: batch.traces.count)
        for event in batch.events { counts[event.trace] += 1 }
        var events = [[Event]](repeating: [], count: batch.traces.count)
        if let only = counts.indices.first(where: { counts[$0] == batch.events.count }) {
            events[only] = batch.events
        } else {
            for index in counts.indices { events[index].reserveCapacity(counts[index]) }
            for event in batch.events { events[event.trace].append(event) }
        }
        var sideEvents = [[SideEvent]](repeating: [], count: batch.traces.count)
        var homeless: [SideEvent] = []
        for event in batch.sideEvents {
            if let trace = event.trace { sideEvents[trace].append(event) } else { homeless.append(event) }
        }
        let homelessByTime = withSurroundings ? Homeless(homeless) : nil
        let identities = processIdentities(of: batch)
        return events.indices.filter { !events[$0].isEmpty }.map { index in
            var trace = Trace(
                index, of: batch, events: events[index], sideEvents: sideEvents[index], processIdentities: identities)
            events[index] = []
            if let homelessByTime { trace.takeIn(homelessByTime, beside: sideEvents[index], of: batch) }
            return trace
        }
    }

    /// Adds what was sent for no trace, as far as it belongs to the surroundings.
    private mutating func takeIn(_ homeless: Homeless, beside own: [SideEvent], of batch: EventBatch) {
        let candidates = homeless.events(in: surroundings)
        guard !candidates.isEmpty else { return }
        var senders: Set<Int> = []
        for event in events { senders.insert(processIdentities[event.process]) }
        let near = candidates.filter { senders.contains(processIdentities[$0.process]) }
        if !near.isEmpty { sideEvents = SideEvent.eachOnce(own + near, of: batch).events }
    }

    /// The points in time, µs since the epoch, at which what its processes send belongs to its surroundings: from its
    /// start to one interval of the agents' metrics (30 s) after its end, since metrics tell of the time before them.
    package var surroundings: ClosedRange<Int64> { start...end + 30_000_000 }

    /// The number of errors that were sent for this trace.
    package var errorCount: Int { sideEvents.count { $0.kind == .error && $0.trace != nil } }

    /// When an event ends, µs since the epoch.
    package func end(_ index: Int) -> Int64 { events[index].start + events[index].duration }

    /// A number that is equal for transactions of the same process: same host name, pid, node name and container id.
    package func processIdentity(_ index: Int) -> Int { processIdentities[events[index].process] }

    /// The metadata that an event came under.
    func process(_ index: Int) -> ProcessMetadata { processes[events[index].process] }

    /// Whether one event goes before another by (start, id).
    package func precedes(_ left: Int, _ right: Int) -> Bool { left < right }

    /// The earliest start of any event, µs since the epoch.
    package var start: Int64 { events.first?.start ?? 0 }

    /// From the earliest start to the latest end, µs.
    package var makespan: Int64 { end - start }

    /// The transactions, in order of (start, id).
    package var transactions: [Int] { events.indices.filter { events[$0].kind == .transaction } }

    /// The labels that a transaction carries itself.
    package func ownLabels(_ index: Int) -> ArraySlice<Label> { labels[events[index].labels] }
}

/// Side events of no trace, found by their time.
private struct Homeless {
    private let events: [SideEvent]
    /// As indices into `events`, by time.
    private let order: [Int]

    init(_ events: [SideEvent]) {
        self.events = events
        order = events.indices.sorted { events[$0].timestamp < events[$1].timestamp }
    }

    /// Those of a stretch of time, in the order they came: of those that are the same, the first counts.
    func events(in time: ClosedRange<Int64>) -> [SideEvent] {
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if events[order[middle]].timestamp < time.lowerBound { low = middle + 1 } else { high = middle }
        }
        return order[low...].prefix { events[$0].timestamp <= time.upperBound }.sorted().map { events[$0] }
    }
}

extension SideEvent {
    /// The same events, each once, by (time, kind, id, digest): those that name a trace and have an id are told apart
    /// by their kind and id, others by their digest. Also how many were left out that are not the first of their id.
    fileprivate static func eachOnce(
        _ events: [SideEvent], of batch: EventBatch
    ) -> (events: [SideEvent], conflicts: Int) {
        var seen: [Key: SideEvent] = [:]
        var conflicts = 0
        let kept = events.filter { event in
            let key = Key(event)
            guard let first = seen[key] else {
                seen[key] = event
                return true
            }
            let differences = batch.differences(
                of: event, from: first, in: batch, requestTime: nil, firstRequestTime: nil)
            if !differences.isEmpty { conflicts += 1 }
            return false
        }
        let sorted = kept.sorted { left, right in
            if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
            if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
            if let a = left.id, let b = right.id, a != b { return a < b }
            return (left.digest.high, left.digest.low) < (right.digest.high, right.digest.low)
        }
        return (sorted, conflicts)
    }

    private enum Key: Hashable {
        case named(SideEvent.Kind, Identifier)
        case told(Digest)

        init(_ event: SideEvent) {
            if event.trace != nil, let id = event.id {
                self = .named(event.kind, id)
            } else {
                self = .told(event.digest)
            }
        }
    }
}
