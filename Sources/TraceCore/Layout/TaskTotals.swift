/// What a set of tasks waited and worked together, µs.
package struct TaskTotals: Sendable, Hashable {
    package private(set) var tasks = 0
    package private(set) var failed = 0
    package private(set) var wait: Int128 = 0
    package private(set) var work: Int128 = 0
    /// The tasks' own code, a part of `work`.
    package private(set) var own: Int128 = 0
    /// The sources that their waits have, in the order of `WaitSource`.
    package private(set) var waitSources: [WaitSource] = []

    /// The totals of some transactions of a run; those that were not sampled count nowhere.
    package init(_ transactions: some Sequence<Int>, of analysis: TraceAnalysis) {
        var (inferred, span, message) = (false, false, false)
        for transaction in transactions {
            guard let breakdown = analysis.breakdown(transaction) else { continue }
            tasks += 1
            failed += analysis.trace.events[transaction].outcome == .failure ? 1 : 0
            wait += Int128(breakdown.wait)
            work += Int128(breakdown.work)
            own += Int128(breakdown.own)
            inferred = inferred || breakdown.inferredWait > 0
            span = span || breakdown.spanWait > 0
            message = message || breakdown.queued > 0
        }
        waitSources = WaitSource.allCases.filter { source in
            switch source {
            case .inferred: inferred
            case .span: span
            case .message: message
            }
        }
    }
}
