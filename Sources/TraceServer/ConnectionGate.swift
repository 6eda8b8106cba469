import HummingbirdCore

/// Accepts connections up to a limit, and a few more until those that make room are closed.
struct ConnectionGate: AvailableConnectionsDelegate {
    private let connections: OpenConnections
    private let limit: Int
    private var open = 0

    /// Those beyond the limit that may be closing at a time.
    private static let slack = 8
    /// Descriptors for the database, the event loops and all else that is not a connection.
    private static let reserve = 36

    init(_ connections: OpenConnections, limit: Int) {
        self.connections = connections
        let available = (Platform.descriptorLimit ?? .max) - Self.reserve - Self.slack
        self.limit = max(1, min(limit, available))
    }

    mutating func connectionOpened() {
        open += 1
        connections.setExcess(open - limit)
    }

    mutating func connectionClosed() {
        open -= 1
        connections.setExcess(open - limit)
    }

    func isAcceptingNewConnections() -> Bool { open < limit + Self.slack }
}
