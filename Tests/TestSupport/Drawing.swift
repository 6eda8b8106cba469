package import TraceCore

/// A run drawn as text, one line for a task, one column for `unit` µs:
///
///     u1 |##..##|        a task u1 that works, does nothing, works
///     u2 |..~~##|        a task u2 whose second stretch is a wait span
///       a|   ## |        a span a below u2
///       b|    = |        a transaction b below u2, in its trace and a child of it
///
/// Inside the bars `#` is a work span, `~` a wait span and `.` the task with nothing open; a blank is outside.
/// Neighbouring columns of one sign are one span, `u1.0` and so on in order. An indented line is one event, a
/// child of the nearest line above that is indented less: `#` and `~` spans of that line's task, `=` a
/// transaction. A task that is not indented has the parent `run`, which need not be drawn; the line `run` itself
/// has none.
package struct Drawing {
    /// Time 0 of every drawing, µs since the epoch.
    package static let origin: Int64 = 1_000_000

    package var batch = EventBatch()
    private let unit: Int64

    package init(unit: Int64 = 10, _ text: String) {
        self.unit = unit
        let process = batch.addProcess()
        var open: [(indent: Int, name: String, task: String)] = []
        for line in text.split(separator: "\n") where line.contains("|") {
            let indent = line.prefix { $0 == " " }.count
            let parts = line.split(separator: "|", omittingEmptySubsequences: false)
            let name = parts[0].filter { $0 != " " }
            let columns = Array(parts[1])
            while let last = open.last, last.indent >= indent { open.removeLast() }
            if let above = open.last {
                let span = addLine(name, columns, parent: above.name, task: above.task, process)
                open.append((indent, name, span ? above.task : name))
            } else {
                addTask(name, columns, process)
                open.append((indent, name, name))
            }
        }
    }

    /// Adds a line's event; whether it is a span.
    private mutating func addLine(
        _ name: String, _ columns: [Character], parent: String, task: String, _ process: Int
    ) -> Bool {
        guard let first = columns.firstIndex(where: { $0 != " " }),
            let last = columns.lastIndex(where: { $0 != " " })
        else { preconditionFailure("nothing is drawn for \(name)") }
        if columns[first] == "=" {
            add(.transaction, name, columns: first..<last + 1, process) { $0.parent = Identifier(parent) }
            return false
        }
        addSpan(name, columns[first], first..<last + 1, parent: parent, task: task, process)
        return true
    }

    private mutating func addTask(_ name: String, _ columns: [Character], _ process: Int) {
        let first = columns.firstIndex { $0 != " " } ?? 0
        let end = (columns.lastIndex { $0 != " " } ?? -1) + 1
        add(.transaction, name, columns: first..<max(first, end), process) {
            $0.parent = name == "run" ? nil : Identifier("run")
        }
        var (position, number) = (first, 0)
        while position < end {
            let sign = columns[position]
            let next = columns[position..<end].firstIndex { $0 != sign } ?? end
            if sign == "#" || sign == "~" {
                addSpan("\(name).\(number)", sign, position..<next, parent: name, task: name, process)
                number += 1
            }
            position = next
        }
    }

    private mutating func addSpan(
        _ name: String, _ sign: Character, _ columns: Range<Int>, parent: String, task: String, _ process: Int
    ) {
        let type = batch.symbols.intern(sign == "~" ? "wait" : "db")
        add(.span, name, columns: columns, process) {
            $0.parent = Identifier(parent)
            $0.transaction = Identifier(task)
            $0.type = type
        }
    }

    private mutating func add(
        _ kind: Event.Kind, _ name: String, columns: Range<Int>, _ process: Int, _ edit: (inout Event) -> Void
    ) {
        var event = batch.event(
            kind, name, start: Self.origin + Int64(columns.lowerBound) * unit, duration: Int64(columns.count) * unit,
            process: process)
        event.name = batch.symbols.intern(kind == .span ? "query" : name == "run" ? "run" : "task")
        edit(&event)
        batch.events.append(event)
    }

    /// Changes the events of these names.
    package mutating func edit(_ names: String..., by change: (inout Event, inout SymbolTable) -> Void) {
        for name in names {
            for index in batch.events.indices where batch.events[index].id == Identifier(name) {
                change(&batch.events[index], &batch.symbols)
            }
        }
    }

    package var trace: Trace { Trace.all(of: batch)[0] }

    package var analysis: TraceAnalysis { TraceAnalysis(trace) }

    /// The states of a task, drawn: `#` work, `~` wait by a span, `?` inferred wait, `.` self.
    package func states(_ name: String, _ settings: AnalysisSettings = .standard) -> String {
        let analysis = TraceAnalysis(trace, settings: settings)
        guard let partition = analysis.partitions()[analysis.trace.index(name)] else { return "unsampled" }
        return partition.stretches.map { stretch in
            let sign =
                switch stretch.state {
                case .work: "#"
                case .wait(.span): "~"
                case .wait(.inferred): "?"
                case .wait(.message): "m"
                case .own: "."
                }
            return String(repeating: sign, count: Int(stretch.interval.length / unit))
        }.joined()
    }
}
