import TraceCore
import TraceIntake

/// A run as intake v2: every line as it came, in the order in which they came, with the times filled in that the
/// request had given them, so that the run is the same wherever it is imported.
///
/// Each process is a stream of its own, which begins with its metadata; an empty line parts it from the one before.
struct NDJSONExport {
    private let trace: Trace
    private let lines: StoredLines
    private let editor: ElasticLineEditor

    /// `pseudonym` stands in for the id of each user, where it is given.
    init(_ trace: Trace, lines: StoredLines, pseudonym: ((String) -> String)?) {
        self.trace = trace
        self.lines = lines
        editor = ElasticLineEditor(users: pseudonym == nil ? [] : Self.users(of: trace), pseudonym: pseudonym)
    }

    /// One event's line on its way out.
    private struct Item {
        var place: BodyRange
        var kind: ElasticLineKind
        /// The time to fill in where the line has none; nil where it needs none.
        var time: Int64?
        var process: Int
    }

    /// Lines looked up at a time.
    private static let chunk = 4_096

    /// Gives the lines to `output`; how many are left out. Throws where a line is no longer stored.
    func write(to output: ([UInt8]) throws -> Void) throws -> Int {
        var leftOut = 0
        let newline = UInt8(ascii: "\n")
        var isFirst = true
        for items in streams() {
            if !isFirst { try output([newline]) }
            isFirst = false
            let metadata = trace.processes[items[0].process].line
            try output(editor.edit(metadata, kind: .metadata, time: nil) + [newline])
            for start in stride(from: 0, to: items.count, by: Self.chunk) {
                let part = items[start..<min(start + Self.chunk, items.count)]
                for (item, line) in zip(part, try lines.lines(part.map(\.place))) {
                    guard let line else {
                        throw CommandFailure(.inputOutput, "a line of the run is no longer stored: export it again")
                    }
                    let edited = editor.edit(line, kind: item.kind, time: item.time)
                    // With pseudonyms nothing is left of a line that is damaged: who stands in it cannot be told.
                    if edited.isEmpty { leftOut += 1 } else { try output(edited + [newline]) }
                }
            }
        }
        return leftOut
    }

    /// The events of each process, those that came first before others.
    private func streams() -> [[Item]] {
        var items = trace.events.indices.map { index in
            let event = trace.events[index]
            // A span with an offset starts after its transaction wherever that is; without it, after its request.
            let isSettled = event.offset != nil && trace.owners[index] != nil
            return Item(
                place: event.line, kind: ElasticLineKind(event.kind), time: isSettled ? nil : event.start,
                process: event.process)
        }
        items += trace.sideEvents.map { event in
            Item(place: event.line, kind: ElasticLineKind(event.kind), time: event.timestamp, process: event.process)
        }
        items.sort { left, right in
            let (a, b) = (left.place, right.place)
            return (a.body, a.offset, a.length) < (b.body, b.offset, b.length)
        }
        var order: [[UInt8]: Int] = [:]
        var streams: [[Item]] = []
        for item in items {
            let line = trace.processes[item.process].line
            if let known = order[line] {
                streams[known].append(item)
            } else {
                order[line] = streams.count
                streams.append([item])
            }
        }
        return streams
    }

    /// The ids of all users that the run was done for.
    static func users(of trace: Trace) -> Set<String> {
        var users: Set<Symbol> = []
        for event in trace.events { if let user = event.user { users.insert(user) } }
        for process in trace.processes { if let user = process.user { users.insert(user) } }
        return Set(users.map { trace.symbols[$0] })
    }
}
