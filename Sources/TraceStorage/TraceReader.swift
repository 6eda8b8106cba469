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
        var result: Result?
        do {
            try queue.read { result = try body(try Snapshot($0, path: path)) }
        } catch let error as DatabaseError {
            // Of a damaged file, ending the reading can fail as well; what was read by then stands.
            guard result != nil else { throw StorageError(error, path: path) }
        }
        guard let result else { throw StorageError.failed(path: path, reason: "it was not read") }
        return result
    }

    /// As `read`, on the connection's own thread, for what takes long beside other tasks.
    func readAside<Result: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> Result) async throws -> Result {
        do {
            return try await queue.read { [path] in try body(try Snapshot($0, path: path)) }
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// The database at one moment.
    package struct Snapshot {
        private let db: Database
        private let path: String
        private let loader: TraceLoader
        private let figures: Statement

        init(_ db: Database, path: String) throws {
            self.db = db
            self.path = path
            loader = try TraceLoader(db)
            figures = try Statement("SELECT data FROM figures WHERE run = ?", on: db)
        }

        /// The runs of a selection that have a transaction or a span, newest first: by start, then by trace id.
        package func runs(_ selection: RunSelection) throws -> [StoredRun] {
            let runs = try RunQuery(db).runs(selection)
            return runs.sorted { $0.start != $1.start ? $0.start > $1.start : $0.trace < $1.trace }
        }

        /// A run with all its events; with its surroundings, also what its processes sent at its time and for no
        /// trace (`Trace.surroundings`).
        package func trace(_ run: StoredRun, withSurroundings: Bool = false) throws -> Trace {
            try loader.trace(run, withSurroundings: withSurroundings)
        }

        /// The transactions of other traces that some processes had at a time; whether there may be more. At most 100 000
        /// are looked at, of runs that begin no more than an hour before that time.
        package func transactions(
            _ reach: BackgroundReach, besides trace: Identifier
        ) throws -> (found: [OtherTransaction], isCut: Bool) {
            try BackgroundQuery(db).transactions(reach, besides: trace)
        }

        /// Calls `body` with the figures of a run as they are stored; nil where none are.
        package func withFigures<Result>(
            of run: StoredRun, _ body: (UnsafeRawBufferPointer) throws -> Result
        ) throws -> Result? {
            figures.bind(run.number, at: 1)
            var result: Result?
            try figures.forEachRow { result = try figures.withBytes(0, body) }
            return result
        }

        /// A number that is another one after another connection has written.
        func version() throws -> Int { try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }

        func runsWithoutFigures() throws -> RunsWithoutFigures { try RunsWithoutFigures(db) }

        func retention() -> RetentionQuery { RetentionQuery(db) }

        func references() -> ReferenceQuery { ReferenceQuery(db) }

        /// When the last request came that brought something, µs since the epoch; nil where none is stored.
        package func lastArrival() throws -> Int64? { try retention().lastBody()?.requestTime }

        /// The lines that stand there, in the order asked; nil where the body is gone, damaged, or ends before the
        /// line does. Holds, besides the lines, one compressed body at a time.
        package func lines(_ ranges: [BodyRange]) throws -> [[UInt8]?] { try BodyLines(db).lines(ranges) }

        /// The events whose id a text is; where there is none, those whose id begins so. Of all runs, or of those
        /// given alone, without errors that name no trace then.
        package func events(
            withID text: String, kinds: Set<FoundEvent.Kind> = Set(FoundEvent.Kind.allCases),
            in runs: [StoredRun]? = nil, limit: Int = 20
        ) throws -> FoundEvents {
            try EventSearch(db).events(withID: text, kinds, in: runs, limit: limit)
        }

        /// A batch with the one error that was found and names no trace; an empty one where it names one.
        package func untraced(_ found: FoundEvent) throws -> EventBatch { try loader.untraced(found) }

        /// What the database holds, in numbers. Reads all of it.
        package func information() throws -> DatabaseInformation { try DatabaseInformation(db, path: path) }

        /// What is wrong with the database, each in one sentence, as far as its rows can tell: damage, references to
        /// nothing, figures that are not those of the rows they were taken from. Reads all of it.
        package func integrityProblems(limit: Int = 100) -> [String] {
            var check = DatabaseCheck(db, limit: limit)
            check.run()
            return check.problems
        }

        /// Calls `visit` for each body in order of arrival, with the rows of its events. Holds one at a time; what
        /// SQLite sorts for it goes to a temporary file.
        package func forEachBody(_ visit: (StoredBody) throws -> Void) throws { try BodyRows(db).forEach(visit) }
    }
}
