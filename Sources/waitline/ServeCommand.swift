import ArgumentParser
import Logging
import TraceCore
import TraceServer
import TraceStorage

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Takes in what Elastic APM agents send, until SIGTERM or SIGINT.",
        discussion: """
            Point an agent at it with ELASTIC_APM_SERVER_URL=http://127.0.0.1:8200. Says `listening on URL` on \
            standard error when it is ready.

            Examples:
              waitline serve
              waitline serve --listen 10.0.0.5:8200 --secret-token-file tokens
            """)

    @Option(help: ArgumentHelp("Where to listen; port 0 picks a free one.", valueName: "address:port"))
    var listen = "127.0.0.1:8200"

    @OptionGroup var access: AccessOptions
    @OptionGroup var limits: LimitOptions
    @OptionGroup var log: LogOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        guard let address = ServerAddress(listen) else {
            throw CommandFailure(.usage, "--listen takes an address and a port, as in 127.0.0.1:8200, not `\(listen)`")
        }
        let access = try access.access(at: address)
        var configuration = IntakeConfiguration()
        configuration.address = address
        configuration.identity = .ofThisProgram
        configuration.credentials = access.credentials
        configuration.rateLimit = access.rateLimit
        limits.apply(to: &configuration.limits)
        let logger = log.logger
        let writer = try TraceWriter(path: database.path, waitingLimit: limits.maxWaiting.bytes) { problem in
            if let problem {
                logger.error("nothing can be stored", metadata: ["reason": "\(problem)"])
            } else {
                logger.warning("events are stored again")
            }
        }
        let housekeeping = try Housekeeping(writer, path: database.path, retain: limits.retain, logger: logger)
        let server = IntakeServer(
            configuration: configuration,
            sink: { await writer.store($0) },
            losses: { await writer.note($0) },
            status: { [path = database.path] in await Self.status(of: writer, path: path) },
            logger: logger,
            now: { Platform.now() },
            onListening: { address in
                await writer.announce(address: "\(address)")
                Platform.writeError("listening on \(address)\n")
                for warning in access.warnings { logger.warning("\(warning)") }
            })
        let keeping = Task { await housekeeping.run() }
        let ended: Result<Void, any Error>
        do {
            try await server.runUntilSignalled()
            ended = .success(())
        } catch {
            ended = .failure(error)
        }
        keeping.cancel()
        await keeping.value
        await writer.close()
        try ended.get()
    }

    /// How the store is doing. What it says of a problem is for everyone who asks: where the database lies is not.
    private static func status(of writer: TraceWriter, path: String) async -> StoreStatus {
        var status = await writer.status
        status.problem = status.problem?.replacing(path, with: path.split(separator: "/").last ?? "")
        return status
    }
}
