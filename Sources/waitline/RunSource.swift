import TraceCore
import TraceStorage

/// The runs that a selector names, from the database and from files.
struct RunSource {
    let selector: Selector
    let databasePath: String
    let now: Int64
    /// What was wrong with the files read so far: said after the answer.
    private(set) var problems: [String] = []

    init(selector: Selector, databasePath: String, now: Int64) {
        self.selector = selector
        self.databasePath = databasePath
        self.now = now
    }

    /// A run, read whole.
    struct Run {
        var trace: Trace
        /// Without a root, and with events that came less than a minute ago.
        var isArriving: Bool

        init(_ trace: Trace, lastRequest: Int64, now: Int64) {
            self.trace = trace
            let quiet = now - lastRequest
            isArriving = trace.root == nil && quiet < 60_000_000 && quiet > -60_000_000
        }
    }

    /// Calls `body` with each run of the set, each once; how many there were.
    mutating func forEach(_ body: (Run) throws -> Void) throws -> Int {
        var count = 0
        for run in try readFiles() {
            try body(run)
            count += 1
        }
        try withStoredRuns { snapshot, runs in
            for run in runs {
                try body(Run(try snapshot.trace(run), lastRequest: run.lastRequest, now: now))
                count += 1
            }
        }
        return count
    }

    /// The run of the set whose earliest start is latest.
    mutating func newest() throws -> Run {
        var newest: Run?
        func consider(_ run: Run) {
            guard let best = newest else {
                newest = run
                return
            }
            let (a, b) = (run.trace, best.trace)
            if a.start != b.start ? a.start > b.start : a.id < b.id { newest = run }
        }
        for run in try readFiles() { consider(run) }
        try withStoredRuns { snapshot, runs in
            if let run = runs.first { consider(Run(try snapshot.trace(run), lastRequest: run.lastRequest, now: now)) }
        }
        guard let newest else { throw nothingFound }
        return newest
    }

    /// Ends the command with what was wrong with its files, after its answer was given.
    func reportProblems() throws(CommandFailure) {
        if !problems.isEmpty { throw CommandFailure(.usage, problems.joined(separator: "; ")) }
    }

    private mutating func readFiles() throws(CommandFailure) -> [Run] {
        var runs: [Run] = []
        for case .file(let path) in selector.parts {
            let file = try TraceFile.read(path)
            if let problem = TraceFile.problem(path, file.result, cutOff: file.cutOff) { problems.append(problem) }
            runs += Trace.all(of: file.batch).map { Run($0, lastRequest: file.time, now: now) }
        }
        return runs
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
