/// What is told of all simulated runs of a kind.
package struct KindScore: Sendable {
    package var kind: SimulatedKind
    package var runs = 0
    package var seen = 0
    package var rightLimits = 0
    package var claimed = 0
    /// The sum over the runs, and the worst of them, millionths.
    package var falseTime: Int64 = 0
    package var worstFalseTime: Int64 = 0
    /// By what was told: how often.
    package var told: [String: Int] = [:]

    package init(_ kind: SimulatedKind, seeds: Int) {
        self.kind = kind
        for seed in 0..<seeds { add(RunScore(kind, seed: UInt64(seed) + 1)) }
    }

    private mutating func add(_ run: RunScore) {
        runs += 1
        seen += run.isSeen ? 1 : 0
        rightLimits += run.isLimitRight ? 1 : 0
        claimed += run.isClaimed ? 1 : 0
        falseTime += run.falseTime
        worstFalseTime = max(worstFalseTime, run.falseTime)
        told[run.told, default: 0] += 1
    }

    /// Millionths of all time, of the mean run.
    package var meanFalseTime: Int64 { falseTime / Int64(max(1, runs)) }

    package static let tableHead = "TABLE kind | runs | seen | limit right | claimed | false ppm | worst ppm | told"

    package var tableRow: String {
        let told = told.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4)
            .map { "\($0.key): \($0.value)" }.joined(separator: "; ")
        return "TABLE \(kind.name) | \(runs) | \(seen) | \(rightLimits) | \(claimed) | \(meanFalseTime) | "
            + "\(worstFalseTime) | \(told)"
    }

    /// What misses the kind's bounds; empty where nothing does.
    package var misses: [String] {
        let bounds = kind.bounds
        var misses: [String] = []
        func expect(_ share: Int64, of what: String, _ count: Int) {
            // Where less than all is asked for, one of few runs may always miss.
            let missing = share == 100 ? 0 : max(1, (100 - Int(share)) * runs / 100)
            if count + missing < runs { misses.append("\(what) in \(count) of \(runs)") }
        }
        expect(bounds.seen, of: "seen", seen)
        expect(bounds.limit, of: "the right limit", rightLimits)
        expect(100 - bounds.claimed, of: "nothing claimed", runs - claimed)
        if let falseTime = bounds.falseTime, meanFalseTime > falseTime {
            misses.append("\(meanFalseTime) millionths of all time are told wrong, not \(falseTime)")
        }
        return misses
    }
}
