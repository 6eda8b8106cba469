import GRDB
import TraceCore

extension DatabaseInformation {
    /// Reads every table through, so that it takes the longer the more is stored.
    init(_ db: Database, path: String) throws {
        self.init()
        transactions = try Self.integer("SELECT count(*) FROM transactions", db)
        spans = try Self.integer("SELECT CAST(min(total(spans), 1e15) AS INTEGER) FROM parts", db)
        try countSideEvents(db)
        runs = try Self.integer("SELECT count(*) FROM runs", db)
        metadataLines = try Self.integer("SELECT count(*) FROM processes", db)
        processes = try Self.integer("SELECT count(DISTINCT identity) FROM processes", db)
        texts = try Self.integer("SELECT count(*) FROM strings", db)
        try sumUp(db)
        try readTables(db)
        pageSize = try Self.integer("PRAGMA page_size", db)
        pages = try Self.integer("PRAGMA page_count", db)
        freePages = try Self.integer("PRAGMA freelist_count", db)
        fileSize = Platform.fileSize(path)
        logSize = Platform.fileSize(path + "-wal")
        schemaVersion = try Self.integer("SELECT count(*) FROM grdb_migrations", db)
        let noted = try StoredLoss.all(db)
        losses = noted.filter { $0.unit != .oddTimes }
        oddTimes = noted.filter { $0.unit == .oddTimes }
    }

    private static func integer(_ sql: String, _ db: Database) throws -> Int {
        Int(try Statement(sql, on: db).firstInteger() ?? 0)
    }

    private mutating func countSideEvents(_ db: Database) throws {
        let counts = try Statement(
            """
            SELECT kind, count(*) FROM (SELECT kind FROM side_events UNION ALL SELECT kind FROM untraced_events)
            GROUP BY kind
            """, on: db)
        try counts.forEachRow {
            switch counts.integer(0) {
            case 3: errors = Int(counts.integer(1))
            case 4: metricsets = Int(counts.integer(1))
            case 5: logs = Int(counts.integer(1))
            default: break
            }
        }
    }

    /// `total` adds as a floating-point number, so that damaged rows cannot make it fail.
    private mutating func sumUp(_ db: Database) throws {
        let sums = try Statement(
            """
            SELECT count(*), CAST(total(length(data)) AS INTEGER), CAST(total(decoded_size) AS INTEGER),
            min(request_us), max(request_us) FROM bodies
            """, on: db)
        try sums.forEachRow {
            bodies = Int(sums.integer(0))
            storedBodyBytes = Int(sums.integer(1))
            decodedBodyBytes = Int(sums.integer(2))
            requests = Self.range(sums.optionalInteger(3), sums.optionalInteger(4))
        }
        droppedSpans = try Self.integer("SELECT CAST(total(dropped) AS INTEGER) FROM transactions", db)
        let ends = try Statement(
            """
            SELECT (SELECT min(start_us) FROM runs WHERE start_us IS NOT NULL),
            (SELECT max(start_us) FROM runs WHERE start_us IS NOT NULL)
            """, on: db)
        try ends.forEachRow { starts = Self.range(ends.optionalInteger(0), ends.optionalInteger(1)) }
    }

    private static func range(_ first: Int64?, _ last: Int64?) -> ClosedRange<Int64>? {
        guard let first, let last, first <= last else { return nil }
        return first...last
    }

    private mutating func readTables(_ db: Database) throws {
        var bytes: [String: Int] = [:]
        let canTell = try Self.integer("SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')", db) == 1
        if canTell {
            let sizes = try Statement(
                """
                SELECT coalesce(object.tbl_name, page.name), sum(page.pgsize) FROM dbstat AS page
                LEFT JOIN sqlite_schema AS object ON object.name = page.name GROUP BY 1
                """, on: db)
            try sizes.forEachRow { if let name = sizes.text(0) { bytes[name] = Int(sizes.integer(1)) } }
        }
        for name in Schema.tables {
            tables.append(
                Table(
                    name: name, rows: try Self.integer("SELECT count(*) FROM \(name)", db),
                    bytes: canTell ? bytes[name] ?? 0 : nil))
        }
    }
}
