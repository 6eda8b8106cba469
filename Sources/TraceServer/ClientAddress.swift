import NIOCore

/// Whom a limit counts as one: an IPv4 address, or the 64 bits of an IPv6 address that one household or machine has
/// all of.
struct ClientAddress: Hashable, Sendable {
    private let network: UInt64
    private let isIPv6: Bool

    /// The bytes of an IP address, four or sixteen.
    init(_ bytes: [UInt8]) {
        isIPv6 = bytes.count > 4
        network = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Of a client as it is connected. All that are gone already, or not connected by IP, count as one.
    init(_ address: SocketAddress?) {
        self.init(address.flatMap { Platform.bytes(of: $0) } ?? [0, 0, 0, 0])
    }
}

extension ServerAddress {
    /// Whether only programs of this machine reach it: 127.0.0.0/8, `::1` or `localhost`. Any other name is taken for
    /// one that is reached from elsewhere.
    package var isLoopback: Bool {
        if host.lowercased() == "localhost" { return true }
        guard let address = try? SocketAddress(ipAddress: host, port: 0), let bytes = Platform.bytes(of: address) else {
            return false
        }
        return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
}
