import Logging
import TraceCore
import TraceStorage

/// What a server does for its database beside storing: it works out the figures of runs that are quiet, and removes what
/// is old. Both take little of the processor, and less while requests come in.
struct Housekeeping: Sendable {
    private let writer: TraceWriter
    private let path: String
    private let retention: (age: Age, keeper: RetentionKeeper)?
    private let logger: Logger

    /// For what lies at a path and was just opened for writing. What arrived longer ago than `retain` goes; nil keeps
    /// everything.
    init(_ writer: TraceWriter, path: String, retain: Age?, logger: Logger) throws {
        self.writer = writer
        self.path = path
        self.logger = logger
        retention = try retain.map { age in
            (age: age, keeper: try RetentionKeeper(writer, path: path, clock: Platform.now()))
        }
    }

    /// Goes on until its task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await keepFigures() }
            if let retention { tasks.addTask { await remove(keeping: retention.age, retention.keeper) } }
        }
    }

    /// Runs that no request brought anything for a minute are worked out, a few at a time: in a tenth of the time of
    /// one core at most, and while requests come in, which go first, in a twentieth.
    private func keepFigures() async {
        var keeper = FigureKeeper(writer, path: path, largestRun: 100_000)
        var load = Load(writer)
        while await sleep(.seconds(10)) {
            do {
                try await keeper.sweep(quietBefore: Platform.now() - 60_000_000) { took in
                    await sleep(took * (await load.isBusy() ? 19 : 9))
                }
            } catch {
                await tell("figures for reports could not be stored", error)
            }
        }
    }

    /// What is older than an age is removed, soon after the start and then every hour, or oftener for a short age: in a
    /// fifth of the time of one core at most, and while requests come in in a twentieth.
    private func remove(keeping age: Age, _ keeper: RetentionKeeper) async {
        var keeper = keeper
        var load = Load(writer)
        var hasDoubted = false
        let interval = Duration.microseconds(max(1_000_000, min(3_600_000_000, age.microseconds / 20)))
        var wait = min(interval, .seconds(5))
        while await sleep(wait) {
            wait = interval
            do {
                let removed = try await keeper.sweep(keeping: age.microseconds, clock: Platform.now()) { took in
                    await sleep(took * (await load.isBusy() ? 19 : 4))
                }
                if removed.isClockDoubted, !hasDoubted {
                    logger.warning(
                        "the clock is far ahead of the last request: less is removed until it went on for a day")
                }
                hasDoubted = removed.isClockDoubted
                guard removed.runs + removed.bodies + removed.untracedEvents > 0 else { continue }
                logger.info(
                    "what is old was removed",
                    metadata: [
                        "runs": "\(removed.runs)", "bodies": "\(removed.bodies)", "bytes": "\(removed.bodyBytes)",
                    ])
            } catch {
                await tell("what is old could not be removed", error)
            }
        }
    }

    /// Where nothing can be stored, that has been said.
    private func tell(_ text: String, _ error: any Error) async {
        guard await writer.status.problem == nil else { return }
        logger.warning("\(text)", metadata: ["reason": "\(error)"])
    }

    /// False where the task was cancelled meanwhile.
    private func sleep(_ time: Duration) async -> Bool { (try? await Task.sleep(for: time)) != nil }

    /// Whether requests come in.
    private struct Load {
        let writer: TraceWriter
        private var commits = 0

        init(_ writer: TraceWriter) { self.writer = writer }

        /// Whether some did since this was last asked.
        mutating func isBusy() async -> Bool {
            let before = commits
            commits = await writer.commits
            return commits != before
        }
    }
}
