/// What was done to a database, in a line.
package enum DatabaseChangeText {
    /// Bytes of a file before and after.
    package struct FileSizes {
        package var before: Int
        package var after: Int

        package init(before: Int, after: Int) {
            self.before = before
            self.after = after
        }
    }

    /// What was removed, and how much smaller the file became.
    package static func pruned(
        runs: Int, untracedEvents: Int, requests: Int, texts: Int, file: FileSizes
    ) -> String {
        guard runs + untracedEvents + requests + texts > 0 else {
            return "nothing to remove; the file has \(size(file.after))"
        }
        let parts = [
            Prose.count(runs, "run", "runs"), Prose.count(untracedEvents, "event of no trace", "events of no trace"),
            Prose.count(requests, "request", "requests"), Prose.count(texts, "text", "texts"),
        ]
        return
            "removed \(parts.joined(separator: ", ")); the file went from \(size(file.before)) to \(size(file.after))"
    }

    /// What a copy has.
    package static func copied(runs: Int, requests: Int, bytes: Int) -> String {
        "\(Prose.count(runs, "run", "runs")), \(Prose.count(requests, "request", "requests")), \(size(bytes)), checked"
    }

    private static func size(_ bytes: Int) -> String { SampleText.bytes(Double(bytes)) ?? "\(bytes) B" }
}
