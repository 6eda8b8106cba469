import GRDB
import TraceCore

/// Copies the rows of an attached database, `source`, into the main one, which has its tables and nothing in them.
///
/// First the texts, the processes and the bodies, then what refers to them: what is removed meanwhile was referred to by
/// nothing that is still to come.
struct BackupRows {
    /// How much is read at one moment, in rows or, of what is large, in bytes.
    private static let portionRows: Int64 = 20_000
    private static let portionBytes: Int64 = 8 << 20

    private let db: Database
    private let progress: () -> Void
    /// The last body that is copied.
    private var lastBody: Int64 = 0
    /// The rows that were copied of each table.
    private(set) var counts: [String: Int64] = [:]

    init(_ db: Database, progress: @escaping () -> Void) {
        self.db = db
        self.progress = progress
    }

    mutating func copy() throws {
        var last: [String: Int64] = [:]
        try atOneMoment { rows in
            for table in ["bodies", "strings", "processes", "runs"] {
                let highest = try Statement("SELECT coalesce(max(id), 0) FROM source.\(table)", on: rows.db)
                last[table] = try highest.firstInteger()
            }
        }
        lastBody = last["bodies"] ?? 0
        try copyByNumber("strings", size: "length(text)", upTo: last["strings"] ?? 0)
        try copyByNumber("processes", size: "length(line) + length(labels)", upTo: last["processes"] ?? 0)
        try copyByNumber("bodies", size: "length(data)", upTo: lastBody)
        try copyRuns(upTo: last["runs"] ?? 0)
        try copyUntraced()
        try atOneMoment {
            try $0.run("INSERT INTO losses SELECT * FROM source.losses", of: "losses")
            try $0.run("INSERT INTO offenders SELECT * FROM source.offenders", of: "offenders")
            try $0.run("UPDATE removed SET (run, body) = (SELECT max(run), max(body) FROM source.removed)")
        }
        // In the order of the ids, as the index is.
        try atOneMoment {
            try $0.run("INSERT INTO run_ids SELECT trace_id, id FROM runs ORDER BY trace_id")
            try $0.run("UPDATE run_ids_end SET run = (SELECT coalesce(max(id), 0) FROM runs)")
        }
    }

    /// What `body` reads is what there is at one moment, which ends with it.
    private mutating func atOneMoment(_ body: (inout BackupRows) throws -> Void) throws {
        try db.execute(sql: "BEGIN")
        do {
            try body(&self)
            try db.execute(sql: "COMMIT")
        } catch {
            try? db.execute(sql: "ROLLBACK")
            throw error
        }
        progress()
    }

    /// Runs a statement with these numbers bound; the rows are counted as those of `table`, where it is given.
    private mutating func run(_ sql: String, _ numbers: Int64..., of table: String? = nil) throws {
        let statement = try Statement(sql, on: db)
        for (index, number) in numbers.enumerated() { statement.bind(number, at: Int32(index + 1)) }
        let changes = try statement.run()
        if let table { counts[table, default: 0] += Int64(changes) }
    }

    /// Copies a table whose rows have numbers of their own; `size` is what there is in a row beside some integers.
    private mutating func copyByNumber(_ table: String, size: String, upTo last: Int64) throws {
        var behind: Int64 = -1
        var isOver = false
        while !isOver {
            try atOneMoment { rows in
                let end = try rows.end(
                    """
                    SELECT id, coalesce(\(size), 0) + 400 FROM source.\(table) WHERE id > ? AND id <= ? ORDER BY id
                    """, behind, last, room: Self.portionBytes)
                guard let end else {
                    isOver = true
                    return
                }
                try rows.run(
                    "INSERT INTO \(table) SELECT * FROM source.\(table) WHERE id > ? AND id <= ?", behind, end,
                    of: table)
                behind = end
            }
        }
    }

    /// The last of the numbers, in the first column, that go together: as long as there is room for their weights, in
    /// the second, but one at least; nil where there is none.
    private func end(_ sql: String, _ behind: Int64, _ last: Int64, room: Int64) throws -> Int64? {
        let rows = try Statement(sql, on: db)
        defer { rows.reset() }
        rows.bind(behind, at: 1)
        rows.bind(last, at: 2)
        var end: Int64?
        var room = room
        while room > 0, try rows.step() {
            end = rows.integer(0)
            room -= min(room, rows.integer(1))
        }
        return end
    }

    private static let weightsSQL = """
        SELECT id, 1 + (SELECT count(*) FROM source.transactions WHERE run = runs.id)
        + (SELECT CAST(total(spans) AS INTEGER) / 16 FROM source.parts WHERE run = runs.id)
        FROM source.runs WHERE id > ? AND id <= ? ORDER BY id
        """

    /// Copies runs, each with all that bodies up to the last one brought.
    private mutating func copyRuns(upTo last: Int64) throws {
        let runs = "SELECT id FROM source.runs WHERE id > ?1 AND id <= ?2"
        let leaving = "SELECT run FROM source.leaving"
        let lastRequest = """
            SELECT max(bodies.request_us) FROM parts JOIN bodies ON bodies.id = parts.body WHERE parts.run = runs.id
            """
        let isLater = "SELECT 1 FROM source.parts WHERE parts.run = copied.run AND body > ?3"
        var behind: Int64 = -1
        var isOver = false
        while !isOver {
            try atOneMoment { rows in
                guard let end = try rows.end(Self.weightsSQL, behind, last, room: Self.portionRows) else {
                    isOver = true
                    return
                }
                try rows.run(
                    """
                    INSERT INTO runs SELECT * FROM source.runs AS copied WHERE id > ?1 AND id <= ?2
                    AND id NOT IN (\(leaving))
                    AND EXISTS (SELECT 1 FROM source.parts WHERE parts.run = copied.id AND body <= ?3)
                    """, behind, end, rows.lastBody, of: "runs")
                for table in ["transactions", "parts", "side_events"] {
                    try rows.run(
                        """
                        INSERT INTO \(table) SELECT * FROM source.\(table) WHERE run > ?1 AND run <= ?2 AND body <= ?3
                        AND run NOT IN (\(leaving))
                        """, behind, end, rows.lastBody, of: table)
                }
                // Of a run to which more came since, these are of more than is copied. Both are made anew when needed.
                for table in ["figures", "span_ids"] {
                    try rows.run(
                        """
                        INSERT INTO \(table) SELECT * FROM source.\(table) AS copied WHERE run > ?1 AND run <= ?2
                        AND run NOT IN (\(leaving)) AND NOT EXISTS (\(isLater))
                        """, behind, end, rows.lastBody, of: table)
                }
                try rows.run(
                    """
                    UPDATE runs SET
                    start_us = (SELECT min(start) FROM (
                        SELECT min(start_us) AS start FROM transactions WHERE run = runs.id UNION ALL
                        SELECT min(start_us) FROM parts WHERE run = runs.id AND spans > 0)),
                    parented = (
                        SELECT count(*) FROM transactions WHERE run = runs.id AND sampled AND parent_id IS NOT NULL),
                    request_us = (\(lastRequest)),
                    sent_us = min(sent_us, (\(lastRequest)))
                    WHERE id IN (\(runs) AND EXISTS (
                        SELECT 1 FROM source.parts WHERE parts.run = runs.id AND body > ?3))
                    """, behind, end, rows.lastBody)
                behind = end
            }
        }
    }

    private mutating func copyUntraced() throws {
        var place = RetentionQuery.Place()
        var isOver = false
        while !isOver {
            try atOneMoment { rows in
                // The last row of the portion, and how many they are.
                let last = try Statement(
                    """
                    SELECT process, time_us, digest, count(*) OVER () FROM (
                        SELECT process, time_us, digest FROM source.untraced_events
                        WHERE (process, time_us, digest) > (?1, ?2, ?3) ORDER BY process, time_us, digest
                        LIMIT \(Self.portionRows))
                    ORDER BY process DESC, time_us DESC, digest DESC LIMIT 1
                    """, on: rows.db)
                last.bind(place, from: 1)
                var end: RetentionQuery.Place?
                try last.forEachRow {
                    end = RetentionQuery.Place(
                        process: last.integer(0), time: last.integer(1), digest: last.bytes(2))
                    // What comes while this goes on is not waited for.
                    isOver = last.integer(3) < Self.portionRows
                }
                guard let end else {
                    isOver = true
                    return
                }
                let copy = try Statement(
                    """
                    INSERT INTO untraced_events SELECT * FROM source.untraced_events
                    WHERE (process, time_us, digest) > (?1, ?2, ?3) AND (process, time_us, digest) <= (?4, ?5, ?6)
                    AND body <= ?7
                    """, on: rows.db)
                copy.bind(place, from: 1)
                copy.bind(end, from: 4)
                copy.bind(rows.lastBody, at: 7)
                rows.counts["untraced_events", default: 0] += Int64(try copy.run())
                place = end
            }
        }
    }
}

extension Statement {
    /// Binds a place's three columns.
    func bind(_ place: RetentionQuery.Place, from column: Int32) {
        bind(place.process, at: column)
        bind(place.time, at: column + 1)
        bind(blob: place.digest, at: column + 2)
    }
}
