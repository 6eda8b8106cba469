import GRDB
package import TraceCore

/// An event that was found by its id.
package struct FoundEvent: Sendable, Hashable {
    package enum Kind: Sendable, Hashable, CaseIterable {
        case transaction, span, error
    }

    package var kind: Kind
    package var id: Identifier
    /// The run it belongs to; nil of an error that names no trace. A run that has brought errors alone starts with its
    /// last request.
    package var run: StoredRun?
    /// Where its line stands.
    package var line: BodyRange
    /// When an error was sent for no trace, µs since the epoch; 0 of any other.
    fileprivate var time: Int64 = 0
}

/// What was found by an id.
package struct FoundEvents: Sendable, Equatable {
    /// Those of the newest run first, errors that name no trace last; within a run by kind, then by id.
    package var events: [FoundEvent]
    /// Whether there are more than were asked for.
    package var hasMore: Bool
}

/// Finds events by their ids. No index has them: each run is asked in turn, for transactions and errors by the key that
/// they are clustered by, for spans by the ids that its blocks name.
struct EventSearch {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// The events whose whole id a text is; where there is none, those whose id's text begins so.
    func events(
        withID text: String, _ kinds: Set<FoundEvent.Kind>, in runs: [StoredRun]?, limit: Int
    ) throws -> FoundEvents {
        let bytes = Array(text.utf8)
        let id = Identifier(text)
        let whole = try search(
            Wanted(ranges: [IdentifierRange(only: id)], words: WordRange(only: id)) { $0 == id }, kinds, in: runs,
            limit: limit)
        if !whole.events.isEmpty { return whole }
        return try search(
            Wanted(ranges: IdentifierRange.beginning(with: bytes), words: WordRange(beginningWith: bytes)) {
                $0.utf8.starts(with: bytes)
            }, kinds, in: runs, limit: limit)
    }

    /// What is looked for.
    private struct Wanted {
        /// Where rows with such ids are.
        let ranges: [IdentifierRange]
        /// Where such ids of spans are.
        let words: WordRange
        /// Of what is found there, what is meant.
        let isMeant: (Identifier) -> Bool
    }

    /// What is asked of the runs for transactions and errors.
    static func sql(_ kind: FoundEvent.Kind, _ runs: String) -> String {
        let isError = kind == .error
        return """
            SELECT runs.id, runs.trace_id, coalesce(runs.start_us, runs.request_us), runs.request_us, runs.sent_us,
            event.id, body, line_offset, line_length
            FROM runs CROSS JOIN \(isError ? "side_events" : "transactions") AS event
            ON event.run = runs.id \(isError ? "AND kind = 3 AND has_id = 1" : "")
            AND event.id >= ?1 AND event.id < ?2
            WHERE \(runs)
            """
    }

    /// What is asked of the runs for spans.
    static func spansSQL(_ runs: String) -> String {
        """
        SELECT runs.id, runs.trace_id, runs.start_us, runs.request_us, runs.sent_us, body, parts.start_us, data
        FROM runs CROSS JOIN parts ON parts.run = runs.id AND spans > 0 WHERE \(runs)
        """
    }

    static let startedRuns = "runs.start_us IS NOT NULL ORDER BY runs.start_us DESC"
    /// Those that brought errors, metricsets and logs alone.
    static let otherRuns = "runs.start_us IS NULL ORDER BY runs.id DESC"
    static let oneRun = "runs.id = ?3"
    static let untracedSQL = """
        SELECT id, body, line_offset, line_length, time_us FROM untraced_events
        WHERE id IS NOT NULL AND id >= ?1 AND id < ?2 AND kind = 3 ORDER BY time_us DESC, body, line_offset LIMIT ?3
        """

    private func search(
        _ wanted: Wanted, _ kinds: Set<FoundEvent.Kind>, in runs: [StoredRun]?, limit: Int
    ) throws -> FoundEvents {
        let most = min(max(limit, 0), Int.max - 1) + 1
        var found: [FoundEvent] = []
        for kind in FoundEvent.Kind.allCases where kinds.contains(kind) {
            if kind == .span {
                found += try spans(wanted, in: runs, most)
            } else {
                for range in wanted.ranges { found += try events(kind, range, in: runs, most, wanted.isMeant) }
            }
        }
        found.sort(by: precedes)
        return FoundEvents(events: Array(found.prefix(limit)), hasMore: found.count > limit)
    }

    private func spans(_ wanted: Wanted, in runs: [StoredRun]?, _ most: Int) throws -> [FoundEvent] {
        guard let runs else {
            return try spans(wanted, try Statement(Self.spansSQL(Self.startedRuns), on: db), most)
        }
        let statement = try Statement(Self.spansSQL(Self.oneRun), on: db)
        var found: [FoundEvent] = []
        for run in runs.sorted(by: isNewer) where found.count < most {
            statement.bind(run.number, at: 3)
            found += try spans(wanted, statement, most - found.count)
        }
        return found
    }

    /// The spans of the rows of a statement. Only blocks that name such an id are read.
    private func spans(_ wanted: Wanted, _ statement: Statement, _ most: Int) throws -> [FoundEvent] {
        var found: [FoundEvent] = []
        defer { statement.reset() }
        while try statement.step() {
            // A run is read to its end: which of its spans come first does not depend on how they arrived.
            if found.count >= most, found.last?.run?.number != statement.integer(0) { break }
            try statement.withBytes(7) { bytes in
                var block = try SpanBlockReader(bytes, start: statement.integer(6))
                guard block.mayName(wanted.words) else { return }
                while let span = try block.next() {
                    guard wanted.isMeant(span.id), let run = statement.storedRun else { continue }
                    let line = BodyRange(
                        body: statement.integer(5), offset: span.lineOffset, length: span.lineLength)
                    found.append(FoundEvent(kind: .span, id: span.id, run: run, line: line))
                }
            }
            guard found.count > most + 4_096 else { continue }
            found.sort(by: precedes)
            found.removeLast(found.count - most)
        }
        return found
    }

    private func events(
        _ kind: FoundEvent.Kind, _ range: IdentifierRange, in runs: [StoredRun]?, _ most: Int,
        _ isMeant: (Identifier) -> Bool
    ) throws -> [FoundEvent] {
        var found: [FoundEvent] = []
        if let runs {
            let statement = try Statement(Self.sql(kind, Self.oneRun), on: db)
            for run in runs.sorted(by: isNewer) where found.count < most {
                statement.bind(run.number, at: 3)
                found += try events(kind, range, statement, most - found.count, isMeant)
            }
            return found
        }
        let started = try Statement(Self.sql(kind, Self.startedRuns), on: db)
        found += try events(kind, range, started, most, isMeant)
        guard kind == .error else { return found }
        let others = try Statement(Self.sql(kind, Self.otherRuns), on: db)
        found += try events(kind, range, others, most, isMeant)
        found += try untraced(range, most, isMeant)
        return found
    }

    private func events(
        _ kind: FoundEvent.Kind, _ range: IdentifierRange, _ statement: Statement, _ most: Int,
        _ isMeant: (Identifier) -> Bool
    ) throws -> [FoundEvent] {
        range.bind(to: statement)
        var found: [FoundEvent] = []
        defer { statement.reset() }
        while found.count < most, try statement.step() {
            guard let run = statement.storedRun, let id = statement.identifier(5), isMeant(id) else { continue }
            found.append(FoundEvent(kind: kind, id: id, run: run, line: statement.line(from: 6)))
        }
        return found
    }

    private func untraced(
        _ range: IdentifierRange, _ most: Int, _ isMeant: (Identifier) -> Bool
    ) throws -> [FoundEvent] {
        let statement = try Statement(Self.untracedSQL, on: db)
        range.bind(to: statement)
        statement.bind(most, at: 3)
        var found: [FoundEvent] = []
        try statement.forEachRow {
            guard let id = statement.identifier(0), isMeant(id) else { return }
            found.append(
                FoundEvent(kind: .error, id: id, run: nil, line: statement.line(from: 1), time: statement.integer(4)))
        }
        return found
    }

    private func isNewer(_ left: StoredRun, _ right: StoredRun) -> Bool {
        left.start != right.start ? left.start > right.start : left.trace < right.trace
    }

    private func precedes(_ left: FoundEvent, _ right: FoundEvent) -> Bool {
        switch (left.run, right.run) {
        case (let a?, let b?) where a.number != b.number: return isNewer(a, b)
        case (_?, nil): return true
        case (nil, _?): return false
        case (nil, nil) where left.time != right.time: return left.time > right.time
        default: break
        }
        guard left.kind == right.kind else {
            let order = FoundEvent.Kind.allCases
            return order.firstIndex(of: left.kind) ?? 0 < order.firstIndex(of: right.kind) ?? 0
        }
        return left.id < right.id
    }
}
