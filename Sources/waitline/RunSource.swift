import TraceCore
import TraceStorage

/// The runs that a selector names, from the database and from files.
struct RunSource {
    let selector: Selector
    let databasePath: String
    let now: Int64
    /// Whether runs come with what their processes sent at their time and for no trace.
    var withSurroundings = false
    /// What was wrong with the files read so far: said after the answer.
    private(set) var problems: [String] = []
    /// Gives back the lines of what was read.
    private(set) var lines: StoredLines

    init(selector: Selector, databasePath: String, now: Int64) {
        self.selector = selector
        self.databasePath = databasePath
        self.now = now
        lines = StoredLines(databasePath: databasePath)
    }

    /// A run, read whole.
    struct Run {
        var trace: Trace
        /// When the last request came that brought something of it, µs since the epoch.
        var lastRequest: Int64
        /// Without a root, and with events that came less than a minute ago.
        var isArriving: Bool

        init(_ trace: Trace, lastRequest: Int64, now: Int64) {
            self.trace = trace
            self.lastRequest = lastRequest
            let quiet = now - lastRequest
            isArriving = trace.root == nil && quiet < 60_000_000 && quiet > -60_000_000
        }
    }

    /// Calls `body` with each run of the set, each once; how many there were.
    mutating func forEach(_ body: (Run) throws -> Void) throws -> Int {
        var files = try readFiles()
        var count = 0
        try withStoredRuns { snapshot, runs in
            for run in runs {
                let trace = try snapshot.trace(run, withSurroundings: withSurroundings)
                if files.complete(trace, lastRequest: run.lastRequest) { continue }
                try body(Run(trace, lastRequest: run.lastRequest, now: now))
                count += 1
            }
        }
        for run in files.runs(now: now, withSurroundings: withSurroundings) {
            try body(run)
            count += 1
        }
        return count
    }

    /// The run of the set whose earliest start is latest.
    mutating func newest() throws -> Run {
        var files = try readFiles()
        var stored: Run?
        try withStoredRuns { snapshot, runs in
            for run in runs {
                let isInFile = files.batch.index(ofTrace: run.trace) != nil
                if !isInFile, stored != nil { continue }
                let trace = try snapshot.trace(run, withSurroundings: withSurroundings)
                if files.complete(trace, lastRequest: run.lastRequest) { continue }
                stored = Run(trace, lastRequest: run.lastRequest, now: now)
            }
        }
        let candidates = files.runs(now: now, withSurroundings: withSurroundings) + (stored.map { [$0] } ?? [])
        let newest = candidates.min { left, right in
            let (a, b) = (left.trace, right.trace)
            return a.start != b.start ? a.start > b.start : a.id < b.id
        }
        guard let newest else { throw nothingFound }
        return newest
    }

    /// What the files of the set hold, together: a run may be spread over several, and over the database.
    private struct Files {
        var batch = EventBatch()
        private var lastRequests: [Identifier: Int64] = [:]

        mutating func add(_ file: TraceFile.Contents) {
            for trace in file.batch.traces { note(trace, file.time) }
            batch.absorb(file.batch)
        }

        /// Adds the stored events of a run that is in a file; false where it is in none.
        mutating func complete(_ trace: Trace, lastRequest: Int64) -> Bool {
            guard batch.index(ofTrace: trace.id) != nil else { return false }
            note(trace.id, lastRequest)
            batch.absorb(EventBatch(trace))
            return true
        }

        func runs(now: Int64, withSurroundings: Bool) -> [Run] {
            Trace.all(of: batch, withSurroundings: withSurroundings).map {
                Run($0, lastRequest: lastRequests[$0.id] ?? 0, now: now)
            }
        }

        private mutating func note(_ trace: Identifier, _ time: Int64) {
            lastRequests[trace] = max(lastRequests[trace] ?? time, time)
        }
    }

    /// Ends the command with what was wrong with its files, after its answer was given.
    func reportProblems() throws(CommandFailure) {
        if !problems.isEmpty { throw CommandFailure(.usage, problems.joined(separator: "; ")) }
    }

    private mutating func readFiles() throws(CommandFailure) -> Files {
        var files = Files()
        for case .file(let path) in selector.parts {
            var file = try TraceFile.read(path)
            if let problem = TraceFile.problem(path, file.result, cutOff: file.cutOff) { problems.append(problem) }
            file.batch.setBody(lines.add(file.body))
            files.add(file)
        }
        return files
    }

    /// What to say where a set is empty: what was wrong with its files, if anything was.
    var nothingFound: CommandFailure {
        if !problems.isEmpty { return CommandFailure(.usage, problems.joined(separator: "; ")) }
        let texts = selector.parts.map { part in
            switch part {
            case .stored(_, let text): text
            case .file(let path): path
            }
        }
        let areFiles = selector.parts.allSatisfy { if case .file = $0 { true } else { false } }
        let advice = areFiles ? "it holds no transaction and no span" : "`waitline runs --all` lists what there is"
        return CommandFailure(.no, "no run found for \(texts.joined(separator: ",")): \(advice)")
    }

    /// The stored runs of the set, newest first, each once, at one moment of the database. It is opened only where
    /// the selector asks for it.
    private func withStoredRuns(_ body: (TraceReader.Snapshot, [StoredRun]) throws -> Void) throws {
        let selections = selector.parts.compactMap { part in
            if case .stored(let selection, let text) = part { (selection, text) } else { nil }
        }
        if selections.isEmpty { return }
        try TraceReader(path: databasePath).read { snapshot in
            var runs: Set<StoredRun> = []
            for (selection, text) in selections {
                let found = try snapshot.runs(selection)
                try checkUnique(found, selection, text)
                runs.formUnion(found)
            }
            try body(snapshot, runs.sorted { $0.start != $1.start ? $0.start > $1.start : $0.trace < $1.trace })
        }
    }

    /// The beginning of a trace id has to be that of one run, or the whole id.
    private func checkUnique(_ found: [StoredRun], _ selection: RunSelection, _ text: String) throws(CommandFailure) {
        guard case .tracePrefix = selection, found.count > 1 else { return }
        let some = found.prefix(3).map(\.trace.text).joined(separator: ", ")
        throw CommandFailure(
            .usage, "`\(text)` begins the trace ids of \(found.count) runs (\(some), …): give more characters of it")
    }
}
