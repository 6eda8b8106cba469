import Synchronization

/// One bound over what requests make the server hold: bodies on their way in, and answers on their way out.
///
/// What is held is counted also beyond the bound, since it is there; whoever finds that there is no room holds less, or
/// turns a request away.
final class HeldMemory: Sendable {
    let limit: Int
    private let held = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// Bytes that are held now.
    var count: Int { held.load(ordering: .relaxed) }

    /// Whether so much is held that it is time to hand over what can be.
    var isTight: Bool { count > limit / 2 }

    /// Whether as many bytes more can be held.
    func hasRoom(for bytes: Int) -> Bool { count + bytes <= limit }

    func add(_ bytes: Int) { held.add(bytes, ordering: .relaxed) }

    func subtract(_ bytes: Int) { held.subtract(bytes, ordering: .relaxed) }
}

/// What one request holds, given back when the request is through.
struct MemoryShare: ~Copyable {
    let memory: HeldMemory
    private var bytes = 0

    init(of memory: HeldMemory) { self.memory = memory }

    deinit { memory.subtract(bytes) }

    /// Says how many bytes are held now. False where that is more than before, and all requests together hold too much.
    mutating func resize(to bytes: Int) -> Bool {
        let more = bytes - self.bytes
        guard more != 0 else { return true }
        memory.add(more)
        self.bytes = bytes
        return more < 0 || memory.count <= memory.limit
    }
}
