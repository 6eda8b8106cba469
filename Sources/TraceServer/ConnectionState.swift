import NIOCore
import Synchronization

/// What a connection is doing, for those who are on other threads than it is.
final class ConnectionState: Sendable {
    /// What a connection waits for that its client has to send.
    enum Phase: UInt64 {
        case betweenRequests = 1
        case withinBody = 2
    }

    let channel: any Channel
    private let memory: HeldMemory
    /// Bytes of bodies that came, and those of them that were taken on or are of no use any more.
    private let arrived = Atomic<Int>(0)
    private let consumed = Atomic<Int>(0)
    /// Whether it is not read until more was taken on.
    private let isHeld = Atomic<Bool>(false)
    /// The phase, and above it the time since when, in ns; 0 where it waits for nothing.
    private let waiting = Atomic<UInt64>(0)
    private let leaving = Atomic<Bool>(false)

    /// A connection that waits for its first request from now on, also while it is not set up yet.
    init(_ channel: any Channel, memory: HeldMemory) {
        self.channel = channel
        self.memory = memory
        wait(.betweenRequests, since: .now())
    }

    deinit { memory.subtract(untaken) }

    /// Since when it has been in a phase; nil where it is not.
    func since(_ phase: Phase) -> NIODeadline? {
        let waiting = waiting.load(ordering: .relaxed)
        return waiting & 3 == phase.rawValue ? .uptimeNanoseconds(waiting >> 2) : nil
    }

    /// Says what it waits for from a time on, if for anything.
    func wait(_ phase: Phase?, since time: NIODeadline) {
        waiting.store(phase.map { time.uptimeNanoseconds << 2 | $0.rawValue } ?? 0, ordering: .relaxed)
    }

    /// Whether it was asked to close, and did not refuse.
    var isLeaving: Bool { leaving.load(ordering: .relaxed) }

    /// Says whether it is to close.
    func setLeaving(_ isLeaving: Bool) { leaving.store(isLeaving, ordering: .relaxed) }

    /// Asks it to close, unless it has something to do by then.
    func makeRoom() {
        channel.pipeline.fireUserInboundEventTriggered(MakeRoom())
    }

    // MARK: What came and is not decoded yet

    /// Bytes that came and were not taken on yet.
    var untaken: Int {
        arrived.load(ordering: .sequentiallyConsistent) - consumed.load(ordering: .sequentiallyConsistent)
    }

    /// Bytes that came so far.
    var arrivedCount: Int { arrived.load(ordering: .relaxed) }

    /// Counts bytes that came.
    func arrive(_ count: Int) {
        arrived.add(count, ordering: .sequentiallyConsistent)
        memory.add(count)
    }

    /// Counts bytes that were taken on. A connection that waited for that is read again.
    func consume(_ count: Int) {
        guard count > 0 else { return }
        consumed.add(count, ordering: .sequentiallyConsistent)
        memory.subtract(count)
        guard isHeld.load(ordering: .sequentiallyConsistent) else { return }
        channel.pipeline.fireUserInboundEventTriggered(MayReadOn())
    }

    /// All bytes up to this count are of no use any more, whoever took them on.
    func settle(upTo count: Int) { consume(count - consumed.load(ordering: .sequentiallyConsistent)) }

    /// Says whether it waits for bytes to be taken on.
    func hold(_ isHeld: Bool) { self.isHeld.store(isHeld, ordering: .sequentiallyConsistent) }
}

/// Tells a connection to close, since others need its place.
struct MakeRoom: Sendable {}

/// Tells a connection that it may be read on, since what came was taken on.
struct MayReadOn: Sendable {}
