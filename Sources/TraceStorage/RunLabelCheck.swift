import GRDB
import TraceCore

/// Compares `run_labels` with the labels of the events it was made of, run by run.
struct RunLabelCheck {
    private let events: [Statement]
    private let spans: Statement
    private let processLabels: Statement
    private let string: Statement
    private let find: Statement
    /// How many labels of the runs so far are in the table.
    private(set) var present: Int64 = 0

    init(_ db: Database) throws {
        events = [
            try Statement("SELECT process, labels FROM transactions WHERE run = ?", on: db),
            try Statement("SELECT process, NULL FROM side_events WHERE run = ?", on: db),
        ]
        spans = try Statement("SELECT data, start_us FROM spans WHERE run = ?", on: db)
        processLabels = try Statement("SELECT labels FROM processes WHERE id = ?", on: db)
        string = try Statement("SELECT text FROM strings WHERE id = ?", on: db)
        find = try Statement("SELECT 1 FROM run_labels WHERE key = ? AND value = ? AND run = ?", on: db)
    }

    private struct Pair: Hashable {
        let key: Int64
        let value: [UInt8]
    }

    /// How many labels of a run's transactions and of the metadata of its events are not in the table.
    mutating func countMissing(run: Int64) throws -> Int {
        var labels: Set<Pair> = []
        // Events of one run mostly carry the same labels, which are decoded once.
        var columns: Set<[UInt8]> = []
        var processes: Set<Int64> = []
        func take(_ column: [UInt8]) {
            guard !column.isEmpty, columns.insert(column).inserted else { return }
            LabelColumn.decode(column) { key, value, _ in labels.insert(Pair(key: key, value: Array(value))) }
        }
        for event in events {
            event.bind(run, at: 1)
            try event.forEachRow {
                processes.insert(event.integer(0))
                take(event.bytes(1))
            }
        }
        spans.bind(run, at: 1)
        try spans.forEachRow {
            try spans.withBytes(0) { bytes in
                var block = try SpanBlockReader(bytes, start: spans.integer(1))
                while let span = try block.next() { processes.insert(span.shape.process) }
            }
        }
        for process in processes {
            processLabels.bind(process, at: 1)
            try processLabels.forEachRow { take(processLabels.bytes(0)) }
        }
        var missing = 0
        for label in labels { if try isStored(label, run: run) { present += 1 } else { missing += 1 } }
        return missing
    }

    private func isStored(_ label: Pair, run: Int64) throws -> Bool {
        string.bind(label.key, at: 1)
        var key: [UInt8]?
        try string.forEachRow { key = string.bytes(0) }
        guard let key else { return false }
        key.withUnsafeBufferPointer { find.bind(text: $0, at: 1) }
        label.value.withUnsafeBufferPointer { find.bind(text: $0, at: 2) }
        find.bind(run, at: 3)
        return try find.firstInteger() != nil
    }
}
