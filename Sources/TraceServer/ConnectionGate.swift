import HummingbirdCore

/// Accepts connections up to a limit, and a few more until those that make room are closed.
struct ConnectionGate: AvailableConnectionsDelegate {
    private let limit: Int
    private var open = 0

    /// Those beyond the limit that may be closing at a time.
    private static let slack = 8
    /// Descriptors for the database, the event loops and all else that is not a connection.
    private static let reserve = 36

    init(_ connections: OpenConnections, limit: Int) {
        let available = (Platform.descriptorLimit ?? .max) - Self.reserve - Self.slack
        self.limit = max(1, min(limit, available))
        connections.setLimit(self.limit)
    }

    mutating func connectionOpened() { open += 1 }

    mutating func connectionClosed() { open -= 1 }

    func isAcceptingNewConnections() -> Bool { open < limit + Self.slack }
}
