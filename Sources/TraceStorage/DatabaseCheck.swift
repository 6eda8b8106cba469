import GRDB
import TraceCore

/// Looks for what cannot be in a sound database: damaged pages, references to nothing, figures that are not those of the
/// rows they were taken from. What is wrong is data, never an error.
struct DatabaseCheck {
    private let db: Database
    private let limit: Int
    /// What was found, each in one sentence; no more than asked for.
    private(set) var problems: [String] = []

    init(_ db: Database, limit: Int) {
        self.db = db
        self.limit = max(0, limit)
    }

    mutating func run() {
        attempt("the integrity of the file") { try $0.checkFile() }
        attempt("the references between tables") { try $0.checkReferences() }
        for kind in EventRow.allCases { attempt("the rows of \(kind.table)") { try $0.checkEvents(kind) } }
        attempt("the rows of spans") { try $0.checkSpans() }
        attempt("the bodies") { try $0.checkBodies() }
        attempt("the starts of the runs") { try $0.checkStarts() }
        attempt("the index of trace ids") { try $0.checkRunIDs() }
        attempt("the runs that may have groups") { try $0.checkParented() }
        attempt("the labels and versions of the runs") { try $0.checkSelectors() }
        attempt("the identities of the processes") { try $0.checkIdentities() }
        attempt("the numbers that are not given again") { try $0.checkNumbers() }
    }

    /// The runs but those that are being removed, of which a part may be gone.
    private static let runs = "(SELECT * FROM runs WHERE id NOT IN (SELECT run FROM leaving))"

    private var isFull: Bool { problems.count >= limit }

    private mutating func note(_ problem: String) { if !isFull { problems.append(problem) } }

    /// A check that cannot be made is a problem, too.
    private mutating func attempt(_ what: String, _ check: (inout DatabaseCheck) throws -> Void) {
        guard !isFull else { return }
        do {
            try check(&self)
        } catch {
            note("\(what) cannot be checked: \((error as? DatabaseError)?.message ?? "\(error)")")
        }
    }

    /// Calls `body` for each row of a query until there are problems enough.
    private mutating func forEach(_ sql: String, _ body: (inout DatabaseCheck, Statement) throws -> Void) throws {
        let statement = try Statement(sql, on: db)
        while !isFull, try statement.step() { try body(&self, statement) }
    }

    private mutating func checkFile() throws {
        try forEach("PRAGMA integrity_check(\(min(limit, 1_000)))") { check, row in
            let text = row.text(0) ?? ""
            if text != "ok" { check.note("damaged: \(text)") }
        }
    }

    private mutating func checkReferences() throws {
        try forEach(
            """
            SELECT broken."table", key."from", broken.parent, count(*) FROM pragma_foreign_key_check AS broken
            JOIN pragma_foreign_key_list(broken."table") AS key ON key.id = broken.fkid
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """
        ) { check, row in
            let (table, column, parent) = (row.text(0) ?? "", row.text(1) ?? "", row.text(2) ?? "")
            let rows = CountText.text(Int(row.integer(3)), "row names", "rows name")
            check.note("\(table).\(column): \(rows) a row of \(parent) that is not there")
        }
    }

    /// The tables with a row for each event.
    private enum EventRow: CaseIterable {
        case transaction, sideEvent, untraced

        var table: String {
            switch self {
            case .transaction: "transactions"
            case .sideEvent: "side_events"
            case .untraced: "untraced_events"
            }
        }

        var run: String { self == .untraced ? "NULL" : "event.run" }

        /// Whether a row's figures are such as the intake never lets in.
        var impossible: String {
            let instants = "\(Microseconds.instants.lowerBound) AND \(Microseconds.instants.upperBound)"
            return switch self {
            case .transaction:
                """
                start_us NOT BETWEEN \(instants) OR duration_us NOT BETWEEN 0 AND \(Microseconds.tenYears)
                OR outcome NOT BETWEEN 0 AND 2
                """
            case .sideEvent, .untraced: "time_us NOT BETWEEN \(instants) OR kind NOT BETWEEN 3 AND 5"
            }
        }
    }

    private mutating func checkEvents(_ kind: EventRow) throws {
        let outside = "line_offset < 0 OR line_length < 0 OR line_offset > decoded_size - line_length"
        try forEach(
            """
            SELECT body, line_offset, line_length, decoded_size, \(outside), event.id,
            (SELECT trace_id FROM runs WHERE runs.id = \(kind.run))
            FROM \(kind.table) AS event JOIN bodies ON bodies.id = event.body
            WHERE \(outside) OR \(kind.impossible)
            """
        ) { check, row in
            let event = [("id", row.identifier(5)), ("trace", row.identifier(6))]
            let named = event.compactMap { name, id in id.map { ", \(name) \($0.text)" } }.joined()
            let place = "\(row.integer(1)), \(row.integer(2)) bytes of body \(row.integer(0))"
            if row.integer(4) != 0 {
                check.note(
                    "\(kind.table)\(named): its line, at \(place), lies outside the body's \(row.integer(3)) bytes")
            } else {
                check.note("\(kind.table)\(named): it has figures that no event has; its line is at \(place)")
            }
        }
    }

    private mutating func checkSpans() throws {
        var spans = try SpanCheck(db)
        let rows = try Statement(SpanCheck.rowsSQL, on: db)
        while !isFull, try rows.step() { for problem in try spans.problems(of: rows) { note(problem) } }
        if !isFull { for problem in try spans.end() { note(problem) } }
    }

    private mutating func checkRunIDs() throws {
        try forEach("SELECT trace_id, count(*) FROM \(Self.runs) GROUP BY trace_id HAVING count(*) > 1") { check, row in
            check.note("trace \(row.identifier(0)?.text ?? ""): it is \(row.integer(1)) runs")
        }
        try forEach(
            """
            SELECT trace_id FROM \(Self.runs) AS runs WHERE id <= (SELECT run FROM run_ids_end)
            AND id IS NOT (SELECT run FROM run_ids WHERE run_ids.trace_id = runs.trace_id)
            """
        ) { check, row in
            check.note("trace \(row.identifier(0)?.text ?? ""): its id cannot be looked up")
        }
        try forEach(
            """
            SELECT trace_id FROM run_ids WHERE trace_id IS NOT (SELECT trace_id FROM runs WHERE runs.id = run_ids.run)
            """
        ) { check, row in
            check.note("run_ids: trace \(row.identifier(0)?.text ?? "") leads to a run of another")
        }
    }

    private mutating func checkParented() throws {
        try forEach(
            """
            SELECT trace_id FROM \(Self.runs) AS runs WHERE parented IS NOT (
                SELECT count(*) FROM transactions WHERE run = runs.id AND sampled AND parent_id IS NOT NULL)
            """
        ) { check, row in
            let trace = row.identifier(0)?.text ?? ""
            check.note("trace \(trace): the number of its transactions that have a parent is wrong")
        }
    }

    private mutating func checkBodies() throws {
        try forEach("SELECT id FROM bodies WHERE encoding NOT IN (1, 2) OR decoded_size < 0") { check, row in
            check.note("body \(row.integer(0)): its encoding or its decoded size is impossible")
        }
    }

    private mutating func checkStarts() throws {
        try forEach(
            """
            SELECT trace_id, start_us, (SELECT min(start_us) FROM transactions WHERE run = runs.id),
            (SELECT min(start_us) FROM parts WHERE run = runs.id AND spans > 0),
            EXISTS (SELECT 1 FROM side_events WHERE run = runs.id) FROM \(Self.runs) AS runs
            """
        ) { check, row in
            let fresh = [row.optionalInteger(2), row.optionalInteger(3)].compactMap { $0 }.min()
            let trace = row.identifier(0)?.text ?? ""
            if fresh == nil, row.integer(4) == 0 { check.note("trace \(trace): it has no event") }
            guard row.optionalInteger(1) != fresh else { return }
            check.note("trace \(trace): its start is not that of its earliest event")
        }
    }

    private static func selectors(_ count: Int) -> String {
        CountText.text(count, "label or version", "labels or versions")
    }

    private mutating func checkSelectors() throws {
        let selectors = try SelectorCheck(db)
        try forEach("SELECT id, trace_id FROM \(Self.runs) ORDER BY id") { check, row in
            let trace = "trace \(row.identifier(1)?.text ?? "")"
            let (missing, surplus) = try selectors.differences(run: row.integer(0))
            if missing > 0 {
                check.note("\(trace): it cannot be selected by \(Self.selectors(missing)) of its events")
            }
            if surplus > 0 {
                check.note("\(trace): it can be selected by \(Self.selectors(surplus)) that no event of it has")
            }
        }
    }

    private mutating func checkNumbers() throws {
        let rows = try Statement("SELECT count(*) FROM removed", on: db).firstInteger()
        if rows != 1 { note("removed: there is not one row") }
        try forEach("SELECT run FROM leaving WHERE run NOT IN (SELECT id FROM runs WHERE start_us IS NULL)") {
            check, row in
            check.note("leaving: run \(row.integer(0)) is not one that is being removed")
        }
    }

    private mutating func checkIdentities() throws {
        try forEach(
            """
            SELECT id FROM processes AS process WHERE identity IS NOT (
                SELECT min(id) FROM processes AS same
                WHERE same.host IS process.host AND same.pid IS process.pid AND same.node IS process.node
                    AND same.container IS process.container)
            """
        ) { check, row in
            check.note("process \(row.integer(0)): its identity is not the first with its host, pid and node")
        }
    }
}
