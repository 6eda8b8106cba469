import TraceCore

/// Whether a store can be written, as its commits show, and what of that the operator was told: once that it fails and
/// why, once that it works again.
struct StoreHealth {
    /// Why nothing can be written; nil where the last attempt worked.
    private(set) var problem: StorageError?
    private(set) var failedCommits = 0
    private(set) var times = StoreStatus.Times()
    /// When something was written last.
    private(set) var lastSuccess: ContinuousClock.Instant
    private var lastFailure: ContinuousClock.Instant?
    /// What the operator believes.
    private var told: StorageError?
    /// So long nothing may have failed before it is said that it works again: where small commits find room and large
    /// ones don't, that is not to be said in turns.
    private let quietTime: Duration
    private let onProblem: @Sendable (String?) -> Void

    init(quietTime: Duration, onProblem: @escaping @Sendable (String?) -> Void) {
        self.quietTime = quietTime
        self.onProblem = onProblem
        lastSuccess = .now
    }

    /// Counts a commit that worked or didn't.
    mutating func note(commit time: Duration, worked: Bool) {
        times.add(time / .seconds(1))
        if !worked { failedCommits += 1 }
    }

    /// Something was written.
    mutating func noteSuccess() {
        problem = nil
        lastSuccess = .now
    }

    /// Nothing can be written.
    mutating func note(_ problem: StorageError) {
        self.problem = problem
        lastFailure = .now
        guard told != problem else { return }
        told = problem
        onProblem(problem.message)
    }

    /// Tells that it works again where it has for a while. Whether there is more to come.
    mutating func settle() -> Bool {
        guard told != nil else { return false }
        guard problem == nil, lastFailure.map({ $0.duration(to: .now) >= quietTime }) ?? true else { return true }
        told = nil
        onProblem(nil)
        return false
    }

    /// Says now what would have been said later: nothing more is to come.
    mutating func end() {
        guard told != nil, problem == nil else { return }
        told = nil
        onProblem(nil)
    }
}
