import GRDB

// How a writer notices that it cannot write, or that what it writes would not be found, and how it comes back.
//
// What is wrong with a file that stands where it was (no room, locked, not to be written) shows with a commit, and each
// delivery is tried. Where the path names the open file no longer, SQLite would go on writing to it: that is looked for
// before and behind each commit, and nothing is acknowledged then. The database is closed, complete, and what stands in
// its place is taken up when it has stayed the same between two looks: nobody copies it there any more. Where nothing
// stands there for a while, a new database is made: not at once, since who moves a file away may put it back over the new
// one, and in the same folder only, since another one may be what a disk was mounted on. A file that is none of ours is
// refused as at the start, and not touched.

/// That a writer's database is closed until what stands in its place can be opened.
struct Outage {
    private enum Look: Equatable {
        case nothing
        case file(FileAppearance)
    }

    private var last: Look?
    private var refused: Look?
    private var emptySince: ContinuousClock.Instant?
    /// For how long nothing has to stand at the path before something is made there.
    private let patience: Duration

    init(patience: Duration) { self.patience = patience }

    /// Whether what stands at the path is the same as at the last look, and was not refused already.
    mutating func isSettled(_ path: String) -> Bool {
        let look = Platform.appearance(path).map { Look.file($0) } ?? .nothing
        defer { last = look }
        guard look == .nothing else {
            emptySince = nil
            return look == last && look != refused
        }
        let since = emptySince ?? .now
        emptySince = since
        return since.duration(to: .now) >= patience
    }

    /// What was seen last cannot be used, and need not be tried again as it is.
    mutating func refuse() { refused = last }
}

extension TraceWriter {
    /// Notes why nothing can be written, and sees to it that it is noticed when that ends.
    func noteProblem(_ problem: StorageError) {
        health.note(problem)
        scheduleAttempt()
    }

    /// Whether something should be written to find out if it can be: the files are not where they were, or it looks as
    /// if there were no room or no permission and nothing was written lately.
    var isInDoubt: Bool {
        guard health.problem == nil, !isWriting, !isClosed else { return false }
        if files.fault != nil || lock?.isInPlace != true { return true }
        return OpenFiles.isDoubtful(path) && health.lastSuccess.duration(to: .now) > retryInterval * 10
    }

    /// Makes sure that what is written goes to the files that others open, and that nobody else writes. Mends what can
    /// be mended; throws where nothing may be written.
    func checkFiles() async throws(StorageError) {
        if outage != nil { throw health.problem ?? .removed(path: path) }
        let fault = files.fault
        if fault == nil, lock?.isInPlace == true { return }
        let error = fault.map { files.error($0) }
        if let error {
            noteProblem(error)
            // What was acknowledged is in the open log alone.
            guard await emptyLog() else { throw error }
        }
        closeDatabase()
        outage = Outage(patience: retryInterval * 60)
        if let error, fault == .database {
            files.removeLog()
            throw error
        }
        try renewLock()
        try await open()
    }

    /// Finds out whether it works again.
    func attempt() async {
        do throws(StorageError) {
            if outage != nil {
                try await takeUp()
                guard outage == nil else { return }
            } else {
                try await checkFiles()
                guard await isWorthTrying() else { return }
            }
            try await prove()
            health.noteSuccess()
        } catch {
            noteProblem(error)
        }
    }

    /// Whether an attempt could tell that what was wrong is over.
    private func isWorthTrying() async -> Bool {
        switch health.problem {
        // Only a delivery can show that what is damaged is not in its way.
        case .corrupt: return false
        case .full:
            _ = await emptyLog()
            return Platform.room(OpenFiles.folder(path)).map { $0 >= OpenFiles.leastRoom } ?? true
        default: return true
        }
    }

    /// Opens what stands in the place of the database, where it can be used.
    private func takeUp() async throws(StorageError) {
        if !Platform.fileExists(path), !files.isFolderTheSame { throw .folderReplaced(path: path) }
        try renewLock()
        guard outage?.isSettled(path) == true else { return }
        do {
            try await open()
        } catch {
            switch error {
            case .notOurs, .newerSchema, .corrupt: outage?.refuse()
            default: break
            }
            throw error
        }
    }

    private func open() async throws(StorageError) {
        let database: OpenDatabase
        do {
            database = try await Task.detached { [path, busySeconds] in
                try OpenDatabase(path, busySeconds: busySeconds)
            }.value
        } catch {
            throw StorageError(error, path: path)
        }
        (queue, writer, checkpoints) = (database.queue, database.writer, database.checkpoints)
        files = database.files
        figuresAreUnknown = true
        outage = nil
    }

    /// Takes the lock anew where its file is no longer the one that others look at.
    private func renewLock() throws(StorageError) {
        if lock?.isInPlace == true { return }
        lock = try DatabaseLock(databasePath: path)
        if let address { lock?.announce(address: address) }
    }

    /// Moves all that was written into the database's own file; false where that was not possible.
    private func emptyLog() async -> Bool {
        guard let checkpoints else { return false }
        return (try? await queue.writeWithoutTransaction { _ in checkpoints.emptyLog() }) ?? false
    }

    /// Writes as a delivery would, and leaves nothing of it: room for a body is asked for and given back, and the few
    /// pages that this touched are committed and synced.
    private func prove() async throws(StorageError) {
        do {
            try await queue.write { db in
                try db.inSavepoint {
                    try db.execute(
                        sql: """
                            INSERT INTO bodies (request_us, encoding, decoded_size, data)
                            VALUES (0, 1, 0, zeroblob(65536))
                            """)
                    return .rollback
                }
                // The same value, but SQLite writes it nevertheless.
                let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
                try db.execute(sql: "PRAGMA user_version = \(version)")
            }
        } catch {
            throw StorageError(error, path: path)
        }
    }

    private func scheduleAttempt() {
        guard !attemptIsScheduled, !isClosed else { return }
        attemptIsScheduled = true
        Task { [weak self, retryInterval] in
            try? await Task.sleep(for: retryInterval)
            await self?.attemptAgain()
        }
    }

    private func attemptAgain() {
        attemptIsScheduled = false
        guard !isClosed else { return }
        if health.problem != nil {
            attemptIsDue = true
            startWriting()
        }
        if health.settle() { scheduleAttempt() }
    }
}
