import NIOHTTP1

/// The requests of a connection that are not answered yet, oldest first: clients may send requests ahead.
struct OpenRequests {
    /// A request that is not answered yet.
    struct Entry {
        let version: HTTPVersion
        var keepsAlive: Bool
        /// The client holds its body back until it is told to go on.
        var awaitsContinue: Bool
        /// Whether all of it came.
        var isComplete = false
        /// How many bytes of bodies the connection had brought by its end.
        var arrived = 0
    }

    /// More than any client sends ahead: a request takes more memory than the bytes that it came in.
    private static let limit = 16

    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    var first: Entry? { entries.first }
    var last: Entry? { entries.last }

    /// Whether one more is taken.
    var hasRoom: Bool { entries.count < Self.limit }

    mutating func begin(_ head: HTTPRequestHead) {
        entries.append(
            Entry(
                version: head.version, keepsAlive: head.isKeepAlive,
                awaitsContinue: head.version == .http1_1
                    && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }))
    }

    /// A part of the last one's body came.
    mutating func hadBody() {
        if !entries.isEmpty { entries[entries.count - 1].awaitsContinue = false }
    }

    /// The last one is complete, with it as many bytes of bodies.
    mutating func complete(arrived: Int) {
        guard !entries.isEmpty else { return }
        entries[entries.count - 1].isComplete = true
        entries[entries.count - 1].arrived = arrived
    }

    /// There is no other behind the last one.
    mutating func closeAfterLast() {
        if !entries.isEmpty { entries[entries.count - 1].keepsAlive = false }
    }

    /// Whether the oldest one's client waits to be told to go on, which it then is.
    mutating func takeContinue() -> Bool {
        guard entries.first?.awaitsContinue == true else { return false }
        entries[0].awaitsContinue = false
        return true
    }

    /// Takes out the oldest one, which is answered.
    mutating func removeFirst() -> Entry? { entries.isEmpty ? nil : entries.removeFirst() }
}
