import TraceCore

extension BrowserWaterfall {
    /// Takes a key, where the rows begin at line `top` of the screen and `height` of them are seen. What there is to
    /// say about it.
    mutating func take(_ key: Key, top: Int, height: Int) -> String? {
        if lanes != nil, let said = takeInLanes(key, top: top, height: height) { return said.isEmpty ? nil : said }
        if case .click(let column, let row) = key {
            click(column: column, row: row - top, height: height)
            return nil
        }
        // `n` searches here.
        if key != .text("n"), cursor.take(key, count: outline.entries.count, height: height) { return nil }
        switch key {
        case .enter: toggle()
        case .text("l"), .right: goIn()
        case .text("h"), .left: goOut()
        case .text("n"): return searchAgain(forward: true)
        case .text("N"): return searchAgain(forward: false)
        case .text("e"): return seekFault(forward: true)
        case .text("E"): return seekFault(forward: false)
        case .text("W"): return seekWaiter(forward: true)
        case .text("V"): return seekWaiter(forward: false)
        case .text("b"): return goToReleaser()
        case .text("B"): return goBack()
        case .text("x"): change { $0.failedOnly.toggle() }
        case .text("c"): foldAll()
        case .text("s"): change { $0.sort = $0.sort.next }
        case .text("L"): return showLanes()
        case .text("A"): return alignClocks()
        default: takeTime(key)
        }
        return nil
    }

    /// Keys that change the time that is drawn.
    mutating func takeTime(_ key: Key) {
        switch key {
        case .text("+"), .text("="): zoom(by: 2)
        case .text("-"): zoom(by: 0.5)
        case .text("0"): setWindow(outline.run)
        case .text("z"): zoomToSelected()
        case .text("["): pan(by: -0.25)
        case .text("]"): pan(by: 0.25)
        case .text("w"): showsWaits.toggle()
        default: break
        }
    }

    /// Folds all to tasks, equal siblings to one row, or unfolds all of it.
    private mutating func foldAll() {
        folds = Folds()
        let levels = run.taskLevels
        change {
            $0.folds.toggle()
            $0.depth = $0.folds ? levels : nil
        }
    }

    private mutating func click(column: Int, row: Int, height: Int) {
        let index = cursor.top + row
        guard row >= 0, row < height, outline.entries.indices.contains(index) else { return }
        let wasSelected = index == cursor.selected
        cursor.select(index)
        if outline.hasChildren(at: index) ? column < 2 || wasSelected : isExemplarSelected && wasSelected { toggle() }
    }

    /// From the start of what is selected to its end; nil where nothing is.
    var selectedExtent: Interval? {
        guard let event = selectedEvent else { return nil }
        if lanes == nil, case .fold(let fold)? = selectedEntry {
            let members = outline.folds[fold].places.map { extent(of: run.layout.tree.rows[$0].event) }
            return Interval(
                start: members.reduce(.max) { min($0, $1.start) }, end: members.reduce(.min) { max($0, $1.end) })
        }
        return extent(of: event)
    }

    /// From when to when an event is drawn.
    private func extent(of event: Int) -> Interval {
        Interval(start: trace.events[event].start, end: trace.end(event)).moved(by: outline.clocks.shift(of: event))
    }

    /// Looks closer, or less close, at the middle of what is selected, where that is in sight.
    private mutating func zoom(by factor: Double) {
        let length = Int64(Double(window.length) / factor)
        var middle = window.start + window.length / 2
        if factor > 1, let extent = selectedExtent {
            let seen = extent.clipped(to: window)
            if extent.start < window.end, extent.end > window.start { middle = seen.start + seen.length / 2 }
        }
        setWindow(Interval(start: middle - length / 2, end: middle - length / 2 + length))
    }

    /// What is selected takes all but a little of the axis.
    private mutating func zoomToSelected() {
        guard let extent = selectedExtent else { return }
        let margin = extent.length / 20 + 1
        setWindow(Interval(start: extent.start - margin, end: extent.end + margin))
    }

    private mutating func pan(by share: Double) {
        let step = Int64(Double(window.length) * share)
        setWindow(Interval(start: window.start + step, end: window.end + step))
    }

    /// Leaves out what took less than a time that was typed; nothing leaves out none. What there is to say.
    mutating func setLeast(_ text: String) -> String? {
        if text.allSatisfy({ $0 == " " }) {
            change { $0.minDuration = nil }
            return nil
        }
        // A number alone means ms.
        let isNumber = text.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let offset = try? RunOffset(isNumber ? text + "ms" : text) else {
            return "no duration: give one like 5ms, 1.5s, 200us or 2min"
        }
        let least = offset.time(in: Interval(start: 0, end: outline.run.length))
        change { $0.minDuration = least > 0 ? least : nil }
        return nil
    }
}

extension WaterfallQuery.Sort {
    /// The order that comes behind it, going round.
    var next: Self {
        let all = Self.allCases
        return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }
}
