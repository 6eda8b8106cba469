/// For what the tasks of a run waited in lines within them, by task and by the span that waited.
package struct LineWaits: Sendable {
    package struct Wait: Sendable, Hashable {
        /// The span that began when the wait was over, as an event.
        package var span: Int
        package var interval: Interval
        /// The names of the spans that stand in the line.
        package var names: [String]
        /// How many of them there may be at a time.
        package var slots: Int

        /// What it waited for: `SELECT FROM t, 3 at a time`.
        package var text: String { LineText.within(names, slots: slots) }
    }

    private let analysis: TraceAnalysis
    /// By event, as indices of lines and of their waits.
    private var places: [Int: [(line: Int, wait: Int)]] = [:]

    package init(_ analysis: TraceAnalysis) {
        self.analysis = analysis
        for (line, found) in analysis.lines.enumerated() {
            for (place, wait) in found.waits.enumerated() {
                places[wait.task, default: []].append((line, place))
                places[wait.span, default: []].append((line, place))
            }
        }
    }

    /// The waits of a task, or of a span, in order of time.
    package subscript(event: Int) -> [Wait] {
        (places[event] ?? []).map { place in
            let (line, symbols) = (analysis.lines[place.line], analysis.trace.symbols)
            let wait = line.waits[place.wait]
            return Wait(
                span: wait.span, interval: wait.interval,
                names: line.classes.map { symbols.text($0.name) ?? $0.typeText(symbols) }, slots: line.slots)
        }.sorted { ($0.interval.start, $0.span) < ($1.interval.start, $1.span) }
    }

    /// What a task waited for in lines within it, one text for each line, with how long that took in all, µs.
    package func sums(of task: Int) -> [(text: String, time: Int64)] {
        var sums: [(text: String, time: Int64)] = []
        for wait in self[task] {
            if let known = sums.firstIndex(where: { $0.text == wait.text }) {
                sums[known].time += wait.interval.length
            } else {
                sums.append((wait.text, wait.interval.length))
            }
        }
        return sums
    }
}
