import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
package import TraceCore

/// The server that agents send their events to.
///
///     client -> ConnectionRules -> Routes -> ElasticRoutes -> IntakeBody -> ElasticStream -> sink
///
/// It knows nothing of storage: what a request brought goes to the sink, and the request is answered when
/// the sink says what became of it.
package struct IntakeServer: Service {
    private let configuration: IntakeConfiguration
    private let routes: Routes
    private let logger: Logger
    private let connections: OpenConnections
    private let memory: HeldMemory
    private let totals: TotalsLog
    private let onListening: @Sendable (ServerAddress) async -> Void

    /// - Parameters:
    ///   - configuration: Where to listen, whom to let in, and how much to take.
    ///   - sink: Stores a delivery, and returns when it is committed or cannot be.
    ///   - losses: Takes note of what of a request was not taken, where there was nothing else in it to store: what is
    ///     lost of a request that is stored is part of its delivery. Returns when that is noted.
    ///   - status: How the store is doing that `sink` writes to.
    ///   - logger: Told what goes wrong, at info now and then what was done, at debug of each request; never what events
    ///     and credentials are.
    ///   - now: The time, µs since the epoch.
    ///   - connections: Told of every connection.
    ///   - onListening: Called once, with the address that is listened on, its port the real one.
    package init(
        configuration: IntakeConfiguration, sink: @escaping @Sendable (Delivery) async -> DeliveryOutcome,
        losses: @escaping @Sendable (LossTally) async -> Void = { _ in },
        status: @escaping @Sendable () async -> StoreStatus = { StoreStatus() },
        logger: Logger, now: @escaping @Sendable () -> Int64, connections: OpenConnections = OpenConnections(),
        onListening: @escaping @Sendable (ServerAddress) async -> Void
    ) {
        self.configuration = configuration
        self.logger = logger
        self.connections = connections
        self.onListening = onListening
        let memory = HeldMemory(limit: configuration.limits.heldBytes)
        self.memory = memory
        let meters = RequestMeters()
        totals = TotalsLog(meters: meters, connections: connections, status: status)
        routes = Routes(
            elastic: ElasticRoutes(
                configuration: configuration, sink: sink, losses: losses, now: now, logger: logger, memory: memory,
                connections: connections),
            monitoring: MonitoringRoutes(
                configuration: configuration, status: status, meters: meters, connections: connections,
                startTime: Double(now()) / 1e6),
            limiter: configuration.rateLimit.map { RateLimiter($0) }, meters: meters, logger: logger)
    }

    /// Serves until the service group it runs in shuts down gracefully. Then it takes no more connections,
    /// finishes what is open, within the grace time, and returns.
    ///
    /// Throws `ServerError` if it cannot listen.
    package func run() async throws {
        try await withTotals { try await explained { try await application.run() } }
    }

    /// As `run`, until the process is told to stop by SIGTERM or SIGINT.
    package func runUntilSignalled() async throws {
        try await withTotals { try await explained { try await application.runService() } }
    }

    private var application: Application<Routes> {
        let address = configuration.address
        return Application(
            responder: routes,
            server: .intake(limits: configuration.limits, connections: connections, memory: memory),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: ConnectionGate(connections, limit: configuration.limits.connections)),
            onServerRunning: { [onListening] channel in
                let port = channel.localAddress?.port ?? address.port
                await onListening(ServerAddress(host: address.host, port: port))
            },
            logger: libraryLogger)
    }

    /// Serves, and logs totals meanwhile and at the end, for those who want to know.
    private func withTotals(_ serve: () async throws -> Void) async throws {
        guard logger.logLevel <= .info else { return try await serve() }
        let logging = Task { [totals, logger, interval = configuration.totalsInterval] in
            var totals = totals
            await totals.write(to: logger, every: interval)
        }
        let ended: Result<Void, any Error>
        do {
            try await serve()
            ended = .success(())
        } catch {
            ended = .failure(error)
        }
        logging.cancel()
        await logging.value
        try ended.get()
    }

    private func explained(_ serve: () async throws -> Void) async throws {
        do {
            try await serve()
        } catch let error as IOError {
            throw ServerError.cannotListen(configuration.address, reason: Platform.text(ofError: error.errnoCode))
        } catch is SocketAddressError.UnknownHost {
            throw ServerError.cannotListen(configuration.address, reason: "no such host")
        } catch is SocketAddressError {
            throw ServerError.cannotListen(configuration.address, reason: "no such host")
        }
    }

    /// For the libraries, whose news of starting and stopping is no news to anyone.
    private var libraryLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}
