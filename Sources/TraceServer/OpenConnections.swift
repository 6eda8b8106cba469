import NIOCore
import Synchronization

/// How many connections of a server are open, and how many there ever were.
package final class OpenConnections: Sendable {
    private let opened = Atomic<Int>(0)
    private let closed = Atomic<Int>(0)

    package init() {}

    /// Those that were opened so far.
    package var total: Int { opened.load(ordering: .sequentiallyConsistent) }

    /// Whether there is one that was not closed yet.
    package var isAnyOpen: Bool { closed.load(ordering: .sequentiallyConsistent) < total }

    /// Counts a connection until it is closed.
    func count(_ channel: any Channel) {
        opened.add(1, ordering: .sequentiallyConsistent)
        channel.closeFuture.whenComplete { _ in self.closed.add(1, ordering: .sequentiallyConsistent) }
    }
}
