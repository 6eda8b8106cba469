import GRDB
import TraceCore

/// The table `runs` and those that runs are selected by, as the writer sees them.
final class RunTable {
    /// So many runs are remembered; then the memory is emptied and begins anew.
    private static let memoryLimit = 100_000

    private let find: Statement
    private let lastID: Statement
    private let insert: Statement
    private let updateRun: Statement
    private let insertLabel: Statement
    private let insertVersion: Statement
    private var known: [Identifier: Int64] = [:]
    /// The highest number there is; nil where the table has to be asked.
    private var last: Int64?

    private let figures: FigureTable

    init(_ db: Database, figures: FigureTable) throws {
        self.figures = figures
        find = try Statement("SELECT id FROM runs WHERE trace_id = ?", on: db)
        lastID = try Statement("SELECT coalesce(max(id), 0) FROM runs", on: db)
        insert = try Statement(
            "INSERT INTO runs (id, trace_id, start_us, request_us, parented) VALUES (?, ?, ?, ?, ?)", on: db)
        updateRun = try Statement(
            """
            UPDATE runs SET start_us = coalesce(min(start_us, ?1), start_us, ?1), request_us = max(request_us, ?2),
            parented = parented + ?3 WHERE id = ?4
            """, on: db)
        insertLabel = try Statement(
            "INSERT INTO run_labels (key, value, run) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", on: db)
        insertVersion = try Statement(
            "INSERT INTO run_versions (version, run) VALUES (?, ?) ON CONFLICT DO NOTHING", on: db)
    }

    /// What one delivery brought to each of the runs it names.
    struct Touched {
        fileprivate struct Run {
            var id: Int64?
            /// Whether its row is not written yet.
            var isNew = false
            var start: Int64?
            /// Sampled transactions that have a parent.
            var parented: Int64 = 0
            var processes: Set<Int> = []
            var lastProcess: Int?
            var versions: Set<Symbol> = []
            var lastVersion: Symbol?
            var labels: Set<Label> = []
        }

        fileprivate var runs: [Run]
        private let labels: [Label]

        init(batch: EventBatch) {
            runs = [Run](repeating: Run(), count: batch.traces.count)
            labels = batch.labels
        }

        /// Whether nothing of a run was stored before this delivery.
        func isNew(_ trace: Int) -> Bool { runs[trace].isNew }

        /// Notes an event that was stored.
        mutating func note(_ event: Event) {
            runs[event.trace].note(event, labels: labels)
        }

        /// Notes an error, metricset or log that was stored.
        mutating func note(_ event: SideEvent) {
            if let trace = event.trace { runs[trace].note(process: event.process) }
        }
    }

    /// The number of a run, a new one where there is none yet; its row is written with `update`.
    func id(of trace: Int, in batch: EventBatch, touched: inout Touched) throws -> Int64 {
        if let id = touched.runs[trace].id { return id }
        let (id, isNew) = try id(of: batch.traces[trace])
        touched.runs[trace].id = id
        touched.runs[trace].isNew = isNew
        return id
    }

    /// Writes what a delivery changed of its runs: starts, labels, versions and the time of the last request.
    func update(
        _ touched: Touched, in batch: EventBatch, requestTime: Int64, strings: inout BatchStrings
    ) throws {
        for (trace, run) in touched.runs.enumerated() {
            guard let id = run.id, !run.processes.isEmpty else { continue }
            try run.isNew
                ? store(run, id, batch.traces[trace], requestTime: requestTime)
                : update(run, id, requestTime: requestTime)
            for version in run.versions {
                insertVersion.bind(try strings.id(version), at: 1)
                insertVersion.bind(id, at: 2)
                try insertVersion.run()
            }
            var labels = run.labels
            for process in run.processes { labels.formUnion(batch.processes[process].labels) }
            for label in labels { try store(label, run: id, symbols: batch.symbols) }
        }
    }

    /// Forgets all numbers: after a rollback some are no longer true.
    func forget() {
        known.removeAll()
        last = nil
    }

    private func id(of trace: Identifier) throws -> (id: Int64, isNew: Bool) {
        if let id = known[trace] { return (id, false) }
        if known.count >= Self.memoryLimit { known.removeAll() }
        find.bind(trace, at: 1)
        if let id = try find.firstInteger() {
            known[trace] = id
            return (id, false)
        }
        let id = try last ?? lastID.firstInteger() ?? 0
        last = id + 1
        known[trace] = id + 1
        return (id + 1, true)
    }

    private func store(_ run: Touched.Run, _ id: Int64, _ trace: Identifier, requestTime: Int64) throws {
        insert.bind(id, at: 1)
        insert.bind(trace, at: 2)
        insert.bind(run.start, at: 3)
        insert.bind(requestTime, at: 4)
        insert.bind(run.parented, at: 5)
        try insert.run()
    }

    private func update(_ run: Touched.Run, _ id: Int64, requestTime: Int64) throws {
        updateRun.bind(run.start, at: 1)
        updateRun.bind(requestTime, at: 2)
        updateRun.bind(run.parented, at: 3)
        updateRun.bind(id, at: 4)
        try updateRun.run()
        try figures.runChanged(id)
    }

    private func store(_ label: Label, run: Int64, symbols: SymbolTable) throws {
        symbols.withUTF8(label.key) { insertLabel.bind(text: $0, at: 1) }
        symbols.withUTF8(label.value) { insertLabel.bind(text: $0, at: 2) }
        insertLabel.bind(run, at: 3)
        try insertLabel.run()
    }
}

extension RunTable.Touched.Run {
    fileprivate mutating func note(_ event: Event, labels: [Label]) {
        start = min(start ?? event.start, event.start)
        note(process: event.process)
        guard event.kind == .transaction else { return }
        if event.sampled, event.parent != nil { parented += 1 }
        if let version = event.version, version != lastVersion {
            versions.insert(version)
            lastVersion = version
        }
        for label in labels[event.labels] { self.labels.insert(label) }
    }

    fileprivate mutating func note(process: Int) {
        guard process != lastProcess else { return }
        processes.insert(process)
        lastProcess = process
    }
}
