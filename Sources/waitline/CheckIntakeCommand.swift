import ArgumentParser
import TraceCore
import TraceExport
import TraceServer
import TraceTerminal

struct CheckIntakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-intake",
        abstract: "Sends a run as an agent would and looks whether it was stored, for cron and monitoring.",
        discussion: """
            Exit code 0: all is well. 1: the server answered, and not as it should, or too late. 3: it cannot be \
            reached, or the database cannot be read. The run is looked for in the database if --database names one, \
            or if the lock file of the one that other commands read names this server. It has the label \
            waitline_check=intake, starts in the year 2000 and is in no list of runs and no figure of a report.

            Example:
              waitline check-intake http://apm.internal:8200 --within 10s
            """)

    @Argument(help: "The server.")
    var url = "http://127.0.0.1:8200"

    @Option(
        help: ArgumentHelp(
            "A file with a secret token of the server. Default: $WAITLINE_SECRET_TOKEN.", valueName: "file"),
        completion: .file())
    var secretTokenFile: String?

    @Option(help: ArgumentHelp("How long all of it may take, as in 500ms, 5s or 1m.", valueName: "time"))
    var within = TimeLimit(.seconds(5))

    @Option(help: "How the answer is written.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        guard let address = ServerAddress(url) else {
            throw CommandFailure(.usage, "a server is named as in http://127.0.0.1:8200; https is not spoken")
        }
        let token = try secretTokenFile.map { try CredentialFile.secretToken($0) } ?? AccessOptions.ownSecretToken
        let run = MarkedRun(now: Platform.now())
        let check = IntakeCheck(
            address: address, secretToken: token, databasePath: database.path,
            mustRead: database.database != nil, run: run)
        var report = IntakeCheckReport(address: address, trace: run.trace, limit: within.duration)
        await report.take(check)
        try StandardOutput.write(format == .json ? report.json : report.text)
        if let failure = report.failure { throw failure }
    }
}
