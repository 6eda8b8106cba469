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
        /// How long a connection may be silent, between requests or within one.
        package var idleTime = Duration.seconds(45)
        /// How long open requests may go on when the server is told to stop.
        package var graceTime = Duration.seconds(10)

        package init() {}
    }
}
