import NIOCore
import Synchronization

/// The connections of a server that are open, and how many there ever were.
///
/// Their number is bounded. The one that waits longest makes room for the newest, so that thousands of idle ones lock
/// nobody out: a client that has something to say is new, or not idle.
package final class OpenConnections: Sendable {
    private let opened = Atomic<Int>(0)
    private let closed = Atomic<Int>(0)
    private let limit = Atomic<Int>(.max)
    private let states = Mutex<[ObjectIdentifier: ConnectionState]>([:])

    package init() {}

    /// Those that were opened so far.
    package var total: Int { opened.load(ordering: .sequentiallyConsistent) }

    /// Those that are open.
    package var count: Int { max(0, total - closed.load(ordering: .sequentiallyConsistent)) }

    /// Whether there is one that was not closed yet.
    package var isAnyOpen: Bool { closed.load(ordering: .sequentiallyConsistent) < total }

    /// Whether there are as many as there may be, so that none should stay open without need.
    var isCrowded: Bool { count >= limit.load(ordering: .relaxed) }

    /// Says how many there may be.
    func setLimit(_ limit: Int) { self.limit.store(limit, ordering: .relaxed) }

    /// Counts a connection until it is closed. Where there are too many, others close for it.
    func count(_ state: ConnectionState) {
        opened.add(1, ordering: .sequentiallyConsistent)
        let id = ObjectIdentifier(state.channel)
        states.withLock { $0[id] = state }
        state.channel.closeFuture.whenComplete { _ in
            self.states.withLock { $0[id] = nil }
            self.closed.add(1, ordering: .sequentiallyConsistent)
        }
        closeExcess(besides: state)
    }

    /// Closes as many connections as there are too many, and no more, also where several come at once. One that is not set
    /// up yet closes when it is. Where too few could be chosen, this is asked for again by each that can be from now on:
    /// one that waits again, or that had something to do when it was chosen.
    ///
    /// One that came just now, if there is one, has not had the time to ask for anything: it stays.
    func closeExcess(besides newest: ConnectionState? = nil) {
        let limit = limit.load(ordering: .relaxed)
        guard count > limit else { return }
        let leaving: [ConnectionState] = states.withLock { states in
            let excess = states.values.count(where: { !$0.isLeaving }) - limit
            let others = states.values.lazy.filter { $0 !== newest }
            return (0..<max(0, excess)).compactMap { _ in Self.longestWaiting(of: others) }
        }
        for state in leaving { state.makeRoom() }
    }

    /// The state of an open connection.
    func state(of channel: any Channel) -> ConnectionState? {
        states.withLock { $0[ObjectIdentifier(channel)] }
    }

    /// Closes the connection whose body has been coming longest, if that has for a while.
    func closeSlowestBody() {
        let slowest = states.withLock { Self.oldest(.withinBody, of: $0.values, before: .now() - Self.patience) }
        slowest?.makeRoom()
    }

    /// No body that makes room for others came for less time than this: as good as all of those that are sent as fast as
    /// they can be have come by then.
    private static let patience = TimeAmount.seconds(2)

    /// The connection that has waited longest for a request; where none waits, the one whose body has been coming
    /// longest. One that is being answered stays.
    private static func longestWaiting(of states: some Sequence<ConnectionState>) -> ConnectionState? {
        oldest(.betweenRequests, of: states, before: .now()) ?? oldest(.withinBody, of: states, before: .now())
    }

    /// The connection that has been in a phase longest, marked as leaving.
    private static func oldest(
        _ phase: ConnectionState.Phase, of states: some Sequence<ConnectionState>, before limit: NIODeadline
    ) -> ConnectionState? {
        var oldest: (state: ConnectionState, since: NIODeadline)?
        for state in states where !state.isLeaving {
            guard let since = state.since(phase), since <= oldest?.since ?? limit else { continue }
            oldest = (state, since)
        }
        oldest?.state.setLeaving(true)
        return oldest?.state
    }
}
