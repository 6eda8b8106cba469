import TraceCore
import TraceStorage
import TraceTerminal

/// Reads what the browser asks for, one after the other, beside the keys.
actor BrowseStore {
    private let selector: Selector
    /// The runs that the list has.
    private let listed: Selector
    private let databasePath: String
    private let settings: AnalysisSettings
    private let ascii: Bool
    private var lines: StoredLines
    /// Of files: their runs, read once.
    private var held: [RunSource.Run]?
    private var open: (run: BrowsedRun, lastRequest: Int64)?
    private var watch: DatabaseWatch?

    init(_ selector: Selector, databasePath: String, settings: AnalysisSettings, ascii: Bool) {
        self.selector = selector
        listed = selector.namesOneRun ? Selector(parts: [.stored(.all, text: "all")]) : selector
        self.databasePath = databasePath
        self.settings = settings
        self.ascii = ascii
        lines = StoredLines(databasePath: databasePath)
    }

    // MARK: Reading

    /// The newest run of the set, as the first thing shown. Throws what a command ends with.
    func newest() throws -> BrowsedRun {
        if selector.hasFiles { try readFiles() } else { try renewWatch() }
        let newest: RunSource.Run
        if let held {
            guard let first = held.first else { throw source(selector).nothingFound }
            newest = first
        } else {
            var source = source(selector)
            newest = try source.newest()
        }
        return take(newest)
    }

    /// The runs of the set, or of the database where the set is one run; newest first.
    func runs() throws -> [RunSummary] {
        if let held { return held.map { RunSummary(TraceAnalysis($0.trace), isArriving: false) } }
        try renewWatch()
        var source = source(listed)
        return try source.summaries()
    }

    /// Carries out what the browser wants, as far as it is reading or reckoning.
    func perform(_ action: BrowserAction) -> BrowserNews? {
        do {
            switch action {
            case .readRuns: return .runs(try runs())
            case .readRun(let id): return try run(id)
            case .readPage(let key): return try page(key)
            case .makeReport(let bins): return open.map { .report(report($0.run, bins: bins)) }
            case .makeReplay:
                guard let analysis = open?.run.analysis else { return nil }
                return .replay(analysis.largestGroup.flatMap { SlotReplay($0, of: analysis) })
            case .quit, .suspend, .redraw, .copy, .follow: return nil
            }
        } catch {
            return news(of: error)
        }
    }

    /// What is new since the last look: of the open run, or where the list is on the screen, of that.
    func look(isList: Bool) -> BrowserNews? {
        guard held == nil else { return nil }
        do {
            if watch == nil { try renewWatch() }
            switch try watch?.look() ?? .none {
            case .none: return nil
            case .removed: return .stale(removed)
            case .replaced: return .stale(replaced)
            case .written:
                if isList { return .runs(try runs()) }
                return try news(ofOpenRun: ())
            }
        } catch {
            return news(of: error)
        }
    }

    private func news(ofOpenRun: Void) throws -> BrowserNews? {
        guard let open else { return nil }
        guard let stored = try stored(open.run.analysis.trace.id) else { return .stale(deleted) }
        guard stored.lastRequest != open.lastRequest else { return nil }
        return try run(stored.trace)
    }

    private func run(_ id: Identifier) throws -> BrowserNews {
        if let run = held?.first(where: { $0.trace.id == id }) { return .run(take(run)) }
        if let change = change { return .stale(change) }
        guard let stored = try stored(id) else { return .failure("this run is no longer stored") }
        let trace = try TraceReader(path: databasePath).read { try $0.trace(stored, withSurroundings: true) }
        guard !trace.events.isEmpty else { return .failure("this run is no longer stored") }
        let run = RunSource.Run(
            trace, lastRequest: stored.lastRequest, lastSent: stored.lastSent, now: Platform.now())
        return .run(take(run))
    }

    private func page(_ key: EventKey) throws -> BrowserNews? {
        guard let analysis = open?.run.analysis,
            let index = analysis.trace.events.firstIndex(where: { EventKey($0) == key })
        else { return nil }
        if held == nil, let change { return .stale(change) }
        let page = try SpanPage(event: index, of: analysis, lines)
        if page.rawLine.isEmpty, held == nil, try stored(analysis.trace.id) == nil { return .stale(deleted) }
        return .page(key, page)
    }

    private func report(_ run: BrowsedRun, bins: Int) -> TaskReport {
        var builder = TaskReportBuilder(by: [.user], inference: settings.inference)
        builder.add(run.analysis, isArriving: run.isArriving)
        return builder.report(bins: bins)
    }

    // MARK: Parts of it

    private func source(_ selector: Selector) -> RunSource {
        var source = RunSource(selector: selector, databasePath: databasePath, now: Platform.now())
        source.withSurroundings = true
        return source
    }

    private func readFiles() throws {
        var source = source(selector)
        var runs: [RunSource.Run] = []
        _ = try source.forEach { runs.append($0) }
        lines = source.lines
        // What was wrong with a file is said where nothing of it can be shown.
        guard !runs.isEmpty else { throw source.nothingFound }
        held = runs.sorted {
            $0.trace.start != $1.trace.start ? $0.trace.start > $1.trace.start : $0.trace.id < $1.trace.id
        }
    }

    private func take(_ run: RunSource.Run) -> BrowsedRun {
        let browsed = BrowsedRun(
            TraceAnalysis(run.trace, settings: settings), isArriving: run.isArriving, ascii: ascii)
        open = (browsed, run.lastRequest)
        return browsed
    }

    /// A run as it is stored now, by its whole id.
    private func stored(_ id: Identifier) throws -> StoredRun? {
        try TraceReader(path: databasePath).read { snapshot in
            try snapshot.runs(.tracePrefix(id.text)).first { $0.trace == id }
        }
    }

    // MARK: What is no longer as it was

    private func renewWatch() throws { watch = try DatabaseWatch(path: databasePath) }

    /// Whether the file is another one than the one read first, in a sentence.
    private var change: String? {
        guard let watch else { return nil }
        return switch watch.change {
        case .replaced: replaced
        case .removed: removed
        case .written, .none: nil
        }
    }

    private var replaced: String { "the database was replaced by another file: Esc leads to its runs" }
    private var removed: String { "the database is gone: this is what was read of it" }
    private var deleted: String { "this run is no longer stored: this is what was read of it" }

    private func news(of error: any Error) -> BrowserNews {
        if let change { return .stale(change) }
        return .failure(CommandFailure(error)?.message ?? "\(error)")
    }
}

extension Selector {
    /// Whether some of it is in files, which are read once.
    var hasFiles: Bool {
        parts.contains { if case .file = $0 { true } else { false } }
    }

    /// Whether it names a single run: then a list of it would tell nothing.
    fileprivate var namesOneRun: Bool {
        guard parts.count == 1, case .stored(let selection, _)? = parts.first else { return false }
        switch selection {
        case .latest, .tracePrefix: return true
        case .all, .label, .version, .started: return false
        }
    }
}
