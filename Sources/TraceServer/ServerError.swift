/// Why a server does not run.
package enum ServerError: Error, Equatable {
    /// The address is taken, not ours, or not allowed.
    case cannotListen(ServerAddress, reason: String)
}

extension ServerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotListen(let address, let reason):
            "cannot listen on \(address) (\(reason)): name another address with --listen"
        }
    }
}
