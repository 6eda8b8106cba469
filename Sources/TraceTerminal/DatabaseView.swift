package import TraceCore

/// What a database holds, what an intake did not take and why, and what it took with doubts.
package struct DatabaseView {
    private let information: DatabaseInformation
    private let path: String
    private let options: TerminalOptions
    private let times: LocalTimeText

    /// `clock` shows when what came.
    package init(
        _ information: DatabaseInformation, path: String, _ options: TerminalOptions, clock: LocalClock = .utc
    ) {
        self.information = information
        self.path = path
        self.options = options
        let ranges = [information.starts, information.requests].compactMap(\.self)
        let losses = information.losses.flatMap { [$0.first, $0.last] + $0.offenders.map(\.time) }
        times = LocalTimeText(ranges.flatMap { [$0.lowerBound, $0.upperBound] } + losses, on: clock)
    }

    /// The page as text.
    package func lines() -> [String] {
        var page = PageWriter(options)
        writeHead(to: &page)
        writeEvents(to: &page)
        writeTables(to: &page)
        let losses = information.losses
        page.section("not taken", note: losses.isEmpty ? "nothing was rejected" : "")
        write(losses, to: &page)
        if !information.oddTimes.isEmpty {
            page.section("odd times", note: "these events are stored as they are")
            write(information.oddTimes, to: &page)
        }
        return page.canvases.flatMap { $0.lines(options.colors) }
    }

    private func own(_ text: String, _ style: Style = .plain) -> (SafeText, Style) { (SafeText(own: text), style) }

    private func time(_ time: Int64) -> String {
        times.text(time) + (options.utc ? " UTC" : "")
    }

    private func size(_ bytes: Int) -> String { SampleText.bytes(Double(bytes)) ?? "\(bytes) B" }

    private func writeHead(to page: inout PageWriter) {
        page.text(path, .bold)
        let used = information.pages - information.freePages
        page.line([
            own("file \(information.fileSize.map(size) ?? "–")"), own("log \(information.logSize.map(size) ?? "0 B")"),
            own(
                "\(Prose.count(used)) of \(Prose.count(information.pages, "page", "pages")) in use, \(size(information.pageSize)) each"
            ),
            own("schema \(information.schemaVersion)"),
        ])
    }

    private func writeEvents(to page: inout PageWriter) {
        let number = information
        page.section("events", note: Prose.count(number.events))
        page.pairs([
            ("transactions", Prose.count(number.transactions)), ("spans", Prose.count(number.spans)),
            ("errors", Prose.count(number.errors)), ("metricsets", Prose.count(number.metricsets)),
            ("logs", Prose.count(number.logs)),
            (
                "dropped by agents",
                number.droppedSpans == 0
                    ? "no span" : Prose.count(number.droppedSpans, "span was", "spans were") + " never sent"
            ),
        ])
        page.section("from")
        var pairs = [("runs", Prose.count(number.runs))]
        if let starts = number.starts { pairs.append(("started", range(starts))) }
        pairs.append(("processes", Prose.count(number.processes)))
        pairs.append(("requests", Prose.count(number.bodies)))
        if let requests = number.requests { pairs.append(("received", range(requests))) }
        if number.bodies > 0 {
            let kept = "\(size(number.storedBodyBytes)), \(size(number.decodedBodyBytes)) decoded"
            pairs.append(("kept as received", kept))
        }
        page.pairs(pairs)
    }

    private func range(_ times: ClosedRange<Int64>) -> String {
        let (first, last) = (time(times.lowerBound), time(times.upperBound))
        return first == last ? first : "\(first) to \(last)"
    }

    private func count(_ loss: StoredLoss) -> String {
        switch loss.unit {
        case .lines: Prose.count(loss.count, "line", "lines")
        case .requests: Prose.count(loss.count, "request", "requests")
        case .oddTimes: Prose.count(loss.count, "event", "events")
        }
    }

    private func writeTables(to page: inout PageWriter) {
        page.section("tables")
        func column(_ title: String, right: Bool = true) -> Table.Column {
            Table.Column(title: SafeText(own: title), isRightAligned: right, rank: right ? 1 : nil)
        }
        let rows = information.tables.map { table in
            [
                Table.Entry(text: SafeText(own: table.name)), Table.Entry(text: SafeText(own: Prose.count(table.rows))),
                Table.Entry(text: SafeText(own: table.bytes.map(size) ?? "–")),
                Table.Entry(text: SafeText(own: perEvent(table.bytes))),
            ]
        }
        page.table([column("table", right: false), column("rows"), column("size"), column("bytes per event")], rows)
    }

    private func perEvent(_ bytes: Int?) -> String {
        guard let bytes, information.events > 0 else { return "–" }
        return Prose.count((bytes + information.events / 2) / information.events)
    }

    /// What comes up most first, each with its last examples.
    private func write(_ losses: [StoredLoss], to page: inout PageWriter) {
        let losses = losses.sorted { $0.count != $1.count ? $0.count > $1.count : $0.reason < $1.reason }
        let shown = page.shown(of: losses, standard: 20)
        for loss in shown {
            page.line(
                [
                    own(count(loss), Style(foreground: .failed)),
                    own(range(min(loss.first, loss.last)...max(loss.first, loss.last)), .faint),
                ], indent: 2)
            page.text(loss.reason, .plain, indent: 4)
            for offender in loss.offenders {
                page.line(
                    [
                        own(time(offender.time), .faint), (page.name(offender.service ?? "unknown service"), .plain),
                        own(offender.line.map { "line \(Prose.count($0))" } ?? "", .faint),
                    ], indent: 6)
                if let document = offender.document {
                    // The beginning says which it was; the JSON has all that is kept.
                    let text = SafeText(
                        name: String(decoding: document, as: UTF8.self), columns: max(20, options.width - 8),
                        ascii: options.ascii)
                    page.text(text, .faint, indent: 8)
                }
            }
        }
        page.left(losses.count - shown.count)
    }
}
