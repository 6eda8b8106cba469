import Logging
import ServiceLifecycle
import TraceServer
import TraceStorage

/// An intake of one's own: on a free port of the loopback interface, for as long as something is sent to it.
enum RunningIntake {
    /// Serves while `body` runs, then finishes what is open and closes the database.
    static func with(
        databasePath: String, _ body: (ServerAddress) async throws -> Void
    ) async throws {
        let writer = try TraceWriter(path: databasePath)
        var configuration = IntakeConfiguration()
        configuration.address = ServerAddress(host: "127.0.0.1", port: 0)
        configuration.identity = .ofThisProgram
        var logger = Logger(label: "waitline") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let (addresses, listening) = AsyncStream.makeStream(of: ServerAddress.self)
        let server = IntakeServer(
            configuration: configuration, sink: { await writer.store($0) }, logger: logger,
            now: { Platform.now() }, onListening: { listening.yield($0) })
        var quiet = logger
        quiet.logLevel = .critical
        let group = ServiceGroup(services: [server], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { listening.finish() }
                try await group.run()
            }
            for await address in addresses {
                do {
                    try await body(address)
                } catch {
                    await group.triggerGracefulShutdown()
                    try? await tasks.waitForAll()
                    await writer.close()
                    throw error
                }
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        await writer.close()
    }
}
