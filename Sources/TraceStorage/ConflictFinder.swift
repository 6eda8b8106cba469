import GRDB
import TraceCore

/// The events of a delivery of which one with their id had been stored, each with the number of its run.
struct KnownEvents {
    var transactions: [(run: Int64, index: Int)] = []
    var sideEvents: [(run: Int64, index: Int)] = []
    var spans: [(run: Int64, indices: [Int32])] = []

    var isEmpty: Bool { transactions.isEmpty && sideEvents.isEmpty && spans.isEmpty }
}

/// Tells events that are delivered again from others with the same ids, which are lost.
///
/// What is stored is read only where an id is there already: where all is new this costs nothing.
final class ConflictFinder {
    private let db: Database
    private let transaction: Statement
    private let sideEvent: Statement
    private let requestTime: Statement
    /// The parts of a run from one body on, and those before it.
    private let parts: [Statement]
    /// Where spans of a run were found last: what is delivered again comes in the order of the first time.
    private var last: (run: Int64, body: Int64) = (0, 0)

    init(_ db: Database) throws {
        self.db = db
        transaction = try Statement(
            "SELECT \(EventReader.transactionColumns) FROM transactions WHERE run = ? AND id = ?", on: db)
        sideEvent = try Statement(
            """
            SELECT \(EventReader.sideEventColumns) FROM side_events WHERE run = ? AND kind = ? AND has_id = 1 AND id = ?
            """, on: db)
        requestTime = try Statement("SELECT request_us FROM bodies WHERE id = ?", on: db)
        parts = try [">=", "<"].map {
            try Statement(
                """
                SELECT \(EventReader.spanColumns) FROM parts WHERE run = ? AND body \($0) ? AND spans > 0 ORDER BY body
                """, on: db)
        }
    }

    /// Those of a delivery's known events that are lost, since they are not those that are stored with their ids.
    func conflicts(of known: KnownEvents, in delivery: Delivery) throws -> LossTally {
        var search = Search(delivery: delivery, reader: try EventReader(db))
        for (run, index) in known.transactions {
            transaction.bind(run, at: 1)
            transaction.bind(delivery.batch.events[index].id, at: 2)
            try transaction.forEachRow {
                try search.reader.readTransaction(transaction, of: 0, into: &search.filling)
            }
            search.compareRead([delivery.batch.events[index].id: [index]])
        }
        for (run, indices) in known.spans { try compare(spans: indices, of: run, &search) }
        for (run, index) in known.sideEvents { try compare(sideEvent: index, of: run, &search) }
        return search.conflicts
    }

    private func compare(spans indices: [Int32], of run: Int64, _ search: inout Search) throws {
        var wanted = Dictionary(grouping: indices.map { Int($0) }) { search.delivery.batch.events[$0].id }
        var words: Set<UInt64> = []
        for case .short(let word) in wanted.keys { words.insert(word) }
        let start = last.run == run ? last.body : .min
        for part in parts {
            defer { part.reset() }
            part.bind(run, at: 1)
            part.bind(start, at: 2)
            while !wanted.isEmpty, try part.step() {
                let mayHaveSome = try part.withBytes(3) {
                    try SpanBlockReader($0, start: part.integer(1)).mayName(anyOf: words)
                }
                guard mayHaveSome else { continue }
                try search.reader.readSpans(part, of: 0, into: &search.filling)
                let found = search.compareRead(wanted)
                if !found.isEmpty { last = (run, part.integer(0)) }
                for id in found { wanted[id] = nil }
            }
        }
    }

    private func compare(sideEvent index: Int, of run: Int64, _ search: inout Search) throws {
        let event = search.delivery.batch.sideEvents[index]
        guard let id = event.id else { return }
        sideEvent.bind(run, at: 1)
        sideEvent.bind(Int64(event.kind.rawValue), at: 2)
        sideEvent.bind(id, at: 3)
        try sideEvent.forEachRow { try search.reader.readSideEvent(sideEvent, of: 0, into: &search.filling) }
        guard let first = search.filling.batch.sideEvents.popLast() else { return }
        requestTime.bind(first.line.body, at: 1)
        search.compare(event, with: first, requestTime: try requestTime.firstInteger())
    }

    /// What was found so far.
    private struct Search {
        let delivery: Delivery
        let reader: EventReader
        /// What was read of what is stored, and not compared yet.
        var filling = EventReader.Filling()
        private(set) var conflicts = LossTally()

        init(delivery: Delivery, reader: EventReader) {
            self.delivery = delivery
            self.reader = reader
        }

        /// Compares the transactions and spans read with those of the delivery that are `wanted`, given by id as indices
        /// into its events; the ids that were found.
        @discardableResult
        mutating func compareRead(_ wanted: [Identifier: [Int]]) -> [Identifier] {
            var found: [Identifier] = []
            for first in filling.batch.events {
                guard let indices = wanted[first.id] else { continue }
                found.append(first.id)
                for index in indices {
                    let event = delivery.batch.events[index]
                    note(
                        delivery.batch.differences(
                            of: event, from: first, in: filling.batch, requestTime: delivery.requestTime),
                        "\(event.kind)", event.id, event.trace, event.service)
                }
            }
            filling.batch.events.removeAll(keepingCapacity: true)
            return found
        }

        mutating func compare(_ event: SideEvent, with first: SideEvent, requestTime: Int64?) {
            note(
                delivery.batch.differences(
                    of: event, from: first, in: filling.batch, requestTime: delivery.requestTime,
                    firstRequestTime: requestTime),
                "\(event.kind)", event.id, event.trace, delivery.batch.processes[event.process].service)
        }

        private mutating func note(
            _ differences: [String], _ kind: String, _ id: Identifier?, _ trace: Int?, _ service: Symbol
        ) {
            guard !differences.isEmpty else { return }
            let batch = delivery.batch
            var text = "\(kind) \(id?.text ?? "") with another " + differences.joined(separator: ", ")
            if let trace { text += "; trace \(batch.traces[trace].text)" }
            conflicts.note(
                LossTally.sameID, .lines,
                LossTally.Offender(
                    time: delivery.requestTime, service: batch.symbols[service], line: nil, document: Array(text.utf8)))
        }
    }
}
