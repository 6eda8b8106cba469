import GRDB
import TraceCore

/// Compares what runs can be selected by with the events that it was made of, run by run.
struct SelectorCheck {
    private let transactions: Statement
    private let parts: Statement
    private let sideEvents: Statement
    private let processLabels: Statement
    private let string: Statement

    init(_ db: Database) throws {
        transactions = try Statement("SELECT process, labels, version FROM transactions WHERE run = ?", on: db)
        parts = try Statement("SELECT data, start_us, selectors FROM parts WHERE run = ?", on: db)
        sideEvents = try Statement("SELECT DISTINCT process FROM side_events WHERE run = ?", on: db)
        processLabels = try Statement("SELECT labels FROM processes WHERE id = ?", on: db)
        string = try Statement("SELECT text FROM strings WHERE id = ?", on: db)
    }

    /// How many labels of a run's transactions and of the metadata of its events, and versions of its transactions,
    /// no part has; and how many the parts have that no event does.
    func differences(run: Int64) throws -> (missing: Int, surplus: Int) {
        var expected: Set<SelectorDigest> = []
        // Events of one run mostly carry the same labels and come from one process.
        var columns: Set<[UInt8]> = []
        var processes: Set<Int64> = []
        var versions: Set<Int64> = []
        func take(_ column: [UInt8]) throws {
            guard !column.isEmpty, columns.insert(column).inserted else { return }
            try LabelColumn.decode(column) { key, value, _ in
                guard let key = try text(key) else { return }
                key.withUnsafeBufferPointer { _ = expected.insert(SelectorDigest(labelKey: $0, value: value)) }
            }
        }
        transactions.bind(run, at: 1)
        try transactions.forEachRow {
            processes.insert(transactions.integer(0))
            try take(transactions.bytes(1))
            if let version = transactions.optionalInteger(2) { versions.insert(version) }
        }
        sideEvents.bind(run, at: 1)
        try sideEvents.forEachRow { processes.insert(sideEvents.integer(0)) }
        let stored = try readParts(run, &processes)
        for process in processes {
            processLabels.bind(process, at: 1)
            try processLabels.forEachRow { try take(processLabels.bytes(0)) }
        }
        for version in versions {
            guard let text = try text(version) else { continue }
            text.withUnsafeBufferPointer { _ = expected.insert(SelectorDigest(version: $0)) }
        }
        let missing = expected.count { !stored.contains($0.bits.bigEndian) }
        return (missing, stored.count - (expected.count - missing))
    }

    /// The digests of all parts, as they stand there; adds the processes of their spans.
    private func readParts(_ run: Int64, _ processes: inout Set<Int64>) throws -> Set<UInt64> {
        var stored: Set<UInt64> = []
        parts.bind(run, at: 1)
        try parts.forEachRow {
            parts.withBytes(2) { column in
                for position in stride(from: 0, through: column.count - 8, by: 8) {
                    stored.insert(column.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                }
            }
            try parts.withBytes(0) { bytes in
                guard !bytes.isEmpty else { return }
                var block = try SpanBlockReader(bytes, start: parts.integer(1))
                while let span = try block.next() { processes.insert(span.shape.process) }
            }
        }
        return stored
    }

    private func text(_ id: Int64) throws -> [UInt8]? {
        string.bind(id, at: 1)
        var text: [UInt8]?
        try string.forEachRow { text = string.bytes(0) }
        return text
    }
}
