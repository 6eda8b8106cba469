import TraceCore

/// Works out the figures of runs that have been quiet, for whoever writes to a database.
///
/// It goes through the runs in order of their numbers, once. Those that are not quiet yet, and those to which something
/// was added later, it remembers and looks at again.
package struct FigureKeeper: Sendable {
    /// So many runs that are not quiet are remembered; those behind them wait.
    private static let waitingLimit = 1_000
    /// Runs that are worked out together, and the events that they may have together.
    private static let batchRuns = 256
    private static let batchEvents = 20_000

    /// A request that came so much later than now came at another time, µs.
    private static let farAhead: Int64 = 3_600_000_000

    private let writer: TraceWriter
    private let path: String
    /// Runs with more events get none: working them out would take much memory.
    private let largestRun: Int
    /// Of all runs up to this number the figures are stored, or they are in `waiting`, or they are too large.
    private var settled: Int64 = 0
    private var waiting: [Int64] = []

    package init(_ writer: TraceWriter, path: String, largestRun: Int = .max) {
        self.writer = writer
        self.path = path
        self.largestRun = largestRun
    }

    /// Works out what there is to be worked out of runs whose last request came before a point in time, µs since the
    /// epoch. Between two batches it calls `pause`, with the time the last one took, and ends where that says so.
    package mutating func sweep(
        quietBefore: Int64, pause: (Duration) async -> Bool = { _ in true }
    ) async throws {
        try await takeReopened()
        let reader = try TraceReader(path: path)
        var rest = waiting
        waiting = []
        var batch: [StoredRun] = []
        // Whatever ends this: those that were not stored are looked at again.
        defer { waiting += rest + batch.map(\.number) }
        while true {
            let began = ContinuousClock.now
            batch = try nextBatch(&rest, reader, quietBefore: quietBefore)
            guard !batch.isEmpty else { break }
            await writer.beginFigures(batch.map(\.number))
            let figures = try await reader.readAside { [batch] snapshot in
                try batch.map { run in
                    (run: run.number, data: RunFigures(TraceAnalysis(try snapshot.trace(run))).encoded())
                }
            }
            try await writer.storeFigures(figures)
            batch = []
            guard await pause(ContinuousClock.now - began) else { break }
        }
    }

    private mutating func takeReopened() async throws {
        guard let reopened = await writer.takeReopened() else {
            (settled, waiting) = (0, [])
            return
        }
        let known = Set(waiting)
        waiting += reopened.filter { $0 <= settled && !known.contains($0) }
        // Too many to remember: they are met again on the way through all.
        if waiting.count > Self.waitingLimit * 8 { (settled, waiting) = (0, []) }
    }

    /// The next runs to be worked out: of those that wait, then of those not looked at yet.
    private mutating func nextBatch(
        _ rest: inout [Int64], _ reader: TraceReader, quietBefore: Int64
    ) throws -> [StoredRun] {
        var batch: [StoredRun] = []
        var events = 0
        try reader.read { snapshot in
            let runs = try snapshot.runsWithoutFigures()
            /// Takes a run into the batch, or among those that wait; false where the batch is full.
            func take(_ run: StoredRun) throws -> Bool {
                // One far ahead came when the clock was wrong: waiting for that time would hold all others up.
                guard run.lastRequest < quietBefore || run.lastRequest &- quietBefore > Self.farAhead else {
                    waiting.append(run.number)
                    return true
                }
                let count = try runs.eventCount(run.number)
                guard count <= largestRun else { return true }
                guard batch.isEmpty || events + count <= Self.batchEvents else { return false }
                batch.append(run)
                events += count
                return true
            }
            while batch.count < Self.batchRuns, let number = rest.last {
                if let run = try runs.run(number), try !take(run) { return }
                rest.removeLast()
            }
            while batch.count < Self.batchRuns, waiting.count < Self.waitingLimit {
                let next = try runs.runs(behind: settled, limit: Self.batchRuns - batch.count)
                for run in next {
                    guard try take(run) else { return }
                    settled = run.number
                }
                if next.isEmpty { return }
            }
        }
        return batch
    }
}
