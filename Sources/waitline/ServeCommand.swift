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
        let keeping = Task { [logger] in await Self.keepFigures(writer, path: database.path, logger) }
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

    /// Runs that no request brought anything for a minute are worked out, a few at a time: in a tenth of the time of
    /// one core at most, and while requests come in, which go first, in a twentieth.
    private static func keepFigures(_ writer: TraceWriter, path: String, _ logger: Logger) async {
        var keeper = FigureKeeper(writer, path: path, largestRun: 100_000)
        var commits = 0
        while (try? await Task.sleep(for: .seconds(10))) != nil {
            do {
                try await keeper.sweep(quietBefore: Platform.now() - 60_000_000) { took in
                    let isBusy = await writer.commits != commits
                    commits = await writer.commits
                    return (try? await Task.sleep(for: took * (isBusy ? 19 : 9))) != nil
                }
            } catch {
                logger.warning("figures for reports could not be stored", metadata: ["reason": "\(error)"])
            }
        }
    }
}
