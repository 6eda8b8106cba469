import GRDB
import TraceCore

/// The tables `losses` and `offenders` as the writer sees them. Bounded whatever is sent: so many reasons, and the
/// last few examples of each.
final class LossTable {
    /// Beyond so many reasons, what is lost for another is counted under `LossTally.otherReasons`.
    static let maximumReasons = 200

    private let find: Statement
    private let count: Statement
    private let insert: Statement
    private let update: Statement
    private let lastOffender: Statement
    private let insertOffender: Statement
    private let deleteOffenders: Statement

    init(_ db: Database) throws {
        find = try Statement("SELECT id FROM losses WHERE reason = ? AND unit = ?", on: db)
        count = try Statement("SELECT count(*) FROM losses", on: db)
        insert = try Statement(
            """
            INSERT INTO losses (reason, unit, count, first_us, last_us) VALUES (?, ?, 0, ?, ?) RETURNING id
            """, on: db)
        // A count at the end of its range stays there: beyond it SQLite would make it no integer.
        update = try Statement(
            """
            UPDATE losses SET count = min(count, 9223372036854775807 - ?1) + ?1, first_us = min(first_us, ?2),
            last_us = max(last_us, ?3) WHERE id = ?4
            """, on: db)
        lastOffender = try Statement("SELECT coalesce(max(number), 0) FROM offenders WHERE loss = ?", on: db)
        insertOffender = try Statement(
            "INSERT INTO offenders (loss, number, time_us, service, line, document) VALUES (?, ?, ?, ?, ?, ?)", on: db)
        deleteOffenders = try Statement("DELETE FROM offenders WHERE loss = ? AND number <= ?", on: db)
    }

    /// Adds what was lost, inside the caller's transaction; an entry without examples was lost at `time`.
    func add(_ losses: LossTally, at time: Int64) throws {
        for entry in losses.entries {
            let times = entry.offenders.map(\.time)
            let (first, last) = (times.min() ?? time, times.max() ?? time)
            let id = try id(of: entry.reason, entry.unit, first: first, last: last)
            update.bind(entry.count, at: 1)
            update.bind(first, at: 2)
            update.bind(last, at: 3)
            update.bind(id, at: 4)
            try update.run()
            try add(entry.offenders, to: id)
        }
    }

    /// The number of a reason, a new row where there is none yet and room for it.
    private func id(of reason: String, _ unit: LossTally.Unit, first: Int64, last: Int64) throws -> Int64 {
        find.bind(text: reason, at: 1)
        find.bind(Int64(unit.rawValue), at: 2)
        if let id = try find.firstInteger() { return id }
        let hasRoom = reason == LossTally.otherReasons || reason == LossTally.furtherLines
        if !hasRoom, try count.firstInteger() ?? 0 >= Self.maximumReasons {
            return try id(of: LossTally.otherReasons, unit, first: first, last: last)
        }
        insert.bind(text: reason, at: 1)
        insert.bind(Int64(unit.rawValue), at: 2)
        insert.bind(first, at: 3)
        insert.bind(last, at: 4)
        guard let id = try insert.firstInteger() else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a loss was stored without a number")
        }
        return id
    }

    private func add(_ offenders: [LossTally.Offender], to loss: Int64) throws {
        guard !offenders.isEmpty else { return }
        lastOffender.bind(loss, at: 1)
        var number = try lastOffender.firstInteger() ?? 0
        for offender in offenders {
            number = number < .max ? number + 1 : number
            insertOffender.bind(loss, at: 1)
            insertOffender.bind(number, at: 2)
            insertOffender.bind(offender.time, at: 3)
            if let service = offender.service {
                insertOffender.bind(text: service, at: 4)
            } else {
                insertOffender.bindNull(at: 4)
            }
            insertOffender.bind(offender.line.map { Int64($0) }, at: 5)
            if let document = offender.document {
                insertOffender.bind(blob: document, at: 6)
            } else {
                insertOffender.bindNull(at: 6)
            }
            try insertOffender.run()
        }
        deleteOffenders.bind(loss, at: 1)
        deleteOffenders.bind(number - Int64(LossTally.keptOffenders), at: 2)
        try deleteOffenders.run()
    }
}

extension StoredLoss {
    /// All losses, by (reason, unit).
    static func all(_ db: Database) throws -> [StoredLoss] {
        let losses = try Statement(
            "SELECT id, reason, unit, count, first_us, last_us FROM losses ORDER BY reason, unit", on: db)
        let offenders = try Statement(
            "SELECT time_us, service, line, document FROM offenders WHERE loss = ? ORDER BY number", on: db)
        var result: [StoredLoss] = []
        try losses.forEachRow {
            guard let unit = UInt8(exactly: losses.integer(2)).flatMap(LossTally.Unit.init(rawValue:)) else { return }
            var loss = StoredLoss(
                reason: losses.text(1) ?? "", unit: unit, count: Int(losses.integer(3)), first: losses.integer(4),
                last: losses.integer(5), offenders: [])
            offenders.bind(losses.integer(0), at: 1)
            try offenders.forEachRow {
                loss.offenders.append(
                    LossTally.Offender(
                        time: offenders.integer(0), service: offenders.text(1),
                        line: offenders.optionalInteger(2).map { Int($0) },
                        document: offenders.optionalBytes(3)))
            }
            result.append(loss)
        }
        return result
    }
}
