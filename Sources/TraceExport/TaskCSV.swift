package import TraceCore

/// One row for each task of a run, times in µs; `start_us` since the epoch, `run` the trace id.
///
/// Cells are parted by commas and quoted as in RFC 4180; rows end in a line feed alone, as files do here. A text that is
/// absent is an empty cell, an empty text is `""`. Characters that do harm on a terminal are escaped as `\u{1b}`; a
/// text that a spreadsheet would take for a formula has an apostrophe before it.
package struct TaskCSV {
    private let pseudonym: ((String) -> String)?
    private let rewriting: ((String) -> String)?

    /// `pseudonym` gives the text that stands for a user, `rewriting` what stands for a name with users in it; nil
    /// where they stand as they are.
    package init(pseudonym: ((String) -> String)? = nil, rewriting: ((String) -> String)? = nil) {
        self.pseudonym = pseudonym
        self.rewriting = rewriting
    }

    /// The names of the columns, with the line feed.
    package static let header = """
        run,id,user,name,start_us,total_us,wait_us,work_us,self_us,delay_us,queued_us,duration_us,turnaround_us,\
        service,version,outcome,wait_source,released_by,incomplete

        """

    /// The rows of a run, in order of (start, id). Given to `output` in pieces.
    package func write(_ analysis: TraceAnalysis, to output: (String) throws -> Void) rethrows {
        let run = analysis.trace.id.text
        var text = ""
        for task in analysis.tasks {
            guard let breakdown = analysis.breakdown(task) else { continue }
            append(task, breakdown, analysis, run: run, to: &text)
            if text.utf8.count > 1 << 16 {
                try output(text)
                text.removeAll(keepingCapacity: true)
            }
        }
        if !text.isEmpty { try output(text) }
    }

    private func append(
        _ task: Int, _ breakdown: Breakdown, _ analysis: TraceAnalysis, run: String, to text: inout String
    ) {
        let (symbols, event) = (analysis.trace.symbols, analysis.trace.events[task])
        func add(_ value: String?) {
            Self.append(value, to: &text)
            text += ","
        }
        let user = symbols.text(event.user)
        add(run)
        add(event.id.text)
        add(pseudonym.map { user.map($0) } ?? user)
        let name = symbols.text(event.name)
        add(rewriting.map { name.map($0) } ?? name)
        for time in [
            event.start, breakdown.total, breakdown.wait, breakdown.work, breakdown.own, breakdown.delay,
            breakdown.queued, breakdown.duration, breakdown.turnaround,
        ] {
            text += String(time)
            text += ","
        }
        add(symbols[event.service])
        add(symbols.text(event.version))
        add(event.outcome.text)
        add(breakdown.waitSource)
        add(analysis.releaser(task).map { analysis.trace.events[$0].id.text })
        text += event.dropped > 0 ? "true\n" : "false\n"
    }

    private static func append(_ value: String?, to text: inout String) {
        guard let value, let first = value.utf8.first, first != UInt8(ascii: "-"), value.utf8.allSatisfy(isPlain) else {
            text += cell(value)
            return
        }
        text += value
    }

    /// Whether a text of such characters alone that does not begin with a hyphen is its own cell.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
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
