import TraceCore
import TraceTerminal

/// A browser that is typed to, with a terminal and a store in memory: what it asks for it is given at once.
struct BrowserTranscript {
    private(set) var browser: Browser
    private(set) var runs: [TraceAnalysis]
    /// What it wanted besides reading.
    private(set) var actions: [BrowserAction] = []
    private(set) var lines: [String] = []
    var size: BrowserSize
    private var decoder = KeyDecoder()

    /// Opens the first of some runs, or with `showsList` the list of them.
    init(
        _ runs: [TraceAnalysis], width: Int = 80, height: Int = 24, showsList: Bool = false,
        options: TerminalOptions = TerminalOptions()
    ) {
        self.runs = runs
        size = BrowserSize(width: width, height: height)
        browser = Browser(Browser.Setting(options: options))
        if showsList { tell(.runs(runs.map { RunSummary($0, isArriving: false) })) } else { open(runs[0]) }
    }

    /// Types some keys as a terminal sends them.
    mutating func type(_ text: String) {
        for key in decoder.keys(Array(text.utf8)) + decoder.pause() { press(key) }
    }

    mutating func press(_ key: Key) {
        perform(browser.handle(key))
        draw()
    }

    /// Tells it something that was not asked for.
    mutating func tell(_ news: BrowserNews) {
        perform(browser.receive(news))
        draw()
    }

    /// The open run comes once more, with other events.
    mutating func replace(by run: TraceAnalysis) {
        runs = [run] + runs.filter { $0.trace.id != run.trace.id }
        open(run)
    }

    mutating func resize(_ width: Int, _ height: Int) {
        size = BrowserSize(width: width, height: height)
        draw()
    }

    private mutating func open(_ run: TraceAnalysis) { tell(.run(BrowsedRun(run, isArriving: false, ascii: false))) }

    private mutating func draw() { lines = browser.draw(size) }

    private mutating func perform(_ wanted: [BrowserAction]) {
        for action in wanted {
            switch action {
            case .readRuns: tell(.runs(runs.map { RunSummary($0, isArriving: false) }))
            case .readRun(let id):
                if let run = runs.first(where: { $0.trace.id == id }) {
                    open(run)
                } else {
                    tell(.failure("this run is no longer stored"))
                }
            case .readPage(let key):
                for run in runs {
                    guard let event = run.trace.events.firstIndex(where: { EventKey($0) == key }) else { continue }
                    tell(.page(key, SpanPage(.event(EventFacts(event, in: run)), EventDetails())))
                    break
                }
            case .makeReport(let bins):
                var builder = TaskReportBuilder(by: [.user])
                builder.add(runs[0], isArriving: false)
                tell(.report(builder.report(bins: bins)))
            case .makeReplay: tell(.replay(runs[0].largestGroup.flatMap { SlotReplay($0, of: runs[0]) }))
            case .quit, .suspend, .redraw, .copy, .follow: actions.append(action)
            }
        }
    }

    // MARK: What is seen

    /// The screen without escape sequences.
    var screen: [String] { lines.map(Self.plain) }

    /// The line in reverse video; of several the first.
    var selected: String? {
        lines.first { $0.hasPrefix("\u{1B}[7m") || $0.hasPrefix("\u{1B}[7;") || $0.hasPrefix("\u{1B}[1;7") }
            .map(Self.plain)
    }

    var stateLine: String { screen.last ?? "" }

    private static func plain(_ line: String) -> String { line.replacing(/\u{1B}\[[0-9;]*m/, with: "") }
}
