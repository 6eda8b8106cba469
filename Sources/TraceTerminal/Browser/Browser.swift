package import TraceCore

/// What is looked at interactively: a list of runs, and one of them open. Keys and news go in, actions and lines come
/// out; it reads and writes nothing.
package struct Browser: Sendable {
    /// What the command was asked for.
    package struct Setting: Sendable {
        package var options: TerminalOptions
        /// Whether what is browsed can change: a database, not a file.
        package var canFollow = true
        /// What shows when something was.
        package var clock = LocalClock.utc

        package init(options: TerminalOptions) { self.options = options }
    }

    /// What is typed into the last line.
    enum Prompt: Sendable {
        case search
        case filter
        case duration
        case listFilter

        var sign: String {
            switch self {
            case .search: "/"
            case .filter: "filter: "
            case .duration: "at least (5ms, 1.5s): "
            case .listFilter: "filter: "
            }
        }
    }

    /// What is below the timeline.
    enum Pane: Sendable {
        case hidden
        case shown
        /// Shown, and keys scroll it.
        case focused
    }

    var setting: Setting
    var size = BrowserSize(width: 80, height: 24)
    /// The lines above the rows of the timeline, as it was drawn last.
    var headerHeight = 2
    var list = BrowserRunList()
    /// The open run; nil where the list is on the screen.
    var waterfall: BrowserWaterfall?
    /// What lies over all else.
    var page: TextPage?
    var pane = Pane.hidden
    var panePage: TextPage?
    /// What the page in the pane is of, and what was asked for and hasn't come.
    var paneKey: EventKey?
    var wantedKey: EventKey?
    var prompt: (kind: Prompt, line: LineEditor, before: String)?
    /// Said in the last line until the next key.
    var message: String?
    /// Said above it until something is read again.
    var stale: String?
    var isFollowing = false
    /// The run that was asked for and hasn't come.
    var openingID: Identifier?

    /// Whether the list of runs is what is looked at.
    package var showsList: Bool { waterfall == nil }

    /// A browser that knows nothing yet.
    package init(_ setting: Setting) {
        self.setting = setting
        if setting.options.colors == .none { self.setting.options.colors = .monochrome }
    }

    /// Takes a key; what is to be done about it, in order.
    package mutating func handle(_ key: Key) -> [BrowserAction] {
        message = nil
        switch key {
        case .control("c"): return [.quit]
        case .control("z"): return [.suspend]
        case .control("l"): return [.redraw]
        default: break
        }
        guard size.isEnough else { return key == .text("q") ? [.quit] : [] }
        if prompt != nil { return handleInPrompt(key) }
        if page != nil { return handleOnPage(key) }
        if let actions = handleEverywhere(key) { return actions }
        return waterfall == nil ? handleInList(key) : handleInWaterfall(key) + wantPage()
    }

    /// Takes what was read or worked out.
    package mutating func receive(_ news: BrowserNews) -> [BrowserAction] {
        switch news {
        case .runs(let runs):
            stale = nil
            list.take(runs)
        case .run(let run):
            stale = nil
            let id = run.analysis.trace.id
            if openingID == id { openingID = nil }
            if waterfall?.run.analysis.trace.id == id {
                waterfall?.replaceRun(run)
                // What is stored about the event may be more by now.
                paneKey = nil
            } else {
                waterfall = BrowserWaterfall(run)
                (panePage, paneKey, wantedKey) = (nil, nil, nil)
                if case .focused = pane { pane = .shown }
            }
            list.select(id)
            return wantPage()
        case .page(let key, let spanPage):
            if wantedKey == key { wantedKey = nil }
            guard waterfall?.selectedKey == key else { return wantPage() }
            paneKey = key
            panePage = TextPage("details", .event(spanPage))
        case .report(let report):
            if page != nil { page = TextPage("report of this run", .report(report)) }
        case .replay(let replay):
            guard page != nil, let run = waterfall?.run else { break }
            let said = WhatIfView.Run(
                trace: run.analysis.trace.id, inference: run.analysis.settings.inference, isArriving: run.isArriving)
            page = TextPage(
                "what if",
                replay.map { .replay($0, said) }
                    ?? .sentence(
                        run.analysis.largestGroup.flatMap { LineText.noReplay($0, ascii: false) }
                            .map { "There is no other number of slots: \($0)." }
                            ?? "This run has no group: no two of its tasks share a parent transaction, so it shows"
                            + " no slots."))
        case .failure(let sentence):
            (openingID, wantedKey) = (nil, nil)
            message = sentence
        case .stale(let sentence):
            (openingID, wantedKey) = (nil, nil)
            stale = sentence
        }
        return []
    }

    /// Asks for the page of what is selected, where the pane shows another one and none is on its way.
    mutating func wantPage() -> [BrowserAction] {
        guard pane.isShown, let key = waterfall?.selectedKey, key != paneKey, wantedKey == nil else { return [] }
        if let stale {
            // Where its line stood, something else may stand by now.
            (paneKey, panePage) = (key, TextPage("details", .sentence("not read: " + stale)))
            return []
        }
        wantedKey = key
        return [.readPage(key)]
    }
}

extension Browser.Pane {
    var isShown: Bool { if case .hidden = self { false } else { true } }
    var isFocused: Bool { if case .focused = self { true } else { false } }
}
