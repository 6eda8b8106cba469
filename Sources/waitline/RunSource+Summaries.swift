import TraceCore
import TraceStorage

extension RunSource {
    /// The runs of the set as lines of a list, newest first. `usesCache` takes stored figures where there are some.
    mutating func summaries(usesCache: Bool = true) throws -> [RunSummary] {
        var runs: [RunSummary] = []
        let now = now
        _ = try forEach(
            figures: usesCache
                ? { bytes, run in
                    guard let figures = RunFigures(decoding: bytes, parts: []) else { return false }
                    let isArriving = RunSource.isArriving(
                        hasRoot: figures.hasRoot, lastSent: run.lastSent, now: now)
                    runs.append(RunSummary(figures, isArriving: isArriving))
                    return true
                }
                : nil
        ) { run in
            runs.append(RunSummary(TraceAnalysis(run.trace), isArriving: run.isArriving))
        }
        return runs.sorted { $0.start != $1.start ? $0.start > $1.start : $0.id < $1.id }
    }
}
