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

    package struct Group: Sendable, Hashable {
        package var tasks: Int
        package var failed: Int
        /// Nil where a line is seen that is not of slots.
        package var slots: Int?
        package var kind: LineKind?
        package var waitShare: Share
    }

    package init(_ figures: RunFigures, isArriving: Bool) {
        id = figures.id
        name = figures.texts[figures.name]
        service = figures.texts[figures.service]
        start = figures.start
        makespan = figures.makespan
        self.isArriving = isArriving
        transactions = figures.transactions
        spans = figures.spans
        errors = figures.errors
        group = figures.largestGroup
    }

    package init(_ analysis: TraceAnalysis, isArriving: Bool) {
        self.init(RunFigures(analysis), isArriving: isArriving)
    }
}
