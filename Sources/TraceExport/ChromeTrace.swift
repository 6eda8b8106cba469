package import TraceCore

/// A run in the Trace Event Format of Chrome's tracing, as a JSON object, which Perfetto's viewer opens.
///
///     process  runner                                      a service
///       thread   lane 1        |-------billing run-------|  transactions of no group
///       thread   slot 1        |-u1----|-u3--|              the tasks of a group, each in its slot's lane, from
///       thread   slot 2        |-u2-|-u4-------|            admission to end; its spans and its own code (self) below
///       thread   slot 2 beside   |-GET-|                    spans that do not nest in what stands in the lane
///       async    wait          |~~u3~~|  |~u4~|             what was before a task's admission
///       counter  user task                                  how many run and how many wait
///
/// Slices of one thread nest or follow one another, never overlap otherwise: viewers drop what does. Times are whole µs
/// from the earliest slice, so that they are small enough to stay exact wherever they are read as floating point;
/// `origin_us` says when that was. What was drawn shorter than it is has its true times in `args`.
package struct ChromeTrace {
    /// What an error says.
    package struct ErrorText: Sendable, Hashable {
        package var type: String?
        package var message: String?

        package init(type: String?, message: String?) {
            self.type = type
            self.message = message
        }
    }

    private let analysis: TraceAnalysis
    /// What the errors of the run say, by their index in the trace's side events.
    package var errors: [Int: ErrorText] = [:]
    /// The text that stands for a user; nil where users stand as they are.
    package var pseudonym: ((String) -> String)?
    /// What is to be written of any other text, in which a user's id may stand.
    package var rewriting: ((String) -> String)?

    package init(_ analysis: TraceAnalysis) { self.analysis = analysis }

    /// Given to `output` in pieces, as it is made.
    package func write(to output: (String) throws -> Void) rethrows {
        var writer = ChromeTraceWriter(
            analysis, errors: errors,
            texts: ChromeTraceTexts(symbols: analysis.trace.symbols, pseudonym: pseudonym, rewriting: rewriting))
        writer.begin()
        for lane in writer.ungrouped() { try write(lane, by: &writer, to: output) }
        for group in analysis.groups.indices {
            for lane in writer.lanes(ofGroup: group) { try write(lane, by: &writer, to: output) }
            writer.writeActivity(ofGroup: group)
            try output(writer.take())
        }
        for lane in writer.ownerless() { try write(lane, by: &writer, to: output) }
        writer.writeHomelessErrors()
        writer.end()
        try output(writer.take() + "\n")
    }

    private func write(
        _ lane: ChromeTraceLane, by writer: inout ChromeTraceWriter, to output: (String) throws -> Void
    ) rethrows {
        writer.begin(lane)
        for place in lane.items.indices {
            writer.writeItem(place, of: lane)
            if writer.size > 1 << 16 { try output(writer.take()) }
        }
    }
}

/// The texts of a run as they are to be written.
struct ChromeTraceTexts {
    let symbols: SymbolTable
    let pseudonym: ((String) -> String)?
    let rewriting: ((String) -> String)?

    func user(_ symbol: Symbol?) -> String? {
        symbols.text(symbol).map { user in pseudonym.map { $0(user) } ?? user }
    }

    func text(_ symbol: Symbol?) -> String? { symbols.text(symbol).map(text) }

    func text(_ text: String) -> String { rewriting.map { $0(text) } ?? text }

    /// The name of something, which viewers don't show where it is empty.
    func name(_ symbol: Symbol?) -> String {
        guard let name = text(symbol), !name.isEmpty else { return "(no name)" }
        return name
    }
}
