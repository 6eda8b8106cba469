import ArgumentParser
import Logging
import TraceServer
import TraceStorage

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Takes in what Elastic APM agents send, until SIGTERM or SIGINT.",
        discussion: "Point an agent at it with ELASTIC_APM_SERVER_URL=http://127.0.0.1:8200.")

    @Option(help: "The address and port to listen on; port 0 picks a free one.")
    var listen = "127.0.0.1:8200"

    @Option(
        help:
            "What agents have to send as their secret token. Default: $WAITLINE_SECRET_TOKEN; without one, anyone may send."
    )
    var secretToken: String?

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        guard let address = ServerAddress(listen) else {
            throw CommandFailure(.usage, "--listen takes an address and a port, as in 127.0.0.1:8200, not `\(listen)`")
        }
        var configuration = IntakeConfiguration()
        configuration.address = address
        configuration.identity = .ofThisProgram
        configuration.secretToken = secretToken ?? Platform.environment["WAITLINE_SECRET_TOKEN"]
        var logger = Logger(label: "waitline") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let writer = try TraceWriter(path: database.path)
        let server = IntakeServer(
            configuration: configuration,
            sink: { await writer.store($0) },
            losses: { await writer.note($0) },
            logger: logger,
            now: { Platform.now() },
            onListening: { address in
                await writer.announce(address: "\(address)")
                Platform.writeError("listening on \(address)\n")
            })
        do {
            try await server.runUntilSignalled()
        } catch {
            await writer.close()
            throw error
        }
        await writer.close()
    }
}
