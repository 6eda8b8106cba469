/// What an intake server is told before it starts.
package struct IntakeConfiguration: Sendable {
    /// Where to listen; the loopback interface unless told otherwise.
    package var address = ServerAddress(host: "127.0.0.1", port: 8200)
    /// What agents have to send as `Authorization: Bearer`; nil lets everyone in.
    package var secretToken: String?
    package var limits = Limits()
    package var identity = Identity()

    package init() {}

    /// What `GET /` says the server is.
    package struct Identity: Sendable {
        /// The APM Server whose protocol is spoken: agents choose what they send by it.
        package var version = "8.19.0"
        /// When the program was built, RFC 3339.
        package var buildDate = "1970-01-01T00:00:00Z"
        /// The revision it was built from.
        package var buildRevision = "unknown"

        package init() {}
    }
}
