import TraceCore

extension SpanView {
    /// What stands around an event: what it hangs under, who gave it its slot and who got it.
    func writeRelations(of facts: EventFacts, to page: inout PageWriter) {
        var rows: [[Table.Entry]] = []
        if let parent = facts.parent {
            rows.append(relation("parent", parent, facts.trace, since: facts.row.start, page))
        } else if let id = facts.row.parent {
            rows.append(missing("parent", id, page))
        }
        if let transaction = facts.transaction {
            if transaction != facts.parent {
                rows.append(relation("transaction", transaction, facts.trace, since: facts.row.start, page))
            }
        } else if facts.row.kind == .span, let id = facts.row.transaction, id != facts.row.parent {
            rows.append(missing("transaction", id, page))
        }
        if let releaser = facts.releaser {
            rows.append(relation("released by", releaser, facts.trace, since: facts.row.start, page))
        }
        let released = page.shown(of: facts.released, standard: 10)
        for task in released { rows.append(relation("released", task, facts.trace, since: facts.row.start, page)) }
        if !rows.isEmpty {
            page.section("around it", note: "times from its start")
            page.table(relationColumns, rows)
            page.left(facts.released.count - released.count)
        }
        writeGroup(of: facts, to: &page)
    }

    /// The parent and the transaction of an error or a log.
    func writeRelations(of facts: SideEventFacts, to page: inout PageWriter) {
        let event = facts.row
        var rows: [[Table.Entry]] = []
        func add(_ word: String, _ id: Identifier?, _ index: Int?) {
            if let analysis = facts.analysis, let index {
                rows.append(relation(word, index, analysis.trace, since: event.timestamp, page))
            } else if let id {
                rows.append(missing(word, id, page))
            }
        }
        add("parent", event.parent, facts.parent)
        if facts.transaction == nil ? event.transaction != event.parent : facts.transaction != facts.parent {
            add("transaction", event.transaction, facts.transaction)
        }
        guard !rows.isEmpty else { return }
        page.section("where", note: "times from its own")
        page.table(relationColumns, rows)
    }

    /// The events whose parent it is.
    func writeChildren(of facts: EventFacts, to page: inout PageWriter) {
        guard !facts.children.isEmpty else { return }
        let shown = page.shown(of: facts.children, standard: 10)
        page.section("children", note: Prose.count(facts.children.count) + ", times from its start")
        page.table(
            [
                .left("", rank: 9), .left("name", isFlexible: true), .left("user", rank: 4, isFlexible: true),
                .left("type", rank: 2, isFlexible: true), .right("start", rank: 7), .right("duration", rank: 8),
                .left("id", rank: 5, isFlexible: true),
            ],
            shown.map { child in
                let event = facts.trace.events[child]
                let isFailed = event.outcome == .failure
                let user = event.kind == .transaction ? facts.user(of: child) : nil
                return [
                    Table.Entry(
                        text: SafeText(own: isFailed ? page.signs.failed : ""), style: Style(foreground: .failed)),
                    Table.Entry(text: page.name(facts.name(of: child))),
                    Table.Entry(text: user.map { page.name($0) } ?? SafeText(own: "")),
                    Table.Entry(text: page.name(facts.trace.symbols[event.subtype ?? event.type])),
                    Table.Entry(text: SafeText(own: page.distance(event.start - facts.row.start))),
                    Table.Entry(text: SafeText(own: page.duration(event.duration))),
                    Table.Entry(text: page.name(event.id.text), style: .faint),
                ]
            })
        page.left(facts.children.count - shown.count)
    }

    private func writeGroup(of facts: EventFacts, to page: inout PageWriter) {
        guard let (group, position) = facts.group else { return }
        page.section("group")
        let place = "task \(Prose.count(position)) of \(Prose.count(group.members.count)) by start"
        // By another setting nothing is said of how full the slots were.
        let isSeen = group.kind != nil || facts.analysis.settings.inference != .auto
        let line = LineText.fact(group, ascii: page.options.ascii)
        let slots = line.word + " " + line.value + (isSeen ? "" : ": no line is seen, no wait for slots is inferred")
        page.line(
            [
                (page.name(facts.trace.symbols.text(group.name)), .plain),
                (SafeText(own: place), .plain),
                (SafeText(own: slots), .plain),
                (SafeText(own: Prose.count(group.waited) + " waited"), .plain),
                (SafeText(own: "makespan " + page.duration(group.makespan)), .plain),
            ], indent: 2)
    }

    private var relationColumns: [Table.Column] {
        [
            .left(""), .left("name", isFlexible: true), .left("user", rank: 6, isFlexible: true),
            .right("start", rank: 7), .right("duration", rank: 8), .left("id", rank: 9, isFlexible: true),
        ]
    }

    private func relation(
        _ word: String, _ index: Int, _ trace: Trace, since start: Int64, _ page: PageWriter
    ) -> [Table.Entry] {
        let event = trace.events[index]
        let user = trace.owners[index].flatMap { trace.symbols.text(trace.events[$0].user) }
        return [
            Table.Entry(text: SafeText(own: word), style: .faint),
            Table.Entry(text: page.name(trace.symbols.text(event.name))),
            Table.Entry(text: user.map { page.name($0) } ?? SafeText(own: "")),
            Table.Entry(text: SafeText(own: page.distance(event.start - start))),
            Table.Entry(text: SafeText(own: page.duration(event.duration))),
            Table.Entry(text: page.name(event.id.text), style: .faint),
        ]
    }

    private func missing(_ word: String, _ id: Identifier, _ page: PageWriter) -> [Table.Entry] {
        let blank = Table.Entry(text: SafeText(own: ""))
        return [
            Table.Entry(text: SafeText(own: word), style: .faint),
            Table.Entry(text: SafeText(own: "(never came)"), style: .faint), blank, blank, blank,
            Table.Entry(text: page.name(id.text), style: .faint),
        ]
    }
}
