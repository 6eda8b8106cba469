import GRDB
import TraceCore

/// Looks through the blocks of spans, run by run, for what cannot be in them.
struct SpanCheck {
    /// Each block with what it is held against.
    static let rowsSQL = """
        SELECT parts.run, body, start_us, spans, data,
        (SELECT trace_id FROM runs WHERE runs.id = parts.run),
        (SELECT decoded_size FROM bodies WHERE bodies.id = parts.body),
        EXISTS (SELECT 1 FROM span_ids WHERE span_ids.run = parts.run)
        FROM parts WHERE parts.run NOT IN (SELECT run FROM leaving) ORDER BY parts.run
        """

    private let string: Statement
    private let process: Statement
    private let wideID: Statement
    private let wideCount: Statement
    /// Which texts and processes there are, as far as they were asked for.
    private var hasString: [Int64: Bool] = [0: true]
    private var hasProcess: [Int64: Bool] = [:]
    private var run: Int64?
    private var ids: Set<Identifier> = []
    private var wideRows = 0

    init(_ db: Database) throws {
        string = try Statement("SELECT 1 FROM strings WHERE id = ?", on: db)
        process = try Statement("SELECT 1 FROM processes WHERE id = ?", on: db)
        wideID = try Statement("SELECT 1 FROM span_ids WHERE run = ? AND id = ?", on: db)
        wideCount = try Statement(
            "SELECT count(*) FROM span_ids WHERE run NOT IN (SELECT run FROM leaving)", on: db)
    }

    /// What is wrong with a row of `rowsSQL`, each in one sentence.
    mutating func problems(of row: Statement) throws -> [String] {
        let (run, isWide) = (row.integer(0), row.integer(7) != 0)
        if run != self.run {
            self.run = run
            ids.removeAll()
        }
        let place = "spans of trace \(row.identifier(5)?.text ?? "") in body \(row.integer(1))"
        var problems: Set<String> = []
        var (count, start): (Int64, Int64?) = (0, nil)
        do {
            try row.withBytes(4) { bytes in
                guard !bytes.isEmpty else { return }
                var block = try SpanBlockReader(bytes, start: row.integer(2))
                while let span = try block.next() {
                    count += 1
                    start = min(start ?? span.start, span.start)
                    let name = "spans, id \(span.id.text), trace \(row.identifier(5)?.text ?? "")"
                    if let problem = try problem(of: span, decodedSize: row.optionalInteger(6)) {
                        problems.insert("\(name): \(problem)")
                    }
                    if !ids.insert(span.id).inserted { problems.insert("\(name): it is stored twice") }
                    if isWide, try !isWideRow(span.id, run) { problems.insert("\(name): span_ids has no row of it") }
                }
            }
        } catch let error as DatabaseError where error.message == SpanBlockReader.damaged.message {
            return ["\(place): their data is damaged"]
        }
        if isWide { wideRows += Int(count) }
        if count != row.integer(3) {
            problems.insert("\(place): there are \(count), and its row says \(row.integer(3))")
        }
        if start ?? 0 != row.integer(2) { problems.insert("\(place): their start is not that of the earliest") }
        return problems.sorted()
    }

    /// What is wrong when all rows were seen.
    mutating func end() throws -> [String] {
        let rows = try wideCount.firstInteger() ?? 0
        let surplus = Int(rows) - wideRows
        return surplus > 0 ? ["span_ids: \(CountText.text(surplus, "row", "rows")) of no span"] : []
    }

    private mutating func problem(of span: SpanBlockReader.Row, decodedSize: Int64?) throws -> String? {
        let shape = span.shape
        if try !Self.isThere(shape.process, process, &hasProcess) {
            return "it names a row of processes that is not there"
        }
        for text in [shape.name, shape.type, shape.subtype, shape.action, shape.service, shape.version] {
            if try !Self.isThere(text, string, &hasString) { return "it names a row of strings that is not there" }
        }
        guard Microseconds.instants.contains(span.start), 0...Microseconds.tenYears ~= span.duration,
            0...2 ~= shape.form.outcome
        else { return "it has figures that no event has" }
        guard let decodedSize else { return "it names a row of bodies that is not there" }
        let end = span.lineOffset.addingReportingOverflow(span.lineLength)
        if span.lineOffset < 0 || span.lineLength < 0 || end.overflow || end.partialValue > decodedSize {
            return """
                its line, at \(span.lineOffset), \(span.lineLength) bytes, lies outside the body's \(decodedSize) bytes
                """
        }
        return nil
    }

    private static func isThere(_ id: Int64, _ statement: Statement, _ known: inout [Int64: Bool]) throws -> Bool {
        if let known = known[id] { return known }
        statement.bind(id, at: 1)
        let isThere = try statement.firstInteger() != nil
        known[id] = isThere
        return isThere
    }

    private func isWideRow(_ id: Identifier, _ run: Int64) throws -> Bool {
        wideID.bind(run, at: 1)
        wideID.bind(id, at: 2)
        return try wideID.firstInteger() != nil
    }
}
