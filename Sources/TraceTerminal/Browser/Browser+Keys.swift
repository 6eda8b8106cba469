import TraceCore

extension Browser {
    /// Keys that mean the same in the list and in the timeline.
    mutating func handleEverywhere(_ key: Key) -> [BrowserAction]? {
        switch key {
        case .text("q"): return pane.isFocused ? nil : [.quit]
        case .text("?"):
            page = TextPage("help", .help)
            return []
        case .text("F"):
            guard setting.canFollow else {
                message = "this is a file: there is nothing to follow"
                return []
            }
            isFollowing.toggle()
            return [.follow(isFollowing)]
        default: return nil
        }
    }

    mutating func handleOnPage(_ key: Key) -> [BrowserAction] {
        let height = pageHeight
        switch key {
        case .escape, .text("q"), .text("?"), .text("r"), .text("i"), .text("h"), .left: page = nil
        default: _ = page?.take(key, height: height)
        }
        return []
    }

    mutating func handleInList(_ key: Key) -> [BrowserAction] {
        let (count, height) = (list.shown.count, listHeight)
        if case .click(_, let row) = key {
            let place = list.cursor.top + row - listTop
            guard row >= listTop, row < listTop + height, place < count else { return [] }
            if list.cursor.selected == place { return open() }
            list.cursor.select(place)
            return []
        }
        if list.cursor.take(key, count: count, height: height) { return [] }
        switch key {
        case .enter, .text("l"), .right: return open()
        case .text("/"), .text("f"): prompt = (.listFilter, LineEditor(list.filter), list.filter)
        case .text("a"): list.toggleAll()
        case .text("y"): return copy(list.selected?.id)
        case .escape:
            if list.filter.isEmpty { message = "q quits" } else { list.setFilter("") }
        default: break
        }
        return []
    }

    private mutating func open() -> [BrowserAction] {
        guard let id = list.selected?.id else { return [] }
        openingID = id
        return [.readRun(id)]
    }

    private mutating func copy(_ id: Identifier?) -> [BrowserAction] {
        guard let id else { return [] }
        message = "copied \(id.text)"
        return [.copy(id.text)]
    }

    mutating func handleInWaterfall(_ key: Key) -> [BrowserAction] {
        let (top, height, paneHeight) = (rowsTop, rowsHeight, paneHeight)
        if pane.isFocused, handleInPane(key) { return [] }
        if let key = scrollsPane(key) {
            _ = panePage?.take(key, height: paneHeight)
            return []
        }
        switch key {
        case .tab:
            pane = pane.isShown ? .focused : .shown
            return []
        case .escape:
            return leave()
        case .text("/"):
            prompt = (.search, LineEditor(), "")
            waterfall?.beginSearch()
        case .text("f"): prompt = (.filter, LineEditor(waterfall?.query.text ?? ""), waterfall?.query.text ?? "")
        case .text("d"): prompt = (.duration, LineEditor(), "")
        case .text("y"): return copy(waterfall?.selectedKey?.id)
        case .text("r"):
            page = TextPage("report of this run", .sentence("working out \u{2026}"))
            var options = setting.options
            options.width = size.width
            return [.makeReport(bins: ReportView.bins(options))]
        case .text("i"):
            page = TextPage("what if", .sentence("working out \u{2026}"))
            return [.makeReplay]
        case .enter:
            if waterfall?.isLeafSelected == true { pane = pane.isShown ? .hidden : .shown } else { fallthrough }
        default:
            message = waterfall?.take(key, top: top, height: height)
        }
        return []
    }

    /// Keys for the pane while it has the focus; false for those that are the timeline's all the same.
    private mutating func handleInPane(_ key: Key) -> Bool {
        let height = paneHeight
        switch key {
        case .tab: pane = .shown
        case .escape, .text("q"): pane = .hidden
        case .click, .wheelUp, .wheelDown: return false
        default: return panePage?.take(key, height: height) ?? false
        }
        return true
    }

    /// The wheel over the pane.
    private func scrollsPane(_ key: Key) -> Key? {
        switch key {
        case .wheelUp(_, let row), .wheelDown(_, let row): pane.isShown && row >= paneTop ? key : nil
        default: nil
        }
    }

    /// Goes back by one step: what narrows the view goes first.
    private mutating func leave() -> [BrowserAction] {
        if pane.isShown {
            pane = .hidden
            return []
        }
        if waterfall?.clearNarrowing() == true { return [] }
        waterfall = nil
        pane = .hidden
        (panePage, paneKey, wantedKey) = (nil, nil, nil)
        // It may have changed since it was read.
        return [.readRuns]
    }

    // MARK: What is typed

    mutating func handleInPrompt(_ key: Key) -> [BrowserAction] {
        guard let prompt else { return [] }
        let (kind, before) = (prompt.kind, prompt.before)
        var line = prompt.line
        switch key {
        case .escape:
            cancel(kind, before)
        case .enter:
            self.prompt = nil
            finish(kind, line.text)
        case .backspace where line.text.isEmpty:
            cancel(kind, before)
        default:
            guard line.take(key) else { break }
            self.prompt = (kind, line, before)
            apply(kind, line.text)
        }
        return wantPage()
    }

    private mutating func cancel(_ kind: Prompt, _ before: String) {
        prompt = nil
        if case .search = kind { waterfall?.cancelSearch() } else { apply(kind, before) }
    }

    /// What is seen while it is typed.
    private mutating func apply(_ kind: Prompt, _ text: String) {
        switch kind {
        case .search: waterfall?.typeSearch(text)
        case .filter: waterfall?.setFilter(text)
        case .listFilter: list.setFilter(text)
        case .duration: break
        }
    }

    private mutating func finish(_ kind: Prompt, _ text: String) {
        switch kind {
        case .search: message = waterfall?.keepSearch(text)
        case .filter, .listFilter: apply(kind, text)
        case .duration: message = waterfall?.setLeast(text)
        }
    }
}
