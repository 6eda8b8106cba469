import TraceCore
import TraceStorage

/// The runs that a selector names, from the database and from files.
struct RunSource {
    let selector: Selector
    let databasePath: String
    let now: Int64
    /// Whether runs come with what their processes sent at their time and for no trace.
    var withSurroundings = false
    /// Whether the newest run comes with what its processes did beside it.
    var withBackground = false
    /// What there is to say of the files read so far, after the answer.
    private(set) var remarks = FileRemarks()
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
        /// Without a root, and with events that were sent less than a minute ago.
        var isArriving: Bool
        /// What its processes did at its time in other traces, where that was asked for; whether there may be more.
        var others: (found: [OtherTransaction], isCut: Bool) = ([], false)

        init(_ trace: Trace, lastRequest: Int64, lastSent: Int64?, now: Int64) {
            self.trace = trace
            self.lastRequest = lastRequest
            isArriving = RunSource.isArriving(hasRoot: trace.root != nil, lastSent: lastSent, now: now)
        }
    }

    /// Whether a run is still to be waited for: its root, which agents send last, may come. Nothing more comes of what
    /// was read from files, now or in an import: `lastSent` is nil then.
    static func isArriving(hasRoot: Bool, lastSent: Int64?, now: Int64) -> Bool {
        guard !hasRoot, let lastSent else { return false }
        return abs(now - lastSent) < 60_000_000
    }

    /// Calls `figures` with those of each run that has some stored and, where it takes none, `body` with the run; each
    /// once; how many there were.
    mutating func forEach(
        figures: ((UnsafeRawBufferPointer, StoredRun) throws -> Bool)? = nil, _ body: (Run) throws -> Void
    ) throws -> Int {
        var files = try readFiles()
        var count = 0
        try forEachStoredRun(readsFigures: { figures != nil && !files.has($0.trace) }) { run, content in
            if case .figures(let bytes) = content {
                if let figures, try bytes.withUnsafeBytes({ try figures($0, run) }) {
                    count += 1
                    return true
                }
                return false
            }
            guard case .trace(let trace) = content else { return true }
            // It may have been deleted since it was found.
            if trace.events.isEmpty || files.complete(trace, run) { return true }
            try body(Run(trace, lastRequest: run.lastRequest, lastSent: run.lastSent, now: now))
            count += 1
            return true
        }
        for run in runs(of: files) {
            try body(run)
            count += 1
        }
        return count
    }

    /// The run of the set whose earliest start is latest.
    mutating func newest() throws -> Run {
        var files = try readFiles()
        var stored: Run?
        var isFound = false
        try forEachStoredRun(wants: { !isFound || files.has($0.trace) }) { run, content in
            guard case .trace(let trace) = content else { return true }
            if trace.events.isEmpty || files.complete(trace, run) { return true }
            isFound = true
            stored = Run(trace, lastRequest: run.lastRequest, lastSent: run.lastSent, now: now)
            return true
        }
        let candidates = runs(of: files) + (stored.map { [$0] } ?? [])
        let newest = candidates.min { left, right in
            let (a, b) = (left.trace, right.trace)
            return a.start != b.start ? a.start > b.start : a.id < b.id
        }
        guard var newest else { throw nothingFound }
        if withBackground { newest.others = try others(than: newest.trace, files) }
        return newest
    }

    /// What the processes of a run did at its time in other traces: those of the files, and where the set is not of files
    /// alone, those of the database.
    private func others(than trace: Trace, _ files: Files) throws -> (found: [OtherTransaction], isCut: Bool) {
        let reach = BackgroundReach(trace)
        let fromFiles = reach.transactions(of: files.batch, besides: trace.id)
        let isStored = selector.parts.contains { if case .stored = $0 { true } else { false } }
        guard isStored, !reach.processes.isEmpty else { return (fromFiles, false) }
        let stored = try TraceReader(path: databasePath).read { try $0.transactions(reach, besides: trace.id) }
        // What is in both is there once.
        let found = fromFiles.isEmpty ? stored.found : Array(Set(stored.found + fromFiles))
        return (found, stored.isCut)
    }

    /// What the files of the set hold, together: a run may be spread over several, and over the database.
    private struct Files {
        var batch = EventBatch()
        private var lastRequests: [Identifier: Int64] = [:]
        private var lastSent: [Identifier: Int64] = [:]

        mutating func add(_ file: TraceFile.Contents) {
            for trace in file.batch.traces { note(trace, file.time) }
            batch.absorb(file.batch)
        }

        func has(_ trace: Identifier) -> Bool { batch.index(ofTrace: trace) != nil }

        /// Adds the stored events of a run that is in a file; false where it is in none.
        mutating func complete(_ trace: Trace, _ run: StoredRun) -> Bool {
            guard has(trace.id) else { return false }
            note(trace.id, run.lastRequest)
            lastSent[trace.id] = run.lastSent
            batch.absorb(EventBatch(trace))
            return true
        }

        func runs(now: Int64, withSurroundings: Bool) -> [Run] {
            Trace.all(of: batch, withSurroundings: withSurroundings).map {
                Run($0, lastRequest: lastRequests[$0.id] ?? 0, lastSent: lastSent[$0.id], now: now)
            }
        }

        private mutating func note(_ trace: Identifier, _ time: Int64) {
            lastRequests[trace] = max(lastRequests[trace] ?? time, time)
        }
    }

    /// Adds something to be said after the answer.
    mutating func remark(_ warning: String) { remarks.warnings.append(warning) }

    /// Ends the command with what was wrong with its files, after its answer was given.
    func reportProblems() throws(CommandFailure) { try remarks.tell() }

    /// As `reportProblems()`, of the files of several sources.
    static func reportProblems(of sources: [RunSource]) throws(CommandFailure) {
        let remarks = sources.map(\.remarks)
        try FileRemarks(problems: remarks.flatMap(\.problems), warnings: remarks.flatMap(\.warnings)).tell()
    }

    private mutating func readFiles() throws(CommandFailure) -> Files {
        var files = Files()
        for case .file(let path) in selector.parts {
            var file = try TraceFile.read(path)
            if let problem = TraceFile.problem(path, file.result, cutOff: file.cutOff) {
                remarks.problems.append(problem)
            }
            remarks.warnings += TraceFile.oddTimes(path, file.result)
            file.batch.setBody(lines.add(file.body))
            files.add(file)
        }
        return files
    }

    /// The runs of files; what of them is left out is remarked.
    private mutating func runs(of files: Files) -> [Run] {
        let runs = files.runs(now: now, withSurroundings: withSurroundings)
        let paths = selector.parts.compactMap { if case .file(let path) = $0 { path } else { nil } }
        let conflicts = runs.reduce(0) { $0 + $1.trace.conflicts }
        remarks.warnings += [TraceFile.conflicts(conflicts, of: paths.joined(separator: ","))].compactMap(\.self)
        return runs
    }

    /// What to say where a set is empty: what was wrong with its files, if anything was.
    var nothingFound: CommandFailure {
        if !remarks.problems.isEmpty {
            return CommandFailure(.usage, remarks.problems.joined(separator: "; "))
        }
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

    /// What was read of a stored run.
    private enum Content {
        case trace(Trace)
        case figures([UInt8])
    }

    /// Figures are read so many bytes at a time.
    private static let stretchSize = 1 << 18

    /// Calls `body` with the stored runs of the set that `wants` asks for, newest first, each once; with the figures of
    /// those that have some and that `readsFigures` asks for, and once more with the run where it returns false. The
    /// database is opened only where the selector asks for it.
    ///
    /// Its writer can't shorten its log as long as somebody reads. So little is read at one moment, a run or some runs'
    /// figures, and nothing is worked out meanwhile: each run is as it is at one moment, all of them at several.
    private func forEachStoredRun(
        wants: (StoredRun) -> Bool = { _ in true }, readsFigures: (StoredRun) -> Bool = { _ in false },
        _ body: (StoredRun, Content) throws -> Bool
    ) throws {
        let selections = selector.parts.compactMap { part in
            if case .stored(let selection, let text) = part { (selection, text) } else { nil }
        }
        if selections.isEmpty { return }
        let reader = try TraceReader(path: databasePath)
        let runs = try reader.read { try storedRuns(selections, $0) }
        var next = 0
        while next < runs.count {
            var read: [(StoredRun, Content)] = []
            try reader.read { snapshot in
                var size = 0
                while next < runs.count, size < Self.stretchSize {
                    let run = runs[next]
                    guard wants(run) else {
                        next += 1
                        continue
                    }
                    if readsFigures(run), let figures = try snapshot.withFigures(of: run, { Array($0) }) {
                        read.append((run, .figures(figures)))
                        size += figures.count + MemoryLayout<StoredRun>.size
                    } else if read.isEmpty {
                        read.append((run, .trace(try trace(of: run, snapshot))))
                        size = Self.stretchSize
                    } else {
                        return
                    }
                    next += 1
                }
            }
            for (run, content) in read where try !body(run, content) {
                _ = try body(run, .trace(try reader.read { try trace(of: run, $0) }))
            }
        }
    }

    private func trace(of run: StoredRun, _ snapshot: TraceReader.Snapshot) throws -> Trace {
        try snapshot.trace(run, withSurroundings: withSurroundings)
    }

    private func storedRuns(
        _ selections: [(RunSelection, String)], _ snapshot: TraceReader.Snapshot
    ) throws -> [StoredRun] {
        var all: [StoredRun] = []
        for (selection, text) in selections {
            let found = try snapshot.runs(selection)
            try checkUnique(found, selection, text)
            all = all.isEmpty ? found : all + found
        }
        guard selections.count > 1 else { return all }
        return Set(all).sorted { $0.start != $1.start ? $0.start > $1.start : $0.trace < $1.trace }
    }

    /// The beginning of a trace id has to be that of one run, or the whole id.
    private func checkUnique(_ found: [StoredRun], _ selection: RunSelection, _ text: String) throws(CommandFailure) {
        guard case .tracePrefix = selection, found.count > 1 else { return }
        let some = found.prefix(3).map(\.trace.text).joined(separator: ", ")
        throw CommandFailure(
            .usage,
            "`\(text)` begins the trace ids of \(CountText.text(found.count)) runs (\(some), …): "
                + "give more characters of it")
    }
}
