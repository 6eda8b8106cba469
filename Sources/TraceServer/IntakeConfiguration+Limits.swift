extension IntakeConfiguration {
    /// The bounds of what one client may make the server hold, read or wait for.
    package struct Limits: Sendable {
        /// Bytes that the body of one request may have once it is inflated.
        package var decodedBytes = 128 << 20
        /// Bytes that the body of one request may have compressed, which is how it is kept.
        package var compressedBytes = 32 << 20
        /// Bytes of one line of a stream, with its newline.
        package var eventBytes = 307_200
        /// Bytes of a refused request that are read before it is answered, as many as are read of one that is
        /// served. Agents take an answer that comes before their body ended for an error of the connection.
        package var discardedBytes = 128 << 20
        /// Bytes that one request may make the server hold before it hands them over to be stored. Longer bodies are
        /// stored in parts; those of agents are shorter.
        package var partBytes = 8 << 20
        /// Bytes that all requests together may make the server hold before they are handed over to be stored, and that
        /// wait to be sent. When half of that is held, parts are handed over at an eighth of their size; beyond it, new
        /// requests are turned away.
        package var heldBytes = 24 << 20
        /// Bytes of the head of a request.
        package var headBytes = 16 << 10
        /// The connections that may be open at a time. Where the system allows fewer, it is those.
        package var connections = 1_000
        /// How long the head of a request may take, from its first byte or the connection's opening.
        package var headTime = Duration.seconds(10)
        /// How long a body may take from the end of its head.
        package var bodyTime = Duration.seconds(28)
        /// How long a client may leave answers untaken.
        package var answerTime = Duration.seconds(10)
        /// How long a connection may be silent between requests.
        package var idleTime = Duration.seconds(45)
        /// How long open requests may go on when the server is told to stop.
        package var graceTime = Duration.seconds(10)

        package init() {}
    }
}
