import GRDB

/// Removes processes and texts that nothing refers to, as the writer does it. Confined to the queue of the one writing
/// connection.
///
/// Nobody counts who refers to them: who wants to remove some looks through everything, and meanwhile it is watched
/// which are given to events that come in.
final class ReferenceRemoval {
    private let processes: ProcessTable
    private let strings: StringTable
    private let highestProcess: Statement
    private let highestString: Statement
    private let passIdentity: Statement
    private let deleteProcess: Statement
    private let deleteString: Statement

    init(_ db: Database, processes: ProcessTable, strings: StringTable) throws {
        self.processes = processes
        self.strings = strings
        highestProcess = try Statement("SELECT coalesce(max(id), 0) FROM processes", on: db)
        highestString = try Statement("SELECT coalesce(max(id), 0) FROM strings", on: db)
        passIdentity = try Statement(
            """
            UPDATE processes SET identity = (
                SELECT min(other.id) FROM processes AS other WHERE other.identity = ?1 AND other.id <> ?1)
            WHERE identity = ?1 AND id <> ?1
            """, on: db)
        deleteProcess = try Statement("DELETE FROM processes WHERE id = ?", on: db)
        deleteString = try Statement("DELETE FROM strings WHERE id = ?", on: db)
    }

    /// The highest ids there are, and from now on it is watched which are used.
    func watch() throws -> (process: Int64, string: Int64) {
        processes.watch()
        strings.watch()
        return (try highestProcess.firstInteger() ?? 0, try highestString.firstInteger() ?? 0)
    }

    func endWatching() {
        processes.endWatching()
        strings.endWatching()
    }

    /// Removes processes, but for those that were used since `watch`; how many it removed.
    func remove(processes ids: [Int64]) throws -> Int {
        let used = processes.used
        var removed = 0
        for id in ids where !used.contains(id) {
            // The first of those that are the same process gives them its number.
            passIdentity.bind(id, at: 1)
            try passIdentity.run()
            deleteProcess.bind(id, at: 1)
            removed += try deleteProcess.run()
        }
        return removed
    }

    /// Removes texts, but for those that were used since `watch`; how many it removed.
    func remove(strings ids: [Int64]) throws -> Int {
        let used = strings.used
        var removed = 0
        for id in ids where !used.contains(id) {
            deleteString.bind(id, at: 1)
            removed += try deleteString.run()
        }
        return removed
    }
}
