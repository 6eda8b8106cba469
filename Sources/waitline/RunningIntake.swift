import Logging
import ServiceLifecycle
import TraceCore
import TraceServer
import TraceStorage

/// An intake of one's own: on a free port of the loopback interface, for as long as something is sent to it.
struct RunningIntake {
    let address: ServerAddress
    private let connections: OpenConnections

    /// Serves while `body` runs, then finishes what is open and closes the database.
    static func with(
        databasePath: String, _ body: (ServerAddress) async throws -> Void
    ) async throws {
        let writer = try TraceWriter(path: databasePath)
        do {
            try await with(sink: { await writer.store($0) }, losses: { _ in }, logLevel: .warning) {
                try await body($0.address)
            }
        } catch {
            await writer.close()
            throw error
        }
        await writer.close()
    }

    /// Serves while `body` runs, then finishes what is open. What comes goes to `sink`, which tells itself of what goes
    /// wrong there; what is not taken is noted by `losses`.
    static func with<Result>(
        sink: @escaping @Sendable (Delivery) async -> DeliveryOutcome,
        losses: @escaping @Sendable (LossTally) async -> Void, logLevel: Logger.Level = .critical,
        _ body: (RunningIntake) async throws -> Result
    ) async throws -> Result {
        var configuration = IntakeConfiguration()
        configuration.address = ServerAddress(host: "127.0.0.1", port: 0)
        configuration.identity = .ofThisProgram
        let logger = ProgramLog.logger(logLevel)
        let connections = OpenConnections()
        let (addresses, listening) = AsyncStream.makeStream(of: ServerAddress.self)
        let server = IntakeServer(
            configuration: configuration, sink: sink, losses: losses, logger: logger, now: { Platform.now() },
            connections: connections, onListening: { listening.yield($0) })
        var quiet = logger
        quiet.logLevel = .critical
        let group = ServiceGroup(services: [server], logger: quiet)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { listening.finish() }
                try await group.run()
            }
            var result: Result?
            for await address in addresses {
                do {
                    result = try await body(RunningIntake(address: address, connections: connections))
                } catch {
                    await group.triggerGracefulShutdown()
                    try? await tasks.waitForAll()
                    throw error
                }
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            guard let result else { throw CommandFailure(.inputOutput, "the intake ended before it could listen") }
            return result
        }
    }

    /// Whether anyone ever connected to it.
    var hadConnections: Bool { connections.total > 0 }

    /// Returns once nobody has been connected for a moment, which is true, or `limit` is over, or `isEnough` says so.
    func becomesQuiet(within limit: Duration, or isEnough: () -> Bool) async -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + limit
        var seen = connections.total
        var quietSince: ContinuousClock.Instant?
        while clock.now < end, !isEnough() {
            if connections.isAnyOpen || connections.total != seen {
                seen = connections.total
                quietSince = nil
            } else if let quietSince, clock.now - quietSince >= Self.quietTime {
                return true
            } else if quietSince == nil {
                quietSince = clock.now
            }
            try? await clock.sleep(for: .milliseconds(20))
        }
        return !connections.isAnyOpen
    }

    /// For so long nobody has to be connected, in case a program that was started last comes only now.
    private static let quietTime = Duration.milliseconds(200)
}
