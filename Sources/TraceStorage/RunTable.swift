import GRDB
import TraceCore

/// The tables `runs` and `run_labels` as the writer sees them.
final class RunTable {
    /// So many runs are remembered; then the memory is emptied and begins anew.
    private static let memoryLimit = 100_000

    private let find: Statement
    private let insert: Statement
    private let updateRun: Statement
    private let insertLabel: Statement
    private var known: [Identifier: Int64] = [:]

    init(_ db: Database) throws {
        find = try Statement("SELECT id FROM runs WHERE trace_id = ?", on: db)
        insert = try Statement("INSERT INTO runs (trace_id, request_us) VALUES (?, ?) RETURNING id", on: db)
        updateRun = try Statement(
            """
            UPDATE runs SET start_us = coalesce(min(start_us, ?1), start_us, ?1), request_us = max(request_us, ?2)
            WHERE id = ?3
            """, on: db)
        insertLabel = try Statement(
            "INSERT INTO run_labels (key, value, run) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", on: db)
    }

    /// What one delivery brought to each of the runs it names.
    struct Touched {
        fileprivate struct Run {
            var id: Int64?
            var start: Int64?
            var processes: Set<Int> = []
            var labels: Set<Label> = []
        }

        fileprivate var runs: [Run]
        private let labels: [Label]

        init(batch: EventBatch) {
            runs = [Run](repeating: Run(), count: batch.traces.count)
            labels = batch.labels
        }

        /// Notes an event that was stored.
        mutating func note(_ event: Event) {
            runs[event.trace].start = min(runs[event.trace].start ?? event.start, event.start)
            runs[event.trace].processes.insert(event.process)
            guard event.kind == .transaction else { return }
            for label in labels[event.labels] { runs[event.trace].labels.insert(label) }
        }

        /// Notes an error, metricset or log that was stored.
        mutating func note(_ event: SideEvent) {
            if let trace = event.trace { runs[trace].processes.insert(event.process) }
        }
    }

    /// The number of a run, a new row where there is none yet.
    func id(of trace: Int, in batch: EventBatch, requestTime: Int64, touched: inout Touched) throws -> Int64 {
        if let id = touched.runs[trace].id { return id }
        let id = try id(of: batch.traces[trace], requestTime: requestTime)
        touched.runs[trace].id = id
        return id
    }

    /// Writes what a delivery changed of its runs: starts, labels and the time of the last request.
    func update(_ touched: Touched, in batch: EventBatch, requestTime: Int64) throws {
        for run in touched.runs {
            guard let id = run.id, !run.processes.isEmpty else { continue }
            updateRun.bind(run.start, at: 1)
            updateRun.bind(requestTime, at: 2)
            updateRun.bind(id, at: 3)
            try updateRun.run()
            let sent = run.processes.lazy.flatMap { batch.processes[$0].labels }
            for label in run.labels.union(sent) { try store(label, run: id, symbols: batch.symbols) }
        }
    }

    /// Forgets all numbers: after a rollback some are no longer true.
    func forget() { known.removeAll() }

    private func id(of trace: Identifier, requestTime: Int64) throws -> Int64 {
        if let id = known[trace] { return id }
        if known.count >= Self.memoryLimit { known.removeAll() }
        find.bind(trace, at: 1)
        if let id = try find.firstInteger() {
            known[trace] = id
            return id
        }
        insert.bind(trace, at: 1)
        insert.bind(requestTime, at: 2)
        guard let id = try insert.firstInteger() else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a run was stored without a number")
        }
        known[trace] = id
        return id
    }

    private func store(_ label: Label, run: Int64, symbols: SymbolTable) throws {
        symbols.withUTF8(label.key) { insertLabel.bind(text: $0, at: 1) }
        symbols.withUTF8(label.value) { insertLabel.bind(text: $0, at: 2) }
        insertLabel.bind(run, at: 3)
        try insertLabel.run()
    }
}
