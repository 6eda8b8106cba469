package import TraceCore

/// `waitline.waterfall.v1`: groups, and a row for each transaction and span in the order they are drawn.
package struct WaterfallJSON {
    private let analysis: TraceAnalysis
    private let tree: WaterfallTree
    /// The rows that a query leaves, in its order, as places in the tree; nil is all of them.
    private let places: [Int]?
    private let tellsFlow: Bool
    private let background: BackgroundTasks?

    private var trace: Trace { analysis.trace }

    /// The rows that a query leaves, in its order and with what is above them. They are never folded nor moved, and
    /// what they say is never cut; the groups are those of the whole run.
    /// `tellsFlow`: each group also says how its tasks went through it, as `flow`. Without `background`
    /// it is not said what else ran.
    package init(
        _ analysis: TraceAnalysis, query: WaterfallQuery = WaterfallQuery(), tellsFlow: Bool = false,
        background: BackgroundTasks? = nil
    ) {
        self.analysis = analysis
        self.tellsFlow = tellsFlow
        self.background = background
        var plain = WaterfallQuery()
        var query = query
        (plain.folds, query.folds, query.alignsClocks) = (false, false, false)
        guard query != plain else {
            tree = WaterfallTree(analysis.trace)
            places = nil
            return
        }
        let outline = WaterfallOutline(WaterfallLayout(analysis), query: query)
        tree = outline.layout.tree
        places = outline.entries.compactMap { entry in
            if case .row(let place) = entry { place } else { nil }
        }
    }

    /// At most `limit` rows where it is set; how many were left out is said. Given to `output` in pieces.
    package func write(limit: Int?, to output: (String) throws -> Void) rethrows {
        let count = min(limit ?? .max, places?.count ?? tree.rows.count)
        var json = JSONWriter()
        json.open("{")
        writeHead(to: &json)
        json.key("groups")
        json.open("[")
        for group in analysis.groups {
            write(group, to: &json)
            if json.count > 1 << 16 { try output(json.take()) }
        }
        json.close("]")
        if let background { json.background(background) }
        json.key("rows")
        json.open("[")
        for number in 0..<count {
            write(tree.rows[places?[number] ?? number], to: &json)
            if json.count > 1 << 16 { try output(json.take()) }
        }
        json.close("]")
        json.key("rows_left_out")
        json.integer(tree.rows.count - count)
        json.close("}")
        try output(json.take() + "\n")
    }

    private func writeHead(to json: inout JSONWriter) {
        json.key("schema")
        json.string("waitline.waterfall.v1")
        json.key("trace_id")
        json.string(trace.id.text)
        json.key("start_us")
        json.integer(trace.start)
        json.key("makespan_us")
        json.integer(trace.makespan)
        json.key("inference")
        json.string(analysis.settings.inference.rawValue)
        json.key("lines")
        json.array { json in
            for line in analysis.lines { write(line, to: &json) }
        }
    }

    private func write(_ line: LineWithin, to json: inout JSONWriter) {
        json.object { json in
            json.key("service")
            json.string(trace.symbols[line.service])
            json.key("spans")
            json.array { json in
                for spans in line.classes {
                    json.object { json in
                        json.key("type")
                        json.string(spans.typeText(trace.symbols))
                        json.key("name")
                        json.string(trace.symbols.text(spans.name))
                    }
                }
            }
            json.key("slots")
            json.integer(line.slots)
            json.key("waited")
            json.integer(line.waited)
            json.key("wait_us")
            json.integer(line.waitTime)
        }
    }

    private func write(_ group: TaskGroup, to json: inout JSONWriter) {
        json.object { json in
            json.key("parent_id")
            json.string(group.parent.text)
            json.key("service")
            json.string(trace.symbols[group.service])
            json.key("name")
            json.string(trace.symbols.text(group.name))
            json.key("tasks")
            json.integer(group.members.count)
            json.line(of: group)
            json.key("reading")
            json.string(group.reading.rawValue)
            json.key("occupancy")
            json.number(group.occupancy)
            json.key("waited")
            json.integer(group.waited)
            json.key("dense")
            json.bool(group.isDense)
            json.key("makespan_us")
            json.integer(group.makespan)
            json.key("chain")
            json.array { json in
                for member in group.criticalChain(in: trace) {
                    json.identifier(trace.events[group.members[member].transaction].id)
                }
            }
            if tellsFlow { write(GroupFlow(group, of: analysis), to: &json) }
        }
    }

    private func write(_ flow: GroupFlow, to json: inout JSONWriter) {
        json.key("flow")
        json.object { json in
            json.key("chain_slot_us")
            json.integer(flow.chainSlotTime)
            json.key("chain_share")
            json.raw(flow.chainShare.decimal)
            json.key("full_share")
            json.raw(flow.full.decimal)
            json.key("mean_tasks")
            json.number(flow.little?.meanNumber)
            json.key("arrivals_per_second")
            json.number(flow.little?.arrivalsPerSecond)
            json.key("mean_time_us")
            json.number(flow.little?.meanTime)
            json.key("slowdown_fairness")
            json.number(flow.slowdowns.fairness)
        }
    }

    private func write(_ row: WaterfallTree.Row, to json: inout JSONWriter) {
        let event = trace.events[row.event]
        json.object { json in
            json.key("id")
            json.identifier(event.id)
            json.key("parent_id")
            json.identifier(event.parent)
            json.key("transaction_id")
            json.identifier(event.transaction ?? trace.owners[row.event].map { trace.events[$0].id })
            json.key("depth")
            json.integer(row.depth)
            json.key("kind")
            json.string(event.kind == .transaction ? "transaction" : "span")
            json.key("name")
            json.string(event.name, of: trace.symbols)
            json.key("type")
            json.string(event.type, of: trace.symbols)
            json.key("subtype")
            json.string(event.subtype, of: trace.symbols)
            json.key("action")
            json.string(event.action, of: trace.symbols)
            json.key("service")
            json.string(event.service, of: trace.symbols)
            json.key("user")
            json.string(trace.owners[row.event].flatMap { trace.events[$0].user }, of: trace.symbols)
            json.key("outcome")
            json.string(event.outcome.text)
            json.key("start_us")
            json.integer(event.start - trace.start)
            json.key("duration_us")
            json.integer(event.duration)
            if event.kind == .transaction {
                let releaser = analysis.releaser(row.event).map { trace.events[$0].id }
                json.quantities(analysis.breakdown(row.event), releasedBy: releaser)
            }
            json.key("flags")
            json.array { json in
                for flag in tree.flags(of: row.event, in: trace) { json.string(flag.rawValue) }
            }
            if event.kind == .transaction {
                json.states(analysis.partition(row.event)?.stretches, since: trace.start)
            }
        }
    }
}

extension JSONWriter {
    /// What is seen of a group's line.
    mutating func line(of group: TaskGroup) {
        key("slots")
        integer(group.knownSlots)
        key("pool_seen")
        bool(group.kind != nil)
        key("pool")
        string(group.kind?.rawValue)
        key("rate_us")
        integer(group.rate)
        key("lag_us")
        integer(group.lag)
        key("scope")
        string(group.scope.rawValue)
    }
}

extension Breakdown {
    /// The source of its wait, `mixed` where there are several; nil where it did not wait.
    package var waitSource: String? {
        let sources = waitSources
        return sources.count > 1 ? "mixed" : sources.first?.text
    }
}

extension TaskState {
    var text: String {
        switch self {
        case .work: "work"
        case .wait: "wait"
        case .own: "self"
        }
    }
}

extension WaitSource {
    var text: String {
        switch self {
        case .inferred: "inferred"
        case .span: "span"
        case .message: "message"
        }
    }
}
