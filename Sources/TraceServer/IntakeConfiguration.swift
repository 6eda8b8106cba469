/// What an intake server is told before it starts.
package struct IntakeConfiguration: Sendable {
    /// Where to listen; the loopback interface unless told otherwise.
    package var address = ServerAddress(host: "127.0.0.1", port: 8200)
    /// What agents have to show; without any, everyone is let in.
    package var credentials = Credentials()
    /// What one address may send where no credential is asked for; nil is as much as it can.
    package var rateLimit: RateLimit?
    package var limits = Limits()
    /// How often totals are logged.
    package var totalsInterval = Duration.seconds(60)
    package var identity = Identity()

    package init() {}

    /// How many events a second one address may send in the long run, and how many of them at once. A request counts
    /// as one event at least.
    package struct RateLimit: Sendable, Equatable {
        package var eventsPerSecond: Int
        /// So many seconds' worth may come at once.
        package var burst = 3.0
        /// Addresses remembered at a time.
        package var addresses = 1_000

        package init(eventsPerSecond: Int) { self.eventsPerSecond = eventsPerSecond }
    }

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
