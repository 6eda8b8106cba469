import TraceCore

/// What is told of one simulated run, held against its truth.
package struct RunScore: Sendable {
    /// Whether a line of the right kind is told of, where there is one.
    package var isSeen: Bool
    /// Whether its limit is told, as far as it is one number; and of two lines both.
    package var isLimitRight: Bool
    /// Whether a line is told of where none is, beside the right one or for nothing.
    package var isClaimed: Bool
    /// Σ |told wait - true wait| over Σ duration of the tasks, in millionths.
    package var falseTime: Int64
    /// What is told, in short.
    package var told: String

    package init(_ kind: SimulatedKind, seed: UInt64) {
        let run = kind.run(seed: seed)
        let analysis = TraceAnalysis(run.trace)
        let around = analysis.largestGroup
        let (line, slots) = (around?.kind, around?.slots ?? 0)
        let within = analysis.lines.map(\.slots)
        switch kind.truth {
        case .line(let limit, let kinds):
            isSeen = line.map(kinds.contains) ?? false
            isLimitRight = isSeen && (limit == nil || line != .slots || limit == slots)
            isClaimed = !within.isEmpty
        case .within(let limit):
            isSeen = !within.isEmpty
            isLimitRight = within == [limit]
            isClaimed = line != nil
        case .nested(let outer, let inner):
            isSeen = line == .slots && !within.isEmpty
            isLimitRight = isSeen && slots == outer && within == [inner]
            isClaimed = within.count > 1
        case .workers(let count):
            isSeen = slots == count
            isLimitRight = isSeen && around?.scope == .service
            isClaimed = line != nil || !within.isEmpty
        case .free:
            (isSeen, isLimitRight) = (false, false)
            isClaimed = line != nil || !within.isEmpty
        case .eventLoop:
            (isSeen, isLimitRight) = (line == .rate, line == .rate)
            isClaimed = line == .slots || line == .handover || !within.isEmpty
        }
        falseTime = Self.falseTime(run, analysis)
        told = Self.text(around, within)
    }

    private static func falseTime(_ run: SimulatedRun, _ analysis: TraceAnalysis) -> Int64 {
        var (missed, whole) = (Int64(0), Int64(0))
        for (index, event) in analysis.trace.events.enumerated() where event.kind == .transaction {
            guard let number = SimulatedRun.number(of: event.id) else { continue }
            let told = analysis.breakdown(index)?.wait ?? 0
            missed += abs(told - run.tasks[number].wait)
            whole += event.duration
        }
        return missed * 1_000_000 / max(1, whole)
    }

    private static func text(_ group: TaskGroup?, _ within: [Int]) -> String {
        let around =
            switch group?.kind {
            case .slots?: "\(group?.slots ?? 0) slots"
            case let kind?: kind.rawValue
            case nil: "none"
            }
        let reading = group?.kind != nil && group?.reading == .later ? ", later" : ""
        return around + reading + within.map { ", within \($0)" }.joined()
    }
}
