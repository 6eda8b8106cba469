/// What tells one process from another: of two with the same the transactions are those of one process.
package struct ProcessName: Sendable, Hashable {
    package var host: String?
    package var pid: Int64
    package var node: String?
    package var container: String?

    package init(host: String?, pid: Int64, node: String?, container: String? = nil) {
        self.host = host
        self.pid = pid
        self.node = node
        self.container = container
    }

    /// Nil where the metadata names no pid: then it cannot be told whose it is.
    package init?(_ metadata: ProcessMetadata, _ symbols: SymbolTable) {
        guard let pid = metadata.pid else { return nil }
        self.init(
            host: symbols.text(metadata.host), pid: pid, node: symbols.text(metadata.node),
            container: symbols.text(metadata.container))
    }
}

/// A transaction of another trace, sampled or not, that may have run beside the tasks of a run.
package struct OtherTransaction: Sendable, Hashable {
    package var process: ProcessName
    package var service: String
    /// Nil where it came without one.
    package var name: String?
    /// µs since the epoch.
    package var start: Int64
    /// µs.
    package var duration: Int64

    package init(process: ProcessName, service: String, name: String?, start: Int64, duration: Int64) {
        self.process = process
        self.service = service
        self.name = name
        self.start = start
        self.duration = duration
    }

    /// When it ends, µs since the epoch.
    package var end: Int64 { start + duration }
}

/// Where to look for what ran beside the tasks of a run.
package struct BackgroundReach: Sendable {
    /// The processes of its sampled transactions that have a parent; none where there are fewer than two of these, and
    /// so no group.
    package let processes: Set<ProcessName>
    /// µs since the epoch: the run's window, and before and after it as long again, a minute at least and an hour at
    /// most: how regular something is shows best where the run does not disturb it.
    package let time: Interval
    /// Traces that begin before `time` are looked at as far as they begin no more than an hour earlier, µs since the
    /// epoch.
    package var earliestTrace: Int64 { time.start - Self.hour }

    private static let minute: Int64 = 60_000_000
    private static let hour: Int64 = 3_600_000_000

    package init(_ trace: Trace) {
        let margin = min(max(trace.makespan, Self.minute), Self.hour)
        time = Interval(start: trace.start - margin, end: trace.end + margin)
        let tasks = trace.events.indices.filter { trace.isSampledTransaction($0) && trace.events[$0].parent != nil }
        let senders = tasks.count < 2 ? [] : Set(tasks.map { trace.events[$0].process })
        processes = Set(senders.compactMap { ProcessName(trace.processes[$0], trace.symbols) })
    }

    /// Whether a transaction of one of the processes has to be looked at.
    package func contains(start: Int64, duration: Int64) -> Bool { start < time.end && start + duration >= time.start }

    /// The transactions of other traces of a batch that have to be looked at, each once.
    package func transactions(of batch: EventBatch, besides trace: Identifier) -> [OtherTransaction] {
        guard !processes.isEmpty else { return [] }
        let own = batch.index(ofTrace: trace)
        let names = batch.processes.map { metadata in
            ProcessName(metadata, batch.symbols).flatMap { processes.contains($0) ? $0 : nil }
        }
        var seen: Set<Key> = []
        return batch.events.compactMap { event in
            guard event.kind == .transaction, event.trace != own, let process = names[event.process],
                contains(start: event.start, duration: event.duration),
                seen.insert(Key(trace: event.trace, id: event.id)).inserted
            else { return nil }
            return OtherTransaction(
                process: process, service: batch.symbols[event.service], name: batch.symbols.text(event.name),
                start: event.start, duration: event.duration)
        }
    }

    /// What tells a transaction of a batch from another.
    private struct Key: Hashable {
        var trace: Int
        var id: Identifier
    }
}
