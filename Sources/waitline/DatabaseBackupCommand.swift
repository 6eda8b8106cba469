import ArgumentParser
import TraceExport
import TraceStorage
import TraceTerminal

struct DatabaseBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the database to a file, also while a server writes to it.",
        discussion: """
            The copy holds what had come when it began; it is checked before it gets its name, only you can read it, \
            and it is a database like any other: --database FILE. A file that is there is left as it is, exit code 2.

            Example:
              waitline database backup waitline-monday.db
            """)

    @Argument(help: "The new file.")
    var file: String

    @Option(help: "How the answer is written.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let path = database.path
        let summary: DatabaseBackup.Summary
        do {
            summary = try DatabaseBackup.make(of: path, to: file)
        } catch .exists(let taken) {
            throw CommandFailure(.usage, StorageError.exists(path: taken).message)
        }
        switch format {
        case .json:
            try StandardOutput.write(
                DatabaseJSON.change(
                    "backup", path: path, file: file,
                    [
                        "runs": summary.runs, "transactions": summary.transactions, "bodies": summary.bodies,
                        "file_bytes": summary.bytes,
                    ]))
        case .text:
            let text = DatabaseChangeText.copied(runs: summary.runs, requests: summary.bodies, bytes: summary.bytes)
            try StandardOutput.write("\(SafeLine.text(file)): \(text)\n")
        }
    }
}
