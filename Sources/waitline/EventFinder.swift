import TraceCore
import TraceStorage

/// Finds the one event that an id, or the beginning of one, names.
struct EventFinder {
    /// An event that was found, with the run around it.
    enum Found {
        /// An event of a run, as an index into the trace's events.
        case event(Int, Trace)
        /// An error, as an index into the trace's side events.
        case error(Int, Trace)
        /// The one error of a batch: it names no trace.
        case untraced(EventBatch)
    }

    fileprivate enum Candidate {
        case read(Found, FoundEvent.Kind, Identifier)
        case stored(FoundEvent)
    }

    private let id: String
    private let kinds: Set<FoundEvent.Kind>
    private let databasePath: String
    private var candidates: [Candidate] = []
    private var hasMore = false
    private var source: RunSource?

    init(id: String, kinds: Set<FoundEvent.Kind>, databasePath: String) {
        self.id = id
        self.kinds = kinds
        self.databasePath = databasePath
    }

    /// Gives the lines of what was found.
    var lines: StoredLines { source?.lines ?? StoredLines(databasePath: databasePath) }

    /// Ends the command with what was wrong with the files that were read.
    func reportProblems() throws(CommandFailure) { try source?.reportProblems() }

    /// Looks in all of the database.
    mutating func searchDatabase() throws {
        let found = try TraceReader(path: databasePath).read { try $0.events(withID: id, kinds: kinds) }
        candidates = found.events.map { .stored($0) }
        hasMore = found.hasMore
    }

    /// Looks in the runs of a set.
    mutating func search(_ runs: RunSource) throws {
        var runs = runs
        runs.withSurroundings = true
        let bytes = Array(id.utf8)
        var (whole, begun): ([Candidate], [Candidate]) = ([], [])
        let count = try runs.forEach { run in
            let trace = run.trace
            for (index, event) in trace.events.enumerated() where event.id.utf8.starts(with: bytes) {
                let kind: FoundEvent.Kind = event.kind == .transaction ? .transaction : .span
                let candidate = Candidate.read(.event(index, trace), kind, event.id)
                if event.id.utf8 == bytes { whole.append(candidate) } else { begun.append(candidate) }
            }
            for (index, event) in trace.sideEvents.enumerated() where event.kind == .error {
                guard let id = event.id, id.utf8.starts(with: bytes) else { continue }
                let candidate = Candidate.read(.error(index, trace), .error, id)
                if id.utf8 == bytes { whole.append(candidate) } else { begun.append(candidate) }
            }
        }
        source = runs
        guard count > 0 else { throw runs.nothingFound }
        whole.removeAll { !kinds.contains($0.kind) }
        begun.removeAll { !kinds.contains($0.kind) }
        candidates = whole.isEmpty ? begun : whole
    }

    /// What was found, where it is one. Throws where it is none, or several.
    func only() throws -> Found {
        guard let first = candidates.first else {
            throw CommandFailure(
                .no,
                "no transaction, span or error has an id that is or begins with `\(id)`: `waitline waterfall "
                    + "--format json` and `waitline export` show ids")
        }
        guard candidates.count == 1 else {
            let some = candidates.prefix(3).map { "\($0.kind.text) \($0.id.text) of \($0.place)" }
            let rest = candidates.count > 3 || hasMore ? ", …" : ""
            throw CommandFailure(
                .usage,
                "`\(id)` names several events (\(some.joined(separator: ", "))\(rest)): give more characters "
                    + "of it, --kind, or the run it is in with --run")
        }
        switch first {
        case .read(let found, _, _): return found
        case .stored(let event): return try read(event)
        }
    }

    /// Reads an event that was found in the database, with its run.
    private func read(_ event: FoundEvent) throws -> Found {
        let found: Found? = try TraceReader(path: databasePath).read { snapshot in
            guard let run = event.run else { return .untraced(try snapshot.untraced(event)) }
            let trace = try snapshot.trace(run, withSurroundings: true)
            switch event.kind {
            case .error:
                let index = trace.sideEvents.firstIndex { $0.line == event.line }
                return index.map { .error($0, trace) }
            case .transaction, .span:
                let kind: Event.Kind = event.kind == .transaction ? .transaction : .span
                let index = trace.events.firstIndex { $0.kind == kind && $0.id == event.id }
                return index.map { .event($0, trace) }
            }
        }
        guard let found else { throw CommandFailure(.no, "`\(id)` is no longer stored") }
        return found
    }
}

extension EventFinder.Candidate {
    fileprivate var kind: FoundEvent.Kind {
        switch self {
        case .read(_, let kind, _): kind
        case .stored(let event): event.kind
        }
    }

    fileprivate var id: Identifier {
        switch self {
        case .read(_, _, let id): id
        case .stored(let event): event.id
        }
    }

    /// Where it belongs, in words.
    fileprivate var place: String {
        switch self {
        case .read(.event(_, let trace), _, _), .read(.error(_, let trace), _, _): "trace \(trace.id.text)"
        case .read(.untraced, _, _): "no trace"
        case .stored(let event): event.run.map { "trace \($0.trace.text)" } ?? "no trace"
        }
    }
}
