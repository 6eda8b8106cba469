import GRDB
import TraceCore

/// Looks through the tables for the processes and texts that they refer to: a little at a time.
struct ReferenceQuery {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// What some rows refer to.
    struct Found: Sendable {
        var processes: Set<Int64> = []
        var strings: Set<Int64> = []

        fileprivate mutating func note(_ string: Int64?) { if let string { strings.insert(string) } }

        fileprivate mutating func note(labels column: [UInt8]) {
            LabelColumn.decode(column) { key, _, _ in strings.insert(key) }
        }
    }

    /// The tables that refer to them, each with a key that its rows are clustered by.
    enum Table: CaseIterable, Sendable {
        case transactions, parts, sideEvents, untracedEvents

        fileprivate var sql: String {
            switch self {
            case .transactions:
                """
                SELECT run, id, process, name, type, service, version, user, labels FROM transactions
                WHERE (run, id) > (?, ?) ORDER BY run, id
                """
            case .parts:
                "SELECT run, body, data, start_us FROM parts WHERE (run, body) > (?, ?) ORDER BY run, body"
            case .sideEvents:
                """
                SELECT run, kind, has_id, id, process FROM side_events
                WHERE (run, kind, has_id, id) > (?, ?, ?, ?) ORDER BY run, kind, has_id, id
                """
            case .untracedEvents:
                """
                SELECT process, time_us, digest FROM untraced_events
                WHERE (process, time_us, digest) > (?, ?, ?) ORDER BY process, time_us, digest
                """
            }
        }

        /// Where the first row stands behind.
        var beginning: Place {
            switch self {
            case .transactions: Place(values: [.integer(.min), .null])
            case .parts: Place(values: [.integer(.min), .integer(.min)])
            case .sideEvents: Place(values: [.integer(.min), .integer(.min), .integer(.min), .null])
            case .untracedEvents: Place(values: [.integer(.min), .integer(.min), .null])
            }
        }

        /// Rows that are read at one moment.
        fileprivate var limit: Int { self == .parts ? 100 : 4_000 }
    }

    /// Where a row stands among others: its key.
    struct Place: Sendable {
        fileprivate enum Value: Sendable {
            case integer(Int64)
            case bytes([UInt8])
            case text([UInt8])
            case null
        }

        fileprivate var values: [Value]
    }

    /// What the next rows behind a place refer to, and the place to go on behind, nil behind the last.
    func references(in table: Table, behind place: Place) throws -> (found: Found, next: Place?) {
        let row = try Statement("\(table.sql) LIMIT \(table.limit)", on: db)
        bind(place, to: row)
        var found = Found()
        var next: Place?
        try row.forEachRow {
            next = Place(values: place.values.indices.map { value(row, Int32($0)) })
            switch table {
            case .transactions:
                found.processes.insert(row.integer(2))
                for column in Int32(3)...7 { found.note(row.optionalInteger(column)) }
                found.note(labels: row.bytes(8))
            case .parts:
                try row.withBytes(2) { try note($0, start: row.integer(3), in: &found) }
            case .sideEvents:
                found.processes.insert(row.integer(4))
            case .untracedEvents:
                found.processes.insert(row.integer(0))
            }
        }
        return (found, next)
    }

    private func note(_ data: UnsafeRawBufferPointer, start: Int64, in found: inout Found) throws {
        guard !data.isEmpty else { return }
        var block = try SpanBlockReader(data, start: start)
        var shapes = 0
        while let span = try block.next() {
            // A block gives each shape its number at the first span of it.
            guard span.shapeNumber == shapes else { continue }
            shapes += 1
            let shape = span.shape
            found.processes.insert(shape.process)
            for text in [shape.name, shape.type, shape.subtype, shape.action, shape.service, shape.version] {
                found.strings.insert(text)
            }
        }
    }

    /// The texts of processes with higher ids, and the id to go on behind, nil behind the last.
    func stringsOfProcesses(behind id: Int64) throws -> (found: Found, next: Int64?) {
        let row = try Statement(
            """
            SELECT id, service, version, environment, host, node, agent, user, container, labels FROM processes
            WHERE id > ? ORDER BY id LIMIT 1000
            """, on: db)
        row.bind(id, at: 1)
        var found = Found()
        var next: Int64?
        try row.forEachRow {
            next = row.integer(0)
            for column in Int32(1)...8 { found.note(row.optionalInteger(column)) }
            found.note(labels: row.bytes(9))
        }
        return (found, next)
    }

    /// Ids of processes behind an id and up to another, in order.
    func processes(behind id: Int64, upTo last: Int64) throws -> [Int64] {
        try ids("processes", behind: id, upTo: last)
    }

    /// Ids of texts behind an id and up to another, in order.
    func strings(behind id: Int64, upTo last: Int64) throws -> [Int64] { try ids("strings", behind: id, upTo: last) }

    private func ids(_ table: String, behind id: Int64, upTo last: Int64) throws -> [Int64] {
        let row = try Statement("SELECT id FROM \(table) WHERE id > ? AND id <= ? ORDER BY id LIMIT 4096", on: db)
        row.bind(id, at: 1)
        row.bind(last, at: 2)
        var ids: [Int64] = []
        try row.forEachRow { ids.append(row.integer(0)) }
        return ids
    }

    private func bind(_ place: Place, to row: Statement) {
        for (index, value) in place.values.enumerated() {
            let column = Int32(index + 1)
            switch value {
            case .integer(let number): row.bind(number, at: column)
            case .bytes(let bytes): row.bind(blob: bytes, at: column)
            case .text(let bytes): bytes.withUnsafeBufferPointer { row.bind(text: $0, at: column) }
            case .null: row.bindNull(at: column)
            }
        }
    }

    private func value(_ row: Statement, _ column: Int32) -> Place.Value {
        switch row.kind(column) {
        case .integer: .integer(row.integer(column))
        case .text: .text(row.bytes(column))
        case .blob: .bytes(row.bytes(column))
        case .other: .null
        }
    }
}
