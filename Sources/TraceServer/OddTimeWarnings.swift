import Synchronization

/// When it is time to warn of events with times that are hardly meant: once a minute at most, since who sends one sends
/// many.
final class OddTimeWarnings: Sendable {
    private static let interval: Int64 = 60_000_000

    private let last = Mutex<Int64?>(nil)

    /// Whether one is due at `now`, µs since the epoch; if so, it is taken as given.
    func isDue(at now: Int64) -> Bool {
        last.withLock { last in
            if let last, abs(now - last) < Self.interval { return false }
            last = now
            return true
        }
    }
}
