import TraceCore

extension Browser {
    /// The lines of the screen, one for each row, none of them wider than it.
    package mutating func draw(_ size: BrowserSize) -> [String] {
        self.size = size
        guard size.isEnough else { return tooSmall() }
        var options = setting.options
        options.width = size.width
        var lines: [String]
        if page != nil {
            lines = pageLines(options)
        } else if waterfall != nil {
            lines = waterfallLines(options)
        } else {
            lines = listLines(options)
        }
        lines += [String](repeating: "", count: max(0, size.height - footerHeight - lines.count))
        return lines + footer(options)
    }

    /// What is said where nothing else has room.
    private func tooSmall() -> [String] {
        guard size.width > 0, size.height > 0 else { return [] }
        var canvas = Canvas(width: size.width, height: size.height)
        let text = SafeText(own: "needs 20x5")
        canvas.put(text.truncated(to: size.width, ascii: true), row: 0, column: 0)
        return canvas.lines(setting.options.colors)
    }

    // MARK: Where things stand

    /// The state line, and above it what is no longer as it was read.
    private var footerHeight: Int { stale == nil ? 1 : 2 }

    /// Rows between the first line and the footer.
    private var bodyHeight: Int { max(0, size.height - footerHeight) }

    var pageHeight: Int { bodyHeight }
    /// The titles stand above.
    var listTop: Int { 1 }
    var listHeight: Int { max(0, bodyHeight - 1) }
    var rowsTop: Int { headerHeight }
    var rowsHeight: Int { max(0, bodyHeight - headerHeight - paneSize) }
    /// The pane's title is one of its lines.
    private var paneSize: Int {
        guard pane.isShown else { return 0 }
        let room = bodyHeight - headerHeight
        // Two rows of the timeline stay in sight.
        return max(0, min(room - 2, max(room * 3 / 5, min(room, 8))))
    }
    var paneTop: Int { bodyHeight - paneSize + 1 }
    var paneHeight: Int { max(0, paneSize - 1) }

    // MARK: Screens

    private mutating func pageLines(_ options: TerminalOptions) -> [String] {
        page?.prepare(options, clock: setting.clock)
        let height = pageHeight
        return Array(page?.visible(height: height) ?? [])
    }

    private mutating func waterfallLines(_ options: TerminalOptions) -> [String] {
        guard var waterfall else { return [] }
        let header = waterfall.header(options, height: bodyHeight)
        headerHeight = header.count
        let rows = waterfall.rows(options, height: rowsHeight)
        self.waterfall = waterfall
        var canvases = header + rows
        let blank = Canvas(width: options.width)
        canvases += [Canvas](repeating: blank, count: max(0, headerHeight + rowsHeight - canvases.count))
        var lines = canvases.flatMap { $0.lines(options.colors) }
        guard paneSize > 0 else { return lines }
        lines += paneTitle(options).lines(options.colors)
        panePage?.prepare(options, clock: setting.clock)
        let height = paneHeight
        return lines + (panePage?.visible(height: height) ?? [])
    }

    /// A rule, with what the pane is and where one is in it.
    private func paneTitle(_ options: TerminalOptions) -> Canvas {
        var canvas = Canvas(width: options.width)
        let rule = options.ascii ? "-" : "\u{2500}"
        canvas.put(String(repeating: rule, count: options.width), column: 0, .faint)
        var title = " details"
        if wantedKey != nil, panePage == nil { title += ": reading" }
        if let position = panePage?.position(height: paneHeight) { title += "  " + position }
        title += pane.isFocused ? "  Tab: to the rows " : "  Tab: scroll here "
        let text = SafeText(own: title).truncated(to: max(1, options.width - 4), ascii: options.ascii)
        canvas.put(text, column: 2, Style(isBold: pane.isFocused, isReversed: pane.isFocused))
        return canvas
    }

    private mutating func listLines(_ options: TerminalOptions) -> [String] {
        guard let runs = list.runs else { return [] }
        list.cursor.settle(count: list.shown.count, height: listHeight)
        guard !list.shown.isEmpty else {
            let words =
                runs.isEmpty
                ? "no run is stored yet"
                : list.filter.isEmpty ? "no run has tasks under one parent: a shows all" : "no run has this in it"
            return ["", "  " + words]
        }
        let top = list.cursor.top
        let rows = top..<min(list.shown.count, top + listHeight)
        // What stands above and below has a part in the widths, so that columns hardly move.
        let near = max(0, top / 100 * 100 - 50)..<min(list.shown.count, rows.upperBound + 150)
        let view = RunsView(list.shown[near].map { runs[$0] }, options, clock: setting.clock)
        var canvases = view.canvases(of: rows.lowerBound - near.lowerBound..<rows.upperBound - near.lowerBound)
        let selected = list.cursor.selected - top + 1
        if canvases.indices.contains(selected) { canvases[selected].reverse() }
        return canvases.flatMap { $0.lines(options.colors) }
    }

    // MARK: The last line

    private func footer(_ options: TerminalOptions) -> [String] {
        var canvases: [Canvas] = []
        if let stale {
            var canvas = Canvas(width: options.width)
            canvas.put(
                SafeText(stale, ascii: options.ascii).truncated(to: options.width, ascii: options.ascii), column: 0,
                Style(foreground: .failed, isBold: true))
            canvases.append(canvas)
        }
        canvases.append(prompt == nil ? stateLine(options) : promptLine(options))
        return canvases.flatMap { $0.lines(options.colors) }
    }

    private func promptLine(_ options: TerminalOptions) -> Canvas {
        var canvas = Canvas(width: options.width)
        guard let prompt else { return canvas }
        let sign = SafeText(own: prompt.kind.sign).truncated(to: max(1, options.width / 2), ascii: options.ascii)
        var column = canvas.put(sign, column: 0, .bold)
        let text = SafeText(prompt.line.text, ascii: options.ascii)
        column = canvas.put(
            text.truncated(to: max(1, options.width - column - 1), ascii: options.ascii), column: column)
        canvas.put(" ", column: column, Style(isReversed: true))
        return canvas
    }

    private func stateLine(_ options: TerminalOptions) -> Canvas {
        var canvas = Canvas(width: options.width)
        let hint = SafeText(own: "? help")
        var column = 0
        var parts: [(SafeText, Style)] = []
        if let message {
            parts = [(SafeText(message, ascii: options.ascii), .bold)]
        } else if openingID != nil {
            parts = [(SafeText(own: options.ascii ? "reading ..." : "reading \u{2026}"), .bold)]
        } else {
            parts = state(options)
        }
        for (text, style) in parts where column < options.width {
            let cut = text.truncated(to: options.width - column, ascii: options.ascii)
            // Rather nothing than a stump of something that comes last.
            if column > 0, cut.width < min(text.width, 8) { break }
            column = canvas.put(cut, column: column, style) + 2
        }
        if column + hint.width <= options.width { canvas.put(hint, column: options.width - hint.width, .faint) }
        return canvas
    }

    /// Where one is.
    private func state(_ options: TerminalOptions) -> [(SafeText, Style)] {
        var parts: [(SafeText, Style)] = []
        func add(_ text: String, _ style: Style = .plain) {
            parts.append((SafeText(text, ascii: options.ascii), style))
        }
        if let page {
            add(page.title, .bold)
            if let position = page.position(height: pageHeight) { add(position) }
            add("Esc back")
        } else if let waterfall {
            for (text, style) in waterfall.state(options) { add(text, style) }
        } else if list.runs == nil {
            add(options.ascii ? "reading ..." : "reading \u{2026}", .bold)
        } else {
            let count = list.shown.count
            add(count == 0 ? "no runs" : "run \(Prose.count(list.cursor.selected + 1)) of \(Prose.count(count))", .bold)
            if !list.filter.isEmpty { add("filter \u{201C}\(list.filter)\u{201D}") }
            if list.hidden > 0 { add("\(Prose.count(list.hidden)) without tasks: a") }
        }
        if isFollowing { add("following", .bold) }
        if page == nil, waterfall == nil, list.runs != nil { add("Enter opens", .faint) }
        return parts
    }
}

extension BrowserWaterfall {
    /// Where one is, and what narrows the view.
    func state(_ options: TerminalOptions) -> [(String, Style)] {
        var parts: [(String, Style)] = []
        func duration(_ duration: Int64) -> String {
            DurationText(fitting: duration, ascii: options.ascii).text(duration)
        }
        if let lanes {
            let lane = lanes.lanes.lanes[lanes.member]
            parts.append(("lane \(Prose.count(lane + 1)) of \(Prose.count(lanes.lanes.count))", .bold))
            parts.append(("task \(Prose.count(lanes.member + 1)) of \(Prose.count(lanes.group.members.count))", .plain))
        } else if outline.entries.isEmpty {
            parts.append(("no rows", .bold))
        } else {
            parts.append(
                ("row \(Prose.count(cursor.selected + 1)) of \(Prose.count(outline.entries.count))", .bold))
        }
        // Which task a span is of: its row may be far above.
        if lanes == nil, let event = selectedEvent, trace.events[event].kind == .span,
            let task = trace.owners[event], let label = trace.symbols.text(trace.events[task].user)
        {
            parts.append((SafeText(name: label, columns: 24, ascii: options.ascii).text, .plain))
        }
        if window != outline.run {
            let start = outline.run.start
            let form = DurationText(
                fitting: Int128(window.end - start), resolving: window.length, ascii: options.ascii)
            parts.append(("\(form.text(window.start - start))-\(form.text(window.end - start))", .plain))
        }
        if let text = query.text { parts.append(("filter \u{201C}\(text)\u{201D}", .plain)) }
        if let least = query.minDuration {
            parts.append(((options.ascii ? ">= " : "\u{2265} ") + duration(least), .plain))
        }
        if query.failedOnly { parts.append(("failures only", .plain)) }
        if outline.leftOut > 0 { parts.append(("\(Prose.count(outline.leftOut)) left out", .faint)) }
        if query.sort != .start { parts.append(("by \(query.sort.rawValue)", .plain)) }
        if query.alignsClocks { parts.append(("clocks aligned", .plain)) }
        if !showsWaits { parts.append(("waits off", .plain)) }
        if !search.isEmpty { parts.append(("/\(search)", .faint)) }
        return parts
    }
}
