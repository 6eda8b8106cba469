import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP/1.1 client: one server, a connection that is kept for the next request.
///
/// Requests that are made at the same time have a connection each.
package actor IntakeClient {
    private let address: ServerAddress
    private let secretToken: String?
    private let timeout: Duration
    /// Open, and at rest.
    private var idle: ClientConnection?

    /// - Parameters:
    ///   - secretToken: Sent as `Authorization: Bearer` with every request.
    ///   - timeout: How long a request may take from its begin to the end of its answer.
    package init(address: ServerAddress, secretToken: String? = nil, timeout: Duration = .seconds(30)) {
        self.address = address
        self.secretToken = secretToken
        self.timeout = timeout
    }

    /// Asks for `path`, which is sent as it is, with its query.
    ///
    /// Throws `ClientError`.
    package func get(
        _ path: String, headers: [(name: String, value: String)] = []
    ) async throws -> ClientResponse {
        try await send(head(.GET, path, headers), body: [])
    }

    /// Sends a body that is at hand whole, with its length.
    ///
    /// Throws `ClientError`.
    package func post(
        _ path: String, headers: [(name: String, value: String)] = [], body: [UInt8]
    ) async throws -> ClientResponse {
        var head = head(.POST, path, headers)
        head.headers.add(name: "Content-Length", value: String(body.count))
        return try await send(head, body: body)
    }

    /// Sends a body as it comes into being, in chunks.
    ///
    /// Throws `ClientError`, or what the sequence throws.
    package func post<Chunks: AsyncSequence & Sendable>(
        _ path: String, headers: [(name: String, value: String)] = [], chunks: Chunks
    ) async throws -> ClientResponse where Chunks.Element == [UInt8] {
        var head = head(.POST, path, headers)
        head.headers.add(name: "Transfer-Encoding", value: "chunked")
        let connection = try await connect()
        let response = connection.begin(head, timeout: timeout)
        do {
            for try await chunk in chunks where !chunk.isEmpty {
                // A server may answer, and close, before it has read everything: the answer counts.
                guard (try? await connection.write(chunk)) != nil else { break }
            }
        } catch {
            connection.close()
            _ = try? await response.get()
            throw error
        }
        connection.end()
        return try await finish(connection, response)
    }

    /// Closes the connection that is kept; the next request opens another.
    package func close() {
        idle?.close()
        idle = nil
    }

    /// Whether a connection waits for the next request.
    var hasOpenConnection: Bool { idle?.isActive == true }

    private func head(
        _ method: HTTPMethod, _ path: String, _ headers: [(name: String, value: String)]
    ) -> HTTPRequestHead {
        var all = HTTPHeaders([("Host", address.authority), ("Accept", "application/json")])
        if let secretToken { all.add(name: "Authorization", value: "Bearer \(secretToken)") }
        for header in headers { all.replaceOrAdd(name: header.name, value: header.value) }
        return HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: all)
    }

    private func send(_ head: HTTPRequestHead, body: [UInt8]) async throws -> ClientResponse {
        if let kept = takeIdle() {
            do {
                return try await exchange(kept, head, body)
            } catch ClientError.connectionClosed {
                // The server closed it while it was at rest, as it may; nothing was answered.
            }
        }
        return try await exchange(try await open(), head, body)
    }

    private func exchange(
        _ connection: ClientConnection, _ head: HTTPRequestHead, _ body: [UInt8]
    ) async throws -> ClientResponse {
        let response = connection.begin(head, timeout: timeout)
        if !body.isEmpty { _ = try? await connection.write(body) }
        connection.end()
        return try await finish(connection, response)
    }

    private func finish(
        _ connection: ClientConnection, _ response: EventLoopFuture<ClientResponse>
    ) async throws -> ClientResponse {
        let response = try await withTaskCancellationHandler {
            try await response.get()
        } onCancel: {
            connection.close()
        }
        if response.keepsAlive, idle == nil {
            idle = connection
        } else {
            connection.close()
        }
        return response
    }

    private func connect() async throws -> ClientConnection {
        if let kept = takeIdle() { return kept }
        return try await open()
    }

    private func takeIdle() -> ClientConnection? {
        defer { idle = nil }
        return hasOpenConnection ? idle : nil
    }

    private func open() async throws -> ClientConnection {
        try await ClientConnection.open(to: address, timeout: timeout)
    }
}
