import GRDB
import TraceCore

/// The table `runs` as the writer sees it.
final class RunTable {
    private let ids: RunIDs
    private let lastID: Statement
    private let insert: Statement
    private let updateRun: Statement
    private let correct: Statement
    private let figures: FigureTable
    /// The highest number there is; nil where the table has to be asked.
    private var last: Int64?

    init(_ db: Database, figures: FigureTable) throws {
        self.figures = figures
        ids = try RunIDs(db)
        lastID = try Statement(
            "SELECT max(coalesce((SELECT max(id) FROM runs), 0), coalesce((SELECT max(run) FROM removed), 0))", on: db)
        insert = try Statement(
            """
            INSERT INTO runs (id, trace_id, start_us, request_us, parented, sent_us) VALUES (?, ?, ?, ?, ?, ?)
            """, on: db)
        updateRun = try Statement(
            """
            UPDATE runs SET start_us = coalesce(min(start_us, ?1), start_us, ?1), request_us = max(request_us, ?2),
            parented = parented + ?3, sent_us = coalesce(max(sent_us, ?4), sent_us, ?4) WHERE id = ?5
            """, on: db)
        correct = try Statement("UPDATE runs SET start_us = ?, parented = ? WHERE id = ?", on: db)
    }

    /// The number of a run. Where there is none yet it is stored, as what all of the delivery makes it: of a new run
    /// every event is new, but for those that come twice at once.
    func id(of trace: Int, in batch: EventBatch, touched: inout Touched) throws -> Int64 {
        if let id = touched.runs[trace].id { return id }
        let (id, isNew) = try id(of: batch.traces[trace], touched.all[trace], touched)
        touched.runs[trace].id = id
        touched.runs[trace].isNew = isNew
        return id
    }

    /// Writes what a delivery changed of runs that were there before.
    func update(_ touched: Touched) throws {
        for (run, all) in zip(touched.runs, touched.all) {
            guard let id = run.id, !run.processes.isEmpty else { continue }
            if run.isNew {
                if run.brought != all { try correct(id, run.brought) }
                continue
            }
            updateRun.bind(run.brought.start, at: 1)
            updateRun.bind(touched.requestTime, at: 2)
            updateRun.bind(run.brought.parented, at: 3)
            updateRun.bind(touched.sentTime, at: 4)
            updateRun.bind(id, at: 5)
            try updateRun.run()
            try figures.runChanged(id)
        }
        try ids.step()
    }

    private func correct(_ id: Int64, _ brought: Touched.Brought) throws {
        correct.bind(brought.start, at: 1)
        correct.bind(brought.parented, at: 2)
        correct.bind(id, at: 3)
        try correct.run()
    }

    /// Forgets a run that is being removed, so that what comes of its trace is a new one.
    func remove(_ run: Int64, of trace: Identifier) throws {
        try ids.remove(run, of: trace)
        try figures.remove(run)
    }

    /// Forgets all numbers: after a rollback some are no longer true.
    func forget() {
        ids.forget()
        last = nil
    }

    private func id(
        of trace: Identifier, _ brought: Touched.Brought, _ touched: Touched
    ) throws -> (id: Int64, isNew: Bool) {
        if let id = try ids.run(of: trace) { return (id, false) }
        let last = try last ?? lastID.firstInteger() ?? 0
        guard last < .max else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a run has the highest number there can be")
        }
        let next = last + 1
        insert.bind(next, at: 1)
        insert.bind(trace, at: 2)
        insert.bind(brought.start, at: 3)
        insert.bind(touched.requestTime, at: 4)
        insert.bind(brought.parented, at: 5)
        insert.bind(touched.sentTime, at: 6)
        try insert.run()
        self.last = next
        ids.add(next, of: trace)
        return (next, true)
    }
}

extension RunTable {
    /// What one delivery brought to each of the runs it names.
    struct Touched {
        /// What is kept of events in the row of their run.
        struct Brought: Equatable {
            var start: Int64?
            /// Sampled transactions that have a parent.
            var parented: Int64 = 0

            mutating func note(_ event: Event) {
                start = min(start ?? event.start, event.start)
                if event.kind == .transaction, event.sampled, event.parent != nil { parented += 1 }
            }
        }

        fileprivate struct Run {
            var id: Int64?
            /// Whether nothing of it was stored before this delivery.
            var isNew = false
            var brought = Brought()
            var processes: Set<Int> = []
            var lastProcess: Int?
            var lastVersion: Symbol?
            /// What the run can be selected by for its transactions; some may stand there twice.
            var selectors: [SelectorDigest] = []

            mutating func note(process: Int) {
                guard process != lastProcess else { return }
                processes.insert(process)
                lastProcess = process
            }
        }

        fileprivate let requestTime: Int64
        /// The same; nil of an import.
        fileprivate let sentTime: Int64?
        /// Of what was stored.
        fileprivate var runs: [Run]
        /// Of all that came.
        fileprivate var all: [Brought]

        init(_ delivery: Delivery) {
            let batch = delivery.batch
            requestTime = delivery.requestTime
            sentTime = delivery.isImport ? nil : delivery.requestTime
            runs = [Run](repeating: Run(), count: batch.traces.count)
            all = [Brought](repeating: Brought(), count: batch.traces.count)
            for index in batch.events.indices { all[batch.events[index].trace].note(batch.events[index]) }
        }

        func isNew(_ trace: Int) -> Bool { runs[trace].isNew }

        /// Whether something of it was stored.
        func hasNews(_ trace: Int) -> Bool { !runs[trace].processes.isEmpty }

        /// Notes an event that was stored.
        mutating func note(_ event: Event, _ batch: EventBatch) {
            runs[event.trace].brought.note(event)
            runs[event.trace].note(process: event.process)
            guard event.kind == .transaction else { return }
            runs[event.trace].noteSelectors(of: event, batch)
        }

        /// Notes an error, metricset or log that was stored.
        mutating func note(_ event: SideEvent) {
            if let trace = event.trace { runs[trace].note(process: event.process) }
        }

        /// What a run can be selected by for what was stored of it, each once.
        func selectors(of trace: Int, in batch: EventBatch) -> [SelectorDigest] {
            var selectors = runs[trace].selectors
            for process in runs[trace].processes {
                for label in batch.processes[process].labels {
                    selectors.append(SelectorDigest(label, batch.symbols))
                }
            }
            selectors.sort { $0.bits < $1.bits }
            var last: SelectorDigest?
            selectors.removeAll { selector in
                defer { last = selector }
                return selector == last
            }
            return selectors
        }
    }
}

extension RunTable.Touched.Run {
    fileprivate mutating func noteSelectors(of event: Event, _ batch: EventBatch) {
        if let version = event.version, version != lastVersion {
            selectors.append(batch.symbols.withUTF8(version) { SelectorDigest(version: $0) })
            lastVersion = version
        }
        for label in batch.labels[event.labels] { selectors.append(SelectorDigest(label, batch.symbols)) }
    }
}

extension SelectorDigest {
    fileprivate init(_ label: Label, _ symbols: SymbolTable) {
        self = symbols.withUTF8(label.key) { key in
            symbols.withUTF8(label.value) { SelectorDigest(labelKey: key, value: $0) }
        }
    }
}
