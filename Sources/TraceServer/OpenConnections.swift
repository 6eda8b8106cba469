import NIOCore
import Synchronization

/// The connections of a server that are open, and how many there ever were.
///
/// Their number is bounded. The one that waits longest makes room for the newest, so that thousands of idle ones lock
/// nobody out: a client that has something to say is new, or not idle.
package final class OpenConnections: Sendable {
    private let opened = Atomic<Int>(0)
    private let closed = Atomic<Int>(0)
    /// How many more there are than there should be; 0 or less where there are not.
    private let excess = Atomic<Int>(-1)
    private let states = Mutex<[ObjectIdentifier: ConnectionState]>([:])

    package init() {}

    /// Those that were opened so far.
    package var total: Int { opened.load(ordering: .sequentiallyConsistent) }

    /// Those that are open.
    package var count: Int { max(0, total - closed.load(ordering: .sequentiallyConsistent)) }

    /// Whether there is one that was not closed yet.
    package var isAnyOpen: Bool { closed.load(ordering: .sequentiallyConsistent) < total }

    /// Whether there are as many as there may be, so that none should stay open without need.
    var isCrowded: Bool { excess.load(ordering: .relaxed) >= 0 }

    /// Says how many more there are than there should be.
    func setExcess(_ count: Int) { excess.store(count, ordering: .relaxed) }

    /// Counts a connection until it is closed. Where there are too many, another one closes for it: not before it is
    /// set up, since of several that come at once the first are the longest waiting.
    func count(_ state: ConnectionState) {
        opened.add(1, ordering: .sequentiallyConsistent)
        let id = ObjectIdentifier(state.channel)
        if excess.load(ordering: .relaxed) > 0 { closeLongestWaiting() }
        states.withLock { $0[id] = state }
        state.channel.closeFuture.whenComplete { _ in
            self.states.withLock { $0[id] = nil }
            self.closed.add(1, ordering: .sequentiallyConsistent)
        }
    }

    /// The state of an open connection.
    func state(of channel: any Channel) -> ConnectionState? {
        states.withLock { $0[ObjectIdentifier(channel)] }
    }

    /// Closes the connection that has waited longest for a request; where none waits, the one whose body has been coming
    /// longest. One that is being answered stays.
    private func closeLongestWaiting() {
        if !closeOldest(.betweenRequests, before: .now()) { closeOldest(.withinBody, before: .now()) }
    }

    /// Closes the connection whose body has been coming longest, if that has for a while.
    func closeSlowestBody() { closeOldest(.withinBody, before: .now() - Self.patience) }

    /// No body that makes room for others came for less time than this: as good as all of those that are sent as fast as
    /// they can be have come by then.
    private static let patience = TimeAmount.seconds(2)

    @discardableResult
    private func closeOldest(_ phase: ConnectionState.Phase, before limit: NIODeadline) -> Bool {
        let oldest = states.withLock { states in
            var oldest: (state: ConnectionState, since: NIODeadline)?
            for state in states.values {
                guard let since = state.since(phase), since <= oldest?.since ?? limit else { continue }
                oldest = (state, since)
            }
            return oldest?.state
        }
        guard let oldest else { return false }
        oldest.makeRoom()
        return true
    }
}
