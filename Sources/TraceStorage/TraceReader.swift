import GRDB
package import TraceCore

/// Reads a database while others may write to it. Never writes, never checkpoints.
package final class TraceReader: Sendable {
    private let queue: DatabaseQueue
    private let path: String

    /// Throws where there is no database, where it is not ours, or where another version wrote it.
    package init(path: String) throws(StorageError) {
        self.path = path
        do {
            queue = try DatabaseFile.openForReading(path)
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// Calls `body` with what the database holds at one moment, unmoved by writers.
    package func read<Result>(_ body: (Snapshot) throws -> Result) throws -> Result {
        do {
            return try queue.read { try body(try Snapshot($0)) }
        } catch let error as DatabaseError {
            throw StorageError(error, path: path)
        }
    }

    /// The database at one moment.
    package struct Snapshot {
        private let db: Database
        private let loader: TraceLoader

        init(_ db: Database) throws {
            self.db = db
            loader = try TraceLoader(db)
        }

        /// The runs of a selection that have a transaction or a span, newest first: by start, then by trace id.
        package func runs(_ selection: RunSelection) throws -> [StoredRun] {
            let runs = try RunQuery(db).runs(selection)
            return runs.sorted { $0.start != $1.start ? $0.start > $1.start : $0.trace < $1.trace }
        }

        /// A run with all its events.
        package func trace(_ run: StoredRun) throws -> Trace { try loader.trace(run) }
    }
}
