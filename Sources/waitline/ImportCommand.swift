import ArgumentParser
import TraceCore
import TraceExport
import TraceIntake

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Stores NDJSON files, plain or gzip, as if they had been posted.",
        discussion: """
            A file may hold several streams: each metadata line begins another, and a byte order mark is skipped. While \
            a server holds the database, the files are posted to that server. Prints how many events were taken and \
            what was rejected; what is there already is not stored twice, and another event with the id of a stored \
            one is left out and told.

            Examples:
              waitline import run.ndjson.gz
              cat requests/*.ndjson | waitline import -
              ssh billing cat run.ndjson | waitline import -
            """)

    @Argument(help: "The files; - is standard input.", completion: .file())
    var files: [String]

    @Option(help: "How the answer is written.")
    var format: OutputFormat = .text

    @Option(
        help: ArgumentHelp(
            "The secret token of the server, where one holds the database. Default: $WAITLINE_SECRET_TOKEN.",
            valueName: "token"))
    var secretToken: String?

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        // All files are opened before the first is stored, so that a wrong name stores nothing.
        let readers = try files.map { try TraceFileReader($0) }
        let destination = try await ImportDestination(
            databasePath: database.path, secretToken: secretToken ?? AccessOptions.ownSecretToken)
        var total = ImportTotals()
        do {
            for (path, reader) in zip(files, readers) {
                var importer = try FileImport(path, reader, destination)
                total.add(path, try await importer.run())
            }
        } catch {
            await destination.close(isComplete: false)
            throw error
        }
        await destination.close(isComplete: true)
        switch format {
        case .json: try StandardOutput.write(total.json)
        case .text: try StandardOutput.write(total.text)
        }
        try FileRemarks(problems: total.problems, warnings: total.warnings).tell()
    }
}

/// What an import did, over all its files.
struct ImportTotals {
    private var files = 0
    private var accepted = 0
    private var stored = StoredCounts()
    private var rejected = 0
    private var errors: [(file: String, error: IntakeError)] = []
    /// A line for each file that was not taken whole.
    private(set) var problems: [String] = []
    /// What else there is to say of files.
    private(set) var warnings: [String] = []

    mutating func add(_ path: String, _ outcome: FileImport.Outcome) {
        files += 1
        accepted += outcome.result.accepted
        stored.duplicates += outcome.stored.duplicates
        stored.conflicts += outcome.stored.conflicts
        rejected += outcome.result.rejected
        errors += outcome.result.errors.map { (path, $0) }
        warnings += [TraceFile.conflicts(outcome.stored.conflicts, of: path)].compactMap(\.self)
        warnings += TraceFile.oddTimes(path, outcome.result)
        if outcome.result.failure == .metadata {
            problems.append(TraceFile.notAStream(path, outcome.result))
        } else if let problem = TraceFile.problem(path, outcome.result, cutOff: outcome.cutOff) {
            problems.append(problem)
        }
    }

    var text: String {
        let lost = stored.conflicts > 0 ? "\(CountText.text(stored.conflicts)) of them left out, " : ""
        return "\(CountText.text(accepted, "event", "events")) accepted, "
            + "\(CountText.text(stored.duplicates)) of them stored before, \(lost)"
            + "\(CountText.text(rejected, "line", "lines")) rejected\n"
    }

    /// `waitline.import.v1`.
    var json: String {
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.import.v1")
            json.key("files")
            json.integer(files)
            json.key("accepted")
            json.integer(accepted)
            json.key("duplicates")
            json.integer(stored.duplicates)
            json.key("conflicts")
            json.integer(stored.conflicts)
            json.key("rejected")
            json.integer(rejected)
            json.key("errors")
            json.array { json in
                for (file, error) in errors {
                    json.object { json in
                        json.key("file")
                        json.string(file)
                        json.key("line")
                        json.integer(error.line)
                        json.key("message")
                        json.string(error.message)
                    }
                }
            }
        }
        return json.text + "\n"
    }
}
