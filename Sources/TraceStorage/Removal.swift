import GRDB
import TraceCore

/// Removes runs, events of no trace and bodies, as the writer does it: a little in each transaction, which leaves the
/// database whole. Confined to the queue of the one writing connection.
final class Removal {
    /// A table with rows of runs.
    private struct Rows {
        /// So many rows are deleted at a time; a run with more in one of the tables goes in several steps.
        let portion: Int
        let hasMore: Statement
        let deleteAll: Statement
        let deleteSome: Statement

        init(_ table: String, key: String, portion: Int, on db: Database) throws {
            self.portion = portion
            hasMore = try Statement("SELECT 1 FROM \(table) WHERE run = ? LIMIT 1 OFFSET \(portion)", on: db)
            deleteAll = try Statement("DELETE FROM \(table) WHERE run = ?", on: db)
            deleteSome = try Statement(
                """
                DELETE FROM \(table) WHERE run = ?1 AND (\(key)) IN (
                    SELECT \(key) FROM \(table) WHERE run = ?1 LIMIT \(portion))
                """, on: db)
        }
    }

    private let runs: RunTable
    private let parts: PartTable
    private let tables: [Rows]
    private let lastBody: Statement
    private let trace: Statement
    private let deleteRun: Statement
    private let hideRun: Statement
    private let leave: Statement
    private let leaving: Statement
    private let left: Statement
    private let highestRun: Statement
    private let untraced: Statement
    private let offenders: Statement
    private let bodySize: Statement
    private let deleteBody: Statement
    private let highestBody: Statement
    private let freePages: Statement
    private let givePagesBack: Statement

    init(_ db: Database, runs: RunTable, parts: PartTable) throws {
        self.runs = runs
        self.parts = parts
        tables = [
            try Rows("side_events", key: "kind, has_id, id", portion: 1_000, on: db),
            try Rows("transactions", key: "id", portion: 1_000, on: db),
            try Rows("span_ids", key: "id", portion: 2_000, on: db),
            try Rows("parts", key: "body", portion: 50, on: db),
        ]
        lastBody = try Statement("SELECT max(body) FROM parts WHERE run = ?", on: db)
        trace = try Statement("SELECT trace_id FROM runs WHERE id = ?", on: db)
        deleteRun = try Statement("DELETE FROM runs WHERE id = ?", on: db)
        hideRun = try Statement("UPDATE runs SET start_us = NULL, parented = 0 WHERE id = ?", on: db)
        leave = try Statement("INSERT INTO leaving (run) VALUES (?)", on: db)
        leaving = try Statement("SELECT run FROM leaving LIMIT 1", on: db)
        left = try Statement("DELETE FROM leaving WHERE run = ?", on: db)
        highestRun = try Statement("UPDATE removed SET run = max(run, ?)", on: db)
        untraced = try Statement("DELETE FROM untraced_events WHERE digest = ? AND body <= ?", on: db)
        offenders = try Statement("DELETE FROM offenders WHERE time_us < ?", on: db)
        bodySize = try Statement("SELECT length(data) FROM bodies WHERE id = ?", on: db)
        deleteBody = try Statement("DELETE FROM bodies WHERE id = ?", on: db)
        highestBody = try Statement("UPDATE removed SET body = max(body, ?)", on: db)
        freePages = try Statement("PRAGMA freelist_count", on: db)
        givePagesBack = try Statement("PRAGMA incremental_vacuum(32)", on: db)
    }

    /// What became of some runs that were to be removed.
    struct RemovedRuns: Sendable {
        /// So many of them, the first ones, were dealt with.
        var dealtWith = 0
        var removed = 0
        /// Those of them to which something came meanwhile: they stay.
        var kept: [Int64] = []
    }

    /// Removes the runs to which no later body than this brought anything, at least one of them, until `isOver` says
    /// so. Those that are large are hidden first; `removeLeaving` is to be called for them.
    func remove(runs numbers: [Int64], upTo body: Int64, until isOver: () -> Bool) throws -> RemovedRuns {
        var result = RemovedRuns()
        var highest: Int64 = 0
        for number in numbers {
            if result.dealtWith > 0, isOver() { break }
            result.dealtWith += 1
            lastBody.bind(number, at: 1)
            guard let last = try lastBody.firstInteger(), last > 0 else { continue }
            guard last <= body else {
                result.kept.append(number)
                continue
            }
            guard try remove(number) else { continue }
            result.removed += 1
            highest = max(highest, number)
        }
        highestRun.bind(highest, at: 1)
        if highest > 0 { try highestRun.run() }
        return result
    }

    /// False where there is no such run.
    private func remove(_ number: Int64) throws -> Bool {
        trace.bind(number, at: 1)
        var id: Identifier?
        try trace.forEachRow { id = trace.identifier(0) }
        guard let id else { return false }
        try runs.remove(number, of: id)
        parts.remove(number)
        let isLarge = try tables.contains { table in
            table.hasMore.bind(number, at: 1)
            return try table.hasMore.firstInteger() != nil
        }
        let statements = isLarge ? [hideRun, leave] : tables.map(\.deleteAll) + [deleteRun]
        for statement in statements {
            statement.bind(number, at: 1)
            try statement.run()
        }
        return true
    }

    /// Goes on removing runs that were hidden, a portion at least, until `isOver` says so; whether none is left.
    func removeLeaving(until isOver: () -> Bool) throws -> Bool {
        while let run = try leaving.firstInteger() {
            for table in tables {
                while true {
                    table.deleteSome.bind(run, at: 1)
                    guard try table.deleteSome.run() == table.portion else { break }
                    if isOver() { return false }
                }
            }
            for statement in [left, deleteRun] {
                statement.bind(run, at: 1)
                try statement.run()
            }
            if isOver() { return try leaving.firstInteger() == nil }
        }
        return true
    }

    /// Removes events of no trace that a body up to this one brought, given by their digests; how many they were.
    func remove(untraced digests: [[UInt8]], upTo body: Int64) throws -> Int {
        var removed = 0
        for digest in digests {
            untraced.bind(blob: digest, at: 1)
            untraced.bind(body, at: 2)
            removed += try untraced.run()
        }
        return removed
    }

    /// Removes what is kept of lines that were not taken before a point in time, but for their number.
    func removeOffenders(before time: Int64) throws {
        offenders.bind(time, at: 1)
        try offenders.run()
    }

    /// Removes bodies that nothing refers to, at least one of them, until `isOver` says so: how many, the first ones,
    /// and their bytes.
    func remove(bodies numbers: [Int64], until isOver: () -> Bool) throws -> (count: Int, bytes: Int) {
        var (count, bytes) = (0, 0)
        for number in numbers {
            if count > 0, isOver() { break }
            bodySize.bind(number, at: 1)
            bytes += Int(try bodySize.firstInteger() ?? 0)
            deleteBody.bind(number, at: 1)
            try deleteBody.run()
            count += 1
        }
        highestBody.bind(numbers.prefix(count).max() ?? 0, at: 1)
        if count > 0 { try highestBody.run() }
        return (count, bytes)
    }

    /// Moves what stands at the end of the file into free pages, so that it can be cut off, until `isOver` says so.
    func shorten(until isOver: () -> Bool) throws {
        var free = try freePages.firstInteger() ?? 0
        while free > 0 {
            try givePagesBack.forEachRow {}
            let left = try freePages.firstInteger() ?? 0
            if left >= free || isOver() { return }
            free = left
        }
    }
}
