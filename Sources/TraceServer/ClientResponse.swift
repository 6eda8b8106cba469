/// What a server answered.
package struct ClientResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8] = []
    /// Whether the connection may be used for another request.
    var keepsAlive: Bool

    /// The value of the first header of that name, in any case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// Why a request has no answer.
package enum ClientError: Error, Equatable {
    case cannotConnect(ServerAddress, reason: String)
    /// Before the answer was complete.
    case connectionClosed
    case timedOut
    case malformedAnswer(String)
    case answerTooLarge
}

extension ClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotConnect(let address, let reason): "cannot connect to \(address): \(reason)"
        case .connectionClosed: "the server closed the connection before it had answered"
        case .timedOut: "the server took too long to answer"
        case .malformedAnswer(let reason): "the server's answer is no HTTP: \(reason)"
        case .answerTooLarge: "the server's answer is too large"
        }
    }
}
