import TraceCore

extension SpanView {
    /// What went wrong in it, each error with how long after its start.
    func writeErrors(since start: Int64, of facts: EventFacts, to page: inout PageWriter) {
        let errors = self.page.errors
        guard !errors.isEmpty else { return }
        let shown = page.shown(of: errors, standard: 5)
        page.section(errors.count == 1 ? "error" : "errors", note: errors.count == 1 ? "" : Prose.count(errors.count))
        let names = names(of: Set(shown.compactMap(\.event.parent)), in: facts.trace)
        for error in shown {
            var notes: [(SafeText, Style)] = []
            let distance = page.distance(error.event.timestamp - start)
            notes.append((SafeText(own: distance), .faint))
            if let parent = error.event.parent, parent != facts.row.id {
                notes.append((SafeText(own: "in ") + page.name(names[parent] ?? parent.text), .faint))
            }
            if let id = error.event.id { notes.append((SafeText(own: "error ") + page.name(id.text), .faint)) }
            ErrorBlock(error.details.error ?? ErrorDetails(), showsTitle: true, notes: notes)
                .write(to: &page, indent: 2)
        }
        page.left(errors.count - shown.count)
    }

    /// The names of the events with these ids, of a transaction before a span.
    private func names(of ids: Set<Identifier>, in trace: Trace) -> [Identifier: String] {
        var names: [Identifier: String] = [:]
        for event in trace.events where ids.contains(event.id) && (event.kind == .transaction || names[event.id] == nil)
        {
            names[event.id] = trace.symbols.text(event.name)
        }
        return names
    }

    /// What it asked of others: of a database, by HTTP; what it stands for; what was dropped; what it is linked to.
    func writeCall(to page: inout PageWriter) {
        let details = self.page.details
        if let database = details.database { write(database, to: &page) }
        if let http = details.http { write(http, to: &page) }
        if let composite = details.composite {
            page.section("composite")
            let text = Prose.count(Int(clamping: composite.count), "call", "calls")
            let together = ", " + page.duration(composite.duration) + " together, "
            page.text(
                SafeText(own: text + together) + SafeText(composite.strategy, ascii: options.ascii), indent: 2)
        }
        write(details.droppedSpans, to: &page)
        guard !details.links.isEmpty else { return }
        let shown = page.shown(of: details.links, standard: 10)
        page.section("links", note: Prose.count(details.links.count))
        for link in shown { page.pairs([("trace", link.trace), ("span", link.span)]) }
        page.left(details.links.count - shown.count)
    }

    private func write(_ database: EventDetails.DatabaseCall, to page: inout PageWriter) {
        page.section("database")
        if let statement = database.statement { page.text(statement, indent: 2) }
        page.pairs(
            [
                ("type", database.type), ("instance", database.instance), ("user", database.user),
                ("rows affected", database.rowsAffected.map { Prose.count(Int(clamping: $0)) }),
            ].compactMap { name, value in value.map { (name, $0) } })
    }

    private func write(_ http: EventDetails.HTTPCall, to page: inout PageWriter) {
        page.section("HTTP")
        let call = [http.method, http.url].compactMap { $0 }.joined(separator: " ")
        if !call.isEmpty { page.text(call, indent: 2) }
        guard let status = http.statusCode else { return }
        page.line([(SafeText(own: "status \(status)"), status >= 400 ? Style(foreground: .failed) : .plain)], indent: 2)
    }

    private func write(_ dropped: [EventDetails.DroppedSpans], to page: inout PageWriter) {
        guard !dropped.isEmpty else { return }
        let shown = page.shown(of: dropped, standard: 10)
        page.section("dropped spans")
        page.table(
            [
                .left("destination", isFlexible: true), .left("outcome", rank: 1), .right("count", rank: 3),
                .right("duration", rank: 2),
            ],
            shown.map { spans in
                [
                    Table.Entry(text: page.name(spans.destination ?? "(not said)")),
                    Table.Entry(text: spans.outcome.map { page.name($0) } ?? SafeText(own: page.signs.none)),
                    Table.Entry(text: SafeText(own: Prose.count(Int(clamping: spans.count)))),
                    Table.Entry(text: SafeText(own: page.duration(spans.duration))),
                ]
            })
        page.left(dropped.count - shown.count)
    }

    /// Where a span was called from. An error's stack stands with the error.
    func writeStack(to page: inout PageWriter) {
        guard !self.page.details.stack.isEmpty else { return }
        page.section("stack", note: "innermost first")
        StackLines(self.page.details.stack).write(to: &page, indent: 2)
    }
}
