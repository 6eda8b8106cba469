/// One line of a list of runs (source: "JSON" of the command line's contract).
package struct RunSummary: Sendable {
    package var id: Identifier
    /// Of the root, else of the earliest transaction; nil where the run has only spans.
    package var name: String?
    package var service: String?
    /// µs since the epoch: the earliest start of the whole trace.
    package var start: Int64
    /// µs: to the latest end of the whole trace.
    package var makespan: Int64
    package var isArriving: Bool
    package var transactions: Int
    package var spans: Int
    package var errors: Int
    /// Of its largest group; nil where it has none.
    package var group: Group?

    package struct Group: Sendable {
        package var tasks: Int
        package var failed: Int
        package var slots: Int
        package var isPoolSeen: Bool
        package var waitShare: Share
    }

    package init(_ analysis: TraceAnalysis, isArriving: Bool) {
        let trace = analysis.trace
        id = trace.id
        let namesake = trace.namesake.map { trace.events[$0] }
        name = namesake.flatMap { trace.symbols.text($0.name) }
        service = (namesake ?? trace.events.first).map { trace.symbols[$0.service] }
        start = trace.start
        makespan = trace.makespan
        self.isArriving = isArriving
        transactions = trace.events.count { $0.kind == .transaction }
        spans = trace.events.count - transactions
        errors = trace.errorCount
        group = analysis.largestGroup.map { group in
            let breakdowns = group.members.compactMap { analysis.breakdown($0.transaction) }
            return Group(
                tasks: group.members.count,
                failed: group.members.count { trace.events[$0.transaction].outcome == .failure },
                slots: group.slots,
                isPoolSeen: group.isPoolSeen,
                waitShare: Share(
                    breakdowns.reduce(0) { $0 + Int128($1.wait) }, of: breakdowns.reduce(0) { $0 + Int128($1.total) }))
        }
    }
}
