package import TraceCore

/// One row for each task of a run, times in µs; `start_us` since the epoch, `run` the trace id.
///
/// Cells are parted by commas and quoted as in RFC 4180; rows end in a line feed alone, as files do here. A text that is
/// absent is an empty cell, an empty text is `""`. Characters that do harm on a terminal are escaped as `\u{1b}`; a
/// text that a spreadsheet would take for a formula has an apostrophe before it.
package struct TaskCSV {
    private let pseudonym: ((String) -> String)?

    /// `pseudonym` gives the text that stands for a user; nil where users stand as they are.
    package init(pseudonym: ((String) -> String)? = nil) {
        self.pseudonym = pseudonym
    }

    /// The names of the columns, with the line feed.
    package static let header = """
        run,id,user,name,start_us,total_us,wait_us,work_us,self_us,delay_us,queued_us,duration_us,turnaround_us,\
        service,version,outcome,wait_source,released_by,incomplete

        """

    /// The rows of a run, in order of (start, id). Given to `output` in pieces.
    package func write(_ analysis: TraceAnalysis, to output: (String) throws -> Void) rethrows {
        var text = ""
        for task in analysis.tasks {
            guard let breakdown = analysis.breakdown(task) else { continue }
            text += row(task, breakdown, analysis)
            if text.utf8.count > 1 << 16 {
                try output(text)
                text = ""
            }
        }
        if !text.isEmpty { try output(text) }
    }

    private func row(_ task: Int, _ breakdown: Breakdown, _ analysis: TraceAnalysis) -> String {
        let (trace, event) = (analysis.trace, analysis.trace.events[task])
        let user = trace.symbols.text(event.user)
        let times = [
            event.start, breakdown.total, breakdown.wait, breakdown.work, breakdown.own, breakdown.delay,
            breakdown.queued, breakdown.duration, breakdown.turnaround,
        ]
        let texts: [String?] = [
            trace.symbols[event.service], trace.symbols.text(event.version), event.outcome.text, breakdown.waitSource,
            analysis.releaser(task).map { trace.events[$0].id.text }, event.dropped > 0 ? "true" : "false",
        ]
        let names: [String?] = [
            trace.id.text, event.id.text, pseudonym.map { user.map($0) } ?? user, trace.symbols.text(event.name),
        ]
        let cells = names.map(Self.cell) + times.map { String($0) } + texts.map(Self.cell)
        return cells.joined(separator: ",") + "\n"
    }

    /// A text as a cell.
    static func cell(_ text: String?) -> String {
        guard let text else { return "" }
        guard let first = text.unicodeScalars.first else { return "\"\"" }
        var safe = String.UnicodeScalarView()
        if isFormula(first) { safe.append("'") }
        for scalar in text.unicodeScalars {
            if scalar.isHarmful {
                safe.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            } else {
                if scalar == "\"" { safe.append(scalar) }
                safe.append(scalar)
            }
        }
        let isQuoted = safe.contains { $0 == "," || $0 == "\"" } || safe.first == " " || safe.last == " "
        return isQuoted ? "\"\(String(safe))\"" : String(safe)
    }

    /// Whether a spreadsheet takes a text that begins so for a formula, in full width too.
    private static func isFormula(_ first: Unicode.Scalar) -> Bool {
        switch first {
        case "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠": true
        default: false
        }
    }
}
