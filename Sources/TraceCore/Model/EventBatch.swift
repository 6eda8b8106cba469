/// What one stream brought: its events as rows of integers, and the texts, traces and metadata they name.
///
/// The one currency between the intake, which fills it, the storage, which keeps it and reads it back, and
/// `Trace`, which is assembled from it.
package struct EventBatch: Sendable {
    package var symbols = SymbolTable()
    /// The trace ids that events name, each once.
    package private(set) var traces: [Identifier] = []
    private var traceIndex: [Identifier: Int] = [:]
    /// The metadata lines that events came under.
    package var processes: [ProcessMetadata] = []
    package var events: [Event] = []
    package var sideEvents: [SideEvent] = []
    /// The labels of all events; `Event.labels` are ranges of it.
    package var labels: [Label] = []

    package init() {}

    /// The index of a trace id, a new one where the batch has none yet.
    package mutating func trace(_ id: Identifier) -> Int {
        if let last = traces.last, last == id { return traces.count - 1 }
        if let known = traceIndex[id] { return known }
        traces.append(id)
        traceIndex[id] = traces.count - 1
        return traces.count - 1
    }

    /// Says of all events which body their lines stand in.
    package mutating func setBody(_ body: Int64) {
        for index in events.indices { events[index].line.body = body }
        for index in sideEvents.indices { sideEvents[index].line.body = body }
    }

    /// The index of a trace id that the batch already has.
    package func index(ofTrace id: Identifier) -> Int? { traceIndex[id] }
}

/// What a stream's metadata line says of the process that sent it.
package struct ProcessMetadata: Sendable {
    package var service: Symbol
    package var version: Symbol?
    package var environment: Symbol?
    /// The first present of `configured_hostname`, `detected_hostname` and `hostname` of `system`.
    package var host: Symbol?
    package var pid: Int64?
    /// `service.node.configured_name`.
    package var node: Symbol?
    /// `system.container.id`.
    package var container: Symbol?
    /// The name of the agent.
    package var agent: Symbol?
    /// `user.id`, the user of transactions that name none.
    package var user: Symbol?
    package var labels: [Label] = []
    /// The metadata line as it came, without its newline.
    package var line: [UInt8]

    package init(service: Symbol, line: [UInt8]) {
        self.service = service
        self.line = line
    }

    /// What tells one process from another.
    package struct Identity: Hashable {
        let host: Symbol?
        let pid: Int64?
        let node: Symbol?
        let container: Symbol?
    }

    /// Equal for metadata lines that were sent by the same process: same host name, pid, node name and container id.
    package var identity: Identity { Identity(host: host, pid: pid, node: node, container: container) }

    /// Whether one process goes before another by (host name, pid, node name, container id), what is absent first.
    func precedes(_ other: ProcessMetadata, _ symbols: SymbolTable) -> Bool {
        if host != other.host { return symbols.precedes(ifAny: host, other.host) }
        if pid != other.pid { return other.pid.map { right in pid.map { $0 < right } ?? true } ?? false }
        if node != other.node { return symbols.precedes(ifAny: node, other.node) }
        return symbols.precedes(ifAny: container, other.container)
    }
}
