package import TraceCore

/// Everything stored about one event, as a page: what it is and when, what went wrong, where its time went, what it
/// did, what stands around it, then all else that was sent, and the line itself.
///
/// Sections that have nothing to say are not there. Texts are shown whole; of lists the first are shown, and how many
/// were left out is said.
package struct SpanView {
    let page: SpanPage
    let options: TerminalOptions
    private let clock: LocalClock

    /// `clock` shows when it was.
    package init(_ page: SpanPage, _ options: TerminalOptions, clock: LocalClock = .utc) {
        self.page = page
        self.options = options
        self.clock = clock
    }

    /// The page as text.
    package func lines() -> [String] {
        var writer = PageWriter(options)
        switch page.subject {
        case .event(let facts): write(facts, to: &writer)
        case .side(let facts): write(facts, to: &writer)
        }
        return writer.canvases.flatMap { $0.lines(options.colors) }
    }

    private func write(_ facts: EventFacts, to page: inout PageWriter) {
        writeHeader(of: facts, to: &page)
        writeQuantities(of: facts, to: &page)
        writeErrors(since: facts.row.start, of: facts, to: &page)
        writeCall(to: &page)
        writeRelations(of: facts, to: &page)
        writeChildren(of: facts, to: &page)
        writeStates(of: facts, to: &page)
        writeStack(to: &page)
        writeLabels(facts.labels, "labels", to: &page)
        writeFields(without: facts.labels, to: &page)
        writeSurroundings(since: facts.trace.start, processes: facts.trace.processes, facts.trace.symbols, to: &page)
        writeOrigin(labels: facts.processLabels, to: &page)
    }

    private func write(_ facts: SideEventFacts, to page: inout PageWriter) {
        writeHeader(of: facts, to: &page)
        if let error = self.page.details.error {
            page.append(Canvas(width: options.width))
            ErrorBlock(error, showsTitle: false).write(to: &page)
        }
        writeSamples(to: &page)
        writeCall(to: &page)
        writeRelations(of: facts, to: &page)
        writeStack(to: &page)
        writeFields(without: [], to: &page)
        writeOrigin(labels: [], to: &page)
    }

    /// The metadata, and the line as it came.
    private func writeOrigin(labels: [LabelText], to page: inout PageWriter) {
        if !self.page.processFields.isEmpty {
            page.section("process")
            page.pairs(self.page.processFields.map { ($0.path, $0.value) })
        } else {
            writeLabels(labels, "labels of its process", to: &page)
        }
        guard !self.page.rawLine.isEmpty else { return }
        page.section("line", note: Prose.count(self.page.rawLine.count, "byte", "bytes"))
        page.text(String(decoding: self.page.rawLine, as: UTF8.self), indent: 2)
    }

    private func writeLabels(_ labels: [LabelText], _ title: String, to page: inout PageWriter) {
        guard !labels.isEmpty else { return }
        page.section(title)
        page.pairs(labels.map { ($0.key, $0.value) })
    }

    /// Everything that has no place of its own; labels are not said twice.
    private func writeFields(without labels: [LabelText], to page: inout PageWriter) {
        let told = Set(labels.flatMap { ["context.tags.\($0.key)", "tags.\($0.key)", "labels.\($0.key)"] })
        let fields = self.page.details.fields.filter { !told.contains($0.path) }
        guard !fields.isEmpty else { return }
        page.section("fields")
        page.pairs(fields.map { ($0.path, $0.value) })
    }

    /// A point in time, µs since the epoch, to the microsecond.
    func moment(_ time: Int64) -> String {
        LocalTimeText([time], on: clock).text(time, isPrecise: true) + (options.utc ? " UTC" : "")
    }
}
