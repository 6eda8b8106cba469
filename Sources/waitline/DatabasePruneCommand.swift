import ArgumentParser
import TraceExport
import TraceStorage
import TraceTerminal

struct DatabasePruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Removes the runs whose last request came longer ago than an age, and shortens the file.",
        discussion: """
            Events of no trace go by the arrival of their request; requests go when nothing of them is left, then the \
            texts that nothing refers to any more. While a server holds the database, it is refused: `waitline serve \
            --retain 30d` does the same while it runs. A backup before: `waitline database backup FILE`.

            Example:
              waitline database prune --older-than 30d
            """)

    @Option(help: ArgumentHelp("The age, as in 12h, 30d or 8w.", valueName: "age"))
    var olderThan: Age

    @Flag(help: "Also where nothing would be left.")
    var everything = false

    @Option(help: "How the answer is written.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let path = database.path
        guard Platform.fileExists(path) else { throw StorageError.missing(path: path) }
        let writer = try openForWriting(path)
        let before = Platform.fileSize(path) ?? 0
        let removed: RetentionKeeper.Removed
        do {
            removed = try await prune(writer, path)
        } catch {
            await writer.close()
            throw error
        }
        await writer.close()
        let change = DatabaseChangeText.FileSizes(before: before, after: Platform.fileSize(path) ?? 0)
        switch format {
        case .json:
            try StandardOutput.write(
                DatabaseJSON.change(
                    "prune", path: path,
                    [
                        "runs": removed.runs, "untraced_events": removed.untracedEvents, "bodies": removed.bodies,
                        "body_bytes": removed.bodyBytes, "processes": removed.processes, "texts": removed.texts,
                        "file_bytes_before": change.before, "file_bytes": change.after,
                    ]))
        case .text:
            try StandardOutput.write(
                DatabaseChangeText.pruned(
                    runs: removed.runs, untracedEvents: removed.untracedEvents, requests: removed.bodies,
                    texts: removed.texts, file: change) + "\n")
        }
    }

    private func prune(_ writer: TraceWriter, _ path: String) async throws -> RetentionKeeper.Removed {
        let now = Platform.now()
        let arrivedBefore = now - olderThan.microseconds
        let last = try TraceReader(path: path).read { try $0.lastArrival() }
        if let last, last < arrivedBefore, !everything {
            throw CommandFailure(
                .no,
                """
                nothing was removed: all of \(path) is older than that, its last request came \(Platform.utcText(last)); \
                if the clock is right and nothing is to be left, add --everything
                """)
        }
        var keeper = try RetentionKeeper(writer, path: path, clock: now)
        return try await keeper.sweep(arrivedBefore: arrivedBefore, now: now)
    }

    private func openForWriting(_ path: String) throws -> TraceWriter {
        do {
            return try TraceWriter(path: path)
        } catch .heldByServer(_, let address?) {
            throw CommandFailure(
                .inputOutput,
                """
                the database \(path) is held by the server at \(address): start that with --retain to have what is old \
                removed while it runs, or stop it first
                """)
        }
    }
}
