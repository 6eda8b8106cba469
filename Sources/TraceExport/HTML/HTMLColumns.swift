import TraceCore

/// A run as columns for the program in the page: a number or a text for each row, in the order in which they are drawn.
/// Texts stand once, in a list. Times are µs, from the run's start.
///
/// A row's flags are those of `EventFlag` in its order, then: it waits, it is a transaction, it is a task, it is on the
/// critical chain of its group.
struct HTMLColumns {
    private let layout: WaterfallLayout
    private let errors: [Int: [String]]
    private var texts: [String] = []
    private var numbers: [Symbol: Int] = [:]
    private var kinds: [String: Int] = [:]
    private let rename: ((String) -> String)?
    /// By event: where its row stands; -1 where it has none.
    private var places: [Int]

    private var analysis: TraceAnalysis { layout.analysis }
    private var trace: Trace { layout.analysis.trace }

    /// `errors` are what went wrong, by event; `rename` gives what stands for a text.
    init(_ layout: WaterfallLayout, errors: [Int: [String]], rename: ((String) -> String)?) {
        self.layout = layout
        self.errors = errors
        self.rename = rename
        places = [Int](repeating: -1, count: layout.analysis.trace.events.count)
        for (place, row) in layout.tree.rows.enumerated() { places[row.event] = place }
    }

    /// The columns as JSON that can stand in a page.
    mutating func json() -> String {
        let events = layout.tree.rows.map(\.event)
        let names = events.map { number(of: trace.events[$0].name) }
        let users = events.map { number(of: trace.events[$0].user) }
        let services = events.map { number(of: trace.events[$0].service) }
        let kinds = events.map { numberOfKind($0) }
        let tasks = events.filter { analysis.breakdown($0) != nil }
        var json = JSONWriter()
        json.object { json in
            json.member("length", trace.makespan)
            json.member("raised", raised)
            json.column("signs", EventFlag.allCases) { $0.string($1.sign(ascii: false)) }
            json.column("notes", EventFlag.allCases) { $0.string($1.meaning) }
            json.column("hues", spanNames) { json, names in
                json.array { json in
                    for name in names { json.string(name) }
                }
            }
            json.column("texts", texts) { $0.string($1) }
            json.key("rows")
            json.object { json in
                json.column("depth", layout.tree.rows) { $0.integer($1.depth) }
                json.column("start", events) { $0.integer(trace.events[$1].start - trace.start) }
                json.column("duration", events) { $0.integer(trace.events[$1].duration) }
                json.column("id", events) { $0.string(HTMLWriter.shown(trace.events[$1].id.text)) }
                json.column("name", names) { $0.integer($1) }
                json.column("user", users) { $0.integer($1) }
                json.column("kind", kinds) { $0.integer($1) }
                json.column("service", services) { $0.integer($1) }
                json.column("hue", events) { $0.integer(hue(of: $1)) }
                let flags = flags()
                json.column("flags", events) { $0.integer(flags[$1]) }
            }
            json.key("tasks")
            json.object { json in
                let breakdowns = tasks.map { analysis.breakdown($0) ?? Breakdown() }
                json.column("row", tasks) { $0.integer(places[$1]) }
                json.column("queued", breakdowns) { $0.integer($1.queued) }
                json.column("delay", breakdowns) { $0.integer($1.delay) }
                json.column("wait", breakdowns) { $0.integer($1.wait) }
                json.column("self", breakdowns) { $0.integer($1.own) }
                json.column("source", breakdowns) { $0.string($1.waitSource) }
                let waits = LineWaits(analysis)
                json.column("lines", tasks) { json, task in
                    json.array { json in
                        for (text, time) in waits.sums(of: task) {
                            json.integer(time)
                            json.string(shown(text))
                        }
                    }
                }
                json.column("releaser", tasks) { $0.integer(analysis.releaser($1).map { places[$0] } ?? -1) }
                json.column("states", tasks) { states(of: $1, to: &$0) }
            }
            json.column("errors", errors.sorted { $0.key < $1.key }.filter { places[$0.key] >= 0 }) { json, error in
                json.array { json in
                    json.integer(places[error.key])
                    json.array { json in
                        for text in error.value { json.string(shown(text)) }
                    }
                }
            }
        }
        return HTMLWriter.data(json.text)
    }

    private func shown(_ text: String) -> String { HTMLWriter.shown(rename?(text) ?? text) }

    /// Where a name stands in the list; -1 where there is none.
    private mutating func number(of symbol: Symbol?) -> Int {
        guard let symbol else { return -1 }
        if let known = numbers[symbol] { return known }
        numbers[symbol] = texts.count
        let name = trace.symbols[symbol]
        texts.append(HTMLWriter.shown(HTMLWriter.name(rename?(name) ?? name)))
        return texts.count - 1
    }

    /// The number of `db.postgresql.query`.
    private mutating func numberOfKind(_ event: Int) -> Int {
        let event = trace.events[event]
        let parts = [event.type, event.subtype, event.action].compactMap { trace.symbols.text($0) }
        let kind = parts.filter { !$0.isEmpty }.joined(separator: ".")
        if let known = kinds[kind] { return known }
        kinds[kind] = texts.count
        texts.append(shown(kind))
        return texts.count - 1
    }

    private func hue(of event: Int) -> Int {
        let event = trace.events[event]
        return event.kind == .span ? TypeHue.number(of: trace.symbols[event.subtype ?? event.type]) : 0
    }

    /// By hue, what the spans are that have it: the three commonest, and an ellipsis for others.
    private var spanNames: [[String]] {
        var counts: [Symbol: Int] = [:]
        for event in trace.events where event.kind == .span { counts[event.subtype ?? event.type, default: 0] += 1 }
        var names = [[String]](repeating: [], count: TypeHue.count)
        let kinds = counts.map { (text: trace.symbols[$0.key], count: $0.value) }.sorted {
            $0.count != $1.count ? $0.count > $1.count : $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
        }
        for kind in kinds {
            let hue = TypeHue.number(of: kind.text)
            if names[hue].count < 4 { names[hue].append(names[hue].count < 3 ? shown(kind.text) : "…") }
        }
        return names
    }

    /// How far rows are set in less than they are deep in the tree.
    private var raised: Int {
        guard let place = layout.tree.rows.firstIndex(where: { $0.depth > 0 }) else { return 0 }
        return layout.tree.rows[place].depth - layout.row(place).depth
    }

    /// By event.
    private func flags() -> [Int] {
        var flags = trace.events.indices.map { event in
            let own = layout.tree.flags(of: event, in: trace)
            return EventFlag.allCases.enumerated().reduce(0) { $0 | (own.contains($1.element) ? 1 << $1.offset : 0) }
        }
        let first = EventFlag.allCases.count
        for (event, waits) in analysis.waiting().enumerated() where waits { flags[event] |= 1 << first }
        for event in trace.transactions { flags[event] |= 2 << first }
        for task in analysis.tasks { flags[task] |= 4 << first }
        for task in analysis.criticalTasks { flags[task] |= 8 << first }
        return flags
    }

    /// The states of a task, one behind the other from its start: 0 wait, 1 its own code, 2 work, each with its length.
    private func states(of task: Int, to json: inout JSONWriter) {
        json.array { json in
            for stretch in analysis.partition(task)?.stretches ?? [] {
                switch stretch.state {
                case .wait: json.integer(0)
                case .own: json.integer(1)
                case .work: json.integer(2)
                }
                json.integer(stretch.interval.length)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: some BinaryInteger) {
        key(name)
        integer(value)
    }

    /// A member that is an array of what `write` makes of each element.
    fileprivate mutating func column<Elements: Sequence>(
        _ name: String, _ elements: Elements, _ write: (inout JSONWriter, Elements.Element) -> Void
    ) {
        key(name)
        array { json in
            for element in elements { write(&json, element) }
        }
    }
}
