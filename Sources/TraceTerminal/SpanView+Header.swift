import TraceCore

extension SpanView {
    /// What it is, whose, which, and when.
    func writeHeader(of facts: EventFacts, to page: inout PageWriter) {
        let event = facts.row
        let isFailed = event.outcome == .failure
        writeTitle(facts.name(of: facts.event) ?? "(no name)", isFailed: isFailed, to: &page)
        let symbols = facts.trace.symbols
        let type = [event.type, event.subtype, event.action].compactMap { symbols.text($0) }.filter { !$0.isEmpty }
        let service = [symbols[event.service], symbols.text(event.version)].compactMap { $0 }.joined(separator: " ")
        page.line(
            [
                part(event.kind == .transaction ? "transaction" : "span", event.id.text, page),
                facts.user.map { part("user", $0, page) },
                part("service", service, page),
                type.isEmpty ? nil : part("type", type.joined(separator: "."), page),
                (SafeText(own: "outcome " + event.outcome.text), isFailed ? Style(foreground: .failed) : .plain),
            ].compactMap { $0 })
        page.line([part("trace", facts.trace.id.text, page)])
        page.line([
            (SafeText(own: "start " + moment(event.start)), .plain),
            (SafeText(own: distanceFromRun(facts.offset, page)), .plain),
            (SafeText(own: "duration " + page.duration(event.duration)), .bold),
        ])
        page.line(
            facts.flags.filter { $0 != .failed }.map { flag in
                let meaning =
                    flag == .incomplete
                    ? "incomplete: " + Prose.count(Int(event.dropped), "span was", "spans were") + " dropped"
                    : flag.meaning
                return (SafeText(own: page.signs.mark(flag) + " " + meaning), Style(foreground: .failed))
            })
    }

    /// What was told, which it is, and when.
    func writeHeader(of facts: SideEventFacts, to page: inout PageWriter) {
        let details = self.page.details
        switch facts.row.kind {
        case .error:
            let title = details.error.map { ErrorText($0, ascii: options.ascii).title } ?? "(no message)"
            writeTitle(title, isFailed: true, to: &page)
        case .log: writeTitle(details.message ?? "(no message)", isFailed: false, to: &page)
        case .metricset: writeTitle("metricset", isFailed: false, to: &page)
        }
        let symbols = facts.analysis?.trace.symbols
        page.line(
            [
                facts.row.kind == .metricset && facts.row.id == nil
                    ? nil : part(facts.row.kind.word, facts.row.id?.text, page),
                facts.process.flatMap { process in symbols.map { part("service", $0[process.service], page) } },
            ].compactMap { $0 })
        if let trace = facts.traceID { page.line([part("trace", trace.text, page)]) }
        page.line(
            [
                (SafeText(own: "time " + moment(facts.row.timestamp)), .plain),
                facts.offset.map { (SafeText(own: distanceFromRun($0, page)), .plain) },
            ].compactMap { $0 })
    }

    private func distanceFromRun(_ offset: Int64, _ page: PageWriter) -> String {
        if offset == 0 { return "at the run's start" }
        return page.duration(max(offset, -offset)) + (offset < 0 ? " before" : " after") + " the run's start"
    }

    private func writeTitle(_ title: String, isFailed: Bool, to page: inout PageWriter) {
        let style = isFailed ? Style(foreground: .failed, isBold: true) : .bold
        page.text(isFailed ? page.signs.failed + " " + title : title, style)
    }

    /// A word and what it names, where it names something.
    private func part(_ word: String, _ name: String?, _ page: PageWriter) -> (SafeText, Style) {
        guard let name else { return (SafeText(own: word), .plain) }
        let columns = max(8, options.width - word.count - 1)
        return (SafeText(own: word + " ") + SafeText(name: name, columns: columns, ascii: options.ascii), .plain)
    }
}

extension SideEvent.Kind {
    /// As it is called in output.
    var word: String {
        switch self {
        case .error: "error"
        case .metricset: "metricset"
        case .log: "log"
        }
    }
}
